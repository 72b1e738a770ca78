"""The hierarchies of classes and properties, closed once so that no round of reasoning has to climb them."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import NamedNode, Variable

from kg.owl_rl.classes import Implication
from kg.rules import Axiom, Pattern
from kg.terms import RDF, Term

X, Y = Variable("x"), Variable("y")


class Edge(NamedTuple):
    """One axiom by which everything in ``lower`` is in ``upper``."""

    lower: Term
    upper: Term
    names: tuple[str, ...]
    axiom: Axiom


class Path(NamedTuple):
    """A shortest chain of edges."""

    lower: Term
    upper: Term
    edges: tuple[Edge, ...]

    @property
    def axioms(self) -> tuple[Axiom, ...]:
        """The axioms on the way, each once."""
        return tuple(dict.fromkeys(edge.axiom for edge in self.edges))


def class_edge(rule: Implication) -> Edge | None:
    """The edge that an implication is, if it only leads from one named class to another."""
    x = rule.body[0].subject if len(rule.body) == 1 and isinstance(rule.body[0], Pattern) else None
    return _edge(rule, Pattern(x, RDF.type, Variable("c")), 2) if isinstance(x, Variable) else None


def property_edge(rule: Implication) -> Edge | None:
    """The edge that an implication is, if it only leads from one named property to another."""
    return _edge(rule, Pattern(X, Variable("p"), Y), 1)


def _edge(rule: Implication, form: Pattern, position: int) -> Edge | None:
    """``form`` with its one open position filled from body and head."""
    if rule.head is None or len(rule.body) != 1 or not isinstance(rule.body[0], Pattern):
        return None
    lower, upper = rule.body[0][position], rule.head[position]
    if not isinstance(lower, NamedNode) or not isinstance(upper, NamedNode):
        return None
    if position == 1 and RDF.type in (lower, upper):
        return None
    filled = [form.bind({form[position]: term}) for term in (lower, upper)]  # type: ignore[dict-item]
    return Edge(lower, upper, rule.names, rule.axiom) if filled == [rule.body[0], rule.head] else None


def closure(edges: Iterable[Edge]) -> Iterator[Path]:
    """All pairs that edges connect, each by a shortest path; none from a term to itself."""
    upward: dict[Term, list[Edge]] = {}
    for edge in edges:
        upward.setdefault(edge.lower, []).append(edge)
    for start in upward:
        yield from _climb(start, upward)


def _climb(start: Term, upward: dict[Term, list[Edge]]) -> Iterator[Path]:
    seen = {start}
    queue = deque([Path(start, start, ())])
    while queue:
        path = queue.popleft()
        for edge in upward.get(path.upper, ()):
            if edge.upper not in seen:
                seen.add(edge.upper)
                longer = Path(start, edge.upper, (*path.edges, edge))
                yield longer
                queue.append(longer)
