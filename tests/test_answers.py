"""The cache of answers: what is kept, what is shared while it runs, what never is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from web.answers.cache import MAX_ANSWER, AnswerCache, CachedAnswer


class Counted:
    """Gives an answer and counts how often it was asked to."""

    def __init__(self, answer: CachedAnswer | Exception, wait: Callable[[], object] = lambda: None) -> None:
        self.answer = answer
        self.wait = wait
        self.runs = 0

    def __call__(self) -> CachedAnswer:
        self.runs += 1
        self.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_an_answer_runs_once() -> None:
    cache, run = AnswerCache(), Counted(CachedAnswer(b"x"))
    assert {cache.get("tag", "one", run).body for _ in range(3)} == {b"x"}
    assert run.runs == 1
    assert cache.get("other", "one", Counted(CachedAnswer(b"y"))).body == b"y"


@pytest.mark.parametrize(
    ("size", "answer"),
    [
        (0, CachedAnswer(b"x")),
        (64 << 20, CachedAnswer(bytes(MAX_ANSWER))),
        (64 << 20, CachedAnswer(b"x", snapshot="two")),
    ],
)
def test_what_is_too_large_or_of_another_snapshot_is_not_kept(size: int, answer: CachedAnswer) -> None:
    cache, run = AnswerCache(size), Counted(answer)
    for _ in range(2):
        assert cache.get("tag", "one", run) is answer
    assert run.runs == 2


@pytest.mark.parametrize("outcome", [CachedAnswer(b"x"), ValueError("no")])
def test_requests_for_the_same_share_one_run_and_its_error(outcome: CachedAnswer | Exception) -> None:
    started, done = threading.Event(), threading.Event()

    def wait() -> None:
        started.set()
        done.wait(10)

    cache, run = AnswerCache(), Counted(outcome, wait)
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(cache.get, "tag", "one", run)
        started.wait(10)
        others = [threads.submit(cache.get, "tag", "one", run) for _ in range(3)]
        other_timeout = threads.submit(cache.get, "tag", "one", Counted(CachedAnswer(b"z")), "5.0")
        threading.Timer(0.2, done.set).start()
        for future in (first, *others):
            if isinstance(outcome, Exception):
                with pytest.raises(ValueError, match="no"):
                    future.result(10)
            else:
                assert future.result(10) is outcome
        assert other_timeout.result(10).body in (b"x", b"z")
    assert run.runs == 1
