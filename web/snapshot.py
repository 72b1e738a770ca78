"""The snapshot a web process reads from: opened once, and again when a newer one is current."""

import contextlib
import datetime
import json
import logging
import threading
import time
import weakref
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from flask import current_app, g
from pyoxigraph import NamedNode, Store

from kg.degrees import Degrees, count_quads, read_degrees
from kg.errors import SnapshotError
from kg.query import CannedQuery, Choices, Parameter, choices_from, load_queries
from kg.releases.archive import Release, find_releases
from kg.snapshot import REPORT, hold
from kg.store import open_snapshot
from kg.version import VERSION
from web.config import WebSettings
from web.memo import Kind, Memo
from web.metrics import SNAPSHOTS

log = logging.getLogger("web")
P = ParamSpec("P")
T = TypeVar("T")
ENGINE_TIMEOUT = 30.0
"""Seconds a web process waits for the engine over a large graph before it verifies the files itself."""
POLL_INTERVAL = 0.5
"""Seconds between two checks for a new snapshot."""
_CHOICES: Kind[Callable[[Parameter], Choices]] = Kind("choices")


@dataclass
class Snapshot:
    """An open snapshot with what is read from it once.

    :param name: its folder's name: a hash of content and code
    :param modified: when it was built
    :param degrees: how many quads match a pattern at most, if that is known
    :param inputs: the hash of what it was built from, if that is known
    :param releases: the releases that the site serves, the oldest first
    :param memo: what is computed from the snapshot and reused while it is current
    """

    name: str
    path: Path
    store: Store
    queries: dict[str, CannedQuery]
    modified: datetime.datetime | None = None
    degrees: Degrees | None = None
    inputs: str = ""
    releases: tuple[Release, ...] = ()
    memo: Memo = field(default_factory=Memo)

    @cached_property
    def release(self) -> Release | None:
        """The newest release of the same data; ``None`` if something was changed since."""
        return next((release for release in reversed(self.releases) if release.inputs == self.inputs), None)

    @cached_property
    def version(self) -> str:
        """The release whose data these are; else the one before, a plus sign and the name of the snapshot."""
        if self.release:
            return self.release.version
        return f"{self.releases[-1].version if self.releases else VERSION}+{self.name}"

    def choices(self, parameter: Parameter, language: str = "en") -> Choices:
        """The allowed values of a parameter, named in the reader's language."""
        return self.memo.get(_CHOICES, language, lambda: choices_from(self.store, language))(parameter)


Opener = Callable[[Snapshot | None], Snapshot]
"""Opens the current snapshot; returns the one it is handed if that is still current."""


class SnapshotProvider:
    """Gives the current snapshot: the one that the engine serves, so that pages and queries agree.

    :param open_current: opens the current snapshot
    :param poll_interval: seconds between two checks for a new one
    """

    def __init__(self, open_current: Opener, poll_interval: float = POLL_INTERVAL) -> None:
        self.open_current = open_current
        self.poll_interval = poll_interval
        self.snapshot: Snapshot | None = None
        self.checked = 0.0
        self.lock = threading.Lock()

    def get(self) -> Snapshot:
        """The current snapshot.

        :raises SnapshotError: if there is none yet
        """
        current = self.snapshot
        if current is None:
            with self.lock:
                self.snapshot = current = self.snapshot or self.open_current(None)
        elif time.monotonic() - self.checked > self.poll_interval and self.lock.acquire(blocking=False):
            # The first request after the interval starts the check; none waits for it.
            self.checked = time.monotonic()
            threading.Thread(target=self._check, daemon=True).start()
        return current

    def _check(self) -> None:
        """Replace the snapshot if another is current; one that cannot be read changes nothing."""
        try:
            self.snapshot = self.open_current(self.snapshot)
        except (SnapshotError, OSError):
            log.warning("the new snapshot cannot be read", exc_info=True)
        finally:
            self.lock.release()


def open_local(settings: WebSettings, before: Snapshot | None) -> Snapshot:
    """The snapshot in the folder of the settings that is current, or that the engine serves.

    :param before: the one that was open until now
    :raises SnapshotError: if there is none, or it is damaged
    """
    path, verified = _current_path(settings)
    if before is not None and before.name == path.name:
        return before
    with contextlib.ExitStack() as stack:
        handle = stack.enter_context(hold(path))
        store, queries = open_snapshot(path, verify=not verified), load_queries(settings.graph.queries)
        inputs, releases = str(_report(path).get("inputs", "")), find_releases(settings.graph.releases)
        opened = Snapshot(path.name, path, store, queries, built(path), read_degrees(path), inputs, releases)
        weakref.finalize(opened, handle.close)
        stack.pop_all()
    SNAPSHOTS.inc()
    return opened


def _current_path(settings: WebSettings) -> tuple[Path, bool]:
    """The folder of the snapshot to open, and whether it has been verified by the engine that serves it."""
    current = settings.graph.current.resolve()
    served = _served(settings)
    is_starting = settings.engine is not None and not settings.engine.exists()
    if is_starting and (count_quads(current) or 0) > settings.disk_above:
        # The engine is there as soon as it has verified the files; to do that again would take as long.
        until = time.monotonic() + ENGINE_TIMEOUT
        while served is None and time.monotonic() < until:
            time.sleep(0.05)
            served = _served(settings)
    return (current, False) if served is None else (served, True)


def _served(settings: WebSettings) -> Path | None:
    """The snapshot that the engine serves, by the link to its socket."""
    if settings.engine is not None:
        # A bare socket, no link: whoever started it serves the current snapshot.
        with contextlib.suppress(OSError):
            return settings.graph.snapshots.resolve() / settings.engine.readlink().stem
    return None


def built(path: Path) -> datetime.datetime | None:
    """When a snapshot was built, according to its report."""
    try:
        return datetime.datetime.fromisoformat(_report(path)["built"])
    except (ValueError, KeyError, TypeError):
        return None


def _report(path: Path) -> dict[str, Any]:
    """The report of a snapshot; empty if it cannot be read."""
    try:
        report = json.loads((path / REPORT).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return report if isinstance(report, dict) else {}


def snapshot() -> Snapshot:
    """The snapshot of this request: the same one from its beginning to its end."""
    if "snapshot" not in g:
        provider: SnapshotProvider = current_app.extensions["snapshot"]
        g.snapshot = provider.get()
    current: Snapshot = g.snapshot
    return current


def per_snapshot(
    max_size: int = 1000, also: Callable[[], Hashable] = lambda: None
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keeps the results of a function by its arguments, while the snapshot of the request is current.

    :param max_size: how many results are kept
    :param also: what they depend on beside the snapshot and the arguments, such as the reader's language
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        kind: Kind[T] = Kind(function.__qualname__, max_size)

        @wraps(function)
        def kept(*args: P.args, **kwargs: P.kwargs) -> T:
            key = (also(), args, tuple(kwargs.items()))
            return snapshot().memo.get(kind, key, lambda: function(*args, **kwargs))

        return kept

    return decorate


def node(iri: str) -> NamedNode | None:
    """The IRI as a term, or ``None`` if it is no IRI."""
    try:
        return NamedNode(iri)
    except ValueError:
        return None
