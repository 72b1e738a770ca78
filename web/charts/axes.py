"""Axes: large numbers in the reader's short form, years at a readable distance."""

import datetime
from collections.abc import Iterable
from typing import Any

from babel.numbers import format_compact_decimal

from kg.sentences.words import locale_of
from web.charts.data import Spec
from web.locale import language


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
