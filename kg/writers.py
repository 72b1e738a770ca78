"""Writes sorted quads: the same quads give the same bytes, whatever the hash seed or order of insertion.

pyoxigraph writes each format but JSON-LD (https://www.w3.org/TR/json-ld11/; expanded, but for prefixes), of which it
has no streaming form that keeps one node together; and RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/) is checked
first, since it cannot hold every triple and the engine would write a file that no parser reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from kg.formats import GraphFormat
from kg.namespaces import PREFIXES
from kg.quad_builder import in_graph
from kg.terms import RDF, XSD, Term

_BY_NAMESPACE = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")
_XML_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENGINE_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
}


def write(quads: Iterable[Quad | Triple], form: GraphFormat) -> bytes:
    """The quads in a format, sorted; a format without named graphs leaves graph names out.

    :raises ValueError: for what RDF/XML cannot hold
    """
    ordered = sort_quads(quads if form.has_named_graphs else in_graph(quads))
    if form.name == "jsonld":
        return _jsonld(ordered).encode()
    if form.name == "rdfxml":
        _check_xml(ordered)
    statements: list[Quad] | list[Triple] = ordered if form.has_named_graphs else [quad.triple for quad in ordered]
    written = serialize(statements, format=_ENGINE_FORMATS[form.name], prefixes=PREFIXES) or b""
    # The engine leaves a carriage return as it is, which an XML parser reads as a line feed.
    return written.replace(b"\r", b"&#13;") if form.name == "rdfxml" else written


def sort_quads(quads: Iterable[Quad | Triple]) -> list[Quad]:
    """Quads by graph (the default graph first), subject, predicate (``rdf:type`` first) and object, each once."""
    keyed = {_sort_key(quad): quad for quad in (q if isinstance(q, Quad) else Quad(*q) for q in quads)}
    return [keyed[key] for key in sorted(keyed)]


def _sort_key(quad: Quad) -> tuple[str, str, str, str]:
    subject, predicate, value, graph = quad
    name = "" if isinstance(graph, DefaultGraph) else str(graph)
    return name, str(subject), "" if predicate == RDF.type else predicate.value, str(value)


def _check_xml(quads: Iterable[Quad]) -> None:
    for quad in quads:
        if isinstance(quad.object, Literal) and _NOT_XML.search(quad.object.value):
            raise ValueError(f"XML cannot hold a control character: {quad.object} of {quad.subject}")
        if not _XML_NAME.search(quad.predicate.value):
            raise ValueError(f"RDF/XML cannot write the predicate {quad.predicate}")


@lru_cache(maxsize=1 << 16)
def prefixed(iri: str) -> str | None:
    """The prefixed name of an IRI, if it has one that every parser reads."""
    end = max(iri.rfind("/"), iri.rfind("#")) + 1
    prefix = _BY_NAMESPACE.get(iri[:end])
    return f"{prefix}:{iri[end:]}" if prefix and _LOCAL.match(iri, end) else None


def _jsonld(quads: Iterable[Quad]) -> str:
    """Sorted quads as JSON-LD, a node a line; its only context is our prefixes, so it needs no other file."""
    graphs = []
    for graph, members in groupby(quads, key=lambda quad: quad.graph_name):
        nodes = ",\n".join(_node(subject, group) for subject, group in groupby(members, key=lambda quad: quad.subject))
        default = isinstance(graph, DefaultGraph)
        graphs.append(nodes if default else f'{{"@id": {json.dumps(_id(graph))}, "@graph": [\n{nodes}\n]}}')
    context = json.dumps(dict(sorted(PREFIXES.items())), indent=4)
    return f'{{"@context": {context},\n"@graph": [\n' + ",\n".join(graphs) + "\n]}\n"


def _node(subject: Term, quads: Iterable[Quad]) -> str:
    node: dict[str, object] = {"@id": _id(subject)}
    for predicate, group in groupby(quads, key=lambda quad: quad.predicate):
        if predicate == RDF.type:
            node["@type"] = [_id(quad.object) for quad in group]
        else:
            node[_id(predicate)] = [_value(quad.object) for quad in group]
    return json.dumps(node, ensure_ascii=False)


def _id(term: object) -> str:
    return (prefixed(term.value) or term.value) if isinstance(term, NamedNode) else str(term)


def _value(term: Term) -> dict[str, str]:
    if not isinstance(term, Literal):
        return {"@id": _id(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    return {"@value": term.value} | ({} if term.datatype == XSD.string else {"@type": _id(term.datatype)})
