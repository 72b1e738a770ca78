"""Dates as precise as known: their first and last day, and whether one refines another.

XML Schema date, gYearMonth and gYear (https://www.w3.org/TR/xmlschema-2/#date), and of EDTF
(https://www.loc.gov/standards/datetime/) levels 0 and 1: seasons, intervals with open ends, the
qualifiers ``~ ? %`` and unspecified digits. Written here because the ``edtf`` package, well maintained
as it is, takes 3 to 20 ms a date and guesses ten years for an unknown end.
"""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from pyoxigraph import NamedNode

from kg.terms import EDTF, XSD

Bounds = tuple[date, date]
"""The first and the last day that a date can mean."""

OPEN_START = date.min
OPEN_END = date.max

DATE_DATATYPES = (XSD.date, XSD.gYearMonth, XSD.gYear, EDTF.EDTF)

SEASONS = {"21": (3, 5), "22": (6, 8), "23": (9, 11), "24": (12, 2)}
"""First and last month of spring, summer, autumn and winter; a winter ends in the next year."""

_XSD = {
    XSD.date: (re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII), "a day is written 2025-03-31"),
    XSD.gYearMonth: (re.compile(r"(\d{4})-(\d\d)", re.ASCII), "a month is written 2025-03"),
    XSD.gYear: (re.compile(r"(\d{4})", re.ASCII), "a year is written 2025"),
}
_EDTF_DATE = re.compile(r"(\d{4}|\d{3}X|\d\dXX)(?:-(\d\d|XX)(?:-(\d\d|XX))?)?[~?%]?", re.ASCII)
_EDTF_FORMS = "EDTF is written 2025, 2025-03, 2025-22 (summer), 2025~, 202X or 2025-03/2025-05"
_OPEN = ("", "..")


def parse_day(text: str) -> date:
    """The day of a text such as ``2025-03-31``; no other spelling of ISO 8601.

    :raises ValueError: if it is none
    """
    if not _XSD[XSD.date][0].fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


@lru_cache(maxsize=4096)
def bounds(lexical: str, datatype: NamedNode) -> Bounds:
    """The first and last day of a date; an open end is ``OPEN_START`` or ``OPEN_END``.

    A qualifier does not widen: "about 2024" is taken as 2024.

    :param lexical: the text of the literal
    :param datatype: its datatype, one of ``DATE_DATATYPES``
    :raises ValueError: if the text is not a date of that type; says why
    """
    if datatype == EDTF.EDTF:
        return _edtf_bounds(lexical)
    if datatype not in _XSD:
        raise ValueError(f"{lexical!r} is not a date: its type is {datatype}")
    pattern, form = _XSD[datatype]
    match = pattern.fullmatch(lexical)
    if not match:
        raise ValueError(f"{lexical!r} is not a date of its type: {form}")
    return _span(lexical, *match.groups())


def refines(a: Bounds, b: Bounds) -> bool:
    """Whether ``a`` says the same as ``b`` or more exactly: ``a`` lies within ``b``."""
    return b[0] <= a[0] and a[1] <= b[1]


def datatype_for(lexical: str) -> NamedNode | None:
    """The datatype under which a text is a date, if there is one; XML Schema types first."""
    for datatype in DATE_DATATYPES:
        try:
            bounds(lexical, datatype)
        except ValueError:
            continue
        return datatype
    return None


def _edtf_bounds(lexical: str) -> Bounds:
    first, slash, last = lexical.partition("/")
    if not slash:
        return _edtf_date(lexical, first)
    if first in _OPEN and last in _OPEN:
        raise ValueError(f"{lexical!r} is not a date: both ends are open")
    start = OPEN_START if first in _OPEN else _edtf_date(lexical, first)[0]
    end = OPEN_END if last in _OPEN else _edtf_date(lexical, last)[1]
    if end < start:
        raise ValueError(f"{lexical!r} is not a date: it ends before it begins")
    return start, end


def _edtf_date(lexical: str, text: str) -> Bounds:
    match = _EDTF_DATE.fullmatch(text)
    if not match:
        raise ValueError(f"{lexical!r} is not a date of its type: {_EDTF_FORMS}")
    year, month, day = match.groups()
    if month in SEASONS:
        return _season(lexical, year, month, day)
    if ("X" in year and month) or (month == "XX" and day not in (None, "XX")):
        raise ValueError(f"{lexical!r} is not a date: what follows an unspecified part is not known either")
    if "X" in year:
        low, high = year.replace("X", "0"), year.replace("X", "9")
        return _span(lexical, low)[0], _span(lexical, high)[1]
    return _span(lexical, year, *(part for part in (month, day) if part not in (None, "XX")))


def _season(lexical: str, year: str, season: str, day: str | None) -> Bounds:
    if day or "X" in year:
        raise ValueError(f"{lexical!r} is not a date: a season takes a complete year and no day")
    first, last = SEASONS[season]
    end = str(int(year) + (last < first)).zfill(4)
    return _span(lexical, year, f"{first:02}")[0], _span(lexical, end, f"{last:02}")[1]


def _span(lexical: str, year: str, month: str | None = None, day: str | None = None) -> Bounds:
    """The first and last day of a year, a month or a day."""
    y, m, d = int(year), int(month or 1), int(day or 1)
    if not 1 <= y <= date.max.year:
        raise ValueError(f"{lexical!r} is not a date: there is no year {y}")
    if not 1 <= m <= 12:
        raise ValueError(f"{lexical!r} is not a date: there is no month {month}")
    last_month = 12 if month is None else m
    last_day = monthrange(y, last_month)[1]
    if not 1 <= d <= last_day:
        raise ValueError(f"{lexical!r} is not a date: {year}-{month} has no day {day}")
    return date(y, m, d), date(y, last_month, d if day else last_day)
