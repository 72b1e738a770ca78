"""The life cycle of a thing: its dated steps, its status on a day, and the steps of many things on one time axis."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.terms import AIP, CONCEPT, GRAPH, RDF, Term
from web.answers.canned import Row, ask
from web.snapshot import per_snapshot
from web.views.html.shared.evidence_badge import EvidenceBadge, evidence_badge
from web.views.html.shared.lookup import first, named_nodes, objects, subjects
from web.views.html.shared.related import NodeRow, read_node
from web.views.html.shared.terms import curie

WIDTH, ROW_HEIGHT, TOP, EDGE = 1000, 34, 44, 12
"""Measures of the time axis in its own units."""
_CSS_CLASSES = {
    "in-force": "in-force applied in-operation active established completed",
    "decided": "adopted signed",
    "ended": "repealed cancelled abolished suspended",
    "prepared": "proposed in-preparation announced before-parliament under-construction planned pilot",
}
_CSS_CLASS_OF = {f"concept:status-{name}": css for css, names in _CSS_CLASSES.items() for name in names.split()}


@dataclass(frozen=True)
class Step:
    """One dated event or status report of a thing.

    :param stage: which step it is; ``None`` for a status report
    :param status: the status after it; ``None`` if it changes none
    :param earliest: the first day it may have happened; empty if it has no date
    """

    node: NamedNode
    stage: Term | None
    status: Term | None
    date: Term | None
    earliest: str
    latest: str
    rank: int
    by: Sequence[Term]
    notes: Sequence[Term]
    badge: EvidenceBadge | None

    @property
    def effective(self) -> str:
        """The day from which on it counts: the first it may have happened, else the last; empty without a date."""
        return self.earliest or self.latest

    @property
    def order(self) -> tuple[bool, str, int, str, str]:
        """By time; what has no date last."""
        return not self.effective, self.effective, self.rank, self.latest, self.node.value

    @property
    def css_class(self) -> str:
        """The class of the step in a drawing, by the status after it."""
        return _CSS_CLASS_OF.get(curie(self.status), "other") if self.status is not None else "other"


@dataclass(frozen=True)
class StatusOnDate:
    """The status of a thing on a day, as the period that the build derived has it.

    :param since: the date of what began it; ``None`` if it is not known
    :param basis: what dates it: a step, a report, something expected
    :param certain: whether it had surely begun and not ended by then
    """

    status: Term | None
    since: Term | None
    basis: Term | None
    certain: bool
    badge: EvidenceBadge | None


@per_snapshot(30_000)
def steps(thing: NamedNode) -> list[Step]:
    """The steps of a thing in the order of time."""
    rows = [row for row in map(read_node, subjects(AIP.of, thing)) if AIP.Period not in row.all("rdf:type")]
    return sorted(map(_read_step, rows), key=lambda step: step.order)


def _read_step(row: NodeRow) -> Step:
    event = row.iri
    stage = row["aip:stage"]
    status, rank = _after_stage(stage) if isinstance(stage, NamedNode) else (row["aip:status"], 0)
    notes = [*row.all("aip:scope"), *row.all("dcterms:description")]
    return Step(
        event,
        stage,
        status,
        row["aip:date"],
        row.text("aip:earliest"),
        row.text("aip:latest"),
        rank,
        row.all("aip:by"),
        [note for note in notes if not isinstance(note, Literal) or note.language in ("en", None)],
        evidence_badge(event, AIP.date if row["aip:date"] else AIP.of),
    )


@per_snapshot()
def _after_stage(stage: NamedNode) -> tuple[Term | None, int]:
    """The status after a stage, if it changes one, and the place of the stage among those of a day."""
    rank = first(stage, AIP.rank, GRAPH.concepts)
    return first(stage, AIP.statusAfter, GRAPH.concepts), int(getattr(rank, "value", 0))


def status_on_date(thing: NamedNode, day: datetime.date) -> StatusOnDate | None:
    """The status on a day; ``None`` before the first that is known. The canned query status-on-date reads the same."""
    text = day.isoformat()
    for period in _status_periods(thing):
        if period.text("aip:fromEarliest") <= text <= (period.text("aip:untilLatest") or text):
            begun = period["aip:certainty"] == CONCEPT["certainty-certain"] and period.text("aip:fromLatest") <= text
            certain = begun and text <= (period.text("aip:untilEarliest") or text)
            badge = evidence_badge(period.iri, AIP.status, period["aip:status"])
            return StatusOnDate(period["aip:status"], period["aip:from"], period["aip:basis"], certain, badge)
    return None


@per_snapshot(30_000)
def _status_periods(thing: NamedNode) -> list[NodeRow]:
    return [row for row in map(read_node, subjects(AIP.of, thing)) if AIP.StatusPeriod in row.all("rdf:type")]


def drafts_of(thing: NamedNode) -> list[NamedNode]:
    """The drafts that became a thing."""
    return subjects(AIP.becomes, thing)


def has_life_cycle(thing: NamedNode) -> bool:
    """Whether a thing is of a kind that has a life cycle: instruments, bodies, assets."""
    return not {AIP.Instrument, AIP.Body, AIP.Asset}.isdisjoint(named_nodes(objects(thing, RDF.type)))


def latest_events(day: datetime.date) -> list[Row]:
    """The events up to a day, the latest first."""
    rows = [row for row in ask("timeline") if row.text("earliest") <= day.isoformat()]
    return sorted(rows, key=lambda row: (row.text("earliest"), row.text("latest"), row.text("event")), reverse=True)


@dataclass(frozen=True)
class AxisPoint:
    """A step on the axis.

    :param end: where it ends, if its date is not known to the day
    :param later: whether it comes after the day asked for
    """

    step: Step
    x: float
    end: float
    later: bool


@dataclass(frozen=True)
class AxisRow:
    """The life cycle of one thing on the axis."""

    thing: NamedNode
    y: int
    points: Sequence[AxisPoint]


@dataclass(frozen=True)
class Axis:
    """All rows, with the years along the top.

    :param day: where the day asked for is; ``None`` if it is outside
    """

    height: int
    rows: Sequence[AxisRow]
    years: Sequence[tuple[int, float]]
    day: float | None
    width: int = WIDTH


def draw_axis(lives: Iterable[tuple[NamedNode, Sequence[Step]]], day: datetime.date) -> Axis | None:
    """The axis of things with their steps; ``None`` if no step has a date."""
    dated = [(thing, [step for step in line if step.earliest and step.latest]) for thing, line in lives]
    dated = [(thing, line) for thing, line in dated if line]
    if not dated:
        return None
    start = datetime.date(min(_date(line[0].earliest) for _, line in dated).year, 1, 1)
    end = datetime.date(max(day, *(_date(step.latest) for _, line in dated for step in line)).year, 12, 31)

    def x(when: datetime.date) -> float:
        return round(EDGE + (when - start).days / (end - start).days * (WIDTH - 2 * EDGE), 1)

    def point(step: Step) -> AxisPoint:
        return AxisPoint(step, x(_date(step.earliest)), x(_date(step.latest)), step.earliest > day.isoformat())

    rows = [AxisRow(thing, TOP + i * ROW_HEIGHT, list(map(point, line))) for i, (thing, line) in enumerate(dated)]
    span = end.year - start.year  # of many years, each second or fifth is written
    shown = range(start.year, end.year + 1, 1 if span <= 12 else 2 if span <= 24 else 5)
    years = [(year, x(datetime.date(year, 1, 1))) for year in shown]
    return Axis(TOP + len(rows) * ROW_HEIGHT, rows, years, x(day) if start <= day <= end else None)


def _date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
