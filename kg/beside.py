"""Computes something in a process forked from this one, so that a second processor works on what is in memory."""

import contextlib
import ctypes
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

T = TypeVar("T")
_DIE_WITH_PARENT = 1
"""``PR_SET_PDEATHSIG`` of prctl(2)."""


class Beside(Generic[T]):
    """The result of a function of no arguments, which begins at once where processes can be forked.

    :param function: changes nothing; its result can be pickled
    """

    def __init__(self, function: Callable[[], T]) -> None:
        self._function = function
        self._results: Connection | None = None
        if "fork" in multiprocessing.get_all_start_methods():
            context = multiprocessing.get_context("fork")
            self._results, sending = context.Pipe(duplex=False)
            context.Process(target=_send_result, args=(function, sending), daemon=True).start()
            sending.close()

    def result(self) -> T:
        """Wait for the result; raises what the function raises, as it is then called again here."""
        if self._results is not None:
            with contextlib.suppress(EOFError), self._results:
                result: T = self._results.recv()
                return result
        return self._function()


def _send_result(function: Callable[[], T], sending: Connection) -> None:
    if prctl := getattr(ctypes.CDLL(None), "prctl", None):
        prctl(_DIE_WITH_PARENT, signal.SIGKILL)  # else it would hold the locks of a build that was killed
    with contextlib.suppress(Exception):
        sending.send(function())
