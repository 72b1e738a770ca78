"""What a chart is drawn from: the rows of an answer with names, numbers, dates and colours."""

import datetime
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from babel.numbers import format_compact_decimal
from pyoxigraph import Literal, NamedNode

from kg.dates import bounds
from kg.groups import grouped
from kg.namespaces import shorten
from kg.sentences.words import locale_of
from kg.terms import NUMERIC_DATATYPES, Term
from web.charts import theme
from web.locale import language

Spec = dict[str, Any]
MAX_ROWS = 5000
MAX_LABEL, NARROW_LABEL, NARROW_CELL, MAX_LABEL_LINES = 56, 48, 20, 3
"""Characters of a line of a name in a chart, in a narrow one and in a narrow matrix, and how many lines it may have."""
IN_LINES = {"labelExpr": "split(datum.label, '\\n')", "labelLineHeight": 14}
"""How an axis writes a name in its lines."""
MIN_YEAR, MAX_YEAR = 1900, 2150
"""Years beyond which a bound stands for an open end."""


@dataclass(frozen=True)
class Chart:
    """What is drawn.

    :param header: kind and variables, as the header of the query declares them
    :param rows: the answer, terms by variable
    :param names: gives the name of a term in the reader's language
    :param headings: gives the name of a variable in the reader's language
    :param countries: the covered countries with their order of coverage, by which they are coloured
    :param is_narrow: whether it is drawn for a phone
    """

    header: Mapping[str, Any]
    rows: Sequence[Mapping[str, Term]]
    names: Callable[[Term], str]
    headings: Callable[[str], str]
    countries: Mapping[NamedNode, int] = field(default_factory=dict)
    theme: str = "light"
    title: str = ""
    note: str = ""
    is_narrow: bool = False

    @property
    def letters(self) -> int:
        """Characters of a line of a name."""
        return (NARROW_CELL if self.kind == "matrix" else NARROW_LABEL) if self.is_narrow else MAX_LABEL

    @property
    def kind(self) -> str:
        """The kind of chart."""
        return str(self.header.get("kind", ""))

    def variable(self, role: str) -> str:
        """The variable that plays a role (x, y, color, facet); empty if none does."""
        return str(self.header.get(role) or "")


def values(chart: Chart, *roles: str) -> list[dict[str, Any]]:
    """The rows as data: for each role the name or number of its variable; a row without a place is left out."""
    points = ({role: shown(chart, row.get(chart.variable(role))) for role in roles} for row in chart.rows[:MAX_ROWS])
    return [point for point in points if all(point[role] is not None for role in roles if role in ("x", "y"))]


def shown(chart: Chart, term: Term | None, in_full: bool = False) -> str | float | None:
    """A term as a chart shows it.

    :param in_full: whether a long name stays on one line; on an axis, measuring many of them takes a second
    """
    if term is None:
        return None
    if isinstance(term, Literal) and term.datatype in NUMERIC_DATATYPES:
        return float(term.value)
    name = chart.names(term)
    return (
        name if in_full else "\n".join(textwrap.wrap(name, chart.letters, max_lines=MAX_LABEL_LINES, placeholder="…"))
    )


def colour(chart: Chart) -> Spec:
    """The scale of the variable that colours: fixed for countries and states, in the order of first appearance.

    Where there are more kinds than colours, the covered countries keep theirs and all others share a pale one.
    """
    variable = chart.variable("color")
    if not variable:
        return {"value": theme.ui_colour("accent", chart.theme)}
    keys: dict[str, str] = {}
    for row in chart.rows[:MAX_ROWS]:
        term = row.get(variable)
        if term is not None:
            keys.setdefault(str(shown(chart, term)), _key(term))
    countries = {_key(country): order for country, order in chart.countries.items()}
    keys = theme.in_order(keys, countries)
    many = len(keys) > theme.MAX_COLOURS
    named = {name: key for name, key in keys.items() if key in countries} if many else keys
    if not named:
        return {"value": theme.ui_colour("accent", chart.theme)}
    own = dict(zip(named, theme.colours(list(named.values()), chart.theme, countries), strict=True))
    pale = theme.ui_colour("line", chart.theme)
    scale = {"domain": list(keys), "range": [own.get(name, pale) for name in keys]}
    return {"field": "color", "type": "nominal", "scale": scale, "legend": _legend(list(named))}


