"""Admission control: how many queries run at once, and a bounded queue of those that wait, in the order of arrival."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, replace

from web.metrics import QUERIES, RUNNING


@dataclass(frozen=True)
class Capacity:
    """How many queries run at once and for how long.

    :param express: slots for look-ups
    :param fast: slots for queries in their first time slice
    :param slow: slots for queries that need longer
    :param trusted: slots for canned queries
    :param max_waiting: how many may wait in one queue
    :param time_slice: seconds of processor time in the first slice
    :param short_slice: the same while all slow slots are taken: a longer query could not go on anyway
    :param wait_timeout: seconds a query waits for a slot
    :param max_slow_waiting: how many may wait for a slow slot
    :param slow_timeout: seconds a query waits for a slow slot
    :param deadline: seconds a query may take in all
    :param max_bytes: size of an answer
    """

    express: int = 4
    fast: int = 4
    slow: int = 3
    trusted: int = 4
    max_waiting: int = 32
    time_slice: float = 0.15
    short_slice: float = 0.04
    wait_timeout: float = 3.0
    max_slow_waiting: int = 16
    slow_timeout: float = 6.0
    deadline: float = 30.0
    max_bytes: int = 64 << 20


DEFAULT = Capacity()


def split_capacity(capacity: Capacity, workers: int) -> Capacity:
    """The part of one web process, where several share a machine."""
    return replace(
        capacity,
        express=max(2, capacity.express // workers),
        fast=max(2, capacity.fast // workers),
        slow=max(1, (capacity.slow + workers - 1) // workers),
        max_slow_waiting=max(4, capacity.max_slow_waiting // workers),
        trusted=max(2, capacity.trusted // workers),
    )


class AdmissionQueue:
    """Slots that are given out in the order of arrival.

    :param name: for the metrics
    :param slots: how many there are
    :param max_waiting: how many may wait for one
    """

    def __init__(self, name: str, slots: int, max_waiting: int = 0) -> None:
        self.name = name
        self.slots = slots
        self.max_waiting = max_waiting
        self.taken = 0
        self.waiting: deque[threading.Event] = deque()
        self.lock = threading.Lock()
        self.gauge = RUNNING.labels(name)
        self.answered = QUERIES.labels(name, "answered")

    @property
    def full(self) -> bool:
        """Whether all slots are taken."""
        return self.taken >= self.slots

    def enter(self, timeout: float = 0.0) -> Slot | None:
        """A slot, if one is or becomes free in time and not too many wait already; else ``None``."""
        with self.lock:
            if self.taken < self.slots:
                self.taken += 1
                return Slot(self)
            if timeout <= 0 or len(self.waiting) >= self.max_waiting:
                return None
            turn = threading.Event()
            self.waiting.append(turn)
        if turn.wait(timeout):
            return Slot(self)
        with self.lock:
            if turn in self.waiting:
                self.waiting.remove(turn)
                return None
        return Slot(self)  # the slot was handed over just as the time ran out

    def leave(self) -> None:
        """Hand a slot to the first who waits, or free it."""
        with self.lock:
            if self.waiting:
                self.waiting.popleft().set()
            else:
                self.taken -= 1


class Slot:
    """A slot of a queue, left exactly once."""

    def __init__(self, queue: AdmissionQueue) -> None:
        self.queue: AdmissionQueue | None = queue
        queue.gauge.inc()

    def __enter__(self) -> Slot:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Free the slot."""
        queue, self.queue = self.queue, None
        if queue is not None:
            queue.gauge.dec()
            queue.leave()
