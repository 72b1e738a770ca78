"""The sources of the graph by publisher, kind and date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError
from flask import render_template, request

from kg.labels import Term
from web.answers.canned import Row, ask
from web.locale import language
from web.views.html import caching
from web.views.html.forms import asked

PAGE = 100
MOST_PUBLISHERS = 12


@dataclass(frozen=True)
class Shares:
    """How the sources that were found divide."""

    kinds: list[tuple[Term, int]]
    publishers: list[tuple[Term, int]]
    years: list[tuple[str, int]]
    languages: list[tuple[str, int]]
    undated: int


def tongue(tag: str) -> str:
    """The name of a language in the reader's; its tag if nobody named it."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(language()) or tag
    except (ValueError, UnknownLocaleError):
        return tag


@caching.page
def sources() -> str | tuple[str, int]:
    """All sources, or those of a kind, publisher or language, or since a day; a year by ``?year=``."""
    found = asked("sources")
    rows = list(found.answer.rows) if found.answer else []
    shares = _shares(rows)
    year = request.args.get("year", "")
    if year:
        rows = [row for row in rows if row.text("issued")[:4] == year]
    start = max(0, int(text) - 1) * PAGE if (text := request.args.get("page", "")).isdigit() and len(text) < 6 else 0
    page = render_template(
        "pages/sources.html",
        found=found,
        fields=found.fields("kind", "publisher", "language", "since"),
        rows=rows[start : start + PAGE],
        count=len(rows),
        start=start,
        size=PAGE,
        year=year,
        shares=shares,
        every=len(ask("sources")),
        tongue=tongue,
    )
    return (page, 400) if found.error else page


def _shares(rows: Sequence[Row]) -> Shares:
    kinds = Counter(row["kind"] for row in rows if "kind" in row)
    publishers = Counter(row["publisher"] for row in rows if "publisher" in row)
    years = Counter(row.text("issued")[:4] for row in rows)
    undated = years.pop("", 0)
    languages = Counter(row.text("language") for row in rows)
    most = kinds.most_common(), publishers.most_common(MOST_PUBLISHERS)
    return Shares(*most, sorted(years.items(), reverse=True), languages.most_common(), undated)
