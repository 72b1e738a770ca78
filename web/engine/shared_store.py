"""The accepted view in memory, which ``kg serve`` loads before it forks the engine and the web processes that share it.

Most queries read nothing else, and over a store that holds nothing else the engine walks shorter lists: it takes two
thirds of the time that it takes over all graphs in memory, and half of that on disk (tests/bench/README.md). All other
queries read the store on disk. A snapshot that becomes current later is loaded by its own engine alone, and web
processes look it up on disk: what they share can only be inherited.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from pyoxigraph import RdfFormat, Store

from kg.snapshot import ACCEPTED
from kg.terms import GRAPH

T = TypeVar("T")
_loaded: dict[str, Store] = {}


def load(snapshot: Path) -> Store:
    """The accepted view of a snapshot, as a named graph in memory.

    It is read by a thread of its own, which has a heap of its own: what is allocated later by others then lies
    elsewhere, and the pages that hold the store stay shared.
    """
    return begin_loading(snapshot).result()


def begin_loading(snapshot: Path) -> Future[Store]:
    """Load the accepted view of a snapshot in the background."""
    return in_background(lambda: _read(snapshot / ACCEPTED))


def in_background(function: Callable[[], T]) -> Future[T]:
    """Call a function in a thread of its own."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(function())
        except BaseException as error:  # raised where the result is asked for
            future.set_exception(error)

    threading.Thread(target=run).start()
    return future


def _read(file: Path) -> Store:
    store = Store()
    # The build wrote these lines from checked terms, so that they are not checked again.
    store.bulk_load(path=str(file), format=RdfFormat.N_TRIPLES, to_graph=GRAPH.accepted, lenient=True)
    return store


def share(snapshot: str, store: Store) -> None:
    """Keep a store for the processes that are forked from now on."""
    _loaded[snapshot] = store


def shared_store(snapshot: str) -> Store | None:
    """The accepted view of a snapshot, if this process has inherited it."""
    return _loaded.get(snapshot)
