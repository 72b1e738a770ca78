"""What was entered into the graph since a day, as a page and as an Atom feed (RFC 4287)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from feedgen.feed import FeedGenerator
from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from kg.labels import Term
from kg.namespaces import BASE
from kg.terms import AIP
from web.addresses import absolute, address_of, site_address
from web.answers.canned import Row, ask
from web.answers.conditional import conditional
from web.locale import language
from web.snapshot import snapshot
from web.views.html import caching
from web.views.html.forms import asked
from web.views.html.terms import href, name

PAGE = 60
"""Sources and rulings on one page."""
FEED = 60
"""Entries of the feed."""


@dataclass(frozen=True)
class News:
    """What was entered on a day from one source, or one ruling.

    :param thing: the source or the ruling
    :param texts: what it says, passage by passage
    """

    day: str
    thing: Term
    title: str
    ruling: bool
    texts: tuple[str, ...]
    publisher: Term | None = None


@caching.page
def new() -> str | tuple[str, int]:
    """What was entered, the newest first; ``?since=`` and ``?until=`` limit the days."""
    found = asked("entered-since")
    news = collect(found.answer.rows) if found.answer else []
    start = max(0, int(text) - 1) * PAGE if (text := request.args.get("page", "")).isdigit() and len(text) < 6 else 0
    shown = news[start : start + PAGE]
    page = render_template(
        "pages/new.html",
        found=found,
        fields=found.fields(),
        days=[(day, list(group)) for day, group in groupby(shown, key=lambda item: item.day)],
        rulings=sum(item.ruling for item in news),
        passages=sum(len(item.texts) for item in news if not item.ruling),
        count=len(news),
        start=start,
        size=PAGE,
    )
    return (page, 400) if found.error else page


def collect(rows: Sequence[Row]) -> list[News]:
    """Entries by day and source, rulings first within a day."""
    groups: dict[tuple[str, bool, Term], list[Row]] = {}
    for row in rows:
        ruling = row.get("kind") == AIP.Ruling
        groups.setdefault((row.text("entered"), ruling, row["entry" if ruling else "source"]), []).append(row)
    order = sorted(groups, key=lambda key: (key[1], str(key[2])), reverse=True)
    return [_news(key, groups[key]) for key in sorted(order, key=lambda key: key[0], reverse=True)]


def _news(key: tuple[str, bool, Term], rows: list[Row]) -> News:
    day, ruling, thing = key
    title = str(name(thing)) if ruling else rows[0].text("sourceLabel")
    texts = tuple(dict.fromkeys(row.text("text") for row in rows))
    return News(day, thing, title, ruling, texts, rows[0].get("publisher"))


def atom() -> Response:
    """The newest entries as a feed."""
    return conditional(
        ("atom", language(), site_address()),
        "application/atom+xml; charset=utf-8",
        lambda: bytes(_feed(collect(ask("entered-since"))[:FEED]).atom_str(pretty=True)),
    )


def _feed(news: Sequence[News]) -> FeedGenerator:
    feed = FeedGenerator()
    feed.id(f"{BASE}new")
    feed.title(_("What is new in the Central Asia AI Policy Graph"))
    feed.author(name="Central Asia AI Policy Graph")
    feed.language(language())
    feed.link(href=address_of("pages.new"), rel="alternate")
    feed.link(href=address_of("pages.atom"), rel="self")
    changed = snapshot().modified or datetime.datetime.fromtimestamp(0, datetime.UTC)
    feed.updated(max([changed, *(_moment(item.day) for item in news)]) if not news else changed)
    for item in news:
        iri = str(getattr(item.thing, "value", ""))
        entry = feed.add_entry(order="append")
        entry.id(f"{iri}#{item.day}")
        entry.title(item.title)
        entry.link(href=absolute(href(item.thing) or ""), rel="alternate")
        entry.updated(_moment(item.day))
        entry.published(_moment(item.day))
        entry.summary(summary(item))
    return feed


def _moment(day: str) -> datetime.datetime:
    return datetime.datetime.combine(datetime.date.fromisoformat(day[:10]), datetime.time(), datetime.UTC)


def summary(item: News) -> str:
    """What is new of a source or ruling, in a line or two."""
    if item.ruling:
        return f"{_('Ruling')}: {item.texts[0]}"
    count = ngettext("%(num)s passage", "%(num)s passages", len(item.texts))
    who = f"{name(item.publisher)}, " if item.publisher is not None else ""
    return f"{who}{count}. {item.texts[0]}"
