"""The store: quads in memory, or on disk inside a snapshot (https://www.w3.org/TR/sparql11-query/#rdfDataset)."""

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store

from kg.checksums import verify_checksums, write_checksums
from kg.errors import SnapshotError

STORE = "store"
"""The folder of the store inside a snapshot."""


def load(quads: Iterable[Quad]) -> Store:
    """A store in memory that holds the quads."""
    store = Store()
    store.bulk_extend(quads)
    return store


def write_store(path: Path, quads: Iterable[Quad] | Path) -> None:
    """A new store on disk, compacted, closed, ready to be opened by many readers.

    :param quads: or a file of N-Quads, which other threads do not wait for while it is read
    """
    store = Store(path)
    if isinstance(quads, Path):
        store.bulk_load(path=str(quads), format=RdfFormat.N_QUADS, lenient=True)  # written by the engine itself
    else:
        store.bulk_extend(quads)
    store.optimize()
    store.flush()
    del store  # closes it: nothing is written after its files are listed
    write_checksums(path)


def open_snapshot(path: Path, *, verify: bool = True) -> Store:
    """The store of a snapshot, read-only: any number of processes may have it open.

    :param path: the folder of the snapshot, or the link ``current``
    :param verify: whether the files are checked against their checksums first
    :raises SnapshotError: if there is no snapshot, or its store is damaged or cannot be read
    """
    folder = path.resolve() / STORE
    if not path.resolve().is_dir():
        raise SnapshotError("there is no snapshot yet", path=path, hint="run: kg build")
    if verify:
        verify_checksums(folder)
    try:
        return Store.read_only(str(folder))
    except (OSError, RuntimeError) as error:  # RocksDB's word for damaged is a RuntimeError
        raise SnapshotError(f"the snapshot cannot be read: {error}", path=path, hint="run: kg build") from error
