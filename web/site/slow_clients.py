"""Connections on which nothing moves are closed: a client that takes no byte of an answer, or begins a body and does
not end it, holds a thread.

Granian limits the time in which a request's head must arrive; for bodies and answers neither it nor WSGI has a limit,
so this works on the sockets themselves.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

UNREAD_TIMEOUT = 20.0
"""Seconds for which bytes sent to a client may stay unacknowledged."""
UNSENT_TIMEOUT = 5.0
"""Seconds for which a body may pause at its beginning."""
POLL_INTERVAL = 2.0
_LAST_RECEIVED = struct.Struct("52xI")
"""Milliseconds since the last byte came, in ``struct tcp_info`` of Linux."""
_receiving: dict[int, tuple[str, float]] = {}


@contextlib.contextmanager
def receiving(address: str) -> Iterator[None]:
    """Mark that a body is being received from a client."""
    key = threading.get_ident()
    _receiving[key] = address, time.monotonic()
    try:
        yield
    finally:
        del _receiving[key]


def watch() -> None:
    """Watch the connections of this process from now on."""
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    # Granian opens the listening socket by itself, a moment after the application is there.
    while not any(_limit_unread(connection) for connection in _sockets()):
        time.sleep(0.1)
    while True:
        for address, begin in list(_receiving.values()):
            silent = time.monotonic() - begin
            if silent > UNSENT_TIMEOUT:
                # A busy machine begins to read late, by more the longer it takes.
                _cut(address, silent, POLL_INTERVAL + (silent - UNSENT_TIMEOUT) / 2)
        time.sleep(POLL_INTERVAL)


def _sockets() -> Iterator[socket.socket]:
    """All TCP sockets of this process."""
    for file in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            if file.is_socket():
                with socket.socket(fileno=os.dup(int(file.name))) as connection:
                    if connection.family != socket.AF_UNIX:
                        yield connection


def _limit_unread(connection: socket.socket) -> bool:
    """Set the limit if this is the listening socket, from which connections inherit it; whether it is."""
    listens = bool(connection.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    if listens:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(UNREAD_TIMEOUT * 1000))
    return listens


def _cut(address: str, silent: float, tolerance: float) -> None:
    """Close the connections of a client on which the last byte came so many seconds ago."""
    for connection in _sockets():
        with contextlib.suppress(OSError):
            info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
            (milliseconds,) = _LAST_RECEIVED.unpack_from(info)
            if connection.getpeername()[0] == address and abs(milliseconds / 1000 - silent) < tolerance:
                connection.shutdown(socket.SHUT_RDWR)
