"""Until when sources were read: each page, table and file that answers for a day says it (design 9.2)."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from functools import cache

import pytest
from lxml import html
from pyoxigraph import Literal

from kg.query import load_queries
from kg.terms import AIP, GRAPH
from tests.explorer import application
from tests.served import ID, ROOT, record

DAY = "2026-11-30"
QUESTIONS = load_queries(ROOT / "queries")
DATED = [slug for slug, query in QUESTIONS.items() if any(p.name == "asOf" for p in query.parameters)]
PAGES = ["/", "/country/kz", "/country/tm", "/targets", "/compare", "/timeline", "/id/kz-law-on-ai"]


@cache
def horizons() -> dict[str, str]:
    """The day of each covered country."""
    store = record()
    covered = [quad.subject for quad in store.quads_for_pattern(None, AIP.coverageOrder, None, GRAPH.accepted)]
    days = {}
    for country in covered:
        (quad,) = store.quads_for_pattern(country, AIP.readUntil, None, GRAPH.accepted)
        assert isinstance(quad.object, Literal)
        days[str(country).strip("<>")] = quad.object.value
    return days


def text(path: str, accept: str = "*/*") -> str:
    response = application().test_client().get(path, headers={"Accept": accept})
    assert response.status_code == 200, path
    return response.get_data(as_text=True)


def test_the_questions_about_a_day_are_known() -> None:
    assert {"targets", "overdue", "office-holders", "instruments", "status-on-date", "worklist"} <= set(DATED)
    assert len(horizons()) == 5


@pytest.mark.parametrize("slug", DATED)
def test_a_file_says_until_when_sources_were_read(slug: str) -> None:
    rows = list(csv.DictReader(io.StringIO(text(f"/query/{slug}?asOf={DAY}&format=csv"))))
    known = [row for row in rows if row.get("country") in horizons()]
    assert rows
    assert known or "country" not in rows[0]
    for row in known or rows:
        assert row["readUntil"], row
    for row in known:
        if slug not in ("targets", "overdue", "due-soon", "progress"):  # a target has a day of its own
            assert row["readUntil"] == horizons()[row["country"]], row
    as_json = json.loads(text(f"/query/{slug}?asOf={DAY}&format=rows"))
    listed = as_json if isinstance(as_json, list) else as_json["rows"]
    assert {row["readUntil"] for row in listed if row.get("readUntil")} == {r["readUntil"] for r in rows} - {""}


@pytest.mark.parametrize("path", [*PAGES, *(f"/query/{slug}" for slug in DATED)])
@pytest.mark.parametrize(("language", "words"), [("en", "Sources were read until"), ("ru", "Источники просмотрены по")])
def test_a_page_says_until_when_sources_were_read(path: str, language: str, words: str) -> None:
    page = html.fromstring(text(f"{path}?lang={language}", "text/html"))
    lines = [line.text_content() for line in page.xpath("//main//p") if words in line.text_content()]
    assert lines
    assert any("2026" in line for line in lines)


@pytest.mark.parametrize("code", ["kz", "uz"])
def test_a_question_about_one_country_says_until_when_its_sources_were_read(code: str) -> None:
    day = date.fromisoformat(horizons()[f"{ID}{code}"])
    words = f"Sources were read until {day.day} {day:%B %Y}."
    page = html.fromstring(text(f"/query/targets?country={code}", "text/html"))
    (caption,) = page.xpath("//main//figcaption")
    assert words in " ".join(caption.text_content().split())
    assert [line.text_content() for line in page.find_class("read-until")] == [words]
    assert words in text(f"/embed/targets?country={code}", "text/html")
