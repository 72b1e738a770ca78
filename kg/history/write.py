"""Periods as triples: a node each, named after what it is of, its value and its first day, with its premises."""

from collections.abc import Iterable, Iterator
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from kg.history.facts import Facts
from kg.history.model import Incumbency, Period, TargetState
from kg.history.read_targets import Judged
from kg.terms import AIP, CONCEPT, PROV, RDF, RDFS, XSD, Term
from kg.vocabulary import Vocabulary

_SINCE = {"en": "from", "ru": "с"}


class Writer:
    """Writes periods down.

    :param day: the day of the build, for which the current values hold
    """

    def __init__(self, facts: Facts, vocabulary: Vocabulary, day: date) -> None:
        self._facts = facts
        self._vocabulary = vocabulary
        self.day = day

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
            targets = self._facts.nodes(formulation, AIP.formulationOf) if period.value != "state-superseded" else []
            yield from (Triple(target, AIP.currentState, CONCEPT[period.value]) for target in targets)

    def _period(self, node: NamedNode, class_: NamedNode, period: Period, thing: NamedNode) -> Iterator[Triple]:
        for type_ in self._vocabulary.ancestors([class_]):
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
        values += [(AIP.country, country) for country in self._facts.nodes(thing, AIP.country)]
        premises = [NamedNode(premise) for premise in period.premises]
        values += [(PROV.wasDerivedFrom, premise) for premise in premises]
        values += self._support(premises)
        for predicate, value in values:
            if value is not None:
                yield Triple(node, predicate, day_literal(value) if isinstance(value, date) else value)

    def _labels(self, node: NamedNode, value: NamedNode, thing: NamedNode, period: Period) -> Iterator[Triple]:
        """A name in each language in which value and thing have one: "in force: Law on AI, from 2026-01-18"."""
        for language, since in _SINCE.items():
            names = self._facts.label(value, language), self._facts.label(thing, language)
            if all(names):
                text = f"{names[0]}: {names[1]}, {since} {period.start.span.first}"
                yield Triple(node, RDFS.label, Literal(text, language=language))

    def _support(self, premises: Iterable[NamedNode]) -> list[tuple[NamedNode, Term | date | None]]:
        """The best assertion about the first premise that has one, and how many origins it has."""
        for premise in premises:
            if evidence := self._facts.node(premise, AIP.evidence):
                return [(AIP.evidence, evidence), (AIP.originCount, self._facts.one(premise, AIP.originCount))]
        return []


def day_literal(day: date) -> Literal:
    """A day as xsd:date."""
    return Literal(day.isoformat(), datatype=XSD.date)
