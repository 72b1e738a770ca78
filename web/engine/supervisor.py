"""The processes of the query engine: one fork server for the current snapshot, replaced when a newer one is there.

The supervisor starts a second fork server over the new snapshot, swaps the link that pools and pages follow when it is
ready, and ends the old one when its queries are done.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from pyoxigraph import Store

from kg.checksums import verify_checksums
from kg.degrees import count_quads
from kg.errors import SnapshotError
from kg.snapshot import ACCEPTED, newest_first
from web.config import WebSettings
from web.engine.malloc_trim import settle
from web.engine.shared_store import begin_loading, in_background, share

log = logging.getLogger("web.engine.supervisor")
GRACE_PERIOD = 30.0
"""Seconds an engine lives on, beyond the time a query may take, after a newer one has taken over."""
START_TIMEOUT = 600.0
POLL_INTERVAL = 0.5
"""Seconds between two checks for a new snapshot, or an engine that has died."""


@dataclass(frozen=True)
class EngineProcess:
    """A fork server that runs.

    :param parent: ends it when closed
    :param poll: gives its exit code, ``None`` while it runs
    :param wait: waits for its end so many seconds
    """

    pid: int
    parent: IO[bytes]
    poll: Callable[[], int | None]
    wait: Callable[[float], object]


class EngineSupervisor:
    """The engine of a site while it runs, as a context; the first may still be starting when it is entered.

    :param folder: a private folder for the sockets; the link in it leads to that of the current engine
    :raises SnapshotError: if there is no snapshot that is intact
    """

    def __init__(self, settings: WebSettings, folder: Path) -> None:
        self.settings = settings
        self.folder = folder
        self.link = folder / "engine"
        self.name = ""
        self.process: EngineProcess | None = None
        self.retired: list[EngineProcess] = []
        self.damaged: dict[str, SnapshotError] = {}
        self.first: Path | None = None
        self.choice: Future[Path] | None = None
        self.loading: dict[Path, Future[Store]] = {}
        self.stopping = threading.Event()

    def preload(self) -> None:
        """Begin to load the current snapshot in this process, to share it with all that are forked once it is entered.

        Its files are verified meanwhile: only then is it used.
        """
        self._load(self.settings.graph.current.resolve())
        self.choice = in_background(self._choose)

    def _load(self, snapshot: Path) -> None:
        if snapshot not in self.loading and not self._on_disk(snapshot):
            self.loading[snapshot] = begin_loading(snapshot)

    def __enter__(self) -> EngineSupervisor:
        if self.choice is None:
            self.first = self._choose()
        else:
            self.first = self.choice.result()
            self._load(self.first)  # it is another where the current one is damaged
        if self.first in self.loading:
            self._fork_first(self.first, self.loading[self.first])
        self.loading.clear()
        self._point_to(_socket(self.first))  # web processes open the same snapshot meanwhile
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def refresh(self) -> None:
        """Start an engine for the current snapshot, unless one is running, and let it take over.

        :raises SnapshotError: if there is no snapshot, or its engine does not start
        """
        snapshot, self.first = self.first or self._choose(), None
        before = self.process
        if self._serves(snapshot):
            return
        socket = _socket(snapshot)
        self.process = self._start(snapshot, self.folder / socket)
        self.name = snapshot.name
        self._point_to(socket)
        if before is not None:
            self.retired.append(before)
            timer = threading.Timer(self.settings.timeout + GRACE_PERIOD, end, [before])
            timer.daemon = True
            timer.start()

    def _point_to(self, socket: str) -> None:
        """Swap the link that pools and pages follow."""
        fresh = self.folder / "engine.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(socket)
        fresh.replace(self.link)

    def _choose(self) -> Path:
        """The current snapshot; where that is damaged, the one that is being served, else the newest that is intact.

        Each is checked before an engine starts from it.

        :raises SnapshotError: if none is intact
        """
        graph = self.settings.graph
        current = graph.current.resolve()
        others = [folder for folder in newest_first(graph.snapshots) if folder.name != current.name]
        folders = [current, *sorted(others, key=lambda folder: folder.name != self.name)]
        if not current.exists() and not others:
            raise SnapshotError("there is no snapshot to serve", path=graph.current, hint="run: kg build")
        for folder in folders:
            if self._serves(folder) or self._is_intact(folder):
                return folder
        raise self.damaged[current.name]

    def _serves(self, snapshot: Path) -> bool:
        return self.name == snapshot.name and self.process is not None and self.process.poll() is None

    def _is_intact(self, folder: Path) -> bool:
        """Whether nothing of a snapshot is damaged; a damaged one is not looked at again."""
        if folder.name in self.damaged:
            return False
        try:
            verify_checksums(folder)
        except SnapshotError as error:
            log.error("%s; it is not served; %s", error, error.hint)
            self.damaged[folder.name] = error
        return folder.name not in self.damaged

    def _on_disk(self, snapshot: Path) -> bool:
        """Whether nothing of a snapshot is held in memory: it is too large, or of a build that did not prepare that."""
        return (count_quads(snapshot) or 0) > self.settings.disk_above or not (snapshot / ACCEPTED).exists()

    def _fork_first(self, snapshot: Path, loading: Future[Store]) -> None:
        """Fork the first engine with the store that is loaded here; one that cannot be loaded is left to the next."""
        try:
            store = loading.result()
        except (OSError, SyntaxError, ValueError):
            return
        from web.engine.fork_server import opener, run  # not before, so that the files begin to be read at once

        share(snapshot.name, store)
        settle()
        child_end, parent = os.pipe()
        listening, ready = os.pipe()

        def child() -> None:
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.close(parent)
            open_part, pipes = opener(snapshot, store), (child_end, ready)
            run(open_part, snapshot.name, self.folder / _socket(snapshot), self.settings.memory, pipes)

        process = multiprocessing.get_context("fork").Process(target=child, name="kg-engine", daemon=True)
        process.start()
        os.close(child_end)
        os.close(ready)
        with os.fdopen(listening, "rb") as output:
            if not output.readline():
                raise SnapshotError("the query engine did not start", path=snapshot)
        handle = EngineProcess(process.pid or 0, os.fdopen(parent, "wb"), lambda: process.exitcode, process.join)
        self.process, self.name = handle, snapshot.name

    def _start(self, snapshot: Path, socket: Path) -> EngineProcess:
        arguments = [str(snapshot), str(socket), str(self.settings.memory)]
        if self._on_disk(snapshot):
            arguments.append("disk")
        command = [sys.executable, "-m", "web.engine.fork_server", *arguments]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        parent, output = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
        ready, _, _ = select.select([output], [], [], START_TIMEOUT)
        with output:
            if not ready or output.readline().strip() != b"ready":
                process.kill()
                raise SnapshotError("the query engine did not start", path=snapshot)
        return EngineProcess(process.pid, parent, process.poll, process.wait)

    def _watch(self) -> None:
        while not self.stopping.is_set():
            try:
                self.refresh()
            except (SnapshotError, OSError) as error:
                log.warning("cannot replace the query engine: %s", error)
            self.stopping.wait(POLL_INTERVAL)

    def stop(self) -> None:
        """End all engines and their workers."""
        self.stopping.set()
        for process in [*self.retired, *([self.process] if self.process else [])]:
            end(process)


def _socket(snapshot: Path) -> str:
    return f"{snapshot.name[:40]}.sock"


def end(process: EngineProcess) -> None:
    """End an engine with all its workers."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    process.parent.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)
