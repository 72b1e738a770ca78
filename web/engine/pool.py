"""Workers seen from a web process: lanes, deadlines, caps.

Two lanes keep light queries answered while heavy ones run. Every query starts in the fast lane and
has a short slice of time there; one that needs more moves to the slow lane if that has room (its
process gets the lowest priority), else it is killed and the client is told to come back later.
A query that was heavy before starts in the slow lane at once.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kg.errors import GraphError, QueryError
from kg.query import syntax_error
from web.engine import wire
from web.engine.wire import Request


class BusyError(GraphError):
    """All places for heavy queries are taken; come back in ``retry_after`` seconds."""

    retry_after = 5


class DeadlineError(GraphError):
    """The query did not end within the time it may take."""


class WorkerDiedError(GraphError):
    """The worker was killed by the query, mostly for want of memory."""


class TooLargeError(GraphError):
    """The answer is larger than the cap."""


class EngineDownError(GraphError):
    """There is no engine to ask."""


@dataclass(frozen=True)
class Lanes:
    """How many queries run at once and for how long.

    :param fast: places for queries in their first slice
    :param slow: places for queries that need longer
    :param slice: seconds of the first slice
    :param patience: seconds a query waits for a place in the fast lane
    :param deadline: seconds a query may take in all
    :param answer: bytes of an answer
    """

    fast: int = 4
    slow: int = 3
    slice: float = 0.15
    patience: float = 3.0
    deadline: float = 30.0
    answer: int = 64 << 20


@dataclass
class Answer:
    """A whole answer, spooled.

    :param kind: solutions, boolean or graph
    :param body: the file with the bytes, at its start
    :param size: how many bytes
    :param snapshot: the name of the snapshot that answered
    """

    kind: str
    body: IO[bytes]
    size: int
    snapshot: str


class Worker:
    """One connection to one worker process."""

    def __init__(self, path: Path) -> None:
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.settimeout(5.0)
        try:
            self.connection.connect(str(path))
            _, hello = wire.receive(self.connection)
        except (OSError, wire.ClosedError) as error:
            self.connection.close()
            raise EngineDownError("the query engine does not answer", hint="try again in a moment") from error
        facts = json.loads(hello)
        self.pid: int = facts["pid"]
        self.snapshot: str = facts["snapshot"]
        self.heavy = False

    def kill(self) -> None:
        """End the process, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.connection.close()

    def demote(self) -> None:
        """Give the process the lowest priority: what it does now is heavy."""
        self.heavy = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.setpriority(os.PRIO_PROCESS, self.pid, 19)


