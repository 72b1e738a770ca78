"""Opens the files of a store on disk before a worker gives up the right to open any.

RocksDB opens a file when it first reads from it, except for some at the start. Keys of the store are hashes of terms,
so quads drawn from the dataset at random lead into all of its files.
"""

from __future__ import annotations

import contextlib
import random
from itertools import product
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

from kg.errors import SnapshotError
from kg.snapshot import DATASET
from kg.store import STORE

MAX_DRAWN, BATCH = 20_000, 50
"""Quads that are drawn at most, and after how many of them it is checked whether all files are open."""


def open_files(store: Store, snapshot: Path) -> None:
    """Read from each file of the store of a snapshot.

    :raises SnapshotError: if a file was not reached
    """
    files = {path.name for path in (snapshot / STORE).glob("*.sst")}
    drawn = random.Random(0)  # noqa: S311  the same places each time
    with (snapshot / DATASET).open("rb") as dataset:
        size = (snapshot / DATASET).stat().st_size
        for _ in range(0, MAX_DRAWN, BATCH):
            if files <= _open_now():
                return
            for _ in range(BATCH):
                dataset.seek(drawn.randrange(size))
                dataset.readline()
                _read(store, dataset.readline())
    raise SnapshotError("not all files of the store could be opened", path=snapshot / STORE)


def _read(store: Store, line: bytes) -> None:
    """Look the quad of a line up by every index, and its graph among the graphs."""
    for quad in parse(line, format=RdfFormat.N_QUADS):
        store.contains_named_graph(quad.graph_name)
        for subject, predicate, object_, graph in product(*((term, None) for term in quad)):
            if (subject, predicate, object_) != (None, None, None):
                next(store.quads_for_pattern(subject, predicate, object_, graph), None)


def _open_now() -> set[str]:
    """The names of the files that this process has open."""
    names = set()
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            names.add(link.readlink().name)
    return names
