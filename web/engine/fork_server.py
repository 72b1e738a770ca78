"""The parent of all workers: holds a snapshot in memory, or knows where it is, and forks a worker for each connection.

It is a process of its own with one thread, started by ``kg serve`` as
``python -m web.engine.fork_server SNAPSHOT SOCKET MEMORY [disk]``, so that forking is safe and cheap (about 4 ms, the
memory of the store is shared). With ``disk`` each worker opens the store on disk, which takes about 30 ms: for a graph
that would take long to read and much memory. It prints ``ready`` when it listens and ends when its standard
input closes, that is when its parent ends.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from kg.snapshot import DATASET
from kg.store import open_snapshot
from web.engine import worker
from web.engine.malloc_trim import trim_heap
from web.engine.open_files import open_files


def load(snapshot: Path) -> Store:
    """The snapshot, loaded into memory.

    It is read by a thread of its own, which has a heap of its own: what workers allocate later, all in their main
    thread, then lies elsewhere, and the pages that hold the store stay shared.
    """
    store = Store()
    with ThreadPoolExecutor(1) as reader:
        reader.submit(store.bulk_load, path=str(snapshot / DATASET), format=RdfFormat.N_QUADS).result()
    return store


def listen(path: Path) -> socket.socket:
    """A listening Unix socket that only this user can reach."""
    path.unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX)
    os.umask(0o177)
    server.bind(str(path))
    server.listen(128)
    return server


def opener(snapshot: Path, on_disk: bool) -> Callable[[], Store]:
    """What gives a worker its store: the one in memory that it inherits, or the one on disk, opened by itself.

    The threads of a store on disk do not survive a fork.
    """
    if on_disk:
        return lambda: _open(snapshot)
    store = load(snapshot)
    return lambda: store


def _open(snapshot: Path) -> Store:
    store = open_snapshot(snapshot, verify=False)  # the supervisor has verified it
    open_files(store, snapshot)
    return store


def run(snapshot: Path, path: Path, memory: int, on_disk: bool = False) -> None:
    """Accept connections and fork a worker for each, until standard input closes.

    :param memory: bytes a worker may grow by
    :param on_disk: whether workers open the store on disk
    """
    open_store, server, name = opener(snapshot, on_disk), listen(path), snapshot.resolve().name
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    trim_heap()
    gc.freeze()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        readable, _, _ = select.select([server, sys.stdin], [], [])
        if sys.stdin in readable and not os.read(sys.stdin.fileno(), 1):
            path.unlink(missing_ok=True)
            return
        if server in readable:
            _fork(open_store, server, name, memory)


def _fork(open_store: Callable[[], Store], server: socket.socket, name: str, memory: int) -> None:
    """A worker for the next connection; where no process can be started, the connection is closed."""
    connection: socket.socket | None = None
    try:
        connection, _ = server.accept()
        child = os.fork()
    except OSError:
        if connection is not None:
            connection.close()
        return
    if child:
        connection.close()
        return
    server.close()
    os.dup2(connection.fileno(), 0)
    try:
        worker.serve(open_store(), Connection(connection.detach()), name, memory)
    finally:
        os._exit(0)


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:] == ["disk"])
