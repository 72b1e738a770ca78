"""The outcome of a query: its complete result, or one of these errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from kg.errors import GraphError


class BusyError(GraphError):
    """All slots for such queries are taken; come back in ``retry_after`` seconds."""

    retry_after = 5


class DeadlineError(GraphError):
    """The query exceeded its time limit."""


class WorkerDiedError(GraphError):
    """The query ended its worker process, mostly for want of memory."""


class TooLargeError(GraphError):
    """The answer is larger than the limit."""


class EngineDownError(GraphError):
    """There is no query engine, or it does not answer."""


@dataclass
class EngineResult:
    """A complete, spooled result.

    :param kind: ``solutions``, ``boolean``, ``graph``, or ``graph, cut``
    :param body: the file with the bytes, at its start
    :param snapshot: the name of the snapshot that answered; empty for the current one
    """

    kind: str
    body: IO[bytes]
    snapshot: str = ""
