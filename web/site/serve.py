"""Run the site: the engine (a zygote that forks query workers) and granian with the Flask application.

The supervisor watches for a new snapshot: it starts a second engine over it, swaps the link that pools and pages follow
when that engine is ready, and lets the old one go when its work is done.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import logging
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from kg.errors import SnapshotError, UsageError
from web.config import WebSettings

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger("web.site.serve")
GRACE = 30.0
"""Seconds an engine lives on, beyond the time a query may take, after a newer one has taken over."""
THREADS = 256
"""Threads of a web process: more than can wait for a place in all lanes together, so look-ups always find one."""
CONNECTIONS = 4096
"""Connections of a web process; an idle one costs no thread."""


class EngineSupervisor:
    """The engines of a site: the one that serves and those that are on their way out.

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
        """Start an engine for the current snapshot, unless it has one that lives, and let it take over.

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
        command = [sys.executable, "-m", "web.engine.fork_server", str(snapshot), str(path)]
        command += ["--memory", str(self.settings.memory)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        output = cast(IO[bytes], process.stdout)
        ready, _, _ = select.select([output], [], [], 600)
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
            timer = threading.Timer(self.settings.timeout + GRACE, end, [process])
            timer.daemon = True
            timer.start()

    def watch(self) -> None:
        """Look for a new snapshot, or a dead engine, twice a second until stopped."""
        while not self.stopping.is_set():
            try:
                self.refresh()
            except (SnapshotError, OSError) as error:
                log.warning("the engine cannot be renewed: %s", error)
            self.stopping.wait(0.5)

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
def engines(settings: WebSettings, folder: Path, wait: bool = True) -> Iterator[EngineSupervisor]:
    """The engines of a site while it runs.

    :param wait: whether to come back only when the first one is ready
    :raises SnapshotError: if there is no snapshot
    """
    engine = EngineSupervisor(settings, folder)
    engine.current()
    if wait:
        engine.refresh()
    watching = threading.Thread(target=engine.watch, daemon=True)
    watching.start()
    try:
        yield engine
    finally:
        engine.stop()


def serve(settings: WebSettings, host: str, port: int, threads: int = THREADS) -> None:
    """Serve until stopped by SIGTERM or SIGINT; what is being answered then is answered to its end.

    :param threads: threads of each web process that answer requests
    :raises SnapshotError: if there is nothing to serve
    :raises UsageError: if the address cannot be had
    """
    _claim(host, port)
    with tempfile.TemporaryDirectory(prefix="kg-", ignore_cleanup_errors=True) as private:
        folder = Path(private)
        settings = replace(settings, cache=settings.cache or folder / "downloads")
        (folder / "metrics").mkdir()
        with contextlib.ExitStack() as stack:
            if not settings.remote:
                engine = stack.enter_context(engines(settings, folder, wait=False))
                settings = replace(settings, engine=engine.link)
            os.environ.update(environment(settings), PROMETHEUS_MULTIPROC_DIR=str(folder / "metrics"))
            _listen(settings, host, port, threads)


def _claim(host: str, port: int) -> None:
    """See that nobody has the address: web processes share a port, so a second site on it would go unnoticed."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        hint = "choose another --port" if error.errno == errno.EADDRINUSE else "choose another --host or --port"
        raise UsageError(f"cannot listen on {host}:{port}: {error.strerror or error}", hint=hint) from error


def _listen(settings: WebSettings, host: str, port: int, threads: int) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    from web.site.app import preload

    preload()
    _allow_many_files()
    gc.collect()
    gc.freeze()  # a collection in a web process would copy the pages it shares with this one
    Server(
        "web.site.serve:site",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=threads,
        backpressure=CONNECTIONS,
        factory=True,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=int(settings.timeout) + 5,
        log_access=False,
        backlog=1024,
    ).serve()


def _allow_many_files() -> None:
    """As many connections as the system allows this process at all."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < CONNECTIONS < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * CONNECTIONS), hard))


def site() -> Flask:
    """The application of a web process."""
    from web.engine import malloc_trim
    from web.site import slow_clients
    from web.site.app import create_app

    slow_clients.watch()
    malloc_trim.trim_periodically()
    return create_app()


def environment(settings: WebSettings) -> dict[str, str]:
    """The settings as variables, as a web process reads them."""
    return {
        "KG_ENGINE_SOCKET": str(settings.engine or ""),
        "KG_ENGINE": settings.remote or "",
        "KG_BASE_URL": settings.base_url or "",
        "KG_TIMEOUT": str(settings.timeout),
        "KG_MEMORY": str(settings.memory >> 20),
        "KG_ROWS": str(settings.rows),
        "KG_ANSWERS": str(settings.answers >> 20),
        "KG_CACHE": str(settings.cache or ""),
        "KG_WORKERS": str(settings.workers),
        "KG_ACCESS_LOG": "1" if settings.access_log else "",
        "KG_SNAPSHOTS": str(settings.graph.snapshots),
        "KG_QUERIES": str(settings.graph.queries),
    }
