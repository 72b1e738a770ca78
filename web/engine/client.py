"""A worker as a web process sees it, and one question to it with the spooling of its answer."""

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
from web.engine.results import Answer, DeadlineError, EngineDownError, TooLargeError, WorkerDiedError


class Worker:
    """One connection to one worker process.

    :param target: where the link of the engine led when it was made
    """

    def __init__(self, path: Path, target: str = "") -> None:
        self.target = target
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.settimeout(5.0)
        try:
            self.connection.connect(str(path))
            _, hello = protocol.receive(self.connection)
            facts = json.loads(hello)
            # A handle, not a number: a number may name another process by the time it is used.
            self.handle = os.pidfd_open(facts["pid"])
        except (OSError, protocol.ClosedError) as error:
            self.connection.close()
            raise EngineDownError("the query engine does not answer", hint="try again in a moment") from error
        self.signs = select.poll()
        self.signs.register(self.connection, select.POLLIN)
        self.signs.register(self.handle, select.POLLIN)
        self.pid: int = facts["pid"]
        self.snapshot: str = facts["snapshot"]
        self.heavy = False
        self.large = False

    @property
    def alive(self) -> bool:
        """Whether an idle worker still listens: one that died has closed its end."""
        return not self.signs.poll(0)

    def close(self) -> None:
        """Let the process go: it ends when it reads next."""
        self.connection.close()
        with contextlib.suppress(OSError):
            os.close(self.handle)

    def kill(self) -> None:
        """End the process, whatever it does."""
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        self.close()

    def computed(self) -> float:
        """Seconds of a processor that the process has used; 0 once it is gone, which its connection tells."""
        try:
            # The clock of a process by its number, as clock_getcpuclockid(3) makes it.
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return 0.0

    def demote(self) -> None:
        """Give the process the lowest priority: what it does now is heavy."""
        self.heavy = True
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


class Exchange:
    """One request and the spooling of its answer; may be waited for in parts."""

    def __init__(self, worker: Worker, cap: int) -> None:
        self.worker = worker
        self.cap = cap
        self.size = 0
        self.kind = ""
        self.body: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=2 << 20)  # noqa: SIM115  handed on whole
        self.pending = bytearray()

    def begin(self, request: Request) -> None:
        """Send the request."""
        self.worker.connection.settimeout(10.0)
        try:
            protocol.send(self.worker.connection, protocol.REQUEST, request.encode())
        except OSError as error:
            raise WorkerDiedError("the worker of this query is gone", hint="try again") from error

    def wait(self, until: float) -> bool:
        """Read until the answer is whole (true) or the moment has come (false).

        :param until: a moment of ``time.monotonic``
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
                "the query used more memory than it may, or broke the engine", hint="ask for less, or add a LIMIT"
            )
        self.pending += part
        while (message := _split(self.pending)) is not None:
            self._take(*message)
        return True

    def _take(self, kind: bytes, data: bytes) -> None:
        if kind == protocol.DATA:
            self.size += len(data)
            if self.size > self.cap:
                raise TooLargeError(f"the answer is larger than {self.cap >> 20} MB", hint="add a LIMIT")
            self.body.write(data)
        elif kind == protocol.FAILED:
            failure = json.loads(data)
            if failure["reason"] == "syntax":
                raise syntax_error(failure["message"])
            raise QueryError(failure["message"])
        elif kind == protocol.DONE:
            self.kind = data.decode()

    def finish(self, deadline: float) -> Answer:
        """The answer, if it is whole by the deadline.

        :raises DeadlineError: if it is not
        """
        if not self.wait(deadline):
            raise DeadlineError("the query took longer than it may", hint="ask for less: fewer patterns, a LIMIT")
        return self.answer()

    def answer(self) -> Answer:
        """The whole answer."""
        self.body.seek(0)
        return Answer(self.kind, self.body, self.size, self.worker.snapshot)


def _split(pending: bytearray) -> tuple[bytes, bytes] | None:
    """The first whole message taken from the front of what came in, if there is one."""
    head = protocol.HEAD.size
    if len(pending) < head:
        return None
    kind, length = protocol.HEAD.unpack(pending[:head])
    if len(pending) < head + length:
        return None
    data = bytes(pending[head : head + length])
    del pending[: head + length]
    return kind, data
