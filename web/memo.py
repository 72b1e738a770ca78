"""What is computed from a snapshot once and reused while that snapshot is current.

Each module declares the kinds of values it computes, as constants, and asks the memo of the snapshot for them::

    NAMES: Kind[str] = Kind("names", max_size=30_000)

    def name(iri: str, language: str) -> str:
        return snapshot().memo.get(NAMES, (iri, language), lambda: read_name(iri, language))

A value that exists once in a snapshot has the key ``None``. All that the value depends on besides the snapshot (the
reader's language, the day, …) belongs into the key. Values are shared between threads, so they must not be changed.
"""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from cachetools import LRUCache

T = TypeVar("T")
WAIT_TIMEOUT = 60.0
"""Seconds a thread waits while another computes the same value, before it computes the value itself."""
_MISSING = object()


@dataclass(frozen=True, eq=False)
class Kind(Generic[T]):
    """A kind of value with a bound of its own; two kinds never share values, whatever they are called.

    :param name: for people who debug
    :param max_size: how many values are cached, or the sum of their sizes if ``size_of`` is given
    :param size_of: the size of a value; a value larger than ``max_size`` is never cached
    """

    name: str
    max_size: int = 1000
    size_of: Callable[[T], int] | None = None


class Memo:
    """The computed values of one snapshot, safe for threads; the least recently used of a kind are dropped first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[Kind[Any], LRUCache[Hashable, Any]] = {}
        self._running: dict[tuple[Kind[Any], Hashable], threading.Event] = {}

    def get(self, kind: Kind[T], key: Hashable, make: Callable[[], T]) -> T:
        """The value of that kind and key, computed by ``make`` if it is not cached.

        Threads that want the same value at once wait for the first; where its value could not be cached, or
        ``make`` failed, each computes its own. An error is raised to the caller and nothing is cached.
        """
        with self._lock:
            value = self._of(kind).get(key, _MISSING)
            if value is not _MISSING:
                return cast(T, value)
            running = self._running.get((kind, key))
            if running is None:
                done = self._running[kind, key] = threading.Event()
        if running is None:
            try:
                return self._make(kind, key, make)
            finally:
                with self._lock:
                    del self._running[kind, key]
                done.set()
        running.wait(WAIT_TIMEOUT)
        with self._lock:
            value = self._of(kind).get(key, _MISSING)
        return self._make(kind, key, make) if value is _MISSING else cast(T, value)

    def _make(self, kind: Kind[T], key: Hashable, make: Callable[[], T]) -> T:
        value = make()
        with self._lock:
            values = self._of(kind)
            if values.getsizeof(value) <= values.maxsize:
                values[key] = value
        return value

    def _of(self, kind: Kind[Any]) -> LRUCache[Hashable, Any]:
        values = self._values.get(kind)
        if values is None:
            values = self._values[kind] = LRUCache(kind.max_size, kind.size_of)
        return values