class Pool:
    """Runs queries of strangers within the lanes.

    :param path: the engine's socket, or a link to it that is swapped when a new snapshot is ready
    """

    def __init__(self, path: Path, lanes: Lanes = Lanes()) -> None:
        self.path = path
        self.lanes = lanes
        self.idle: list[Worker] = []
        self.idle_of = ""
        self.lock = threading.Lock()
        self.fast = threading.Semaphore(lanes.fast)
        self.slow = threading.Semaphore(lanes.slow)
        self.heavy: OrderedDict[int, None] = OrderedDict()

    def run(self, request: Request, timeout: float | None = None) -> Answer:
        """Run a query and return its whole answer.

        :param timeout: seconds, if less than the deadline is wanted
        :raises QueryError: if the query is wrong
        :raises BusyError: if there is no place for it now
        :raises DeadlineError: if it took too long
        :raises WorkerDiedError: if it killed its worker
        :raises TooLargeError: if the answer is beyond the cap
        """
        deadline = time.monotonic() + min(timeout or self.lanes.deadline, self.lanes.deadline)
        key = hash((request.query, request.default_graphs, request.named_graphs))
        if key in self.heavy:
            return self._in_slow_lane(request, deadline)
        if not self.fast.acquire(timeout=min(self.lanes.patience, max(0.0, deadline - time.monotonic()))):
            raise BusyError("the endpoint is full", hint="try again in a few seconds")
        with _Place(self.fast) as place:
            return self._in_fast_lane(request, deadline, place, key)

    def _in_fast_lane(self, request: Request, deadline: float, place: _Place, key: int) -> Answer:
        with self._worker() as worker:
            exchange = _Exchange(worker, request, self.lanes.answer)
            if exchange.wait(min(deadline, time.monotonic() + self.lanes.slice)):
                return exchange.answer()
            self._remember(key)
            if not self.slow.acquire(blocking=False):
                raise BusyError("all places for long queries are taken", hint="try again, or ask for less")
            with _Place(self.slow):
                place.leave()
                worker.demote()
                return exchange.finish(deadline)

    def _in_slow_lane(self, request: Request, deadline: float) -> Answer:
        if not self.slow.acquire(blocking=False):
            raise BusyError("all places for long queries are taken", hint="try again, or ask for less")
        with _Place(self.slow), self._worker() as worker:
            worker.demote()
            return _Exchange(worker, request, self.lanes.answer).finish(deadline)

    def _remember(self, key: int) -> None:
        with self.lock:
            self.heavy[key] = None
            while len(self.heavy) > 1000:
                self.heavy.popitem(last=False)

    @contextlib.contextmanager
    def _worker(self) -> Iterator[Worker]:
        """A worker for one query; kept if the query went well and was light, killed if not."""
        worker = self._checkout()
        try:
            yield worker
        except QueryError:
            self._checkin(worker)
            raise
        except BaseException:
            worker.kill()
            raise
        self._checkin(worker)

    def _checkout(self) -> Worker:
        try:
            target = str(self.path.readlink())
        except OSError:
            target = str(self.path)
        with self.lock:
            if target != self.idle_of:
                stale, self.idle, self.idle_of = self.idle, [], target
                for worker in stale:
                    worker.connection.close()
            if self.idle:
                return self.idle.pop()
        return Worker(self.path)

    def _checkin(self, worker: Worker) -> None:
        with self.lock:
            if not worker.heavy and len(self.idle) < self.lanes.fast:
                self.idle.append(worker)
                return
        worker.connection.close()

    def close(self) -> None:
        """Let all idle workers go."""
        with self.lock:
            for worker in self.idle:
                worker.connection.close()
            self.idle.clear()


class _Place:
    """A place in a lane, left exactly once."""

    def __init__(self, lane: threading.Semaphore) -> None:
        self.lane = lane
        self.held = True

    def __enter__(self) -> _Place:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Free the place."""
        if self.held:
            self.held = False
            self.lane.release()


class _Exchange:
    """One request and the spooling of its answer; may be waited for in parts."""

    def __init__(self, worker: Worker, request: Request, cap: int) -> None:
        self.worker = worker
        self.cap = cap
        self.size = 0
        self.kind = ""
        self.body: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=2 << 20)  # noqa: SIM115  handed on whole
        self.pending = bytearray()
        worker.connection.settimeout(10.0)
        try:
            wire.send(worker.connection, wire.REQUEST, request.encode())
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
            part = self.worker.connection.recv(1 << 18)
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
        if kind == wire.DATA:
            self.size += len(data)
            if self.size > self.cap:
                raise TooLargeError(f"the answer is larger than {self.cap >> 20} MB", hint="add a LIMIT")
            self.body.write(data)
        elif kind == wire.FAILED:
            failure = json.loads(data)
            if failure["reason"] == "syntax":
                raise syntax_error(failure["message"])
            raise QueryError(failure["message"])
        elif kind == wire.DONE:
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
    head = wire.HEAD.size
    if len(pending) < head:
        return None
    kind, length = wire.HEAD.unpack(pending[:head])
    if len(pending) < head + length:
        return None
    data = bytes(pending[head : head + length])
    del pending[: head + length]
    return kind, data
