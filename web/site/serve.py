"""Run the site: the query engine in processes of its own, and granian with the Flask application."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import resource
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import UsageError
from web.config import WebSettings
from web.engine import malloc_trim
from web.engine.supervisor import EngineSupervisor
from web.site import slow_clients

if TYPE_CHECKING:
    from flask import Flask

THREADS = 256
"""Threads of a web process: more than can wait in all queues together, so look-ups always find one."""
CONNECTIONS = 4096
"""Connections of a web process; an idle one costs no thread."""


def serve(settings: WebSettings, host: str, port: int, threads: int = THREADS) -> None:
    """Serve until stopped by SIGTERM or SIGINT; requests in progress are completed.

    :param threads: threads of each web process that answer requests
    :raises SnapshotError: if there is nothing to serve
    :raises UsageError: if the address is not available
    """
    _check_address(host, port)
    with tempfile.TemporaryDirectory(prefix="kg-", ignore_cleanup_errors=True) as private:
        folder = Path(private)
        settings = replace(settings, downloads=settings.downloads or folder / "downloads")
        (folder / "metrics").mkdir()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder / "metrics")  # read when the metrics are imported
        with contextlib.ExitStack() as stack:
            if not settings.remote:
                engine = EngineSupervisor(settings, folder)
                engine.preload()
                import web.site.app  # noqa: F401  processes forked later share the time and the memory that this takes

                stack.enter_context(engine)
                settings = replace(settings, engine=engine.link)
                if settings.prepare:
                    from web.site.prepare import prepared

                    address = settings.base_url or f"http://{host}:{port}"
                    stack.enter_context(prepared(settings, engine.link, address))
            os.environ.update(settings.environment())
            _listen(settings, host, port, threads)


def _check_address(host: str, port: int) -> None:
    """Check that the address is free: web processes share a port, so a second site on it would go unnoticed."""
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

    import web.site.app  # noqa: F401  web processes forked later share the time and the memory that this takes
    from web.locale import load_languages

    _allow_many_files()
    load_languages()
    # So many threads are meant, see THREADS: most of them wait for an answer.
    logging.getLogger("_granian").addFilter(lambda record: "Python threads" not in record.getMessage())
    malloc_trim.settle()
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
    """Raise the limit of open connections as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < CONNECTIONS < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * CONNECTIONS), hard))


def site() -> Flask:
    """The application of a web process."""
    from web.site.app import create_app

    threading.Thread(target=slow_clients.limit_unread, daemon=True).start()
    _regularly(slow_clients.cut_unsent, slow_clients.POLL_INTERVAL)
    _regularly(malloc_trim.trim_heap, malloc_trim.INTERVAL)
    return create_app()


def _regularly(job: Callable[[], object], seconds: float) -> None:
    """Do something again and again in the background."""

    def loop() -> None:
        while True:
            time.sleep(seconds)
            job()

    threading.Thread(target=loop, daemon=True).start()
