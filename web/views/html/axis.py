"""Life lines on one time axis: positions worked out here, drawn as SVG by the template."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from web.views.html.lifeline import Step

WIDTH, ROW, TOP = 1000, 34, 26
_EDGE = 12


@dataclass(frozen=True)
class Dot:
    """A step on its line.

    :param end: where it ends, if its date is not known to the day
    :param later: whether it comes after the day that is asked for
    """

    step: Step
    x: float
    end: float
    later: bool


@dataclass(frozen=True)
class Line:
    """The life line of one thing."""

    thing: NamedNode
    y: int
    start: float
    dots: Sequence[Dot]


@dataclass(frozen=True)
class Axis:
    """All lines, with the years along the top.

    :param day: where the day asked for is; ``None`` if it is outside
    """

    width: int
    height: int
    lines: Sequence[Line]
    years: Sequence[tuple[int, float]]
    day: float | None


def draw(lives: Iterable[tuple[NamedNode, Sequence[Step]]], day: datetime.date) -> Axis | None:
    """The axis of things with their steps; ``None`` if no step has a date."""
    dated = [(thing, [s for s in line if s.earliest and s.latest]) for thing, line in lives]
    dated = [(thing, line) for thing, line in dated if line]
    if not dated:
        return None
    first = min(_day(line[0].earliest) for _, line in dated)
    last = max(day, *(_day(s.latest) for _, line in dated for s in line))
    start, end = datetime.date(first.year, 1, 1), datetime.date(last.year, 12, 31)

    def x(when: datetime.date) -> float:
        return round(_EDGE + (when - start).days / max((end - start).days, 1) * (WIDTH - 2 * _EDGE), 1)

    lines = [_line(thing, line, TOP + 18 + place * ROW, x, day) for place, (thing, line) in enumerate(dated)]
    years = [(year, x(datetime.date(year, 1, 1))) for year in _years(start.year, end.year)]
    return Axis(WIDTH, TOP + 18 + len(lines) * ROW, lines, years, x(day) if start <= day <= end else None)


def _line(thing: NamedNode, line: Sequence[Step], y: int, x, day: datetime.date) -> Line:  # type: ignore[no-untyped-def]
    dots = [Dot(one, x(_day(one.earliest)), x(_day(one.latest)), one.earliest > day.isoformat()) for one in line]
    return Line(thing, y, dots[0].x, dots)


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _years(first: int, last: int) -> range:
    """The years that are written: all, or each second, fifth or so where there are many."""
    span = last - first
    return range(first, last + 1, 1 if span <= 12 else 2 if span <= 24 else 5)
