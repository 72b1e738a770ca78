"""The one cache of serialised answers, for all views: by entity tag, the least recently used dropped first."""

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

    :param rows: how many rows there are in all, for an answer that is served in pages
    :param snapshot: the name of the snapshot that answered; empty for the current one
    """

    body: bytes
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

    def get(self, tag: str, snapshot: str, run: Callable[[], CachedAnswer], variant: str = "") -> CachedAnswer:
        """The answer of that tag, from the cache or from ``run``.

        Requests that want the same answer at once wait for the first and share its result, also if it is an error.

        :param snapshot: the name of the one that the tag is of; the answer of another is not cached
        :param variant: tells requests apart that may end differently, such as by their timeouts
        """
        key = tag + variant
        with self._lock:
            answer: CachedAnswer | None = self._answers.get(tag)
            if answer is not None:
                HIT.inc()
                return answer
            running = self._running.get(key)
            future = running or self._running.setdefault(key, Future())
        if running:
            SHARED.inc()
        else:
            MISS.inc()
            self._run(tag, snapshot, run, future)
            with self._lock:
                del self._running[key]
        return future.result()

    def _run(self, tag: str, snapshot: str, run: Callable[[], CachedAnswer], future: Future[CachedAnswer]) -> None:
        try:
            answer = run()
        except BaseException as error:
            future.set_exception(error)
            return
        if answer.snapshot in ("", snapshot) and _size(answer) <= min(MAX_ANSWER, self._answers.maxsize):
            with self._lock:
                self._answers[tag] = answer
        future.set_result(answer)


def _size(answer: CachedAnswer) -> int:
    return len(answer.body) + OVERHEAD
