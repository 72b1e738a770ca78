"""Bounds and refinement of dates, by example and by property."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kg.dates import (
    DATE_DATATYPES,
    OPEN_END,
    OPEN_START,
    bounds,
    datatype_for,
    refines,
)
from kg.terms import EDTF, XSD

days = st.dates(min_value=date(1800, 1, 1), max_value=date(2199, 12, 31))
written = st.one_of(
    days.map(lambda day: (day.isoformat(), XSD.date)),
    days.map(lambda day: (day.strftime("%Y-%m"), XSD.gYearMonth)),
    days.map(lambda day: (day.strftime("%Y"), XSD.gYear)),
    st.builds(lambda day, season: (f"{day.year}-{season}", EDTF.EDTF), days, st.integers(21, 24)),
    days.map(lambda day: (f"{day.year // 10}X", EDTF.EDTF)),
)


@pytest.mark.parametrize(
    ("lexical", "datatype", "first", "last"),
    [
        ("2024-10-14", XSD.date, "2024-10-14", "2024-10-14"),
        ("2024-02", XSD.gYearMonth, "2024-02-01", "2024-02-29"),
        ("2025", XSD.gYear, "2025-01-01", "2025-12-31"),
        ("2023-22", EDTF.EDTF, "2023-06-01", "2023-08-31"),
        ("2023-24", EDTF.EDTF, "2023-12-01", "2024-02-29"),
        ("2025-01-30/2025-02-01", EDTF.EDTF, "2025-01-30", "2025-02-01"),
        ("2025-22/2026", EDTF.EDTF, "2025-06-01", "2026-12-31"),
        ("2024~", EDTF.EDTF, "2024-01-01", "2024-12-31"),
        ("2024-05?", EDTF.EDTF, "2024-05-01", "2024-05-31"),
        ("2024-05-06%", EDTF.EDTF, "2024-05-06", "2024-05-06"),
        ("202X", EDTF.EDTF, "2020-01-01", "2029-12-31"),
        ("20XX", EDTF.EDTF, "2000-01-01", "2099-12-31"),
        ("2025-XX", EDTF.EDTF, "2025-01-01", "2025-12-31"),
        ("2025-XX-XX", EDTF.EDTF, "2025-01-01", "2025-12-31"),
        ("2025-04-XX", EDTF.EDTF, "2025-04-01", "2025-04-30"),
    ],
)
def test_bounds(lexical: str, datatype: NamedNode, first: str, last: str) -> None:
    assert bounds(lexical, datatype) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("lexical", ["../2026", "/2026"])
def test_open_start(lexical: str) -> None:
    assert bounds(lexical, EDTF.EDTF) == (OPEN_START, date(2026, 12, 31))


@pytest.mark.parametrize("lexical", ["2026-03/..", "2026-03/"])
def test_open_end(lexical: str) -> None:
    assert bounds(lexical, EDTF.EDTF) == (date(2026, 3, 1), OPEN_END)


@pytest.mark.parametrize(
    ("lexical", "datatype", "why"),
    [
        ("2025-13", XSD.gYearMonth, "no month 13"),
        ("2025-00", XSD.gYearMonth, "no month 00"),
        ("2025-02-30", XSD.date, "no day 30"),
        ("2025-2-3", XSD.date, "a day is written"),
        ("2025-02-03Z", XSD.date, "a day is written"),
        ("2025-02", XSD.date, "a day is written"),
        ("25", XSD.gYear, "a year is written"),
        ("0000", XSD.gYear, "no year 0"),
        ("٢٠٢٥", XSD.gYear, "a year is written"),
        ("2025", "http://www.w3.org/2001/XMLSchema#string", "its type is"),
        ("2025-25", EDTF.EDTF, "no month 25"),
        ("2025-22-01", EDTF.EDTF, "a season takes"),
        ("202X-05", EDTF.EDTF, "unspecified"),
        ("2025-XX-05", EDTF.EDTF, "unspecified"),
        ("../..", EDTF.EDTF, "both ends are open"),
        ("/", EDTF.EDTF, "both ends are open"),
        ("2026/2025", EDTF.EDTF, "ends before it begins"),
        ("2025/2026/2027", EDTF.EDTF, "EDTF is written"),
        ("summer 2025", EDTF.EDTF, "EDTF is written"),
        ("", EDTF.EDTF, "EDTF is written"),
        ("9999-24", EDTF.EDTF, "no year 10000"),
    ],
)
def test_no_date(lexical: str, datatype: NamedNode, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        bounds(lexical, datatype)


@given(written)
def test_first_is_not_after_last(value: tuple[str, NamedNode]) -> None:
    first, last = bounds(*value)
    assert first <= last


@given(days)
def test_a_day_refines_its_month_and_its_month_the_year(day: date) -> None:
    exact = bounds(day.isoformat(), XSD.date)
    month = bounds(day.strftime("%Y-%m"), XSD.gYearMonth)
    year = bounds(day.strftime("%Y"), XSD.gYear)
    assert refines(exact, month)
    assert refines(month, year)
    assert refines(exact, year)
    assert not refines(year, month)
    assert not refines(month, exact)


@given(days)
def test_months_of_a_year_cover_it_without_gap(day: date) -> None:
    months = [bounds(f"{day.year}-{month:02}", XSD.gYearMonth) for month in range(1, 13)]
    assert (months[0][0], months[-1][1]) == bounds(str(day.year), XSD.gYear)
    for (_, end), (start, _) in pairwise(months):
        assert start - end == timedelta(days=1)


@given(days)
def test_seasons_follow_one_another(day: date) -> None:
    seasons = [bounds(f"{day.year}-{season}", EDTF.EDTF) for season in (21, 22, 23, 24)]
    seasons.append(bounds(f"{day.year + 1}-21", EDTF.EDTF))
    for (_, end), (start, _) in pairwise(seasons):
        assert start - end == timedelta(days=1)


@given(written, written)
def test_two_that_refine_each_other_have_the_same_bounds(a: tuple[str, NamedNode], b: tuple[str, NamedNode]) -> None:
    if refines(bounds(*a), bounds(*b)) and refines(bounds(*b), bounds(*a)):
        assert bounds(*a) == bounds(*b)


@given(days, days)
def test_an_interval_is_refined_by_its_ends(a: date, b: date) -> None:
    first, last = min(a, b), max(a, b)
    interval = bounds(f"{first}/{last}", EDTF.EDTF)
    assert interval == (first, last)
    assert refines((first, first), interval)
    assert refines((last, last), interval)
    assert refines(interval, bounds(f"{first}/..", EDTF.EDTF))
    assert refines(interval, bounds(f"../{last}", EDTF.EDTF))


@given(written, st.sampled_from("~?%"))
def test_a_qualifier_does_not_widen(value: tuple[str, NamedNode], qualifier: str) -> None:
    assert bounds(value[0] + qualifier, EDTF.EDTF) == bounds(*value)


@given(st.one_of(st.text(), st.text("0123456789-/.X~?", max_size=12)), st.sampled_from(DATE_DATATYPES))
def test_any_text_is_a_date_or_a_clear_error(lexical: str, datatype: NamedNode) -> None:
    try:
        first, last = bounds(lexical, datatype)
    except ValueError as error:
        if repr(lexical) not in str(error):
            raise
        return
    assert first <= last


@given(written)
def test_datatype_for_finds_a_type_that_reads_the_same(value: tuple[str, NamedNode]) -> None:
    datatype = datatype_for(value[0])
    assert datatype is not None
    assert bounds(value[0], datatype) == bounds(*value)


def test_datatype_for_no_date() -> None:
    assert datatype_for("soon") is None
