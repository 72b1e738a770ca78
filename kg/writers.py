"""Writes sorted quads: the same quads give the same bytes, whatever the hash seed or order of insertion.

pyoxigraph writes each format but sorted JSON-LD (https://www.w3.org/TR/json-ld11/; expanded, but for prefixes), as it
would not keep a node together. RDF/XML is checked, since it cannot hold every triple and the engine would write a file
that no parser reads.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from typing import IO, TYPE_CHECKING, cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from kg.formats import GRAPH_FORMATS, GraphFormat
from kg.namespaces import PREFIXES
from kg.quad_builder import in_graph
from kg.terms import RDF, XSD, Term
from kg.xml10 import XmlSink, check_predicates

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_BY_NAMESPACE = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")
_ABBREVIATED = ("turtle", "trig", "rdfxml")
_NOT_RDFXML = tuple(form.media_type for form in GRAPH_FORMATS.values() if form.name != "rdfxml")


def write(quads: Iterable[Quad | Triple], form: GraphFormat) -> bytes:
    """The quads in a format, sorted; a format without named graphs leaves graph names out.

    :raises FormatError: for what RDF/XML cannot hold
    """
    ordered = sort_quads(quads if form.has_named_graphs else in_graph(quads))
    if form.name == "jsonld":
        return _jsonld(ordered).encode()
    out = io.BytesIO()
    if form.has_named_graphs:
        serialize(ordered, out, format=RdfFormat.from_media_type(form.media_type), prefixes=PREFIXES)
    else:
        write_triples((quad.triple for quad in ordered), form, out)
    return out.getvalue()


def write_triples(triples: Iterable[Triple], form: GraphFormat, out: SupportsWrite[bytes]) -> None:
    """Write triples as they come, in a format.

    :raises FormatError: for what RDF/XML cannot hold; part of the answer may be written by then
    """
    if form.name == "rdfxml":
        triples, out = check_predicates(triples, _NOT_RDFXML), XmlSink(out, _NOT_RDFXML)
    prefixes = PREFIXES if form.name in _ABBREVIATED else None
    serialize(triples, cast(IO[bytes], out), format=RdfFormat.from_media_type(form.media_type), prefixes=prefixes)


def sort_quads(quads: Iterable[Quad | Triple]) -> list[Quad]:
    """Quads by graph (the default graph first), subject, predicate (``rdf:type`` first) and object, each once."""
    keyed = {_sort_key(quad): quad for quad in (q if isinstance(q, Quad) else Quad(*q) for q in quads)}
    return [keyed[key] for key in sorted(keyed)]


def _sort_key(quad: Quad) -> tuple[str, str, str, str]:
    subject, predicate, value, graph = quad
    name = "" if isinstance(graph, DefaultGraph) else str(graph)
    return name, str(subject), "" if predicate == RDF.type else predicate.value, str(value)


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
