"""The one cache of serialised answers, for all views: by entity tag, the least recently used dropped first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from cachetools import LRUCache

from web.metrics import CACHE

MAX_ANSWER = 2 << 20
"""Bytes of the largest answer that is cached."""
OVERHEAD = 500
"""Bytes an entry takes beside its body, roughly."""
HIT, MISS, SHARED = (CACHE.labels(outcome) for outcome in ("hit", "miss", "shared"))


@dataclass(frozen=True)
class CachedAnswer:
    """A serialised answer.

    :param capped: whether it was cut at the row limit
    :param rows: how many rows there are in all, for an answer that is served in pages
    :param snapshot: the name of the snapshot that answered; empty for the current one
    """

    body: bytes
    capped: bool = False
    rows: int = 0
    snapshot: str = ""


class AnswerCache:
    """Answers by entity tag.

    :param max_bytes: of all answers together; 0 turns the cache off
    """

    def __init__(self, max_bytes: int = 64 << 20) -> None:
        self._answers: LRUCache[str, CachedAnswer] = LRUCache(max_bytes, getsizeof=_size)
        self._running: dict[str, Future[CachedAnswer]] = {}
        self._lock = threading.Lock()

    def get(self, tag: str) -> CachedAnswer | None:
        """The answer of that tag, if it is cached."""
        if not self._answers.maxsize:
            return None
        with self._lock:
            answer: CachedAnswer | None = self._answers.get(tag)
        (HIT if answer else MISS).inc()
        return answer

    def put(self, tag: str, answer: CachedAnswer) -> None:
        """Cache an answer, unless it is too large."""
        if _size(answer) <= min(MAX_ANSWER, self._answers.maxsize):
            with self._lock:
                self._answers[tag] = answer

    def run_once(self, key: str, run: Callable[[], CachedAnswer]) -> CachedAnswer:
        """The result of ``run``; requests with the same key wait for the one that is running and share its result."""
        with self._lock:
            future = self._running.get(key)
            is_first = future is None
            if future is None:
                future = self._running[key] = Future()
        if not is_first:
            SHARED.inc()
            return future.result()
        try:
            future.set_result(run())
        except BaseException as error:
            future.set_exception(error)
        finally:
            with self._lock:
                del self._running[key]
        return future.result()


def _size(answer: CachedAnswer) -> int:
    return len(answer.body) + OVERHEAD
