"""How many quads a query can look at, at most: the test that decides which of two doors it takes.

The engine joins the patterns of a simple query (`web.engine.shape`) by loops. It begins with the pattern that looks
most selective and goes on with the most selective one that shares a variable with those before, by what is bound and
not by the data. So the work is a sum over the patterns: the rows so far, times the largest number of quads that match
the pattern once its bound parts are fixed. Those numbers are the degrees of the snapshot (`kg.degrees`). Patterns that
do not connect are computed on their own, and their rows multiply.
"""

from __future__ import annotations

from typing import NamedTuple

from kg.degrees import ACCEPTED, ANY, Degree, Degrees
from web.engine.cheap_filter import CONSTANT
from web.engine.shape import Pattern, Shape

_NONE = Degree(0, 0, 0)
_SELECTIVITY = {
    (True, True, True): 1,
    (True, False, True): 2,
    (True, True, False): 10,
    (True, False, False): 100,
    (False, True, True): 10_000,
    (False, False, True): 100_000,
    (False, True, False): 1_000_000,
    (False, False, False): 1_000_000_000,
}
"""Matches that the engine's planner expects of a pattern, by which of subject, predicate and object are bound."""


class Work(NamedTuple):
    """The most that a query can make of work.

    :param quads: that it looks at
    :param rows: that it has
    """

    quads: int = 0
    rows: int = 1


def most_work(shape: Shape, degrees: Degrees) -> Work | None:
    """The most that a query of this shape can make of work.

    :param degrees: those of the snapshot; the default graph is the accepted view
    :returns: ``None`` if an OPTIONAL does not connect, so that the engine would make a cross product
    """
    left, work = list(shape.required), Work()
    while left:
        part = _connected_part(left, degrees)
        rows = work.rows * part.rows
        work = Work(work.quads + part.quads + rows, rows)
    bound = frozenset[str]().union(*(pattern.variables for pattern in shape.required))
    for pattern in shape.optional:
        # Only a variable that is certain to have a value makes the engine look up the optional part row by row.
        if not pattern.variables & bound:
            return None
        work = _joined(work, pattern, bound, degrees)
    return work


def _connected_part(left: list[Pattern], degrees: Degrees) -> Work:
    """The work of the patterns that the engine joins before it needs one without a common variable; takes them away."""
    bound, work = frozenset[str](), Work()
    candidates = left
    while candidates:
        pattern = min(candidates, key=lambda one: _SELECTIVITY[_bound_parts(one, bound)])
        left.remove(pattern)
        work = _joined(work, pattern, bound, degrees)
        bound |= pattern.variables
        candidates = [one for one in left if one.variables & bound]
    return work


def _joined(work: Work, pattern: Pattern, bound: frozenset[str], degrees: Degrees) -> Work:
    rows = work.rows * max(1, _matches(pattern, bound, degrees))
    return Work(work.quads + rows, rows)


def is_bounded(shape: Shape | None, degrees: Degrees | None) -> bool:
    """Whether a query can only be cheap, so that it may run in a web process.

    :param shape: ``None`` for a query that is not simple
    :param degrees: ``None`` for a snapshot without them
    """
    work = most_work(shape, degrees) if shape and degrees else None
    return work is not None and work.quads <= MAX_WORK.quads and work.rows <= MAX_WORK.rows


MAX_WORK = Work(quads=2_000, rows=1_000)
"""What a query in a web process may be: some milliseconds."""


def _bound_parts(pattern: Pattern, bound: frozenset[str]) -> tuple[bool, bool, bool]:
    subject, predicate, object_ = (
        not term.startswith("?") or term in bound for term in (pattern.subject, pattern.predicate, pattern.object)
    )
    return subject, predicate, object_


def _matches(pattern: Pattern, bound: frozenset[str], degrees: Degrees) -> int:
    """The largest number of quads that match a pattern once its bound variables have values."""
    table = degrees[ACCEPTED if pattern.graph in ("", ACCEPTED) else ANY]
    any_predicate = pattern.predicate.startswith(("?", CONSTANT))
    degree = table[ANY] if any_predicate else table.get(pattern.predicate, _NONE)
    subject, _, object_ = _bound_parts(pattern, bound)
    if subject and object_:
        return min(degree.of_subject, degree.of_object)
    if subject:
        return degree.of_subject
    return degree.of_object if object_ else degree.quads
