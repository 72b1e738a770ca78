"""The snapshot a web process reads from: opened once, opened anew when a new one is current."""

from __future__ import annotations

import datetime
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import current_app, g
from pyoxigraph import NamedNode, Store

from kg.errors import SnapshotError
from kg.query import CannedQuery, Choices, Parameter, choices_from, load_queries
from kg.settings import Settings
from kg.store import open_snapshot


@dataclass
class Snapshot:
    """An open snapshot with what is read from it once.

    :param name: its folder's name: a hash of content and code
    :param cache: whatever a page computes from the snapshot and wants to keep while it is current
    """

    name: str
    path: Path
    store: Store
    queries: dict[str, CannedQuery]
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
    """Gives the current snapshot; looks at most twice a second whether another one is current."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock = threading.Lock()
        self.snapshot: Snapshot | None = None
        self.looked = 0.0

    def get(self) -> Snapshot:
        """The current snapshot.

        :raises SnapshotError: if there is none yet
        """
        now = time.monotonic()
        if self.snapshot is None or now - self.looked > 0.5:
            with self.lock:
                self.looked = now
                self._refresh()
        if self.snapshot is None:
            raise SnapshotError("there is no snapshot", hint="run: kg build")
        return self.snapshot

    def _refresh(self) -> None:
        path = self.settings.current.resolve()
        if self.snapshot is not None and self.snapshot.name == path.name:
            return
        store = open_snapshot(path)
        self.snapshot = Snapshot(path.name, path, store, load_queries(self.settings.queries))


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
