"""What happened when: all dated events on one axis, a lane for each country, and as a list."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import render_template

from kg.countries import Country
from web.answers.canned import Row
from web.views.html.shared.caching import cached_page
from web.views.html.shared.forms import submitted, with_status
from web.views.html.shared.lookup import countries, covered_country

LEFT, RIGHT, TOP, ROW_HEIGHT, RADIUS = 130, 20, 26, 13, 5.5
"""Measures of the drawing in its own units: margins, a row of points within a lane, a point."""
YEAR_WIDTH, MIN_WIDTH = 105, 1100


@dataclass(frozen=True)
class Point:
    """An event in the drawing; ``begin`` and ``end`` are parts of the width, from 0 to 1."""

    row: Row
    begin: float
    end: float
    level: int = 0

    @property
    def middle(self) -> float:
        """Where the point stands."""
        return (self.begin + self.end) / 2


@dataclass(frozen=True)
class Lane:
    """The events of one country, or of none, one above the other where they would touch."""

    country: Country | None
    top: float
    height: float
    points: tuple[Point, ...]

    def y(self, point: Point) -> float:
        """The height at which a point stands."""
        return self.top + self.height - 12 - point.level * ROW_HEIGHT


@dataclass(frozen=True)
class Drawing:
    """All that the drawing needs.

    :param years: each first of January as a part of the width, with its year
    :param today: where today is, if it is on the axis
    """

    lanes: tuple[Lane, ...]
    years: tuple[tuple[float, int], ...]
    today: float | None
    height: float
    width: int
    left: int = LEFT
    right: int = RIGHT
    radius: float = RADIUS

    def x(self, part: float) -> float:
        """A part of the width in units of the drawing."""
        return round(self.left + part * (self.width - self.left - self.right), 1)


@cached_page
def timeline() -> str | tuple[str, int]:
    """All events, or those of a country, stage, topic or span of days."""
    query = submitted("timeline")
    newest = sorted(query.rows, key=lambda row: (row.text("latest"), row.text("earliest")), reverse=True)
    page = render_template(
        "pages/timeline.html",
        submitted=query,
        fields=query.fields("country", "stage", "topic", "from", "to"),
        years=[(year, list(rows)) for year, rows in groupby(newest, key=lambda row: row.text("latest")[:4])],
        count=len(newest),
        drawing=_draw(query.rows),
    )
    return with_status(page, query.error)


def _draw(rows: Sequence[Row]) -> Drawing | None:
    """The drawing of events; ``None`` if there is none."""
    spans = [(row, _day(row, "earliest"), _day(row, "latest")) for row in rows if "earliest" in row and "latest" in row]
    if not spans:
        return None
    start = min(begin for _, begin, _ in spans).replace(month=1, day=1)
    end = max(end for _, _, end in spans).replace(month=12, day=31)

    def part(day: datetime.date) -> float:
        return (day - start).days / (end - start).days

    width = max(MIN_WIDTH, LEFT + RIGHT + YEAR_WIDTH * (end.year - start.year + 1))
    lanes = _lanes(
        [Point(row, part(begin), part(end)) for row, begin, end in spans], 2 * RADIUS / (width - LEFT - RIGHT)
    )
    today = part(datetime.date.today())
    years = tuple((part(datetime.date(year, 1, 1)), year) for year in range(start.year, end.year + 1))
    height = lanes[-1].top + lanes[-1].height + 10
    return Drawing(lanes, years, today if 0 <= today <= 1 else None, height, width)


def _day(row: Row, variable: str) -> datetime.date:
    return datetime.date.fromisoformat(row.text(variable)[:10])


def _lanes(points: Sequence[Point], diameter: float) -> tuple[Lane, ...]:
    """A lane for each country that has events, and a last one for those of no covered country."""
    lanes: list[Lane] = []
    top = float(TOP)
    for country in (*countries(), None):
        own = [point for point in points if covered_country(point.row.get("country")) == country]
        if own:
            placed, levels = _stack(own, diameter)
            lanes.append(Lane(country, top, max(3, levels) * ROW_HEIGHT + 12, placed))
            top += lanes[-1].height
    return tuple(lanes)


def _stack(points: Sequence[Point], diameter: float) -> tuple[tuple[Point, ...], int]:
    """Points, each on the lowest level on which it touches no other, and the number of levels.

    :param diameter: the width of a point as a part of the drawing
    """
    last_on_level: list[float] = []
    placed = []
    for point in sorted(points, key=lambda point: (point.middle, point.row.text("event"))):
        free = (i for i, last in enumerate(last_on_level) if point.middle - last >= diameter)
        level = next(free, len(last_on_level))
        last_on_level[level : level + 1] = [point.middle]
        placed.append(Point(point.row, point.begin, point.end, level))
    return tuple(placed), len(last_on_level)
