"""What changed between two states of the dataset, by meaning: statements, rulings, statuses, states, holders.

`compare` finds the changes; `kg.diff.words` puts them into sentences. The order of lines, how a number is written, and
which of several sources says the same do not matter.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from pyoxigraph import NamedNode, Quad, Store

from kg.graph import exists
from kg.terms import AIP, GRAPH, RDF, Term, is_assertion

KINDS = (
    *("status", "state", "holder", "ruling-added", "ruling-changed", "ruling-withdrawn"),
    *("changed", "added", "withdrawn", "thing-added", "thing-withdrawn", "search-added"),
)
"""The kinds of changes, in the order in which they are told."""
_CURRENT = {"status": AIP.currentStatus, "state": AIP.currentState, "holder": AIP.currentHolder}
_PERIODS = {"status": (AIP.of, AIP.status), "state": (AIP.formulation, AIP.state), "holder": (AIP.post, AIP.incumbent)}
"""By what a period names the thing it is of, and what was so."""
_BOOKKEEPING = frozenset({RDF.type, AIP.ordinal, AIP.release})
_TO_COUNTRY = (AIP.of, AIP.formulationOf, AIP.post, AIP.about, AIP.onSubject, AIP.formulation, AIP.setBy)
"""Properties that lead from a node without a country to one that may have it."""
Values = Mapping[NamedNode, Mapping[Term, frozenset[NamedNode]]]
"""What is claimed of a node: the values of each property, and the assertions that claim each."""


@dataclass(frozen=True)
class Change:
    """One change.

    :param kind: one of ``KINDS``
    :param property: what changed of the subject; ``None`` where it is new or gone as a whole
    :param before: its values before; those of a node as a whole are in the store
    :param after: its values now
    :param evidence: the assertions, or the ruling, to look at: those of now, of a withdrawn statement those of before
    :param country: the states it is about
    """

    kind: str
    subject: NamedNode
    property: NamedNode | None = None
    before: tuple[Term, ...] = ()
    after: tuple[Term, ...] = ()
    evidence: tuple[NamedNode, ...] = ()
    country: tuple[NamedNode, ...] = ()


def compare(before: Store, after: Store) -> list[Change]:
    """The changes from one dataset to another, sorted by kind and subject.

    :param before: the earlier dataset, with all its named graphs
    :param after: the later one
    """
    changes = [*_current(before, after), *_rulings(before, after), *_statements(before, after)]
    changes += _nodes_of(before, after, GRAPH.registry, "thing") + _nodes_of(before, after, GRAPH.coverage, "search")
    return sorted(changes, key=lambda change: (KINDS.index(change.kind), change.subject.value, str(change.property)))


def _current(before: Store, after: Store) -> Iterator[Change]:
    """The statuses, states and holders that are others on the day of the later dataset than on that of the earlier."""
    for kind, predicate in _CURRENT.items():
        old, new = _accepted(before, predicate), _accepted(after, predicate)
        for subject in sorted(new.keys() | old.keys(), key=str):
            was, is_ = old.get(subject, frozenset()), new.get(subject, frozenset())
            named = all(exists(store, subject, RDF.type, None, GRAPH.accepted) for store in (before, after))
            if was != is_ and named:
                evidence = _period_evidence(after, kind, subject, is_)
                yield Change(kind, subject, predicate, _sorted(was), _sorted(is_), evidence, countries(after, subject))


def _accepted(store: Store, predicate: NamedNode) -> dict[NamedNode, frozenset[Term]]:
    values: dict[NamedNode, set[Term]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, predicate, None, GRAPH.accepted):
        if isinstance(quad.subject, NamedNode):
            values[quad.subject].add(quad.object)
    return {subject: frozenset(terms) for subject, terms in values.items()}


def _period_evidence(store: Store, kind: str, subject: NamedNode, values: Iterable[Term]) -> tuple[NamedNode, ...]:
    """The assertions that the periods of the new values rest on."""
    of, has = _PERIODS[kind]
    formulations = [quad.subject for quad in store.quads_for_pattern(None, AIP.formulationOf, subject, GRAPH.accepted)]
    evidence = set()
    for value, node in product(values, (subject, *formulations)):
        for period in store.quads_for_pattern(None, of, node, GRAPH.accepted):
            if isinstance(period.subject, NamedNode) and Quad(period.subject, has, value, GRAPH.accepted) in store:
                quads = store.quads_for_pattern(period.subject, AIP.evidence, None, GRAPH.accepted)
                evidence |= {quad.object for quad in quads if isinstance(quad.object, NamedNode)}
    return tuple(sorted(evidence, key=str))


def _rulings(before: Store, after: Store) -> Iterator[Change]:
    old, new = (_nodes(store, GRAPH.rulings) for store in (before, after))
    for ruling in sorted(old.keys() | new.keys(), key=str):
        if old.get(ruling) != new.get(ruling):
            kind = "changed" if ruling in old and ruling in new else "added" if ruling in new else "withdrawn"
            where = after if ruling in new else before
            yield Change(f"ruling-{kind}", ruling, evidence=(ruling,), country=countries(where, ruling, GRAPH.rulings))


def _nodes(store: Store, graph: NamedNode) -> dict[NamedNode, set[tuple[Term, Term]]]:
    """What a graph says of each node."""
    nodes: dict[NamedNode, set[tuple[Term, Term]]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, None, None, graph):
        if isinstance(quad.subject, NamedNode):
            nodes[quad.subject].add((quad.predicate, quad.object))
    return nodes


def _statements(before: Store, after: Store) -> Iterator[Change]:
    """The statements of sources that are new, withdrawn, or have another value."""
    old, new = _claims(before), _claims(after)
    for subject in sorted(old.keys() | new.keys(), key=str):
        if subject not in old or subject not in new:
            is_new = subject in new
            values = (new if is_new else old)[subject]
            where = countries(after if is_new else before, subject)
            yield Change("added" if is_new else "withdrawn", subject, evidence=_assertions(values), country=where)
        elif old[subject] != new[subject]:
            yield from _of_node(subject, old[subject], new[subject], countries(after, subject))


def _claims(store: Store) -> dict[NamedNode, Values]:
    claims: dict[NamedNode, dict[NamedNode, dict[Term, set[NamedNode]]]] = {}
    for graph in (name for name in store.named_graphs() if isinstance(name, NamedNode) and is_assertion(name)):
        for quad in store.quads_for_pattern(None, None, None, graph):
            if isinstance(quad.subject, NamedNode):
                values = claims.setdefault(quad.subject, {}).setdefault(quad.predicate, {})
                values.setdefault(quad.object, set()).add(graph)
    return {s: {p: {o: frozenset(g) for o, g in v.items()} for p, v in of.items()} for s, of in claims.items()}


def _of_node(subject: NamedNode, old: Values, new: Values, country: tuple[NamedNode, ...]) -> Iterator[Change]:
    for predicate in sorted({*old, *new} - _BOOKKEEPING, key=str):
        was, is_ = old.get(predicate, {}), new.get(predicate, {})
        removed, added = _sorted(was.keys() - is_.keys()), _sorted(is_.keys() - was.keys())
        if removed or added:
            kind = "changed" if removed and added else "added" if added else "withdrawn"
            values = {term: (is_ if added else was)[term] for term in added or removed}
            yield Change(kind, subject, predicate, removed, added, _assertions({predicate: values}), country)


def _assertions(values: Values) -> tuple[NamedNode, ...]:
    return tuple(sorted({g for terms in values.values() for graphs in terms.values() for g in graphs}, key=str))


def _nodes_of(before: Store, after: Store, graph: NamedNode, kind: str) -> list[Change]:
    """The things that the registry has got or lost, or what was looked for in the meantime."""
    old, new = (_nodes(store, graph).keys() for store in (before, after))
    pairs = [(node, after, "added") for node in sorted(new - old, key=str)]
    pairs += [(node, before, "withdrawn") for node in sorted(old - new, key=str)]
    changes = (Change(f"{kind}-{how}", node, country=countries(store, node, graph)) for node, store, how in pairs)
    return [change for change in changes if change.kind in KINDS]


def countries(
    store: Store, node: NamedNode, graph: NamedNode = GRAPH.accepted, depth: int = 3
) -> tuple[NamedNode, ...]:
    """The states that a node is about: its own, or those of what it belongs to."""
    own = {q.object for g in {graph, GRAPH.accepted} for q in store.quads_for_pattern(node, AIP.country, None, g)}
    if not own and depth:
        above = (q.object for p in _TO_COUNTRY for q in store.quads_for_pattern(node, p, None, None))
        nodes = {term for term in above if isinstance(term, NamedNode)}
        own = {country for one in nodes for country in countries(store, one, depth=depth - 1)}
        own |= {one for one in nodes if Quad(one, RDF.type, AIP.Country, GRAPH.accepted) in store}
    return tuple(sorted((term for term in own if isinstance(term, NamedNode)), key=str))


def _sorted(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=str))
