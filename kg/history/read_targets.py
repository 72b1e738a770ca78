"""The wordings of aims, and all that may decide how they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from kg.dates import datatype_for
from kg.history.facts import Facts, span_of
from kg.history.model import Basis, Deed, Evidence, Measurement, Moment, Search, Span, Wording
from kg.history.releases import Release, revisions
from kg.terms import AIP, CONCEPT
from kg.values import number

_DIRECTIONS = {"direction-higher-better": True, "direction-lower-better": False}


class TargetReader:
    """Reads wordings and evidence; measurements, completions and searches are grouped once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.revisions = sorted(revisions(self._releases()))
        self._values = self._measurements({earlier for _, earlier in self.revisions})
        self._searches = self._searches_by_thing()
        self._wider = _closure(facts.pairs(AIP.includedIn))
        self._later: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for later, earlier in facts.pairs(AIP.supersedes):
            self._later[earlier].append(later)

    def wordings(self) -> Iterator[tuple[Wording, Evidence]]:
        """Every formulation with a date or a source, and its evidence."""
        for node, aim in self._facts.pairs(AIP.formulationOf):
            if set_on := self._set_on(node):
                yield self._wording(node, set_on), self._evidence(node, aim)

    def _set_on(self, node: NamedNode) -> Moment | None:
        return self._facts.moment(node, AIP.date) or self._facts.spoken(node, AIP.formulationOf)

    def _wording(self, node: NamedNode, set_on: Moment) -> Wording:
        facts = self._facts
        metric = facts.node(node, AIP.metric)
        later = [(moment, n) for n in self._later[node] if (moment := self._set_on(n))]
        superseded = min(later, key=lambda pair: (pair[0].span, pair[1].value), default=None)
        return Wording(
            node.value,
            set_on,
            span_of(facts.one(node, AIP.deadline)),
            facts.concept(node, AIP.comparator),
            self._number(node, AIP.targetValue),
            facts.concept(node, AIP.unit),
            self._number(node, AIP.baselineValue),
            _DIRECTIONS.get(facts.concept(metric, AIP.direction)) if metric else None,
            superseded[0] if superseded else None,
            superseded[1].value if superseded else "",
            Basis.EVENT if facts.one(node, AIP.date) else Basis.REPORT,
        )

    def _evidence(self, node: NamedNode, aim: NamedNode) -> Evidence:
        return Evidence(
            tuple(self._measured(node, aim)),
            (*self._completions(aim), *self._awaited(node)),
            tuple(self._searches[node] + self._searches[aim]),
        )

    def _measured(self, node: NamedNode, aim: NamedNode) -> Iterator[Measurement]:
        """The measurements of the metric, or a narrower or wider one, for what the wording is about or the country."""
        metric = self._facts.node(node, AIP.metric)
        if metric is None:
            return
        areas = self._facts.nodes(node, AIP.about) or self._facts.nodes(aim, AIP.country)
        for area in areas:
            for other, measured in self._values.get(area, {}).items():
                if reach := self._reach(other, metric):
                    yield from (replace(m, reach=reach) for m in measured)

    def _reach(self, measured: NamedNode, aimed: NamedNode) -> str | None:
        narrower, wider = aimed in self._wider[measured], measured in self._wider[aimed]
        if measured == aimed or (narrower and wider):
            return "same"
        return "narrower" if narrower else "wider" if wider else None

    def _completions(self, aim: NamedNode) -> Iterator[Deed]:
        for event in self._facts.subjects(AIP.of, aim):
            moment = self._facts.moment(event, AIP.date)
            is_end = self._facts.node(event, AIP.stage) == CONCEPT["stage-completed"]
            if moment and is_end and not self._facts.is_expected(event, AIP.date, moment):
                yield Deed(event.value, moment.span)

    def _awaited(self, node: NamedNode) -> Iterator[Deed]:
        """The steps of the thing a wording is about, or of the act it becomes, at or beyond the one it waits for."""
        facts = self._facts
        stage = facts.node(node, AIP.awaitedStage)
        things = facts.nodes(node, AIP.about) if stage else []
        for thing in (*things, *(act for draft in things for act in facts.nodes(draft, AIP.becomes))):
            for event in facts.subjects(AIP.of, thing):
                reached, moment = facts.node(event, AIP.stage), facts.moment(event, AIP.date)
                if not (reached and moment and stage and self._is_beyond(reached, stage)):
                    continue
                if not facts.is_expected(event, AIP.date, moment):
                    yield Deed(event.value, moment.span, later=reached != stage)

    def _is_beyond(self, reached: NamedNode, awaited: NamedNode) -> bool:
        rank = [int(self._facts.text(stage, AIP.rank) or 0) for stage in (reached, awaited)]
        return reached == awaited or (rank[0] > rank[1] and self._facts.node(reached, AIP.statusAfter) is not None)

    def _measurements(self, revised: set[str]) -> dict[NamedNode, dict[NamedNode, list[Measurement]]]:
        values: dict[NamedNode, dict[NamedNode, list[Measurement]]] = defaultdict(lambda: defaultdict(list))
        for node, area in self._facts.pairs(AIP.about):
            metric, measured = self._facts.node(node, AIP.metric), self._measurement(node)
            if metric and measured and node.value not in revised:
                values[area][metric].append(measured)
        return values

    def _measurement(self, node: NamedNode) -> Measurement | None:
        facts = self._facts
        value, edition = self._number(node, AIP.value), facts.text(node, AIP.edition)
        if value is None or edition is None:
            return None
        moment = facts.moment(node, AIP.date)
        span = moment.span if moment else _edition_span(edition)
        if span is None:
            return None
        return Measurement(node.value, span, value, facts.concept(node, AIP.unit), facts.concept(node, AIP.qualifier))

    def _releases(self) -> Iterator[Release]:
        for node, area in self._facts.pairs(AIP.about):
            metric, edition = self._facts.node(node, AIP.metric), self._facts.text(node, AIP.edition)
            number_ = self._facts.text(node, AIP.release)
            if metric and edition and number_:
                unordered = self._facts.is_true(node, AIP.releaseOrderUnknown)
                yield Release((metric.value, area.value, edition), int(number_), node.value, unordered)

    def _searches_by_thing(self) -> dict[NamedNode, list[Search]]:
        """The searches that found nothing, by what they were for."""
        searches: dict[NamedNode, list[Search]] = defaultdict(list)
        for record in self._facts.subjects(AIP.result, CONCEPT["coverage-not-found"]):
            read = span_of(self._facts.one(record, AIP.readUntil)) or span_of(self._facts.one(record, AIP.date))
            if read:
                for thing in self._facts.nodes(record, AIP.about):
                    searches[thing].append(Search(record.value, read.first))
        return searches

    def _number(self, node: NamedNode, predicate: NamedNode) -> Decimal | None:
        value = self._facts.one(node, predicate)
        return number(value) if value is not None else None


def _edition_span(edition: str) -> Span | None:
    datatype = datatype_for(edition)
    return span_of(Literal(edition, datatype=datatype)) if datatype else None


def _closure(pairs: list[tuple[NamedNode, NamedNode]]) -> dict[NamedNode, set[NamedNode]]:
    """All metrics in which each is included, over any number of steps."""
    above: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for narrow, wide in pairs:
        above[narrow].add(wide)
    closed: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for metric in list(above):
        waiting = [metric]
        while waiting:
            for wide in above[waiting.pop()] - closed[metric]:
                closed[metric].add(wide)
                waiting.append(wide)
    return closed
