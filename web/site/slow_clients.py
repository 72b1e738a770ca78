"""Connections on which little moves are closed: a client that takes no byte of an answer, or begins a body and does
not end it in time, holds a thread.

Granian limits the time in which a request's head must arrive; for bodies and answers neither it nor WSGI has a limit,
so this works on the sockets themselves.
"""

import contextlib
import os
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path

UNREAD_TIMEOUT, UNSENT_TIMEOUT, BODY_TIMEOUT = 20.0, 5.0, 30.0
"""Seconds that bytes may wait for a client to take them, that a body may pause when it has begun, and take in all."""
POLL_INTERVAL = 2.0
_LAST_MOVED = struct.Struct("44xI4xI")
"""Milliseconds since the last byte was sent, and since one came, in ``struct tcp_info`` of Linux."""
_receiving: list[tuple[str, float]] = []


@contextlib.contextmanager
def receiving(address: str) -> Iterator[None]:
    """Mark that a body is being received from a client."""
    mark = address, time.monotonic()
    _receiving.append(mark)
    try:
        yield
    finally:
        _receiving.remove(mark)


def cut() -> None:
    """Limit how long an answer may stay unread, and close connections on which a body has stopped or takes too long."""
    now = time.monotonic()
    silences = [(address, now - begin) for address, begin in list(_receiving) if now - begin > UNSENT_TIMEOUT]
    for file in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile, or no TCP socket
            if file.is_socket():
                with socket.socket(fileno=os.dup(int(file.name))) as connection:
                    # A connection that comes later inherits this from the socket that listens.
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(UNREAD_TIMEOUT * 1000))
                    if any(_is_slow(connection, address, seconds) for address, seconds in silences):
                        connection.shutdown(socket.SHUT_RDWR)


def _is_slow(connection: socket.socket, address: str, seconds: float) -> bool:
    """Whether a connection is that of a client, and the last byte came so many seconds ago, or a body for too many."""
    sent, received = _LAST_MOVED.unpack_from(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104))
    # A busy machine begins to read late, by more the longer it takes.
    is_silent = abs(received / 1000 - seconds) < POLL_INTERVAL + (seconds - UNSENT_TIMEOUT) / 2
    # While a body comes nothing is sent; on a connection that is only kept open nothing comes either.
    is_late = received / 1000 < BODY_TIMEOUT < seconds < sent / 1000 + POLL_INTERVAL
    return bool(connection.getpeername()[0] == address and (is_silent or is_late))
