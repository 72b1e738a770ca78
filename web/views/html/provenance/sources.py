"""The sources by publisher, kind and date; what was entered since a day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import render_template, request

from kg.terms import AIP, Term
from web.answers.canned import Row, ask
from web.views.html.shared.caching import cached_page
from web.views.html.shared.forms import page_start, submitted, with_status
from web.views.html.shared.lookup import countries
from web.views.html.shared.terms import name

SOURCES_PAGE, ENTRIES_PAGE, MAX_PUBLISHERS = 100, 60, 12


@cached_page
def sources() -> str | tuple[str, int]:
    """All sources, or those of a kind, publisher or language, or since a day; a year by ``?year=``."""
    query, year = submitted("sources", "year", "page"), request.args.get("year", "")
    rows = [row for row in query.rows if not year or row.text("issued")[:4] == year]
    start = page_start(SOURCES_PAGE)
    page = render_template(
        "pages/sources.html",
        submitted=query,
        fields=query.fields("kind", "publisher", "language", "since"),
        rows=rows[start : start + SOURCES_PAGE],
        count=len(rows),
        start=start,
        size=SOURCES_PAGE,
        year=year,
        kinds=_count(query.rows, "kind").most_common(),
        publishers=_count(query.rows, "publisher").most_common(MAX_PUBLISHERS),
        years=sorted(Counter(row.text("issued")[:4] for row in query.rows).items(), reverse=True),
        by_language=Counter(row.text("language") for row in query.rows).most_common(),
        total=len(ask("sources")),
    )
    return with_status(page, query.error)


def _count(rows: Sequence[Row], variable: str) -> Counter[Term]:
    return Counter(row[variable] for row in rows if variable in row)


@dataclass(frozen=True)
class Entry:
    """What was entered on a day from one source, or one ruling.

    :param thing: the source or the ruling
    :param texts: what it says, passage by passage
    """

    day: str
    thing: Term
    title: str
    is_ruling: bool
    texts: tuple[str, ...]
    publisher: Term | None = None


@cached_page
def new() -> str | tuple[str, int]:
    """What was entered, the newest first; ``?since=`` and ``?until=`` limit the days."""
    query = submitted("entered-since", "page")
    entries = _entries(query.rows)
    start = page_start(ENTRIES_PAGE)
    shown = entries[start : start + ENTRIES_PAGE]
    page = render_template(
        "pages/new.html",
        submitted=query,
        fields=query.fields(),
        days=[(day, list(group)) for day, group in groupby(shown, key=lambda entry: entry.day)],
        rulings=sum(entry.is_ruling for entry in entries),
        passages=sum(len(entry.texts) for entry in entries if not entry.is_ruling),
        count=len(entries),
        countries=countries(),
        start=start,
        size=ENTRIES_PAGE,
    )
    return with_status(page, query.error)


def _entries(rows: Sequence[Row]) -> list[Entry]:
    """Entries by day and source, the newest first, rulings first within a day."""
    groups: dict[tuple[str, bool, str], list[Row]] = {}
    for row in rows:
        is_ruling = row.get("kind") == AIP.Ruling
        key = row.text("entered"), is_ruling, row.text("entry" if is_ruling else "source")
        groups.setdefault(key, []).append(row)
    return [_entry(groups[key]) for key in sorted(groups, reverse=True)]


def _entry(rows: list[Row]) -> Entry:
    row = rows[0]
    is_ruling = row.get("kind") == AIP.Ruling
    thing = row["entry" if is_ruling else "source"]
    title = name(thing).text if is_ruling else row.text("sourceLabel")
    texts = tuple(dict.fromkeys(row.text("text") for row in rows))
    return Entry(row.text("entered"), thing, title, is_ruling, texts, row.get("publisher"))
