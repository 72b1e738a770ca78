"""The network of bodies, people, acts and targets as GraphML (http://graphml.graphdrawing.org/)."""

from collections.abc import Iterable
from xml.etree import ElementTree

from flask import Response
from pyoxigraph import NamedNode

from kg.namespaces import shorten
from web.answers.canned import Row
from web.answers.conditional import conditional
from web.locale import language
from web.views.html.shared.forms import submitted
from web.views.html.shared.terms import name

MEDIA_TYPE = "application/graphml+xml"
_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_NODE = ("label", "kind", "country", "iri")
_EDGE = ("label", "relation", "sources")


def network() -> Response:
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
    for owner, attributes in (("node", _NODE), ("edge", _EDGE)):
        for attribute in attributes:
            kind = "int" if attribute == "sources" else "string"
            key = {"id": f"{owner}-{attribute}", "for": owner, "attr.name": attribute, "attr.type": kind}
            ElementTree.SubElement(root, "key", key)
    graph = ElementTree.SubElement(root, "graph", edgedefault="directed")
    listed = list(rows)
    nodes: dict[str, dict[str, str]] = {}
    for row in listed:
        for end in ("source", "target"):
            nodes.setdefault(shorten(row.text(end)), {}).update(_node(row, end))
    for identifier, values in sorted(nodes.items()):
        _add(graph, "node", values, id=identifier)
    for number, row in enumerate(listed):
        ends = {"source": shorten(row.text("source")), "target": shorten(row.text("target"))}
        _add(graph, "edge", _edge(row), id=f"e{number}", **ends)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _node(row: Row, end: str) -> dict[str, str]:
    values = {"label": _name(row, end), "kind": _name(row, f"{end}Kind"), "iri": row.text(end)}
    country = {"country": _name(row, "country")} if end == "source" and "country" in row else {}
    return values | country


def _edge(row: Row) -> dict[str, str]:
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
