"""The memo of a snapshot: each value computed once, bounded, safe for threads."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from web.memo import Kind, Memo

SQUARES: Kind[int] = Kind("squares", max_size=3)
TEXTS: Kind[str] = Kind("texts", max_size=10, size_of=len)


def test_a_value_is_computed_once() -> None:
    memo, calls = Memo(), []
    values = [memo.get(SQUARES, 4, lambda: calls.append(4) or 16) for _ in range(3)]
    assert (values, calls) == ([16, 16, 16], [4])


def test_none_is_a_value_and_kinds_of_one_name_share_nothing() -> None:
    first: Kind[str | None] = Kind("same")
    second: Kind[str | None] = Kind("same")
    memo, calls = Memo(), []
    for kind in (first, second, first, second):
        assert memo.get(kind, None, lambda: calls.append(1)) is None
    assert len(calls) == 2


def test_the_least_recently_used_of_a_kind_is_dropped() -> None:
    memo, calls = Memo(), []

    def get(number: int) -> int:
        return memo.get(SQUARES, number, lambda: calls.append(number) or number**2)

    for number in (1, 2, 3, 1, 4, 1, 2):
        get(number)
    assert calls == [1, 2, 3, 4, 2]


def test_a_value_beyond_the_size_of_its_kind_is_returned_and_not_kept() -> None:
    memo, calls = Memo(), []
    for _ in range(2):
        assert memo.get(TEXTS, "long", lambda: calls.append(1) or "x" * 11) == "x" * 11
    for _ in range(2):
        assert memo.get(TEXTS, "short", lambda: calls.append(2) or "x") == "x"
    assert calls == [1, 1, 2]


def test_threads_that_want_one_value_wait_for_it() -> None:
    memo, calls, gate = Memo(), [], threading.Barrier(8)

    def slow() -> int:
        calls.append(1)
        time.sleep(0.1)
        return 7

    def get(_: int) -> int:
        gate.wait(10)
        return memo.get(SQUARES, "one", slow)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(get, range(8))) == [7] * 8
    assert calls == [1]


def test_an_error_reaches_its_caller_and_the_next_computes_anew() -> None:
    memo = Memo()
    with pytest.raises(ZeroDivisionError):
        memo.get(SQUARES, 0, lambda: 1 // 0)
    assert memo.get(SQUARES, 0, lambda: 0) == 0


def test_a_value_may_be_computed_from_another() -> None:
    memo = Memo()
    assert memo.get(SQUARES, 16, lambda: memo.get(SQUARES, 4, lambda: 16) ** 2) == 256
