"""How large and how complex a query may be, and the error of one that is more."""

from __future__ import annotations

from dataclasses import dataclass

from kg.errors import QueryError
from kg.message import Message

MORE = {
    "terms": Message("the query has more than %(limit)s terms"),
    "path": Message("a property path has more than %(limit)s steps"),
    "patterns": Message("the query has more than %(limit)s triple patterns"),
    "unary": Message("an expression has more than %(limit)s operators in a row"),
    "chain": Message("an expression has more than %(limit)s operators"),
    "values": Message("the query has more than %(limit)s terms in VALUES"),
    "list_length": Message("a list has more than %(limit)s members"),
    "clauses": Message("the query has more than %(limit)s clauses"),
}
"""What is said of a query that goes beyond a limit."""
NO_SERVICE = Message("SERVICE is switched off: this endpoint makes no outbound requests")
NO_SERVICE_HINT = Message("query the other endpoint yourself and join the answers, or use a federating client")


@dataclass(frozen=True)
class Limits:
    """What a query may be.

    :param length: characters
    :param depth: nested brackets of any kind
    :param terms: names, IRIs and literals in it
    :param patterns: triples that patterns write down, members of collections among them
    :param clauses: BIND, FILTER, OPTIONAL, UNION, … together
    :param path: steps of one property path, or alternatives in one
    :param chain: operators between two brackets or separators
    :param unary: operators one after the other
    :param list_length: members of one IN list or list of arguments
    :param values: terms in VALUES blocks, which cost the engine little
    """

    length: int = 300_000
    depth: int = 60
    terms: int = 4_000
    patterns: int = 150
    clauses: int = 300
    path: int = 60
    chain: int = 300
    unary: int = 20
    list_length: int = 2_000
    values: int = 25_000


DEFAULT = Limits()


class RefusedError(QueryError):
    """The query may be well-formed, but it is larger or more complex than this endpoint allows.

    :param reason: a short name: ``too-long``, ``too-deep``, ``too-many``, ``service``, ``update``
    """

    def __init__(self, reason: str, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


def at_most(limit: int, count: int, message: Message) -> None:
    """Check a count.

    :raises RefusedError: with the message, if it is above the limit
    """
    if count > limit:
        raise RefusedError("too-many", message.given(limit=limit))
