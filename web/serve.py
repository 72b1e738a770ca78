"""Run the site: the engine (a zygote that forks query workers) and granian with the Flask application.

The supervisor watches for a new snapshot: it starts a second engine over it, swaps the link that
the pools follow when that engine is ready, and lets the old one go when its work is done.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from kg.errors import SnapshotError
from web.config import WebSettings

GRACE = 60.0
"""Seconds an engine lives on after a newer one has taken over: longer than any query."""


class Engine:
    """The engines of a site: the one that serves and those that are on their way out.

    :param folder: a private folder for the sockets
    """

    def __init__(self, settings: WebSettings, folder: Path) -> None:
        self.settings = settings
        self.folder = folder
        self.link = folder / "engine"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.serving = ""
        self.stopping = threading.Event()

    def refresh(self) -> None:
        """Start an engine for the current snapshot, unless it has one that lives, and let it take over.

        :raises SnapshotError: if there is no snapshot, or its engine does not start
        """
        snapshot = self.settings.graph.current.resolve()
        alive = self.serving in self.processes and self.processes[self.serving].poll() is None
        if alive and self.serving == snapshot.name:
            return
        if not (snapshot / "dataset.nq").exists():
            raise SnapshotError("there is no snapshot to serve", hint="run: kg build")
        self._start(snapshot)
        self._swap(snapshot.name)

    def _start(self, snapshot: Path) -> None:
        socket = self.folder / f"{snapshot.name[:40]}.sock"
        command = [sys.executable, "-m", "web.engine.zygote", str(snapshot), str(socket)]
        command += ["--memory", str(self.settings.memory)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        output = cast(IO[bytes], process.stdout)
        ready, _, _ = select.select([output], [], [], 120)
        if not ready or output.readline().strip() != b"ready":
            process.kill()
            raise SnapshotError("the query engine did not start", path=snapshot)
        self.processes[snapshot.name] = process

    def _swap(self, name: str) -> None:
        fresh = self.folder / "engine.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(f"{name[:40]}.sock")
        fresh.replace(self.link)
        retired = [other for other in self.processes if other != name]
        self.serving = name
        for other in retired:
            threading.Timer(GRACE, _end, [self.processes.pop(other)]).start()

    def watch(self) -> None:
        """Look for a new snapshot, or a dead engine, once a second until stopped."""
        while not self.stopping.wait(1.0):
            with contextlib.suppress(SnapshotError, OSError):
                self.refresh()

    def stop(self) -> None:
        """End all engines and their workers."""
        self.stopping.set()
        for process in self.processes.values():
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
    process.wait(5)


@contextlib.contextmanager
def engines(settings: WebSettings) -> Iterator[Engine]:
    """The engines of a site while it runs."""
    with tempfile.TemporaryDirectory(prefix="kg-", ignore_cleanup_errors=True) as folder:
        engine = Engine(settings, Path(folder))
        try:
            engine.refresh()
            threading.Thread(target=engine.watch, daemon=True).start()
            yield engine
        finally:
            engine.stop()


def serve(settings: WebSettings, host: str, port: int, workers: int = 1, threads: int = 16) -> None:
    """Serve until stopped by SIGTERM or SIGINT.

    :param workers: web processes
    :param threads: threads of each that answer requests
    """
    from granian.constants import Interfaces
    from granian.server import Server

    with engines(settings) as engine:
        os.environ.update(_environment(settings, engine.link))
        Server(
            "web.app:create_app",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            factory=True,
            respawn_failed_workers=True,
            log_access=False,
            backlog=1024,
        ).serve()


def _environment(settings: WebSettings, link: Path) -> dict[str, str]:
    given = {
        "KG_ENGINE_SOCKET": str(link),
        "KG_TIMEOUT": str(settings.timeout),
        "KG_SNAPSHOTS": str(settings.graph.snapshots),
        "KG_QUERIES": str(settings.graph.queries),
        "KG_BASE_URL": settings.base_url or "",
    }
    return given | ({"KG_ENGINE": settings.remote} if settings.remote else {})
