"""What happened when: all dated events on one axis, a lane for each country, and as a list."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import render_template

from kg.namespaces import PREFIXES
from web.answers.canned import Row
from web.views.html import caching
from web.views.html.forms import asked
from web.views.html.terms import COUNTRIES, country_code

LEFT, RIGHT, TOP, ROW, SIZE = 130, 20, 26, 13, 5.5
"""Measures of the drawing in its own units: margins, a row of points within a lane, a point."""
YEAR, NARROWEST = 105, 1100
"""Width of a year, so that the points of a busy one stand beside each other; least width of all."""


@dataclass(frozen=True)
class Dot:
    """An event in the drawing; ``begin`` and ``end`` are shares of the width, from 0 to 1."""

    row: Row
    begin: float
    end: float
    level: int

    @property
    def middle(self) -> float:
        """Where the point stands."""
        return (self.begin + self.end) / 2


@dataclass(frozen=True)
class Lane:
    """The events of one country, one above the other where they would touch."""

    code: str
    top: float
    height: float
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Drawing:
    """All that the drawing needs.

    :param years: each first of January as a share of the width, with its year
    :param now: where today is, if it is on the axis
    """

    lanes: tuple[Lane, ...]
    years: tuple[tuple[float, int], ...]
    now: float | None
    height: float
    width: int
    left: int = LEFT
    right: int = RIGHT
    size: float = SIZE

    def x(self, share: float) -> float:
        """A share of the width in units of the drawing."""
        return round(self.left + share * (self.width - self.left - self.right), 1)


@caching.page
def timeline() -> str | tuple[str, int]:
    """All events, or those of a country, stage, topic or span of days."""
    found = asked("timeline")
    rows = found.answer.rows if found.answer else ()
    fields = found.fields("country", "stage", "topic", "from", "to")
    newest = sorted(rows, key=lambda row: (row.text("latest"), row.text("earliest")), reverse=True)
    years = [(year, list(group)) for year, group in groupby(newest, key=lambda row: row.text("latest")[:4])]
    page = render_template(
        "pages/timeline.html", found=found, fields=fields, years=years, count=len(rows), drawing=draw(rows)
    )
    return (page, 400) if found.error else page


def draw(rows: Sequence[Row], today: datetime.date | None = None) -> Drawing | None:
    """The drawing of events; ``None`` if there is none."""
    spans = [(row, _day(row, "earliest"), _day(row, "latest")) for row in rows if "earliest" in row and "latest" in row]
    if not spans:
        return None
    first = min(begin for _, begin, _ in spans).replace(month=1, day=1)
    last = max(end for _, _, end in spans).replace(month=12, day=31)
    whole = (last - first).days or 1
    places = [(row, (begin - first).days / whole, (end - first).days / whole) for row, begin, end in spans]
    width = max(NARROWEST, LEFT + RIGHT + YEAR * (last.year - first.year + 1))
    lanes, top = [], float(TOP)
    for code in (*COUNTRIES, ""):
        mine = [place for place in places if country_code(place[0].get("country")) == code]
        if mine:
            lanes.append(_lane(code, top, mine, 2 * SIZE / (width - LEFT - RIGHT)))
            top += lanes[-1].height
    now = ((today or datetime.date.today()) - first).days / whole
    years = tuple(((datetime.date(y, 1, 1) - first).days / whole, y) for y in range(first.year, last.year + 1))
    return Drawing(tuple(lanes), years, now if 0 <= now <= 1 else None, top + 10, width)


def _day(row: Row, variable: str) -> datetime.date:
    return datetime.date.fromisoformat(row.text(variable)[:10])


def _lane(code: str, top: float, places: list[tuple[Row, float, float]], reach: float) -> Lane:
    """A lane whose points find the lowest row in which they touch no other.

    :param reach: the width of a point as a share of the whole
    """
    ends: list[float] = []
    dots = []
    for row, begin, end in sorted(places, key=lambda place: (place[1] + place[2], str(place[0].get("event")))):
        middle = (begin + end) / 2
        level = next((i for i, taken in enumerate(ends) if middle - taken >= reach), len(ends))
        ends[level : level + 1] = [middle]
        dots.append(Dot(row, begin, end, level))
    return Lane(code, top, max(3, len(ends)) * ROW + 12, tuple(dots))


def lane_iri(code: str) -> str:
    """The IRI of the country of a lane."""
    return PREFIXES["id"] + code
