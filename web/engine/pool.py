"""Workers seen from a web process: lanes, deadlines, caps.

Lanes keep light queries answered while heavy ones run. A query starts in the fast lane, a look-up in the
express lane, and has a short slice of a processor's time there; one that needs more moves to the slow lane if that has
room (its process gets the lowest priority), else it is killed and the client is told to come back later.
A query that was heavy before starts in the slow lane at once. Canned queries have a lane of their own.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
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
from web.engine.lanes import DEFAULT, Lane, Lanes, Place
from web.engine.wire import Request
from web.metrics import QUERIES

LONGEST_SLICE = 10
"""How many times its length the first slice may last while the machine is busy."""


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


@dataclass
class Answer:
    """A whole answer, spooled.

    :param kind: ``solutions``, ``boolean``, ``graph``, or ``graph, cut``
    :param body: the file with the bytes, at its start
    :param size: how many bytes
    :param snapshot: the name of the snapshot that answered
    """

    kind: str
    body: IO[bytes]
    size: int
    snapshot: str


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
            _, hello = wire.receive(self.connection)
            facts = json.loads(hello)
            # A handle, not a number: a number may name another process by the time it is used.
            self.handle = os.pidfd_open(facts["pid"])
        except (OSError, wire.ClosedError) as error:
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


class Pool:
    """Runs queries within the lanes.

    :param path: the engine's socket, or a link to it that is swapped when a new snapshot is ready
    """

    def __init__(self, path: Path, lanes: Lanes = DEFAULT) -> None:
        self.path = path
        self.name = str(path)
        self.lanes = lanes
        self.idle: list[Worker] = []
        self.idle_of = ""
        self.lock = threading.Lock()
        self.express = Lane("express", lanes.express, lanes.waiting)
        self.fast = Lane("fast", lanes.fast, lanes.waiting)
        self.slow = Lane("slow", lanes.slow, 0)
        self.trusted = Lane("trusted", lanes.trusted, lanes.waiting)
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
        lane = self._lane(request, key)
        try:
            answer = self._run(request, deadline, lane, key)
        except GraphError as error:
            QUERIES.labels(lane.name, type(error).__name__).inc()
            raise
        lane.answered.inc()
        return answer

    def _lane(self, request: Request, key: int) -> Lane:
        if request.trusted:
            return self.trusted
        if key in self.heavy:
            return self.slow
        return self.express if request.tiny else self.fast

    def _run(self, request: Request, deadline: float, lane: Lane, key: int) -> Answer:
        patience = 0.0 if lane is self.slow else self.lanes.patience
        place = lane.enter(min(patience, deadline - time.monotonic()))
        if place is None:
            raise BusyError("all places for such queries are taken", hint="try again in a few seconds")
        with place, self._worker() as worker:
            if lane is self.slow:
                worker.demote()
            # What a canned query leaves in memory outweighs a new process: its answer is kept, it will not come back.
            worker.large = lane is self.trusted
            exchange = _Exchange(worker, self.lanes.answer)
            with _closed_on_error(exchange.body):
                exchange.begin(request)
                if lane in (self.slow, self.trusted):
                    return exchange.finish(deadline)
                if self._first_slice(exchange, deadline):
                    return exchange.answer()
                return self._move(exchange, deadline, place, key)

    def _first_slice(self, exchange: _Exchange, deadline: float) -> bool:
        """Whether the answer came within the first slice.

        What counts is what the worker has computed, not what the clock says: on a busy machine a light query waits for
        a processor, and is no heavy one for that.
        """
        seconds = self.lanes.short if self.slow.full else self.lanes.slice
        begin, now = exchange.worker.computed(), time.monotonic()
        last = min(deadline, now + LONGEST_SLICE * seconds)
        left = seconds
        while now < last and left > 0:
            if exchange.wait(min(last, now + max(left, 0.005))):
                return True
            now = time.monotonic()
            left = seconds - (exchange.worker.computed() - begin)
        return False

    def _move(self, exchange: _Exchange, deadline: float, place: Place, key: int) -> Answer:
        """Go on in the slow lane, which has no waiting room, and remember the query as a heavy one."""
        if time.monotonic() < deadline:
            self._remember(key)
        slow = self.slow.enter()
        if slow is None:
            raise BusyError("all places for long queries are taken", hint="try again, or ask for less")
        with slow:
            place.leave()
            exchange.worker.demote()
            return exchange.finish(deadline)

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
            target = os.readlink(self.name)  # noqa: PTH115  each query asks, and this is five times as quick
        except OSError:
            target = self.name
        with self.lock:
            if target != self.idle_of:
                self._let_go()
                self.idle_of = target
            while self.idle:
                worker = self.idle.pop()
                if worker.alive:
                    return worker
                worker.close()
        return self._connect(target)

    def _connect(self, target: str) -> Worker:
        """A new worker; an engine that just died is started again within a second or two."""
        for _ in range(8):
            with contextlib.suppress(EngineDownError):
                return Worker(self.path, target)
            time.sleep(0.25)
        return Worker(self.path, target)

    def _checkin(self, worker: Worker) -> None:
        with self.lock:
            current = worker.target == self.idle_of
            if (
                current
                and not worker.heavy
                and not worker.large
                and len(self.idle) < self.lanes.fast + self.lanes.express
            ):
                self.idle.append(worker)
                return
        worker.close()

    def _let_go(self) -> None:
        for worker in self.idle:
            worker.close()
        self.idle.clear()

    def close(self) -> None:
        """Let all idle workers go."""
        with self.lock:
            self._let_go()


@contextlib.contextmanager
def _closed_on_error(body: IO[bytes]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        body.close()
        raise


class _Exchange:
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
            wire.send(self.worker.connection, wire.REQUEST, request.encode())
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
            part = self.worker.connection.recv(wire.CHUNK)
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
