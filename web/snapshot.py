"""The snapshot a web process reads from: opened once, opened anew when a new one is current."""

from __future__ import annotations

import contextlib
import datetime
import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import current_app, g
from pyoxigraph import NamedNode, Store

from kg.errors import SnapshotError
from kg.query import CannedQuery, Choices, Parameter, choices_from, load_queries
from kg.store import open_snapshot
from web.config import WebSettings
from web.memo import Memo
from web.metrics import SNAPSHOTS

log = logging.getLogger("web")
LOOK_EVERY = 0.5
"""Seconds between two looks for a new snapshot."""


@dataclass
class Snapshot:
    """An open snapshot with what is read from it once.

    :param name: its folder's name: a hash of content and code
    :param memo: what is computed from the snapshot and reused while it is current
    :param cache: the same without types, until its last use is gone
    :param modified: when it was built
    """

    name: str
    path: Path
    store: Store
    queries: dict[str, CannedQuery]
    memo: Memo = field(default_factory=Memo)
    cache: dict[Any, Any] = field(default_factory=dict)
    modified: datetime.datetime | None = None
    _choices: dict[str, Any] = field(default_factory=dict)

    def choices(self, parameter: Parameter, language: str = "en") -> Choices:
        """The allowed values of a parameter, named in the reader's language."""
        if language not in self._choices:
            self._choices[language] = choices_from(self.store, language)
        found: Choices = self._choices[language](parameter)
        return found


class Holder:
    """Gives the current snapshot: the one that the engine serves, so that pages and queries agree.

    ``opened`` is called, in the background, when a newer one has taken the place of another.
    """

    def __init__(self, settings: WebSettings) -> None:
        self.settings = settings
        self.lock = threading.Lock()
        self.snapshot: Snapshot | None = None
        self.looked = 0.0
        self.opened: Callable[[], object] = lambda: None

    def get(self) -> Snapshot:
        """The current snapshot.

        :raises SnapshotError: if there is none yet
        """
        current = self.snapshot
        if current is None:
            with self.lock:
                self.snapshot = current = self.snapshot or self._refreshed()
        elif time.monotonic() - self.looked > LOOK_EVERY and self.lock.acquire(blocking=False):
            # Whoever comes first sends for the new one; nobody waits for it.
            self.looked = time.monotonic()
            threading.Thread(target=self._look, daemon=True).start()
        return current

    def _look(self) -> None:
        """Open the snapshot that is current; one that cannot be read changes nothing."""
        before = self.snapshot
        try:
            self.snapshot = self._refreshed()
        except (SnapshotError, OSError):
            log.warning("the new snapshot cannot be read", exc_info=True)
        finally:
            self.lock.release()
        if self.snapshot is not before:
            self.opened()

    def _refreshed(self) -> Snapshot:
        if self.settings.remote:
            from web.engine.remote import open_remote

            return open_remote(self.settings, self.snapshot)
        path = self._path()
        if self.snapshot is not None and self.snapshot.name == path.name:
            return self.snapshot
        store, queries = open_snapshot(path), load_queries(self.settings.graph.queries)
        SNAPSHOTS.inc()
        return Snapshot(path.name, path, store, queries, modified=built(path))

    def _path(self) -> Path:
        graph = self.settings.graph
        if self.settings.engine is not None:
            # A bare socket, no link: whoever started it serves the current snapshot.
            with contextlib.suppress(OSError):
                return graph.snapshots.resolve() / self.settings.engine.readlink().stem
        return graph.current.resolve()


def built(path: Path) -> datetime.datetime | None:
    """When a snapshot was built, as its report says."""
    try:
        return datetime.datetime.fromisoformat(json.loads((path / "report.json").read_text("utf-8"))["built"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def snapshot() -> Snapshot:
    """The snapshot of this request: the same one from its beginning to its end."""
    if "snapshot" not in g:
        holder: Holder = current_app.extensions["snapshot"]
        g.snapshot = holder.get()
    found: Snapshot = g.snapshot
    return found


def node(iri: str) -> NamedNode | None:
    """The IRI as a term, or ``None`` if it is no IRI."""
    try:
        return NamedNode(iri)
    except ValueError:
        return None
