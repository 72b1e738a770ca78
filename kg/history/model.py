"""What the rules of the history take and return: steps, tenures, formulations, measurements, and periods of them.

Nodes are IRIs as text; statuses, states, bases and reasons are local names of concepts. A span is the first and the
last day that a date may mean; whoever speaks of what had happened cannot mean a day after its own date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pyoxigraph import Literal

ONE_DAY = timedelta(days=1)


class Basis(StrEnum):
    """What dates the first day of a period: a concept of concept:period-bases."""

    EVENT = "basis-event"
    REPORT = "basis-report"
    EXPECTED = "basis-expected"
    SUCCESSOR = "basis-successor"
    TIME = "basis-time"


class Span(NamedTuple):
    """The first and the last day that a date may mean."""

    first: date
    last: date

    def known_by(self, day: date) -> Span:
        """The span of what had happened when somebody spoke of it on a day; unchanged if it lies after that day."""
        return Span(self.first, max(self.first, min(self.last, day)))


@dataclass(frozen=True)
class Moment:
    """A date: its span, and how the source writes it."""

    span: Span
    stated: Literal | None = None


@dataclass(frozen=True)
class Step:
    """Something that puts a thing into a status: an event, a report or what happened to its successor.

    :param order: of two steps of one day the one with the higher order comes later
    :param premises: the nodes that it rests on
    :param origin: the node that stands for the step: the event, the report, the successor
    """

    status: str
    moment: Moment
    basis: Basis
    order: int = 0
    premises: tuple[str, ...] = ()
    origin: str = ""

    @property
    def span(self) -> Span:
        """The days on which the step may have been taken."""
        return self.moment.span


@dataclass(frozen=True)
class Period:
    """A stretch of time; on a day between ``start.first`` and ``until_latest`` it is the one that holds.

    :param value: the status, the state or the person
    :param until_earliest: the last day on which it is known to go on
    :param until_latest: the last day that is counted to it; ``None`` if it still goes on
    """

    value: str
    start: Moment
    basis: Basis
    until_earliest: date | None = None
    until_latest: date | None = None
    ended_on: Literal | None = None
    ended_by: str = ""
    last_confirmed: date | None = None
    premises: tuple[str, ...] = ()

    @property
    def is_expected(self) -> bool:
        """Whether it was still to come when its sources spoke."""
        return self.basis is Basis.EXPECTED

    def holds_on(self, day: date) -> bool:
        """Whether this is the period of a day."""
        return self.start.span.first <= day and (self.until_latest is None or day <= self.until_latest)


@dataclass(frozen=True)
class Tenure:
    """What sources say of one person's holding of a post.

    :param begun: when it began, if a source says so
    :param ended: when it ended, if a source says so
    :param seen: when sources show the person in the post
    :param ordinal: tells apart tenures of one person in one post, in order of time
    """

    node: str
    post: str
    person: str
    ordinal: int = 1
    begun: Moment | None = None
    ended: Moment | None = None
    seen: tuple[Moment, ...] = ()
    acting: bool = False


@dataclass(frozen=True)
class Post:
    """How a post is held.

    :param exclusive: whoever takes it has left every other exclusive post
    :param several: more than one person may hold it at a time
    :param ended: when the body that it belongs to ended, and by what
    """

    node: str
    exclusive: bool = False
    several: bool = False
    ended: Moment | None = None
    ended_by: str = ""


@dataclass(frozen=True)
class Incumbency:
    """The holding of a post, worked out from one tenure."""

    tenure: Tenure
    period: Period


@dataclass(frozen=True)
class Value:
    """What was observed, to be held against a formulation.

    :param qualifier: how exactly the source states it
    :param reach: how what it counts relates to what a formulation counts: ``same``, ``narrower`` or ``wider``
    """

    amount: Decimal
    unit: str
    qualifier: str = ""
    reach: str = "same"


@dataclass(frozen=True)
class Measurement:
    """A value and the days on which it may have been observed."""

    node: str
    span: Span
    value: Value


@dataclass(frozen=True)
class Deed:
    """A completion of a target, or a step of the thing that a formulation waits for.

    :param later: a step beyond the one that is waited for, which shows only that this one was taken by then
    """

    node: str
    span: Span
    later: bool = False


@dataclass(frozen=True)
class Search:
    """A search for the outcome of a target that found nothing."""

    node: str
    day: date


@dataclass(frozen=True)
class Formulation:
    """A formulation of a target.

    :param higher_is_better: the direction of its metric; ``None`` if it is not known
    """

    node: str
    set_on: Moment
    deadline: Span | None = None
    comparator: str = ""
    value: Decimal | None = None
    unit: str = ""
    baseline: Decimal | None = None
    higher_is_better: bool | None = None
    superseded: Moment | None = None
    superseded_by: str = ""
    basis: Basis = Basis.EVENT


@dataclass(frozen=True)
class Evidence:
    """All that may decide on a formulation."""

    measurements: tuple[Measurement, ...] = ()
    deeds: tuple[Deed, ...] = ()
    searches: tuple[Search, ...] = ()


@dataclass(frozen=True)
class TargetState:
    """The state of a formulation during a period, the rule behind it and what decided it."""

    formulation: str
    reason: str
    decided_by: str
    period: Period
