"""What is new as feeds, of all states or of one: Atom (RFC 4287) and JSON Feed 1.1 (https://jsonfeed.org/)."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from flask import Response
from flask_babel import gettext as _
from pyoxigraph import NamedNode

from kg.namespaces import BASE, shorten
from kg.terms import AIP, GRAPH
from kg.text_files import to_json
from web.addresses import absolute, address_of, site_address
from web.answers.changes import News, news
from web.answers.conditional import conditional
from web.answers.statements import sentences
from web.locale import language
from web.snapshot import snapshot
from web.views.html.shared.evidence_badge import citation_of
from web.views.html.shared.lookup import asked_country, objects
from web.views.html.shared.terms import href, name, title_of_ruling

MAX_ENTRIES = 300
_KINDS = {AIP.StatusPeriod: AIP.of, AIP.TargetState: AIP.formulation, AIP.Incumbency: AIP.post}


@dataclass(frozen=True)
class Entry:
    """An entry of a feed.

    :param address: where its evidence is
    """

    id: str
    title: str
    text: str
    address: str
    moment: datetime.datetime
    countries: tuple[str, ...]


def atom() -> Response:
    """The newest changes as an Atom feed; those of one state by ``?country=``."""
    return _answer("application/atom+xml; charset=utf-8", _atom)


def json_feed() -> Response:
    """The same as a JSON Feed."""
    return _answer("application/feed+json", _json)


def _answer(content_type: str, write: Callable[[NamedNode | None], str | bytes]) -> Response:
    country, day = asked_country(), datetime.date.today().isoformat()
    parts = (content_type, str(country), language(), site_address(), day)
    return conditional(parts, content_type, lambda: write(country))


def _entries(country: NamedNode | None) -> list[Entry]:
    return [_entry(one) for one in news(country)[:MAX_ENTRIES]]


def _entry(one: News) -> Entry:
    title, text, about = _words(one)
    moment = datetime.datetime.combine(one.day, datetime.time(), datetime.UTC)
    address = absolute(href(about) or "")
    states = tuple(name(state).text for state in one.countries)
    return Entry(f"{one.node.value}#{one.kind}-{one.day}", title, text, address, moment, states)


def _words(one: News) -> tuple[str, str, NamedNode]:
    """Title and text of a change, and what to look at."""
    if one.described is not None:
        evidence = one.described.change.evidence
        return _("Change of the record"), one.described.text(language()), evidence[0] if evidence else one.node
    if one.kind == "entered":
        return _title_of(one.node), citation_of(one.node).paraphrase, one.node
    if one.kind == "ruled":
        reason = next((getattr(term, "value", "") for term in objects(one.node, AIP.reason, GRAPH.rulings)), "")
        return f"{_('Ruling')}: {title_of_ruling(one.node)}", reason, one.node
    subjects = [term for property_ in _KINDS.values() for term in objects(one.node, property_)]
    about = next((term for term in subjects if isinstance(term, NamedNode)), one.node)
    title = name(one.node).text
    return title[:1].upper() + title[1:], " ".join(map(str, sentences().on_node(one.node))), about


def _title_of(assertion: NamedNode) -> str:
    """The title of its source, and where in it."""
    cited = citation_of(assertion)
    return f"{name(NamedNode(cited.source)).text}, {cited.locator}" if cited.source else shorten(assertion.value)


def _atom(country: NamedNode | None) -> bytes:
    from feedgen.feed import FeedGenerator  # takes 2 MB and 40 ms, which few processes need

    feed = FeedGenerator()
    feed.id(f"{BASE}new" + (f"?country={_code(country)}" if country else ""))
    feed.title(_feed_title(country))
    feed.author(name="Central Asia AI Policy Graph")
    feed.language(language())
    feed.link(href=address_of("pages.new"), rel="alternate")
    feed.link(href=address_of("pages.atom", country=_code(country)), rel="self")
    feed.updated(snapshot().modified or datetime.datetime.fromtimestamp(0, datetime.UTC))
    for entry in _entries(country):
        item = feed.add_entry(order="append")
        item.id(entry.id)
        item.title(entry.title)
        item.link(href=entry.address, rel="alternate")
        item.updated(entry.moment)
        item.published(entry.moment)
        item.summary(entry.text)
        for state in entry.countries:
            item.category(term=state)
    return bytes(feed.atom_str(pretty=True))


def _json(country: NamedNode | None) -> str:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _feed_title(country),
        "home_page_url": address_of("pages.new"),
        "feed_url": address_of("pages.json_feed", country=_code(country)),
        "language": language(),
        "authors": [{"name": "Central Asia AI Policy Graph", "url": site_address()}],
        "items": [
            {
                "id": entry.id,
                "url": entry.address,
                "title": entry.title,
                "content_text": entry.text,
                "date_published": entry.moment.isoformat(),
                "tags": list(entry.countries),
            }
            for entry in _entries(country)
        ],
    }
    return to_json(document)


def _feed_title(country: NamedNode | None) -> str:
    title = _("What is new in the Central Asia AI Policy Graph")
    return f"{title}: {name(country).text}" if country else title


def _code(country: NamedNode | None) -> str | None:
    return country.value.rpartition("/")[2] if country else None
