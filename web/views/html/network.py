"""Who is responsible for what: a network that grows by clicks, and the same as a table."""

import json
from collections import Counter
from collections.abc import Iterable

from flask import Response, render_template, request
from pyoxigraph import NamedNode

from kg.namespaces import local_name, shorten
from kg.search.kinds import kind_of_class
from web.answers.canned import Row, ask
from web.answers.conditional import conditional
from web.locale import language
from web.views.html.shared.caching import cached_page
from web.views.html.shared.forms import SubmittedQuery, short_name, submitted, with_status
from web.views.html.shared.terms import href, name

MAX_ROWS = 100
"""Rows of the table; the whole answer is a download away."""
MAX_HUBS = 6


@cached_page
def network() -> str | tuple[str, int]:
    """The links of a country or of one thing; without either, those of the most linked thing to begin with."""
    query = submitted("network")
    hubs = _hubs(query.rows)
    page = render_template(
        "pages/network.html",
        submitted=query,
        fields=query.fields("country", "thing"),
        rows=query.rows[:MAX_ROWS],
        count=len(query.rows),
        start=json.dumps(_start(query, hubs)),
        hubs=hubs,
    )
    return with_status(page, query.error)


def links() -> Response:
    """The links of one thing, ``?thing=``, as nodes and edges with names in the reader's language."""
    thing = request.args.get("thing", "")
    return conditional(("links", language(), thing), "application/json", lambda: _links(thing))


def _links(thing: str) -> str:
    rows = ask("network", thing=thing or None)
    nodes = {term: _node(term, row.text(f"{end}Kind")) for row in rows for end, term in _ends(row)}
    return json.dumps({"nodes": list(nodes.values()), "edges": list(map(_edge, rows))}, ensure_ascii=False)


def _ends(row: Row) -> list[tuple[str, NamedNode]]:
    return [(end, term) for end in ("source", "target") if isinstance(term := row.get(end), NamedNode)]


def _node(term: NamedNode, kind: str) -> dict[str, str | None]:
    return {
        "id": short_name(term.value),
        "name": name(term).text,
        "kind": name(kind or None).text,
        "group": kind_of_class(kind),
        "address": href(term),
    }


def _edge(row: Row) -> dict[str, str]:
    source, target, relation = row.text("source"), row.text("target"), row.text("relation")
    return {
        "source": short_name(source),
        "target": short_name(target),
        "relation": name(relation).text,
        "key": shorten(relation),
    }


def _hubs(rows: Iterable[Row]) -> list[tuple[NamedNode, int]]:
    """The most linked things."""
    counts = Counter(term for row in rows for _end, term in _ends(row))
    return sorted(counts.items(), key=lambda item: (-item[1], item[0].value))[:MAX_HUBS]


def _start(query: SubmittedQuery, hubs: list[tuple[NamedNode, int]]) -> list[str]:
    """The thing that the drawing begins with: the one asked for, else the most linked."""
    if query.given.get("thing") and not query.error:
        return [query.fields("thing")[0].value]
    return [local_name(hub.value) for hub, _count in hubs[:1]]
