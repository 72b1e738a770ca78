"""The history: what was so from when until when, worked out once, at build time.

Events, reports and successors become the status periods of a thing; tenures become incumbencies; target formulations,
with measurements, completions and searches, become target states. `derive` reads the triples of a build, applies the
rules and returns the periods as triples. The rules themselves are pure functions on small records:
`kg.history.statuses`, `successors`, `offices`, `progress`, `targets` and `releases`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.history.facts import Facts, span_of
from kg.history.model import Incumbency, Period, TargetState
from kg.history.offices import incumbencies
from kg.history.read_steps import expiries, posts, steps_by_thing, tenures
from kg.history.read_targets import Judged, TargetReader
from kg.history.statuses import status_periods
from kg.history.targets import target_states
from kg.namespaces import BASE
from kg.terms import AIP, CONCEPT, PROV, RDF, RDFS, XSD, Term
from kg.vocabulary import Vocabulary

_SINCE = {"en": "from", "ru": "с"}


@dataclass
class Writer:
    """Writes periods down.

    :param day: the day of the build, for which the current values hold
    """

    facts: Facts
    vocabulary: Vocabulary
    day: date

    def status(self, thing: str, periods: Iterable[Period]) -> Iterator[Triple]:
        """The status periods of one thing."""
        for period in periods:
            short = period.value.removeprefix("status-")
            node = NamedNode(f"{thing}--period-{short}-{period.start.span.first}")
            yield from self._period(node, AIP.StatusPeriod, period, NamedNode(thing))
            yield from self._labels(node, CONCEPT[period.value], NamedNode(thing), period)
            yield Triple(node, AIP.of, NamedNode(thing))
            yield Triple(node, AIP.status, CONCEPT[period.value])
            if period.holds_on(self.day):
                yield Triple(NamedNode(thing), AIP.currentStatus, CONCEPT[period.value])

    def incumbency(self, incumbency: Incumbency) -> Iterator[Triple]:
        """The holding of a post."""
        tenure, period = incumbency.tenure, incumbency.period
        node, post, person = NamedNode(f"{tenure.node}--incumbency"), NamedNode(tenure.post), NamedNode(tenure.person)
        yield from self._period(node, AIP.Incumbency, period, post)
        yield from self._labels(node, person, post, period)
        yield Triple(node, AIP.tenure, NamedNode(tenure.node))
        yield Triple(node, AIP.post, post)
        yield Triple(node, AIP.incumbent, person)
        if tenure.acting:
            yield Triple(node, AIP.acting, Literal(True))
        if period.holds_on(self.day):
            yield Triple(post, AIP.currentHolder, person)

    def progress(self, judged: Judged) -> Iterator[Triple]:
        """The observations that show the progress of a formulation, and those that fulfil it."""
        formulation = NamedNode(judged.formulation.node)
        yield from (Triple(seen, AIP.progressOf, formulation) for seen in judged.progress)
        yield from (Triple(seen, AIP.satisfies, formulation) for seen in judged.satisfied_by)

    def state(self, state: TargetState) -> Iterator[Triple]:
        """The state of a formulation."""
        period, formulation = state.period, NamedNode(state.formulation)
        short = period.value.removeprefix("state-")
        node = NamedNode(f"{state.formulation}--{short}-{period.start.span.first}")
        yield from self._period(node, AIP.TargetState, period, formulation)
        yield from self._labels(node, CONCEPT[period.value], formulation, period)
        yield Triple(node, AIP.formulation, formulation)
        yield Triple(node, AIP.state, CONCEPT[period.value])
        yield Triple(node, AIP.stateReason, CONCEPT[state.reason])
        if state.decided_by:
            yield Triple(node, AIP.decidedBy, NamedNode(state.decided_by))
        if period.holds_on(self.day):
            yield Triple(formulation, AIP.currentState, CONCEPT[period.value])
            targets = self.facts.nodes(formulation, AIP.formulationOf) if period.value != "state-superseded" else []
            yield from (Triple(target, AIP.currentState, CONCEPT[period.value]) for target in targets)

    def _period(self, node: NamedNode, class_: NamedNode, period: Period, thing: NamedNode) -> Iterator[Triple]:
        for type_ in self.vocabulary.ancestors([class_]):
            yield Triple(node, RDF.type, type_)
        certainty = "certainty-possible" if period.is_expected else "certainty-certain"
        values: list[tuple[NamedNode, Term | date | None]] = [
            (AIP["from"], period.start.stated),
            (AIP.fromEarliest, period.start.span.first),
            (AIP.fromLatest, period.start.span.last),
            (AIP.until, period.ended_on),
            (AIP.untilEarliest, period.until_earliest),
            (AIP.untilLatest, period.until_latest),
            (AIP.lastConfirmed, period.last_confirmed),
            (AIP.basis, CONCEPT[period.basis.value]),
            (AIP.certainty, CONCEPT[certainty]),
            (AIP.endedBy, NamedNode(period.ended_by) if period.ended_by else None),
        ]
        values += [(AIP.country, country) for country in self.facts.nodes(thing, AIP.country)]
        premises = [NamedNode(premise) for premise in period.premises]
        values += [(PROV.wasDerivedFrom, premise) for premise in premises]
        values += self._support(premises)
        for predicate, value in values:
            if value is not None:
                yield Triple(node, predicate, day_literal(value) if isinstance(value, date) else value)

    def _labels(self, node: NamedNode, value: NamedNode, thing: NamedNode, period: Period) -> Iterator[Triple]:
        """A name in each language in which value and thing have one: "in force: Law on AI, from 2026-01-18"."""
        for language, since in _SINCE.items():
            names = self.facts.label(value, language), self.facts.label(thing, language)
            if all(names):
                text = f"{names[0]}: {names[1]}, {since} {period.start.span.first}"
                yield Triple(node, RDFS.label, Literal(text, language=language))

    def _support(self, premises: Iterable[NamedNode]) -> list[tuple[NamedNode, Term | date | None]]:
        """The best assertion about the first premise that has one, and how many origins it has."""
        for premise in premises:
            if evidence := self.facts.node(premise, AIP.evidence):
                return [(AIP.evidence, evidence), (AIP.originCount, self.facts.one(premise, AIP.originCount))]
        return []


def day_literal(day: date) -> Literal:
    """A day as xsd:date."""
    return Literal(day.isoformat(), datatype=XSD.date)


DATASET = NamedNode(BASE + "dataset")


def derive(triples: Iterable[Triple], claims: Iterable[Quad], vocabulary: Vocabulary, day: date) -> set[Triple]:
    """Everything that the history adds to the accepted view.

    :param triples: the accepted claims, what follows from them, the descriptions of sources and coverage, the concepts
    :param claims: the quads of the data files, for who says what
    :param day: the day of the build, for which the current statuses, states and holders hold
    """
    facts = Facts(triples, claims)
    return set(_derived(facts, Writer(facts, vocabulary, day)))


def _derived(facts: Facts, writer: Writer) -> Iterator[Triple]:
    steps, over = steps_by_thing(facts), expiries(facts)
    periods = {thing: status_periods(steps.get(thing, ()), over.get(thing)) for thing in sorted({*steps, *over})}
    for thing, spans in periods.items():
        yield from writer.status(thing, spans)
    for incumbency in incumbencies(tenures(facts), posts(facts, periods)):
        yield from writer.incumbency(incumbency)
    targets = TargetReader(facts)
    judged = list(targets.formulations())
    for one in judged:
        yield from writer.progress(one)
        for state in target_states(one.formulation, one.evidence):
            yield from writer.state(state)
    for later, earlier in targets.revisions:
        yield Triple(NamedNode(later), AIP.revises, NamedNode(earlier))
    for read, until in read_until(facts, judged):
        yield Triple(read, AIP.readUntil, day_literal(until))
    yield Triple(DATASET, AIP.asOf, day_literal(writer.day))


_Reading = tuple[NamedNode, date]


def read_until(facts: Facts, judged: Iterable[Judged]) -> Iterator[_Reading]:
    """The day up to which sources on each state and each target were read.

    That is the last day of a coverage record about it, or of a source that speaks of it; for a target of which no dated
    source speaks, that of its state.

    :param judged: the target formulations, with the observations that show their progress
    """
    latest: dict[NamedNode, date] = {}
    spoken = [(one, day) for thing, day in facts.days_spoken() for one in (thing, *facts.nodes(thing, AIP.country))]
    for thing, day in (*_by_records(facts), *spoken):
        latest[thing] = max(day, latest.get(thing, day))
    seen = {one.formulation.node: one.progress for one in judged}
    for formulation, target in facts.pairs(AIP.formulationOf):
        for node in (formulation, *seen.get(formulation.value, ())):
            if node in latest:
                latest[target] = max(latest[node], latest.get(target, latest[node]))
    targets = {target for _, target in facts.pairs(AIP.formulationOf)}
    countries = {country for _, country in facts.pairs(AIP.country)}
    for target in targets - latest.keys():
        if days := [latest[country] for country in facts.nodes(target, AIP.country) if country in latest]:
            latest[target] = max(days)
    for thing in sorted((targets | countries) & latest.keys(), key=lambda node: node.value):
        yield thing, latest[thing]


def _by_records(facts: Facts) -> Iterator[_Reading]:
    """What coverage records say: of the things they are about, else, if they name a day, of the whole state."""
    for record in facts.subjects(RDF.type, AIP.CoverageRecord):
        stated = facts.one(record, AIP.readUntil)
        span = span_of(stated or facts.one(record, AIP.date))
        about = facts.nodes(record, AIP.about)
        if span:
            yield from ((thing, span.first) for thing in about)
        if span and stated and not about:
            yield from ((country, span.first) for country in facts.nodes(record, AIP.country))
