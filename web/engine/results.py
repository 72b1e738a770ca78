"""The outcome of a query: its complete result, or one of these errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO

from pyoxigraph import Triple

from kg.errors import GraphError
from kg.message import Message


class BusyError(GraphError):
    """All slots for such queries are taken; come back in ``retry_after`` seconds."""

    retry_after = 5


class DeadlineError(GraphError):
    """The query exceeded its time limit."""


class WorkerDiedError(GraphError):
    """The query ended its worker process."""


class MemoryLimitError(WorkerDiedError):
    """The query needed more memory than one may use.

    :param limit: in bytes; 0 if it is not known
    """

    def __init__(self, limit: int = 0) -> None:
        hint = Message(
            "join each pattern with the others by a variable, sort and group less at once (a FILTER, a LIMIT in a "
            "sub-query before ORDER BY or GROUP_CONCAT), or download the graph and query it on your own machine"
        )
        size = limit >> 20
        message = (
            Message("the query reached its memory limit of %(size)s MB", size=size)
            if size
            else Message("the query reached its memory limit")
        )
        super().__init__(message, hint=hint)


class TooLargeError(GraphError):
    """The answer is larger than the limit."""


class TooManyRowsError(TooLargeError):
    """The answer has more rows than it may: it is refused, as one that is cut looks complete."""

    def __init__(self, message: str) -> None:
        hint = Message("add LIMIT and OFFSET, with ORDER BY, and read it in parts, or download the whole graph")
        super().__init__(message, hint=hint)


class EngineDownError(GraphError):
    """There is no query engine, or it does not answer."""


@dataclass
class EngineResult:
    """A complete, spooled result.

    :param kind: ``solutions``, ``boolean`` or ``graph``
    :param body: the file with the bytes, at its start
    :param snapshot: the name of the snapshot that answered; empty for the current one
    """

    kind: str
    body: IO[bytes]
    snapshot: str = ""


def at_most(triples: Iterator[Triple], count: int) -> Iterator[Triple]:
    """The triples, if there are no more than so many.

    :param count: 0 for any number
    :raises TooManyRowsError: after the last of them, if there are more
    """
    yield from islice(triples, count or None)
    if next(triples, None) is not None:
        raise TooManyRowsError(Message("the answer has more than %(count)s triples", count=count))