def _legend(names: Sequence[str]) -> Spec:
    """The names of colours, in as many columns as fit beside each other."""
    widest = max(map(len, names), default=1)
    return {"title": None, "columns": max(1, min(6, 110 // (widest + 4))), "values": names}


def _key(term: Term) -> str:
    return shorten(term.value) if isinstance(term, NamedNode) else str(getattr(term, "value", term))


def is_covered(chart: Chart, row: Mapping[str, Term]) -> bool:
    """Whether a row is coloured as one of the covered countries."""
    return row.get(chart.variable("color")) in chart.countries


def by_country(chart: Chart) -> bool:
    """Whether the colours are those of the countries."""
    return any(is_covered(chart, row) for row in chart.rows)


def days(term: Term | None) -> tuple[str, str] | None:
    """The first and last day a date may mean; ``None`` if it is none."""
    if not isinstance(term, Literal):
        return None
    try:
        first, last = bounds(term.value, term.datatype)
    except ValueError:
        return None
    if first.year < MIN_YEAR:  # open at its beginning: only the end is known
        first = last
    if last.year > MAX_YEAR:
        last = first
    return first.isoformat(), last.isoformat()


def step(names: Iterable[object], least: int) -> Spec:
    """The height of a row of an axis: that of the name with the most lines, ``least`` at least."""
    lines = max((str(name).count("\n") + 1 for name in names), default=1)
    return {"step": max(least, lines * 14 + 8)}


def large(data: Iterable[dict[str, Any]], role: str, most: float = 0.0) -> Spec:
    """Millions and milliards on an axis in the reader's short form.

    :param most: the highest value of the axis, where it is not in the data
    """
    most = max((most, *(abs(point[role]) for point in data if isinstance(point.get(role), float))))
    unit = next((unit for unit in (10**9, 10**6) if most >= unit), 0)
    if not unit:
        return {}
    word = str(format_compact_decimal(unit, locale=locale_of(language()))).removeprefix("1")
    return {"labelExpr": f"format(datum.value / {unit}, '~f') + (datum.value ? '{word}' : '')"}


def years(first: int, last: int) -> Spec:
    """An axis that names years, a few of them where there are many."""
    span = last - first
    step = 1 if span < 5 else 2 if span < 10 else 5
    shown = [year for year in range(first, last + 1) if step == 1 or year % step == 0]
    values = [{"year": year, "month": "january", "date": 1} for year in shown]
    return {"format": "%Y", "values": values, "labelOverlap": "greedy"}


def moment(day: datetime.date) -> dict[str, int]:
    """A day as Vega-Lite writes it."""
    return {"year": day.year, "month": day.month, "date": day.day}


Points = list[dict[str, Any]]
MAX_PANELS = 14
"""Small charts of one image; those with the most points."""
MIN_LINE_PANELS = 3
"""Small charts beside which one of a single date is left out."""
MAX_TITLE = 42
"""Characters of a line of a title, which is no wider than its chart."""


def panels(data: Points, role: str, draw: Callable[[Points], Spec]) -> Spec:
    """A small chart for each value of a role, those with the most points first."""
    groups = grouped((str(point[role] or ""), point) for point in data)
    most = sorted(groups, key=lambda name: (-len(groups[name]), name))[:MAX_PANELS]
    # A line needs two dates: panels without one are left out where enough others stand.
    lines = [name for name in most if len({point["x"] for point in groups[name] if isinstance(point["x"], str)}) > 1]
    most = lines if len(lines) > MIN_LINE_PANELS else most
    height = max((len(_lines(name)) for name in most), default=1)
    drawn = [{**draw(groups[name]), "title": _title(name, groups[name], height)} for name in most]
    return {"concat": drawn, "columns": 2, "spacing": {"row": 34, "column": 26}}


def _lines(name: str) -> Sequence[str]:
    return textwrap.wrap(name, MAX_TITLE) or [""]


def _title(name: str, points: Points, height: int) -> Spec:
    """The title in full, with the unit in words; all of an image are equally high, so that the charts stand in line."""
    lines = [*_lines(name), *[" "] * (height - len(_lines(name)))]
    unit = next((point["unit"] for point in points if point.get("unit")), "")
    return {"text": lines, "subtitle": unit or " ", "fontSize": 13, "subtitleFontSize": 12, "offset": 8}
