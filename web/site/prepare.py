"""Writes the downloads of each snapshot ahead, so that the catalogue can tell their sizes and checksums at once.

A process of its own with the lowest priority, started by ``kg serve`` as ``python -m web.site.prepare SNAPSHOTS LINK
FOLDER``; it ends when its standard input closes, that is when its parent ends.
"""

import contextlib
import os
import select
import subprocess
import sys
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
    arguments = [str(settings.graph.snapshots), str(link), str(settings.downloads), str(settings.disk_above)]
    process = subprocess.Popen([sys.executable, "-m", "web.site.prepare", *arguments], stdin=subprocess.PIPE)
    try:
        yield
    finally:
        process.terminate()
        process.wait()
        if process.stdin:
            process.stdin.close()


def run(snapshots: Path, link: Path, folder: Path, most: int) -> None:
    """Write the downloads of each snapshot that is served, until standard input closes.

    :param most: quads above which nothing is written ahead, as it would take too long
    """
    os.nice(19)
    done = ""
    while not select.select([sys.stdin], [], [], POLL_INTERVAL)[0]:
        with contextlib.suppress(OSError, GraphError):  # it is starting, or has just been replaced
            name = link.readlink().stem
            if name != done and (count_quads(snapshots / name) or 0) <= most:
                write_downloads(snapshots / name, FileStore(folder))
            done = name


def write_downloads(path: Path, files: FileStore) -> None:
    """Write the graph and its tables in every format."""
    current = Snapshot(path.name, path, open_snapshot(path), {}, built(path))
    formats: list[GraphFormat | TableFormat] = [*GRAPH_FORMATS.values(), *available_formats()]
    for form in formats:
        file = files.get(current, form)
        if isinstance(form, GraphFormat):
            files.gzipped(file)


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
