"""Who is responsible for what: a network that grows by clicks, the same as a table, and as GraphML
(http://graphml.graphdrawing.org/)."""

import json
from collections import Counter
from collections.abc import Iterable
from xml.etree import ElementTree

from flask import Response
from pyoxigraph import NamedNode

from kg.namespaces import local_name, shorten
from kg.search.kinds import kind_of_class
from web.answers.arguments import single
from web.answers.canned import Row, ask
from web.answers.conditional import conditional
from web.locale import language
from web.views.html.shared.caching import cached_page
from web.views.html.shared.forms import SubmittedQuery, short_name, submitted
from web.views.html.shared.terms import href, name

MAX_ROWS = 100
"""Rows of the table; the whole answer is a download away."""
MAX_HUBS = 6


@cached_page
def network() -> str | tuple[str, int]:
    """The links of a country or of one thing; without either, those of the most linked thing to begin with."""
    query = submitted("network")
    linked = Counter(term for row in query.rows for _end, term in _ends(row))
    hubs = sorted(linked.items(), key=lambda item: (-item[1], item[0].value))[:MAX_HUBS]
    return query.page(
        "pages/network.html",
        fields=query.fields("country", "thing"),
        rows=query.rows[:MAX_ROWS],
        count=len(query.rows),
        start=json.dumps(_start(query, hubs)),
        hubs=hubs,
    )


def links() -> Response:
    """The links of one thing, ``?thing=``, as nodes and edges with names in the reader's language."""
    thing = single("thing")
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


def _start(query: SubmittedQuery, hubs: list[tuple[NamedNode, int]]) -> list[str]:
    """The thing that the drawing begins with: the one asked for, else the most linked."""
    if query.given.get("thing") and not query.error:
        return [query.fields("thing")[0].value]
    return [local_name(hub.value) for hub, _count in hubs[:1]]


MEDIA_TYPE = "application/graphml+xml"
_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_NODE_KEYS = ("label", "kind", "country", "iri")
_EDGE_KEYS = ("label", "relation", "sources")


def graphml() -> Response:
    """The links of a country, of a thing or all of them, with names in the reader's language.

    :raises ParameterError: if the address asks for something else
    """
    query = submitted("network")
    if query.error:
        raise query.error
    parts = "graphml", language(), query.answer.text if query.answer else ""
    response = conditional(parts, f"{MEDIA_TYPE}; charset=utf-8", lambda: _document(query.rows))
    response.headers["Content-Disposition"] = "inline; filename=network.graphml"
    return response


def _document(rows: Iterable[Row]) -> bytes:
    root = ElementTree.Element("graphml", xmlns=_NAMESPACE)
    for owner, attributes in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for attribute in attributes:
            kind = "int" if attribute == "sources" else "string"
            key = {"id": f"{owner}-{attribute}", "for": owner, "attr.name": attribute, "attr.type": kind}
            ElementTree.SubElement(root, "key", key)
    graph = ElementTree.SubElement(root, "graph", edgedefault="directed")
    listed = list(rows)
    nodes: dict[str, dict[str, str]] = {}
    for row in listed:
        for end in ("source", "target"):
            nodes.setdefault(shorten(row.text(end)), {}).update(_node_data(row, end))
    for identifier, values in sorted(nodes.items()):
        _add(graph, "node", values, id=identifier)
    for number, row in enumerate(listed):
        ends = {"source": shorten(row.text("source")), "target": shorten(row.text("target"))}
        _add(graph, "edge", _edge_data(row), id=f"e{number}", **ends)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _node_data(row: Row, end: str) -> dict[str, str]:
    values = {"label": _name(row, end), "kind": _name(row, f"{end}Kind"), "iri": row.text(end)}
    country = {"country": _name(row, "country")} if end == "source" and "country" in row else {}
    return values | country


def _edge_data(row: Row) -> dict[str, str]:
    return {
        "label": _name(row, "relation"),
        "relation": shorten(row.text("relation")),
        "sources": row.text("sources") or "0",
    }


def _name(row: Row, variable: str) -> str:
    term = row.get(variable)
    return name(term).text if isinstance(term, NamedNode) else ""


def _add(parent: ElementTree.Element, kind: str, values: dict[str, str], **attributes: str) -> None:
    element = ElementTree.SubElement(parent, kind, attributes)
    for key, value in values.items():
        ElementTree.SubElement(element, "data", key=f"{kind}-{key}").text = value
