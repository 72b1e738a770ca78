"""Connections on which nothing moves are closed: a client that asks and never reads, or begins a body and never ends
it, holds a thread.

The server takes care of heads that come slowly. What is said here of answers and bodies works on the sockets
themselves, as neither the server nor WSGI has a word for it.
"""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

UNREAD = 20.0
"""Seconds that bytes sent to a client may stay untaken. A connection inherits it from the socket that accepted it."""
UNSENT = 5.0
"""Seconds a body may pause at its beginning."""
LOOK_EVERY = 2.0
_LAST_RECEIVED = struct.Struct("52xI")
"""Milliseconds since the last byte came, in ``struct tcp_info`` of Linux."""
_reading: dict[int, tuple[str, float]] = {}


def watch() -> None:
    """Watch the connections of this process from now on."""
    threading.Thread(target=_watch, daemon=True).start()


@contextlib.contextmanager
def reading(address: str) -> Iterator[None]:
    """Say that a body is being read, and from whom."""
    key = threading.get_ident()
    _reading[key] = address, time.monotonic()
    try:
        yield
    finally:
        del _reading[key]


def _watch() -> None:
    limited = False
    while True:
        # Granian opens the listening socket by itself, a moment after the application is there.
        limited = limited or any(_limit(found) for found in _sockets())
        for address, begin in list(_reading.values()):
            silent = time.monotonic() - begin
            if silent > UNSENT:
                _cut(address, silent, LOOK_EVERY + (silent - UNSENT) / 2)
        time.sleep(LOOK_EVERY if limited else 0.1)


def _sockets() -> Iterator[socket.socket]:
    """All sockets of this process that speak TCP."""
    for file in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            if stat.S_ISSOCK(os.fstat(int(file.name)).st_mode):
                with socket.socket(fileno=os.dup(int(file.name))) as found:
                    if found.family != socket.AF_UNIX:
                        yield found


def _limit(found: socket.socket) -> bool:
    """Whether this is the listening socket, which has its limit then."""
    if not found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        return False
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(UNREAD * 1000))
    return True


def _cut(address: str, silent: float, tolerance: float) -> None:
    """Close the connections of a client on which the last byte came so long ago.

    :param tolerance: by how many seconds that may be wrong: a busy machine begins to read late
    """
    for found in _sockets():
        with contextlib.suppress(OSError):
            info = found.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
            (milliseconds,) = _LAST_RECEIVED.unpack_from(info)
            if found.getpeername()[0] == address and abs(milliseconds / 1000 - silent) < tolerance:
                found.shutdown(socket.SHUT_RDWR)
