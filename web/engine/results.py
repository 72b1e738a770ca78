"""What comes of a query: its whole answer, or one of these errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from kg.errors import GraphError


class BusyError(GraphError):
    """All places for heavy queries are taken; come back in ``retry_after`` seconds."""

    retry_after = 5


class DeadlineError(GraphError):
    """The query did not end within the time it may take."""


class WorkerDiedError(GraphError):
    """The worker was killed by the query, mostly for want of memory."""


class TooLargeError(GraphError):
    """The answer is larger than the cap."""


class EngineDownError(GraphError):
    """There is no engine to ask."""


@dataclass
class Answer:
    """A whole answer, spooled.

    :param kind: ``solutions``, ``boolean``, ``graph``, or ``graph, cut``
    :param body: the file with the bytes, at its start
    :param size: how many bytes
    :param snapshot: the name of the snapshot that answered
    """

    kind: str
    body: IO[bytes]
    size: int
    snapshot: str
