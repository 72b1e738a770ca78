"""Writes the downloads of each snapshot ahead, so that the catalogue can tell their sizes and checksums at once.

It is done by a process of its own with the lowest priority, ``python -m web.site.prepare SNAPSHOT FOLDER``, which ends
when they are written: what that leaves in memory is more than the site needs.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from kg.degrees import count_quads
from kg.errors import GraphError
from kg.formats import GRAPH_FORMATS, GraphFormat, TableFormat
from kg.store import open_snapshot
from kg.tabular.export import available_formats
from web.answers.files import FileStore
from web.config import WebSettings
from web.snapshot import Snapshot, built

POLL_INTERVAL = 2.0
"""Seconds between two checks for a new snapshot, and before the first."""


@contextlib.contextmanager
def prepared(settings: WebSettings, link: Path) -> Iterator[None]:
    """Write the downloads of whatever snapshot is served, while the context lasts.

    :param link: the link to the socket of the engine, which names the snapshot
    """
    stopping = threading.Event()
    thread = threading.Thread(target=_watch, args=(settings, link, stopping), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def _watch(settings: WebSettings, link: Path, stopping: threading.Event) -> None:
    """Write the downloads of each snapshot once, but for one above ``disk_above``, as it would take too long."""
    done = ""
    while not stopping.wait(POLL_INTERVAL):
        with contextlib.suppress(OSError):  # the engine is starting
            name = link.readlink().stem
            if name != done and (count_quads(settings.graph.snapshots / name) or 0) <= settings.disk_above:
                _prepare(settings.graph.snapshots / name, settings.downloads or Path(), stopping)
            done = name


def _prepare(snapshot: Path, folder: Path, stopping: threading.Event) -> None:
    """Run a process that writes the downloads, until it has or the site stops."""
    arguments = [sys.executable, "-m", "web.site.prepare", str(snapshot), str(folder)]
    with subprocess.Popen(arguments, stdin=subprocess.DEVNULL) as process:
        while process.poll() is None and not stopping.wait(POLL_INTERVAL):
            pass
        process.terminate()


def write_downloads(path: Path, files: FileStore) -> None:
    """Write the graph and its tables in every format."""
    current = Snapshot(path.name, path, open_snapshot(path), {}, built(path))
    formats: list[GraphFormat | TableFormat] = [*GRAPH_FORMATS.values(), *available_formats()]
    for form in formats:
        file = files.get(current, form)
        if isinstance(form, GraphFormat):
            files.gzipped(file)


if __name__ == "__main__":
    os.nice(19)
    with contextlib.suppress(GraphError):  # the snapshot has just been replaced
        write_downloads(Path(sys.argv[1]), FileStore(Path(sys.argv[2])))
