"""Run the site: the query engine in processes of its own, and granian with the Flask application."""

from __future__ import annotations

import contextlib
import errno
import gc
import logging
import os
import resource
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import SnapshotError, UsageError
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
ENDING = (signal.SIGTERM, signal.SIGINT)
"""The signals that end the site."""
WAKE_INTERVAL = 1.0
"""Seconds after which the main thread of each process looks for signals at the latest."""


def serve(settings: WebSettings, host: str, port: int, threads: int = THREADS) -> None:
    """Serve until stopped by SIGTERM or SIGINT; requests in progress are completed.

    :param threads: threads of each web process that answer requests
    :raises SnapshotError: if there is nothing to serve
    """
    with tempfile.TemporaryDirectory(prefix="kg-", ignore_cleanup_errors=True) as private:
        folder = Path(private)
        settings = replace(settings, downloads=settings.downloads or folder / "downloads")
        (folder / "metrics").mkdir()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder / "metrics")  # read when the metrics are imported
        gc.disable()  # until all is loaded: nearly all of it stays
        with contextlib.ExitStack() as stack:
            if settings.remote:
                app = _application(settings)
            else:
                engine = EngineSupervisor(settings, folder)
                engine.preload()
                settings = replace(settings, engine=engine.link)
                app = _application(settings)
                stack.enter_context(engine)
                if settings.prepare:
                    from web.site.prepare import prepared

                    address = settings.base_url or f"http://{host}:{port}"
                    stack.enter_context(prepared(settings, engine.link, address))
            os.environ.update(settings.environment())
            _listen(app, settings, host, port, threads)


def check_address(host: str, port: int) -> None:
    """Check that the address is free: web processes share a port, so a second site on it would go unnoticed.

    :raises UsageError: if it is not
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        hint = "choose another --port" if error.errno == errno.EADDRINUSE else "choose another --host or --port"
        raise UsageError(f"cannot listen on {host}:{port}: {error.strerror or error}", hint=hint) from error


def _application(settings: WebSettings) -> Flask:
    """The application with all that it needs; processes forked later share the time and the memory that this takes."""
    import granian.server  # noqa: F401

    from kg.query import load_queries
    from web.locale import load_languages
    from web.site.app import create_app

    load_languages()
    load_queries(settings.graph.queries)
    return create_app(settings)


def _listen(app: Flask, settings: WebSettings, host: str, port: int, threads: int) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    _allow_many_files()
    # So many threads are meant, see THREADS: most of them wait for an answer.
    logging.getLogger("_granian").addFilter(lambda record: "Python threads" not in record.getMessage())
    malloc_trim.settle()
    _wake_regularly()
    change = signal.pthread_sigmask
    os.register_at_fork(
        before=partial(change, signal.SIG_BLOCK, ENDING),
        after_in_parent=partial(change, signal.SIG_UNBLOCK, ENDING),
        after_in_child=_end_at_signals,
    )
    Server(
        "kg serve",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=threads,
        backpressure=CONNECTIONS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=int(settings.timeout) + 5,
        log_access=False,
        backlog=1024,
    ).serve(target_loader=lambda: _begin(app), wrap_loader=False)


def _allow_many_files() -> None:
    """Raise the limit of open connections as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < CONNECTIONS < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * CONNECTIONS), hard))


def _begin(app: Flask) -> Flask:
    """What a web process does beside answering; the first is to open the snapshot, before a request needs it."""
    _wake_regularly()
    _regularly(partial(_end_without, os.getppid()), WAKE_INTERVAL)
    threading.Thread(target=_open, args=(app,), daemon=True).start()
    _regularly(slow_clients.cut, slow_clients.POLL_INTERVAL)
    _regularly(malloc_trim.trim_heap, malloc_trim.INTERVAL)
    if "workers" in app.extensions:
        _regularly(app.extensions["workers"].close_spare, malloc_trim.INTERVAL)
    return app


def _end_without(parent: int) -> None:
    """End this process, and so the engine too, when the one that started it has died: they would hold the port."""
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def _open(app: Flask) -> None:
    with contextlib.suppress(SnapshotError):  # told to whoever asks
        app.extensions["snapshot"].get()


def _end_at_signals() -> None:
    """Let a web process end at a signal until it has handlers of its own: those of its parent would do nothing.

    One that comes during the fork is held back until then, as Python forgets it.
    """
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def _wake_regularly() -> None:
    """Interrupt what the main thread waits for every second, so that it handles the signals that came.

    Python handles them in that thread alone, and one that comes while it is about to sleep, or that the system gives to
    another thread, does not wake it.
    """
    main = threading.main_thread().ident or 0
    signal.signal(signal.SIGUSR1, lambda *_: None)
    _regularly(lambda: signal.pthread_kill(main, signal.SIGUSR1), WAKE_INTERVAL)


def _regularly(job: Callable[[], object], seconds: float) -> None:
    """Do something again and again in the background."""

    def loop() -> None:
        while True:
            time.sleep(seconds)
            job()

    threading.Thread(target=loop, daemon=True).start()
