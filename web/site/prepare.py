"""Makes common pages and the downloads of each snapshot ahead, so that nobody waits for them.

A process of its own with the lowest priority does that, ``python -m web.site.prepare ADDRESS``, and ends when they
are written: what that leaves in memory is more than a web process needs.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from kg.degrees import count_quads
from kg.errors import GraphError
from kg.formats import GRAPH_FORMATS, GraphFormat, TableFormat
from kg.tabular.export import available_formats
from web.answers.files import FileStore
from web.config import WebSettings
from web.engine.local import LocalEngine
from web.site.app import create_app
from web.snapshot import Snapshot
from web.views.html.shared.caching import make_ahead

POLL_INTERVAL = 2.0
"""Seconds between two checks for a new snapshot, and before the first."""


@contextlib.contextmanager
def prepared(settings: WebSettings, link: Path, address: str) -> Iterator[None]:
    """Make pages and downloads of whatever snapshot is served, while the context lasts.

    :param link: the link to the socket of the engine, which names the snapshot
    :param address: where people reach the site
    """
    stopping = threading.Event()
    thread = threading.Thread(target=_watch, args=(settings, link, address, stopping), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def _watch(settings: WebSettings, link: Path, address: str, stopping: threading.Event) -> None:
    """Prepare each snapshot once, but for one above ``disk_above``, as it would take too long."""
    done = ""
    while not stopping.wait(POLL_INTERVAL):
        with contextlib.suppress(OSError):  # the engine is starting
            name = link.readlink().stem
            if name != done and (count_quads(settings.graph.snapshots / name) or 0) <= settings.disk_above:
                _prepare(settings, address, stopping)
            done = name


def _prepare(settings: WebSettings, address: str, stopping: threading.Event) -> None:
    """Run a process that prepares the snapshot, until it has or the site stops."""
    arguments, environment = [sys.executable, "-m", "web.site.prepare", address], os.environ | settings.environment()
    with subprocess.Popen(arguments, stdin=subprocess.DEVNULL, env=environment, start_new_session=True) as process:
        while process.poll() is None and not stopping.wait(POLL_INTERVAL):
            pass
        if process.poll() is None:  # with the process that compares, if there is one
            os.killpg(process.pid, signal.SIGTERM)


def prepare(app: Flask, address: str) -> None:
    """Make the pages, then every download in every format."""
    current: Snapshot = app.extensions["snapshot"].get()
    # No worker of the site is taken from those who ask it something.
    app.extensions["answers"].engine = LocalEngine(lambda: current.store)
    make_ahead(app, address)
    write_downloads(current, app.extensions["downloads"])


def write_downloads(current: Snapshot, files: FileStore) -> None:
    """Write the graph and its tables in every format."""
    formats: list[GraphFormat | TableFormat] = [*GRAPH_FORMATS.values(), *available_formats()]
    for form in formats:
        file = files.get(current, form)
        if isinstance(form, GraphFormat):
            files.gzipped(file)


if __name__ == "__main__":
    os.nice(19)
    with contextlib.suppress(GraphError):  # the snapshot has just been replaced
        prepare(create_app(), sys.argv[1])
