"""Why a period holds: the events, reports, tenures, formulations, measurements and searches it was worked out from.

A period names what it rests on by ``prov:wasDerivedFrom``; the premises are what is accepted of these nodes, and so
lead on to the passages. The short cuts for the day of the build rest on the period that holds on that day.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Store, Triple

from kg.explain.proof import Proof
from kg.graph import nodes, subjects
from kg.terms import AIP, GRAPH, PROV, RDF, SKOS, Term

_DECISIVE = (
    *(AIP.of, AIP.stage, AIP.status, AIP.date, AIP.periodEnd),
    *(AIP.holder, AIP["from"], AIP.to, AIP.lastSeen, AIP.acting),
    *(AIP.formulationOf, AIP.comparator, AIP.targetValue, AIP.baselineValue, AIP.deadline, AIP.awaitedStage),
    *(AIP.edition, AIP.value, AIP.qualifier, AIP.result, AIP.readUntil),
)
"""What is shown of a node that a period rests on."""
_LINKS = (AIP.becomes, AIP.replaces, AIP.repeals)
_KINDS = {
    AIP.StatusPeriod: ("status-period", "worked out from its steps, the reports of sources and its successors"),
    AIP.Incumbency: ("incumbency", "worked out from what sources say of the holders of the post"),
    AIP.TargetState: ("target-state", "worked out from the formulation and what is known of the outcome"),
}
_CURRENT = {
    AIP.currentStatus: (AIP.of, AIP.status),
    AIP.currentHolder: (AIP.post, AIP.incumbent),
    AIP.currentState: (AIP.formulation, AIP.state),
}
_COMPARED = (
    *(AIP.metric, AIP.about, AIP.unit, AIP.comparator, AIP.targetValue, AIP.baselineValue),
    *(AIP.value, AIP.qualifier),
)
"""What of an observation and a formulation is held against each other."""
_PROGRESS = {
    AIP.progressOf: "the same metric, or a narrower or wider one, of the same thing",
    AIP.satisfies: "the value fulfils the formulation by its comparator and the direction of the metric",
}
_PLACES = (GRAPH.accepted, GRAPH.coverage)


def period_ways(store: Store, triple: Triple) -> Iterator[Proof]:
    """The ways in which the history derives a triple, as proofs whose premises are not proved yet."""
    if not isinstance(triple.subject, NamedNode):
        return
    if triple.predicate in _CURRENT:
        yield from _current(store, triple)
    elif triple.predicate in _PROGRESS and isinstance(triple.object, NamedNode):
        compared = [t for node in (triple.subject, triple.object) for t in _triples(store, node, _COMPARED)]
        yield _proof(triple, "progress", _PROGRESS[triple.predicate], compared)
    elif triple.predicate == AIP.revises:
        pair = [node for node in (triple.subject, triple.object) if isinstance(node, NamedNode)]
        releases = [t for node in pair for t in _triples(store, node, (AIP.release,))]
        yield _proof(triple, "release", "a later publication of the same edition", releases)
    elif triple.predicate == AIP.readUntil:
        yield _proof(triple, "read-until", "the newest search for it or dated source on it", _searches(store, triple))
    elif triple.predicate == AIP.asOf:
        yield _proof(triple, "build-day", "the day on which the graph was built", ())
    else:
        yield from _of_period(store, triple)


def _of_period(store: Store, triple: Triple) -> Iterator[Proof]:
    period = triple.subject
    for class_, (rule, summary) in _KINDS.items():
        if isinstance(period, NamedNode) and _triples(store, period, (RDF.type,), class_):
            yield _proof(triple, rule, _with_reason(store, period, summary), _premises(store, period))


def _premises(store: Store, period: NamedNode) -> list[Triple]:
    """What is accepted of the nodes that a period rests on, and the links by which a successor ends a thing."""
    derived_from = nodes(store, period, PROV.wasDerivedFrom)
    things = nodes(store, period, AIP.of)
    premises = [t for node in derived_from for t in _triples(store, node, _DECISIVE)]
    premises += [t for thing in things for t in _triples(store, thing, _LINKS) if t.object in derived_from]
    premises += [t for node in derived_from for t in _triples(store, node, _LINKS) if t.object in things]
    return list(dict.fromkeys(premises))


def _current(store: Store, triple: Triple) -> Iterator[Proof]:
    of, value = _CURRENT[triple.predicate]
    days = [t.object for t in _triples(store, None, (AIP.asOf,))]
    for period in subjects(store, of, triple.subject):
        for stated in _triples(store, period, (value,), triple.object):
            if all(_covers(store, period, day) for day in days):
                yield _proof(triple, "current", "the period that holds on the day of the build", [stated])
    for formulation in subjects(store, AIP.formulationOf, triple.subject):
        for stated in _triples(store, formulation, (AIP.currentState,), triple.object):
            yield _proof(triple, "current", "the state of one of its formulations", [stated])


def _covers(store: Store, period: NamedNode, day: Term) -> bool:
    first, last = (
        next((getattr(t.object, "value", "") for t in _triples(store, period, (bound,))), None)
        for bound in (AIP.fromEarliest, AIP.untilLatest)
    )
    wanted = getattr(day, "value", "")
    return first is not None and first <= wanted and (last is None or wanted <= last)


def _searches(store: Store, triple: Triple) -> list[Triple]:
    """The coverage records about a thing that bear the day."""
    day = getattr(triple.object, "value", None)
    premises = []
    for link in (AIP.about, AIP.country):
        for quad in store.quads_for_pattern(None, link, triple.subject, GRAPH.coverage):
            if isinstance(quad.subject, NamedNode):
                days = _triples(store, quad.subject, (AIP.readUntil, AIP.date))
                premises += [t for t in days if getattr(t.object, "value", None) == day]
    return premises


def _with_reason(store: Store, period: NamedNode, summary: str) -> str:
    """The summary, with the rule behind a state."""
    for reason in nodes(store, period, AIP.stateReason):
        for definition in store.quads_for_pattern(reason, SKOS.definition, None, GRAPH.concepts):
            return f"{summary}: {getattr(definition.object, 'value', '')}"
    return summary


def _proof(triple: Triple, rule: str, summary: str, premises: Iterable[Triple]) -> Proof:
    steps = tuple(Proof(premise, "", "") for premise in premises if premise != triple)
    return Proof(triple, rule, summary, steps)


def _triples(
    store: Store, subject: NamedNode | None, predicates: Iterable[NamedNode], value: Term | None = None
) -> list[Triple]:
    premises = (
        quad.triple
        for predicate in predicates
        for graph in _PLACES
        for quad in store.quads_for_pattern(subject, predicate, value, graph)
    )
    return sorted(dict.fromkeys(premises), key=str)
