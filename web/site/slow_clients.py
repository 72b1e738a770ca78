"""Connections on which nothing moves are closed: a client that takes no byte of an answer, or begins a body and does
not end it, holds a thread.

Granian limits the time in which a request's head must arrive; for bodies and answers neither it nor WSGI has a limit,
so this works on the sockets themselves.
"""

import contextlib
import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

UNREAD_TIMEOUT, UNSENT_TIMEOUT = 20.0, 5.0
"""Seconds for which bytes sent to a client may stay unacknowledged, and for which a body may pause at its beginning."""
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


def limit_unread() -> None:
    """Limit what stays unread, as soon as Granian listens: connections inherit that from the listening socket."""
    while True:
        for connection in _sockets():
            if connection.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(UNREAD_TIMEOUT * 1000))
                return
        time.sleep(0.1)


def cut_unsent() -> None:
    """Close connections on which a body has stopped."""
    for address, begin in list(_receiving.values()):
        silent = time.monotonic() - begin
        # A busy machine begins to read late, by more the longer it takes.
        tolerance = POLL_INTERVAL + (silent - UNSENT_TIMEOUT) / 2
        for connection in _sockets() if silent > UNSENT_TIMEOUT else ():
            with contextlib.suppress(OSError):
                (waited,) = _LAST_RECEIVED.unpack_from(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104))
                if connection.getpeername()[0] == address and abs(waited / 1000 - silent) < tolerance:
                    connection.shutdown(socket.SHUT_RDWR)


def _sockets() -> Iterator[socket.socket]:
    """All TCP sockets of this process."""
    for file in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            if file.is_socket():
                with socket.socket(fileno=os.dup(int(file.name))) as connection:
                    if connection.family != socket.AF_UNIX:
                        yield connection
