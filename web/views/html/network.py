"""Who is responsible for what: a network that grows by clicks, and the same as a table."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from flask import Response, jsonify, render_template, request
from pyoxigraph import NamedNode

from kg.namespaces import local_name, shorten
from web.answers.canned import Row, ask
from web.answers.conditional import conditional
from web.locale import language
from web.search import group_of_class
from web.views.html import caching
from web.views.html.forms import Asked, Field, asked, short
from web.views.html.terms import href, name

MOST_EDGES = 100
"""Rows of the table; the whole answer is a download away."""
FIRST = 1
"""Things to begin with where none is asked for: the most linked."""


@caching.page
def network() -> str | tuple[str, int]:
    """The links of a country or of one thing; without either, those of the most linked thing to begin with."""
    found = asked("network")
    rows = found.answer.rows if found.answer else ()
    page = render_template(
        "pages/network.html",
        found=found,
        fields=found.fields("country", "thing"),
        rows=rows[:MOST_EDGES],
        count=len(rows),
        start=json.dumps(_start(found, rows)),
        hubs=_hubs(rows),
    )
    return (page, 400) if found.error else page


def links() -> Response:
    """The links of one thing, ``?thing=``, as nodes and edges with names in the reader's language."""
    thing = request.args.get("thing", "")
    return conditional(("links", language(), thing), "application/json", lambda: _links(thing))


def _links(thing: str) -> bytes:
    rows = ask("network", thing=thing or None)
    nodes = {term: _node(term, row.text(f"{end}Kind")) for row in rows for end, term in _ends(row)}
    return jsonify({"nodes": list(nodes.values()), "edges": [_edge(row) for row in rows]}).get_data()


def _ends(row: Row) -> list[tuple[str, NamedNode]]:
    return [(end, term) for end in ("source", "target") if isinstance(term := row.get(end), NamedNode)]


def _node(term: NamedNode, kind: str) -> dict[str, Any]:
    return {
        "id": short(term.value),
        "name": str(name(term)),
        "kind": str(name(kind)) if kind else "",
        "group": group_of_class(kind),
        "address": href(term),
    }


def _edge(row: Row) -> dict[str, str]:
    source, target, relation = row.text("source"), row.text("target"), row.text("relation")
    return {"source": short(source), "target": short(target), "relation": str(name(relation)), "key": shorten(relation)}


def _hubs(rows: tuple[Row, ...]) -> list[tuple[NamedNode, int]]:
    """The most linked things."""
    counted = Counter(term for row in rows for _, term in _ends(row))
    return sorted(counted.items(), key=lambda item: (-item[1], item[0].value))[:6]


def _start(found: Asked, rows: tuple[Row, ...]) -> list[str]:
    """The things that the drawing begins with."""
    thing = found.given.get("thing")
    if thing and not found.error:
        fields: list[Field] = found.fields("thing")
        return [fields[0].value]
    return [local_name(hub.value) for hub, _ in _hubs(rows)[:FIRST]]
