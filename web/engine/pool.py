"""The pool of workers of a web process: admission queues, deadlines, limits.

Separate queues keep light queries answered while heavy ones run. A query starts in the fast queue, a look-up in the
express queue, and has a short slice of processor time there; one that needs more moves to the slow queue (its process
gets the lowest priority). Where that has no free slot it is killed, so that what waits holds no memory, and begins
again when its turn comes; the client is asked to come back later if that takes too long or too many wait already.
A query that was heavy before starts in the slow queue at once. Canned queries have a queue of their own.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from cachetools import FIFOCache

from kg.errors import GraphError, QueryError
from kg.message import Message
from web.engine.admission import DEFAULT, AdmissionQueue, Capacity, Slot
from web.engine.client import RunningQuery, Worker, closed_on_error
from web.engine.protocol import ACCEPTED, ALL, Request
from web.engine.results import BusyError, EngineDownError, EngineResult
from web.metrics import QUERIES

MAX_SLICE_FACTOR = 10
"""How many times its length the first slice may last by the clock while the machine is busy."""
MAX_HEAVY = 1000
"""How many heavy queries are remembered."""
RESTART_TIMEOUT, RETRY_INTERVAL = 10.0, 0.25
"""Seconds for which a query waits at most for an engine that restarts, and between two requests for a worker."""


class _NoSlowSlotError(Exception):
    """A query needs a slow slot, and all are taken."""


class WorkerPool:
    """Runs queries within the capacity.

    :param path: the engine's socket, or a link to it that is swapped when a new snapshot is ready
    """

    def __init__(self, path: Path, capacity: Capacity = DEFAULT) -> None:
        self.path = path
        self.name = str(path)
        self.capacity = capacity
        self.idle: dict[bytes, list[Worker]] = {ACCEPTED: [], ALL: []}
        self.spare = {ACCEPTED: 0, ALL: 0}
        self.idle_of, self.in_parts = "", True
        self.lock = threading.Lock()
        self.express = AdmissionQueue("express", capacity.express, capacity.max_waiting)
        self.fast = AdmissionQueue("fast", capacity.fast, capacity.max_waiting)
        self.slow = AdmissionQueue("slow", capacity.slow, capacity.max_slow_waiting)
        self.trusted = AdmissionQueue("trusted", capacity.trusted, capacity.max_waiting)
        self.heavy: FIFOCache[int, bool] = FIFOCache(MAX_HEAVY)

    def run(self, request: Request, timeout: float | None = None) -> EngineResult:
        """Run a query and return its complete result.

        :param timeout: seconds, if less than the deadline is wanted
        :raises QueryError: if the query is wrong
        :raises BusyError: if there is no free slot for it
        :raises DeadlineError: if it took too long
        :raises WorkerDiedError: if it ended its worker
        :raises TooLargeError: if the answer is beyond the limit
        """
        deadline = time.monotonic() + min(timeout or self.capacity.deadline, self.capacity.deadline)
        key = hash((request.query, request.default_graphs, request.named_graphs))
        queue = self._queue(request, key)
        try:
            result = self._run(request, deadline, queue, key)
        except GraphError as error:
            QUERIES.labels(queue.name, type(error).__name__).inc()
            raise
        queue.answered.inc()
        return result

    def _queue(self, request: Request, key: int) -> AdmissionQueue:
        if request.trusted:
            return self.trusted
        if key in self.heavy:
            return self.slow
        return self.express if request.is_lookup else self.fast

    def _run(self, request: Request, deadline: float, queue: AdmissionQueue, key: int) -> EngineResult:
        with contextlib.suppress(_NoSlowSlotError):
            return self._run_in(queue, request, deadline, key)
        return self._run_in(self.slow, request, deadline, key)

    def _run_in(self, queue: AdmissionQueue, request: Request, deadline: float, key: int) -> EngineResult:
        timeout = self.capacity.slow_timeout if queue is self.slow else self.capacity.wait_timeout
        slot = queue.enter(min(timeout, deadline - time.monotonic()))
        if slot is None:
            is_slow = queue is self.slow
            message = (
                Message("too many long queries are running") if is_slow else Message("too many queries are running")
            )
            raise BusyError(message, hint=Message("try again in a few seconds, or ask for less"))
        with slot, self._worker(request.part, deadline) as worker:
            if queue is self.slow:
                worker.demote()
            elif queue is self.trusted:
                # What it leaves in memory costs more than a new process, and a cached answer is not computed again.
                worker.reusable = False
            running = RunningQuery(worker, request, self.capacity.max_bytes)
            with closed_on_error(running.body):
                if queue in (self.slow, self.trusted):
                    return running.finish(deadline)
                if self._first_slice(running, deadline):
                    return running.result()
                return self._move(running, deadline, slot, key)

    def _first_slice(self, running: RunningQuery, deadline: float) -> bool:
        """Whether the answer came within the first slice.

        What counts is processor time, not the clock: on a busy machine a light query waits for a processor, and is not
        a heavy one for that.
        """
        seconds = self.capacity.short_slice if self.slow.full else self.capacity.time_slice
        begin, now = running.worker.processor_time(), time.monotonic()
        last = min(deadline, now + MAX_SLICE_FACTOR * seconds)
        left = seconds
        while now < last and left > 0:
            if running.wait(min(last, now + max(left, 0.005))):
                return True
            now = time.monotonic()
            left = seconds - (running.worker.processor_time() - begin)
        return False

    def _move(self, running: RunningQuery, deadline: float, slot: Slot, key: int) -> EngineResult:
        """Go on in a slow slot, and remember the query as a heavy one."""
        if time.monotonic() < deadline:
            with self.lock:
                self.heavy[key] = True
        slow = self.slow.enter()
        if slow is None:
            raise _NoSlowSlotError
        with slow:
            slot.leave()
            running.worker.demote()
            return running.finish(deadline)

    @contextlib.contextmanager
    def _worker(self, part: bytes, deadline: float) -> Iterator[Worker]:
        """A worker for one query; reused if the query went well and was light, killed if it failed."""
        worker = self._checkout(part, deadline)
        try:
            yield worker
        except QueryError:
            self._checkin(worker)
            raise
        except BaseException:
            worker.kill()
            raise
        self._checkin(worker)

    def _checkout(self, part: bytes, deadline: float) -> Worker:
        try:
            target = os.readlink(self.name)  # noqa: PTH115  runs for every query, and is five times as fast
        except OSError:
            target = self.name
        with self.lock:
            if target != self.idle_of:
                self._close_idle()
                self.idle_of, self.in_parts = target, True
            part = part if self.in_parts else ALL
            while self.idle[part]:
                worker = self.idle[part].pop()
                self.spare[part] = min(self.spare[part], len(self.idle[part]))
                if worker.alive:
                    return worker
                worker.close()
        worker = self._connect(target, part, deadline)
        self.in_parts = self.in_parts and worker.part == part
        return worker

    def _connect(self, target: str, part: bytes, deadline: float) -> Worker:
        """A new worker; an engine that just died is restarted within seconds, more of them on a busy machine."""
        last = min(deadline, time.monotonic() + RESTART_TIMEOUT) - RETRY_INTERVAL
        while time.monotonic() < last:
            with contextlib.suppress(EngineDownError):
                return Worker(self.path, target, part)
            time.sleep(RETRY_INTERVAL)
        return Worker(self.path, target, part)

    def _checkin(self, worker: Worker) -> None:
        with self.lock:
            reusable = worker.reusable and worker.target == self.idle_of
            idle = self.idle[worker.part]
            if reusable and len(idle) < self.capacity.fast + self.capacity.express:
                idle.append(worker)
                return
        worker.close()

    def close_spare(self) -> None:
        """Close the idle workers that no query needed since the last call: each has copies of pages that are shared."""
        with self.lock:
            for part, idle in self.idle.items():
                for _ in range(min(self.spare[part], len(idle))):
                    idle.pop(0).close()
                self.spare[part] = len(idle)

    def _close_idle(self) -> None:
        for idle in self.idle.values():
            for worker in idle:
                worker.close()
            idle.clear()

    def close(self) -> None:
        """Close all idle workers."""
        with self.lock:
            self._close_idle()
