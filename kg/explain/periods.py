"""Why a period holds, and why a node has its evidence and its number of origins: what they were worked out from.

A period names what it rests on by ``prov:wasDerivedFrom``; the premises are what is accepted of these nodes, and so
lead on to the passages. The short cuts for the day of the build rest on the period that holds on that day."""

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Quad, Store, Triple

from kg.explain.proof import Proof, step
from kg.graph import nodes, subjects
from kg.support import DEPENDENT, support_of
from kg.terms import AIP, GRAPH, PROV, RDF, SKOS, Term, is_assertion

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
        yield step(triple, "progress", _PROGRESS[triple.predicate], compared)
    elif triple.predicate == AIP.revises:
        pair = [node for node in (triple.subject, triple.object) if isinstance(node, NamedNode)]
        releases = [t for node in pair for t in _triples(store, node, (AIP.release,))]
        yield step(triple, "release", "a later publication of the same edition", releases)
    elif triple.predicate == AIP.readUntil:
        yield step(triple, "read-until", "the newest search for it or dated source on it", _searches(store, triple))
    elif triple.predicate == AIP.asOf:
        yield step(triple, "build-day", "the day on which the graph was built", ())
    else:
        period = triple.subject
        for class_, (rule, summary) in _KINDS.items():
            if _triples(store, period, (RDF.type,), class_):
                yield step(triple, rule, _with_reason(store, period, summary), _premises(store, period))


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
                yield step(triple, "current", "the period that holds on the day of the build", [stated])
    for formulation in subjects(store, AIP.formulationOf, triple.subject):
        for stated in _triples(store, formulation, (AIP.currentState,), triple.object):
            yield step(triple, "current", "the state of one of its formulations", [stated])


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


MAX_CLAIMS = 5
"""Claims of an assertion about a node that are shown."""


def support_steps(store: Store, triple: Triple) -> Iterator[Proof]:
    """The step that derives the evidence or the number of origins of a node, if the triple states one."""
    if triple.predicate not in (AIP.evidence, AIP.originCount) or not isinstance(triple.subject, NamedNode):
        return
    quads = list(_described(store, triple.subject))
    support = support_of([*quads, *_descriptions(store, quads)]).get(triple.subject)
    if support is None:
        return
    if triple.predicate == AIP.evidence and triple.object == support.best:
        claims = sorted({q.triple for q in quads if q.graph_name == support.best}, key=str)[:MAX_CLAIMS]
        yield step(triple, "evidence", "the most confident assertion of the most official source about it", claims)
    if triple.predicate == AIP.originCount and getattr(triple.object, "value", "") == str(support.origin_count):
        sources = sorted(set(support.sources.values()), key=str)
        origins = [Triple(source, AIP.origin, support.origins[source]) for source in sources]
        yield step(triple, "origin-count", "the origins of the sources that describe it", origins)


def _described(store: Store, node: NamedNode) -> Iterator[Quad]:
    """The claims about a node and about the nodes that depend on it."""
    dependent = {q.subject for property_ in DEPENDENT for q in store.quads_for_pattern(None, property_, node, None)}
    for subject in (node, *sorted(dependent, key=str)):
        quads = store.quads_for_pattern(subject, None, None, None)
        yield from (quad for quad in quads if is_assertion(quad.graph_name))


def _descriptions(store: Store, claims: list[Quad]) -> Iterator[Quad]:
    """The rulings, the ranks, and what describes the assertions, their passages, the sources and what these rewrite."""
    yield from store.quads_for_pattern(None, None, None, GRAPH.rulings)
    yield from store.quads_for_pattern(None, AIP.rank, None, GRAPH.concepts)
    waiting, seen = {quad.graph_name for quad in claims}, set()
    while waiting:
        described = waiting.pop()
        seen.add(described)
        for quad in store.quads_for_pattern(described, None, None, GRAPH.sources):  # type: ignore[arg-type]
            yield quad
            follows = quad.predicate in (AIP.inPassage, AIP.inSource, AIP.rewrites)
            if follows and isinstance(quad.object, NamedNode) and quad.object not in seen:
                waiting.add(quad.object)
