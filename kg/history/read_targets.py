"""The target formulations, and all that may decide how they stand."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from kg.dates import datatype_for
from kg.groups import grouped
from kg.history.facts import Facts, span_of
from kg.history.model import Basis, Deed, Evidence, Formulation, Measurement, Moment, Search, Span, Value
from kg.history.progress import Fit, fit
from kg.history.releases import Release, revisions
from kg.terms import AIP, CONCEPT, RDF
from kg.values import number

_DIRECTIONS = {"direction-higher-better": True, "direction-lower-better": False}


@dataclass(frozen=True)
class Judged:
    """A formulation with all that may decide on it.

    :param progress: the observations of its metric, or of a narrower or wider one
    :param satisfied_by: those of them that fulfil it, whenever they were made
    """

    formulation: Formulation
    evidence: Evidence
    progress: tuple[NamedNode, ...]
    satisfied_by: tuple[NamedNode, ...]


class TargetReader:
    """Reads formulations and evidence; observations and searches are grouped once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.revisions = sorted(revisions(self._releases()))
        self._revised = {earlier for _, earlier in self.revisions}
        self._observed = self._observations()
        self._searches = self._searches_by_thing()
        self._wider = _closure(facts.pairs(AIP.includedIn))
        self._later = grouped((earlier, later) for later, earlier in facts.pairs(AIP.supersedes))

    def formulations(self) -> Iterator[Judged]:
        """Every formulation with a date or a source, and what may decide on it."""
        for node, target in self._facts.pairs(AIP.formulationOf):
            set_on = self._set_on(node)
            if set_on:
                formulation = self.formulation(node, set_on)
                values = dict(self.progress(node, target))
                met = tuple(seen for seen, value in values.items() if value and fit(formulation, value) is Fit.MEETS)
                yield Judged(formulation, self._evidence(node, target, values), tuple(values), met)

    def _set_on(self, node: NamedNode) -> Moment | None:
        return self._facts.moment(node, AIP.date) or self._facts.spoken(node, AIP.formulationOf)

    def formulation(self, node: NamedNode, set_on: Moment) -> Formulation:
        """What a formulation asks for."""
        facts = self._facts
        metric = facts.node(node, AIP.metric)
        later = [(moment, n) for n in self._later.get(node, ()) if (moment := self._set_on(n))]
        superseded = min(later, key=lambda pair: (pair[0].span, pair[1].value), default=None)
        return Formulation(
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

    def _evidence(self, node: NamedNode, target: NamedNode, values: Mapping[NamedNode, Value | None]) -> Evidence:
        measured = [
            Measurement(seen.value, span, value)
            for seen, value in values.items()
            if value and seen.value not in self._revised and (span := self._observed_on(seen))
        ]
        return Evidence(
            tuple(measured),
            (*self._completions(target), *self._awaited(node)),
            tuple(self._searches[node] + self._searches[target]),
        )

    def progress(self, node: NamedNode, target: NamedNode) -> Iterator[tuple[NamedNode, Value | None]]:
        """The observations of its metric, or a narrower or wider one, for what it is about or the country."""
        metric = self._facts.node(node, AIP.metric)
        for area in self._facts.nodes(node, AIP.about) or self._facts.nodes(target, AIP.country):
            for other, observed in self._observed.get(area, {}).items() if metric else ():
                if metric and (reach := self._reach(other, metric)):
                    yield from ((seen, self.value(seen, reach)) for seen in observed)

    def _reach(self, measured: NamedNode, aimed: NamedNode) -> str | None:
        narrower, wider = aimed in self._wider[measured], measured in self._wider[aimed]
        if measured == aimed or (narrower and wider):
            return "same"
        return "narrower" if narrower else "wider" if wider else None

    def _completions(self, target: NamedNode) -> Iterator[Deed]:
        for event in self._facts.subjects(AIP.of, target):
            moment = self._facts.moment(event, AIP.date)
            is_end = self._facts.node(event, AIP.stage) == CONCEPT["stage-completed"]
            if moment and is_end and not self._facts.is_expected(event, AIP.date, moment):
                yield Deed(event.value, moment.span)

    def _awaited(self, node: NamedNode) -> Iterator[Deed]:
        """The steps of what a formulation is about, or of the act it becomes, at or beyond the one it waits for."""
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

    def _observations(self) -> dict[NamedNode, dict[NamedNode, list[NamedNode]]]:
        """The observations by what they are about and what they measure."""
        by_area: dict[NamedNode, dict[NamedNode, list[NamedNode]]] = defaultdict(lambda: defaultdict(list))
        for node, area in self._facts.pairs(AIP.about):
            metric = self._facts.node(node, AIP.metric)
            if metric and AIP.Observation in self._facts.all(node, RDF.type):
                by_area[area][metric].append(node)
        return by_area

    def value(self, node: NamedNode, reach: str) -> Value | None:
        """The value of an observation."""
        amount = self._number(node, AIP.value)
        facts = self._facts
        if amount is None:
            return None
        return Value(amount, facts.concept(node, AIP.unit), facts.concept(node, AIP.qualifier), reach)

    def _observed_on(self, node: NamedNode) -> Span | None:
        """When a value was observed: on its date, else in its edition."""
        moment, edition = self._facts.moment(node, AIP.date), self._facts.text(node, AIP.edition) or ""
        datatype = datatype_for(edition)
        return moment.span if moment else span_of(Literal(edition, datatype=datatype)) if datatype else None

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
