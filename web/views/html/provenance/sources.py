"""The sources by publisher, kind and date; what was entered since a day, as a page and as an Atom feed (RFC 4287)."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from feedgen.feed import FeedGenerator
from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from kg.namespaces import BASE
from kg.terms import AIP, Term
from web.addresses import absolute, address_of, site_address
from web.answers.canned import Row, ask
from web.answers.conditional import conditional
from web.locale import language
from web.snapshot import snapshot
from web.views.html.shared.caching import cached_page
from web.views.html.shared.forms import page_start, submitted, with_status
from web.views.html.shared.terms import href, name

SOURCES_PAGE, ENTRIES_PAGE, FEED_SIZE, MAX_PUBLISHERS = 100, 60, 60, 12


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


def atom() -> Response:
    """The newest entries as a feed."""
    return conditional(
        ("atom", language(), site_address()),
        "application/atom+xml; charset=utf-8",
        lambda: bytes(_feed(_entries(ask("entered-since"))[:FEED_SIZE]).atom_str(pretty=True)),
    )


def _feed(entries: Sequence[Entry]) -> FeedGenerator:
    feed = FeedGenerator()
    feed.id(f"{BASE}new")
    feed.title(_("What is new in the Central Asia AI Policy Graph"))
    feed.author(name="Central Asia AI Policy Graph")
    feed.language(language())
    feed.link(href=address_of("pages.new"), rel="alternate")
    feed.link(href=address_of("pages.atom"), rel="self")
    feed.updated(snapshot().modified or datetime.datetime.fromtimestamp(0, datetime.UTC))
    for entry in entries:
        item = feed.add_entry(order="append")
        item.id(f"{getattr(entry.thing, 'value', '')}#{entry.day}")
        item.title(entry.title)
        item.link(href=absolute(href(entry.thing) or ""), rel="alternate")
        day = datetime.date.fromisoformat(entry.day[:10])
        moment = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
        item.updated(moment)
        item.published(moment)
        item.summary(_summary(entry))
    return feed


def _summary(entry: Entry) -> str:
    """What is new of a source or ruling, in a line or two."""
    if entry.is_ruling:
        return f"{_('Ruling')}: {entry.texts[0]}"
    count = ngettext("%(num)s passage", "%(num)s passages", len(entry.texts))
    publisher = f"{name(entry.publisher)}, " if entry.publisher is not None else ""
    return f"{publisher}{count}. {entry.texts[0]}"
