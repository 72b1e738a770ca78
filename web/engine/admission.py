"""Lanes: places for queries that run at once, in the order of arrival, with a waiting room that has an end."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, replace

from web.metrics import QUERIES, RUNNING


@dataclass(frozen=True)
class Lanes:
    """How many queries run at once and for how long.

    :param express: places for look-ups
    :param fast: places for queries in their first slice
    :param slow: places for queries that need longer
    :param trusted: places for canned queries
    :param waiting: how many may wait for a place in one lane
    :param slice: seconds of a processor in the first slice
    :param short: seconds of it while the slow lane is full: nothing can come of a longer one
    :param patience: seconds a query waits for a place
    :param deadline: seconds a query may take in all
    :param answer: bytes of an answer
    """

    express: int = 4
    fast: int = 4
    slow: int = 3
    trusted: int = 4
    waiting: int = 32
    slice: float = 0.15
    short: float = 0.04
    patience: float = 3.0
    deadline: float = 30.0
    answer: int = 64 << 20


DEFAULT = Lanes()


def share(lanes: Lanes, workers: int) -> Lanes:
    """The places of one web process, where several share a machine."""
    return replace(
        lanes,
        express=max(2, lanes.express // workers),
        fast=max(2, lanes.fast // workers),
        slow=max(1, (lanes.slow + workers - 1) // workers),
        trusted=max(2, lanes.trusted // workers),
    )


class Lane:
    """Places that are taken in the order of asking.

    :param name: for the counters
    :param places: how many
    :param waiting: how many may wait
    """

    def __init__(self, name: str, places: int, waiting: int) -> None:
        self.name = name
        self.places = places
        self.waiting = waiting
        self.taken = 0
        self.queue: deque[threading.Event] = deque()
        self.lock = threading.Lock()
        self.gauge = RUNNING.labels(name)
        self.answered = QUERIES.labels(name, "answered")

    @property
    def full(self) -> bool:
        """Whether all places are taken."""
        return self.taken >= self.places

    def enter(self, seconds: float = 0.0) -> Place | None:
        """A place, if one is or gets free in time and not too many wait already; else ``None``."""
        with self.lock:
            if self.taken < self.places:
                self.taken += 1
                return Place(self)
            if seconds <= 0 or len(self.queue) >= self.waiting:
                return None
            turn = threading.Event()
            self.queue.append(turn)
        if turn.wait(seconds):
            return Place(self)
        with self.lock:
            if turn in self.queue:
                self.queue.remove(turn)
                return None
        return Place(self)  # the turn came at the last moment

    def leave(self) -> None:
        """Hand the place to the first who waits, or free it."""
        with self.lock:
            if self.queue:
                self.queue.popleft().set()
            else:
                self.taken -= 1


class Place:
    """A place in a lane, left exactly once."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.held = True
        lane.gauge.inc()

    def __enter__(self) -> Place:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Free the place."""
        if self.held:
            self.held = False
            self.lane.gauge.dec()
            self.lane.leave()
