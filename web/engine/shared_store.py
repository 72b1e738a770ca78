"""The store in memory that ``kg serve`` loads before it forks the engine and the web processes, which then share it.

A look-up in memory is quicker than one on disk (tests/bench/README.md). A snapshot that becomes current later is
loaded by its own engine alone, and web processes look it up on disk: what they share can only be inherited.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from kg.snapshot import DATASET

_loaded: dict[str, Store] = {}


def load(snapshot: Path) -> Store:
    """The snapshot, loaded into memory.

    It is read by a thread of its own, which has a heap of its own: what is allocated later by others then lies
    elsewhere, and the pages that hold the store stay shared.
    """
    return begin_loading(snapshot).result()


def begin_loading(snapshot: Path) -> Future[Store]:
    """Load a snapshot in the background."""
    future: Future[Store] = Future()

    def read() -> None:
        store = Store()
        try:
            store.bulk_load(path=str(snapshot / DATASET), format=RdfFormat.N_QUADS)
        except (OSError, SyntaxError, ValueError) as error:
            future.set_exception(error)
        else:
            future.set_result(store)

    threading.Thread(target=read).start()
    return future


def share(snapshot: str, store: Store) -> None:
    """Keep a store for the processes that are forked from now on."""
    _loaded[snapshot] = store


def shared_store(snapshot: str) -> Store | None:
    """The store of a snapshot, if this process has inherited it."""
    return _loaded.get(snapshot)
