"""Workers seen from a web process: lanes, deadlines, caps.

Lanes keep light queries answered while heavy ones run. A query starts in the fast lane, a look-up in the
express lane, and has a short slice of a processor's time there; one that needs more moves to the slow lane if that has
room (its process gets the lowest priority), else it is killed and the client is told to come back later.
A query that was heavy before starts in the slow lane at once. Canned queries have a lane of their own.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from kg.errors import GraphError, QueryError
from web.engine.admission import DEFAULT, Lane, Lanes, Place
from web.engine.client import Exchange, Worker, closed_on_error
from web.engine.protocol import Request
from web.engine.results import Answer, BusyError, EngineDownError
from web.metrics import QUERIES

LONGEST_SLICE = 10
"""How many times its length the first slice may last while the machine is busy."""


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
            exchange = Exchange(worker, self.lanes.answer)
            with closed_on_error(exchange.body):
                exchange.begin(request)
                if lane in (self.slow, self.trusted):
                    return exchange.finish(deadline)
                if self._first_slice(exchange, deadline):
                    return exchange.answer()
                return self._move(exchange, deadline, place, key)

    def _first_slice(self, exchange: Exchange, deadline: float) -> bool:
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

    def _move(self, exchange: Exchange, deadline: float, place: Place, key: int) -> Answer:
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
