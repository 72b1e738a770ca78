"""A worker as a web process sees it, and one query that runs in it with the spooling of its result."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from kg.errors import QueryError
from kg.query import syntax_error
from web.engine import protocol
from web.engine.protocol import Request
from web.engine.results import DeadlineError, EngineDownError, EngineResult, TooLargeError, WorkerDiedError


class Worker:
    """One connection to one worker process.

    :param target: where the link to the engine's socket led when the connection was made
    """

    def __init__(self, path: Path, target: str = "") -> None:
        self.target = target
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.settimeout(5.0)
        try:
            self.connection.connect(str(path))
            _, hello = protocol.receive(self.connection)
            hello_fields = json.loads(hello)
            # A handle, as the number may belong to another process by the time it is used.
            self.handle = os.pidfd_open(hello_fields["pid"])
        except (OSError, protocol.ClosedError) as error:
            self.connection.close()
            raise EngineDownError("the query engine does not answer", hint="try again in a moment") from error
        self.events = select.poll()
        self.events.register(self.connection, select.POLLIN)
        self.events.register(self.handle, select.POLLIN)
        self.pid: int = hello_fields["pid"]
        self.snapshot: str = hello_fields["snapshot"]
        self.reusable = True

    @property
    def alive(self) -> bool:
        """Whether an idle worker still listens: one that died has closed its end."""
        return not self.events.poll(0)

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


@contextlib.contextmanager
def closed_on_error(body: IO[bytes]) -> Iterator[None]:
    """Close a body that nobody will read."""
    try:
        yield
    except BaseException:
        body.close()
        raise


class RunningQuery:
    """One request and the spooling of its result; may be waited for in parts.

    :param max_bytes: size of the result
    """

    def __init__(self, worker: Worker, max_bytes: int) -> None:
        self.worker = worker
        self.max_bytes = max_bytes
        self.size = 0
        self.kind = ""
        self.body: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=2 << 20)  # noqa: SIM115  closed by who reads it
        self.pending = bytearray()

    def begin(self, request: Request) -> None:
        """Send the request."""
        self.worker.connection.settimeout(10.0)
        try:
            protocol.send(self.worker.connection, protocol.REQUEST, request.encode())
        except OSError as error:
            raise WorkerDiedError("the process of this query has ended", hint="try again") from error

    def wait(self, until: float) -> bool:
        """Read until the result is complete (true) or the time has come (false).

        :param until: a time of ``time.monotonic``
        """
        while not self.kind:
            left = until - time.monotonic()
            if left <= 0 or not self._read(left):
                return False
        return True

    def _read(self, seconds: float) -> bool:
        self.worker.connection.settimeout(seconds)
        try:
            part = self.worker.connection.recv(protocol.CHUNK)
        except TimeoutError:
            return False
        except OSError:
            part = b""
        if not part:
            raise WorkerDiedError(
                "the query used too much memory, or hit a fault of the engine", hint="ask for less, or add a LIMIT"
            )
        self.pending += part
        while (message := _split(self.pending)) is not None:
            self._take(*message)
        return True

    def _take(self, kind: bytes, data: bytes) -> None:
        if kind == protocol.DATA:
            self.size += len(data)
            if self.size > self.max_bytes:
                raise TooLargeError(f"the answer is larger than {self.max_bytes >> 20} MB", hint="add a LIMIT")
            self.body.write(data)
        elif kind == protocol.FAILED:
            failure = json.loads(data)
            if failure["reason"] == "syntax":
                raise syntax_error(failure["message"])
            raise QueryError(failure["message"])
        elif kind == protocol.DONE:
            self.kind = data.decode()

    def finish(self, deadline: float) -> EngineResult:
        """The result, if it is complete by the deadline.

        :raises DeadlineError: if it is not
        """
        if not self.wait(deadline):
            raise DeadlineError("the query exceeded the time limit", hint="ask for less: fewer patterns, a LIMIT")
        return self.result()

    def result(self) -> EngineResult:
        """The complete result."""
        self.body.seek(0)
        return EngineResult(self.kind, self.body, self.size, self.worker.snapshot)


def _split(pending: bytearray) -> tuple[bytes, bytes] | None:
    """The first complete message, removed from the front of the buffer, if there is one."""
    head = protocol.HEAD.size
    if len(pending) < head:
        return None
    kind, length = protocol.HEAD.unpack(pending[:head])
    if len(pending) < head + length:
        return None
    data = bytes(pending[head : head + length])
    del pending[: head + length]
    return kind, data
