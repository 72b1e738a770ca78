"""The parent of all workers: holds the accepted view in memory, and forks a worker for each connection.

It is a process of its own with one thread, so that forking is safe and cheap (about 4 ms, the memory of the store is
shared). A worker for queries that read other graphs too opens the store on disk, which takes about 30 ms. The first
fork server of a site is forked from ``kg serve`` with the accepted view in it, see `web.engine.shared_store`; others
are started as ``python -m web.engine.fork_server SNAPSHOT SOCKET MEMORY [disk]``. With ``disk`` nothing is held in
memory: for a graph that would take long to read and much memory. It writes ``ready`` when it listens and ends when its
parent ends.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from pyoxigraph import Store

from kg.store import open_snapshot
from web.engine import worker
from web.engine.malloc_trim import settle
from web.engine.open_files import open_files
from web.engine.protocol import ACCEPTED, ALL
from web.engine.shared_store import load
from web.engine.worker import Opener


def listen(path: Path) -> socket.socket:
    """A listening Unix socket that only this user can reach."""
    path.unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX)
    os.umask(0o177)
    server.bind(str(path))
    server.listen(128)
    return server


def opener(snapshot: Path, accepted: Store | None) -> Opener:
    """What gives a worker its store: the one in memory that it inherits, or the one on disk, opened by itself.

    The threads of a store on disk do not survive a fork.

    :param accepted: the accepted view in memory, if it is held there
    """
    return lambda part: (ACCEPTED, accepted) if accepted is not None and part == ACCEPTED else (ALL, _open(snapshot))


def _open(snapshot: Path) -> Store:
    store = open_snapshot(snapshot, verify=False)  # the supervisor has verified it
    open_files(store, snapshot)
    return store


def run(open_part: Opener, name: str, path: Path, memory: int, pipes: tuple[int, int] = (0, 1)) -> None:
    """Accept connections and fork a worker for each, until the parent ends.

    :param open_part: gives a worker the store of a part
    :param name: of the snapshot
    :param memory: bytes a worker may grow by
    :param pipes: one that has an end when the parent ends, and one to which a line is written when it listens
    """
    server, (parent, ready) = listen(path), pipes
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.write(ready, b"ready\n")
    while True:
        readable, _, _ = select.select([server.fileno(), parent], [], [])
        if parent in readable and not os.read(parent, 1):
            path.unlink(missing_ok=True)
            return
        if server.fileno() in readable:
            _fork(open_part, server, name, memory)


def _fork(open_part: Opener, server: socket.socket, name: str, memory: int) -> None:
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
        worker.serve(open_part, Connection(connection.detach()), name, memory)
    finally:
        os._exit(0)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    held = None if sys.argv[4:] == ["disk"] else load(place)
    settle()
    run(opener(place, held), place.resolve().name, Path(sys.argv[2]), int(sys.argv[3]))
