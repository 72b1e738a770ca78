"""The processes of the query engine: one fork server for the current snapshot, replaced when a newer one is there.

The supervisor starts a second fork server over the new snapshot, swaps the link that pools and pages follow when it is
ready, and ends the old one when its queries are done.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from kg.errors import SnapshotError
from web.config import WebSettings

log = logging.getLogger("web.engine.supervisor")
GRACE_PERIOD = 30.0
"""Seconds an engine lives on, beyond the time a query may take, after a newer one has taken over."""
START_TIMEOUT = 600.0
POLL_INTERVAL = 0.5
"""Seconds between two checks for a new snapshot, or an engine that has died."""


class EngineSupervisor:
    """The engines of a site: the one that serves, and those that are to end.

    :param folder: a private folder for the sockets
    """

    def __init__(self, settings: WebSettings, folder: Path) -> None:
        self.settings = settings
        self.folder = folder
        self.link = folder / "engine"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.retired: list[subprocess.Popen[bytes]] = []
        self.serving = ""
        self.stopping = threading.Event()

    def refresh(self) -> None:
        """Start an engine for the current snapshot, unless one is running, and let it take over.

        :raises SnapshotError: if there is no snapshot, or its engine does not start
        """
        snapshot = self.current()
        alive = self.serving in self.processes and self.processes[self.serving].poll() is None
        if alive and self.serving == snapshot.name:
            return
        self._start(snapshot)
        self._swap(snapshot.name)

    def current(self) -> Path:
        """The current snapshot.

        :raises SnapshotError: if there is none
        """
        snapshot = self.settings.graph.current.resolve()
        if not (snapshot / "dataset.nq").exists():
            raise SnapshotError("there is no snapshot to serve", path=self.settings.graph.current, hint="run: kg build")
        return snapshot

    def _start(self, snapshot: Path) -> None:
        path = self.folder / f"{snapshot.name[:40]}.sock"
        arguments = (str(snapshot), str(path), str(self.settings.memory))
        command = [sys.executable, "-m", "web.engine.fork_server", *arguments]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        output = cast(IO[bytes], process.stdout)
        ready, _, _ = select.select([output], [], [], START_TIMEOUT)
        if not ready or output.readline().strip() != b"ready":
            process.kill()
            raise SnapshotError("the query engine did not start", path=snapshot)
        self.processes[snapshot.name] = process

    def _swap(self, name: str) -> None:
        fresh = self.folder / "engine.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(f"{name[:40]}.sock")
        fresh.replace(self.link)
        self.serving = name
        for other in [other for other in self.processes if other != name]:
            process = self.processes.pop(other)
            self.retired.append(process)
            timer = threading.Timer(self.settings.timeout + GRACE_PERIOD, end, [process])
            timer.daemon = True
            timer.start()

    def watch(self) -> None:
        """Check for a new snapshot, or a dead engine, until stopped."""
        while not self.stopping.is_set():
            try:
                self.refresh()
            except (SnapshotError, OSError) as error:
                log.warning("cannot replace the query engine: %s", error)
            self.stopping.wait(POLL_INTERVAL)

    def stop(self) -> None:
        """End all engines and their workers."""
        self.stopping.set()
        for process in [*self.processes.values(), *self.retired]:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End an engine with all its workers."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)


@contextlib.contextmanager
def engines(settings: WebSettings, folder: Path) -> Iterator[EngineSupervisor]:
    """The engines of a site while it runs; the first may still be starting.

    :raises SnapshotError: if there is no snapshot
    """
    engine = EngineSupervisor(settings, folder)
    engine.current()
    threading.Thread(target=engine.watch, daemon=True).start()
    try:
        yield engine
    finally:
        engine.stop()
