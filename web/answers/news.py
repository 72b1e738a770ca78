"""What is new, one entry a change, each at its own time: the one definition that all feeds read.

A claim or a ruling is new on the day on which it was entered; a status, a state of a target or a holder on the first
day of its period; a value that changed or was withdrawn on the day of the release without it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from pyoxigraph import Literal, NamedNode, Store

from kg.diff import countries
from kg.terms import AIP, DCTERMS, GRAPH, RDF, is_assertion
from web.answers.changes import ToldChange, difference
from web.memo import Kind
from web.snapshot import Snapshot, snapshot

PERIODS = (AIP.StatusPeriod, AIP.TargetState, AIP.Incumbency)
_ONLY_IN_DIFFERENCES = ("changed", "withdrawn", "thing-withdrawn", "ruling-changed", "ruling-withdrawn")
"""The kinds of changes that the graph as it is does not show."""


@dataclass(frozen=True)
class News:
    """A change.

    :param node: an assertion, a ruling, a period, or the subject of a change between releases
    :param kind: entered, ruled, began, or the kind of a change between releases
    :param described: the change between releases, if it is one
    """

    day: date
    kind: str
    node: NamedNode
    countries: tuple[NamedNode, ...]
    described: ToldChange | None = None


_NEWS: Kind[list[News]] = Kind("news", max_size=2)


def news(country: NamedNode | None = None) -> list[News]:
    """All changes until today, the newest first.

    :param country: only those about this state
    """
    current, today = snapshot(), date.today()
    everything = current.memo.get(_NEWS, today, lambda: _read(current, today))
    return [one for one in everything if country is None or country in one.countries]


def _read(current: Snapshot, today: date) -> list[News]:
    news = [*_entered(current.store), *_ruled(current.store), *_began(current.store), *_revised(current)]
    return sorted((one for one in news if one.day <= today), key=lambda n: (n.day, n.kind, n.node.value), reverse=True)


def _entered(store: Store) -> Iterator[News]:
    by_assertion: dict[NamedNode, set[NamedNode]] = {}
    of_node: dict[NamedNode, tuple[NamedNode, ...]] = {}
    for quad in store:
        graph, node = quad.graph_name, quad.subject
        if isinstance(graph, NamedNode) and is_assertion(graph) and isinstance(node, NamedNode):
            if node not in of_node:
                of_node[node] = countries(store, node)
            by_assertion.setdefault(graph, set()).update(of_node[node])
    for assertion, day in _days(store, DCTERMS.created, GRAPH.sources):
        if is_assertion(assertion):
            yield News(day, "entered", assertion, tuple(sorted(by_assertion.get(assertion, ()), key=str)))


def _ruled(store: Store) -> Iterator[News]:
    for ruling, day in _days(store, DCTERMS.created, GRAPH.rulings):
        yield News(day, "ruled", ruling, countries(store, ruling, GRAPH.rulings))


def _began(store: Store) -> Iterator[News]:
    first_days = dict(_days(store, AIP.fromEarliest, GRAPH.accepted))
    for class_ in PERIODS:
        for quad in store.quads_for_pattern(None, RDF.type, class_, GRAPH.accepted):
            if isinstance(quad.subject, NamedNode) and quad.subject in first_days:
                yield News(first_days[quad.subject], "began", quad.subject, countries(store, quad.subject))


def _revised(current: Snapshot) -> Iterator[News]:
    for before, after in pairwise(current.releases):
        for described in difference(before.version, after.version).changes:
            change = described.change
            if change.kind in _ONLY_IN_DIFFERENCES:
                yield News(after.day, change.kind, change.subject, change.country, described)


def _days(store: Store, property_: NamedNode, graph: NamedNode) -> Iterator[tuple[NamedNode, date]]:
    for quad in store.quads_for_pattern(None, property_, None, graph):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            yield quad.subject, date.fromisoformat(quad.object.value[:10])
