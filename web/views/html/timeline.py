"""What happened when: all dated events on one axis, a lane for each country, and in tables by time or a column."""

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import gettext as _

from kg.countries import Country
from web.answers.canned import Row
from web.views.html.shared.caching import cached_page
from web.views.html.shared.forms import asked_order, chosen_columns, submitted, this_address
from web.views.html.shared.lookup import countries, covered_country
from web.views.html.shared.terms import name

LEFT, RIGHT, TOP, ROW_HEIGHT, RADIUS = 130, 20, 26, 13, 5.5
"""Measures of the drawing in its own units: margins, a row of points within a lane, a point."""
YEAR_WIDTH, MIN_WIDTH = 105, 1100
COLUMNS = ("date", "country", "stage", "actors")
"""The columns beside what it happened to, which may be left out."""
MAX_OPEN = 24
"""Groups are unfolded until about so many events are seen; a year that has more is told by months."""


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


@dataclass(frozen=True)
class Group:
    """Events under one heading: a year or month as ISO 8601 writes it, or what the sorting column says."""

    title: str
    rows: tuple[Row, ...]
    is_open: bool


@cached_page
def timeline() -> str | tuple[str, int]:
    """All events, or those of some countries, a stage, topic or span of days, in the order of the address."""
    query = submitted("timeline", "sort", "column")
    order = asked_order(("what", *COLUMNS))
    return query.page(
        "pages/timeline.html",
        fields=query.fields("country", "stage", "topic", "from", "to"),
        groups=_groups(query.rows, order),
        count=len(query.rows),
        columns=dict(zip(COLUMNS, (_("Date"), _("Country"), _("Step"), _("By whom")), strict=True)),
        chosen=chosen_columns(COLUMNS),
        order=order or "-date",
        by_time=order in ("", "date", "-date"),
        address=this_address,
        drawing=_draw(query.rows),
    )


def _groups(rows: Sequence[Row], order: str) -> list[Group]:
    """The events by time, or by the column that sorts them; the newest come first.

    :param order: a column, with ``-`` before it the other way round
    """
    by_year = Counter(map(_year, rows))

    def time(row: Row) -> str:
        """The year of an event, or its month if that is known and the year has many events."""
        month = row.text("latest")[:7]
        return month if by_year[_year(row)] > MAX_OPEN and row.text("earliest")[:7] == month else _year(row)

    newest = sorted(rows, key=lambda row: (time(row), row.text("earliest"), row.text("latest")), reverse=True)
    titles: dict[str, Callable[[Row], str]] = {
        "what": lambda row: name(row.get("what") or row["event"]).text[:1].upper(),
        "country": lambda row: name(row["country"]).text,
        "stage": lambda row: name(row["stage"]).text if "stage" in row else _("other events"),
        "actors": lambda row: row.text("actors") or _("nobody named"),
    }
    title = titles.get(order.removeprefix("-"), time)
    if title is not time:
        newest.sort(key=lambda row: title(row).casefold(), reverse=order.startswith("-"))
    elif order == "date":
        newest.reverse()
    groups: list[Group] = []
    shown = 0
    for heading, events in groupby(newest, key=title):
        groups.append(Group(heading, tuple(events), shown < MAX_OPEN))
        shown += len(groups[-1].rows)
    return groups


def _year(row: Row) -> str:
    return row.text("latest")[:4]


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
