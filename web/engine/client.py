"""A worker as a web process sees it, and one query that runs in it with the spooling of its result."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import signal
import socket
import struct
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any

from kg.errors import FormatError, GraphError, QueryError
from kg.message import Message, unpacked
from web.engine import protocol
from web.engine.protocol import Request
from web.engine.results import (
    DeadlineError,
    EngineDownError,
    EngineResult,
    MemoryLimitError,
    TooLargeError,
    TooManyRowsError,
    WorkerDiedError,
)

log = logging.getLogger("web.engine.client")
CONNECT_TIMEOUT, IO_TIMEOUT = 5, 10
"""Seconds until a connection is made, and until the rest of a message has come or gone."""

MAX_LAST_WORDS = 1 << 16
MAX_MESSAGE = 150 << 20
"""Bytes of a message, at most. The length before a message is four bytes, so that a text in its place is longer."""
_OUT_OF_MEMORY = (b"allocation of", b"bad_alloc", b"MemoryError", b"Cannot allocate memory")
"""What the engine and its libraries write when they get no more memory."""


class Worker:
    """One connection to one worker process.

    :param target: where the link to the engine's socket led when the connection was made
    :param part: the part of the graph that is wanted; one over all graphs may come instead
    :raises EngineDownError: if there is none to be had
    """

    def __init__(self, path: Path, target: str = "", part: bytes = protocol.ALL) -> None:
        self.target = target
        self.reusable = True
        try:
            self.connection = connect(path)
            self.connection.send_bytes(part)
            hello = json.loads(self.connection.recv_bytes())
            # A handle, as the number may belong to another process by the time it is used.
            self.handle = os.pidfd_open(hello["pid"])
        except (OSError, EOFError) as error:
            raise EngineDownError(
                Message("the query engine does not answer"), hint=Message("try again in a moment")
            ) from error
        self.pid: int = hello["pid"]
        self.part: bytes = hello["part"].encode()
        self.snapshot: str = hello["snapshot"]
        self.memory: int = hello.get("memory", 0)
        self.events = select.poll()
        self.events.register(self.connection, select.POLLIN)
        self.events.register(self.handle, select.POLLIN)

    @property
    def alive(self) -> bool:
        """Whether an idle worker still listens: one that died has closed its end."""
        return not self.events.poll(0)

    def wait(self, seconds: float) -> bool:
        """Whether there is something to receive within that time, if only the end."""
        return bool(self.events.poll(max(1, round(seconds * 1000))))

    def death(self) -> WorkerDiedError:
        """Why the process has ended, by its last words."""
        words = bytearray()
        with contextlib.suppress(OSError):
            while len(words) < MAX_LAST_WORDS and (more := os.read(self.connection.fileno(), MAX_LAST_WORDS)):
                words += more
        log.warning("a query process ended: %s", words.decode("utf-8", "replace").strip() or "without a word")
        if any(mark in words for mark in _OUT_OF_MEMORY):
            return MemoryLimitError(self.memory)
        hint = Message("write it in another way, or ask for less")
        return WorkerDiedError(Message("the query hit a fault of the engine"), hint=hint)

    def close(self) -> None:
        """Close the connection: the process ends when it reads next."""
        self.connection.close()
        with contextlib.suppress(OSError):
            os.close(self.handle)

    def kill(self) -> None:
        """End the process, whatever it does."""
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        self.close()

    def processor_time(self) -> float:
        """Seconds of processor time that the process has used; 0 once it has ended, which its connection shows."""
        try:
            # The clock of a process by its number, as clock_getcpuclockid(3) makes it.
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return 0.0

    def demote(self) -> None:
        """Give the process the lowest priority: its query is heavy."""
        self.reusable = False
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, 19)


def connect(path: Path) -> Connection:
    """A connection to the engine; whoever is silent in the middle of a message counts as dead."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(CONNECT_TIMEOUT)
        connection.connect(str(path))
        connection.settimeout(None)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            connection.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", IO_TIMEOUT, 0))
        return Connection(connection.detach())


@contextlib.contextmanager
def closed_on_error(body: IO[bytes]) -> Iterator[None]:
    """Close a body that nobody will read."""
    try:
        yield
    except BaseException:
        body.close()
        raise


def _failure(memory: int, reason: str, message: str, **more: Any) -> GraphError:
    """The error that a worker reports.

    :param memory: bytes that it may grow by
    """
    if reason == "memory":
        return MemoryLimitError(memory)
    if reason == "format":
        return FormatError(message, **more)
    return TooManyRowsError(message) if reason == "rows" else QueryError(message, **more)


class RunningQuery:
    """One request and the spooling of its result; may be waited for in parts.

    :param max_bytes: size of the result
    :raises WorkerDiedError: if the worker has ended
    """

    def __init__(self, worker: Worker, request: Request, max_bytes: int) -> None:
        self.worker = worker
        self.max_bytes = max_bytes
        self.size = 0
        self.kind = ""
        self.body: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=2 << 20)  # noqa: SIM115  closed by who reads it
        try:
            worker.connection.send_bytes(request.encode())
        except OSError as error:
            raise WorkerDiedError(Message("the process of this query has ended"), hint=Message("try again")) from error

    def wait(self, until: float) -> bool:
        """Receive until the result is complete (true) or the time has come (false).

        :param until: a time of ``time.monotonic``
        """
        while not self.kind:
            left = until - time.monotonic()
            if left <= 0 or not self.worker.wait(left):
                return False
            try:
                message = self.worker.connection.recv_bytes(MAX_MESSAGE)
            except (OSError, EOFError) as error:
                raise self.worker.death() from error
            self._take(message[:1], message[1:])
        return True

    def _take(self, kind: bytes, data: bytes) -> None:
        if kind == protocol.FAILED:
            raise _failure(self.worker.memory, **unpacked(json.loads(data)))
        if kind == protocol.DONE:
            result, _, data = data.partition(b"\0")
            self.kind = result.decode()
        self.size += len(data)
        if self.size > self.max_bytes:
            message = Message("the answer is larger than %(size)s MB", size=self.max_bytes >> 20)
            raise TooLargeError(message, hint=Message("add a LIMIT"))
        self.body.write(data)

    def finish(self, deadline: float) -> EngineResult:
        """The result, if it is complete by the deadline.

        :raises DeadlineError: if it is not
        """
        if not self.wait(deadline):
            hint = Message("ask for less: fewer patterns, a LIMIT")
            raise DeadlineError(Message("the query exceeded the time limit"), hint=hint)
        return self.result()

    def result(self) -> EngineResult:
        """The complete result."""
        self.body.seek(0)
        return EngineResult(self.kind, self.body, self.worker.snapshot)
