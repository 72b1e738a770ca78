"""Writers of sorted quads: the same quads give the same bytes, whatever the hash seed or order of insertion.

Turtle and TriG as in https://www.w3.org/TR/turtle/ and https://www.w3.org/TR/trig/, RDF/XML as in
https://www.w3.org/TR/rdf-syntax-grammar/, JSON-LD (expanded, but for prefixes)
as in https://www.w3.org/TR/json-ld11/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kg.namespaces import PREFIXES
from kg.terms import Term

_TYPE = PREFIXES["rdf"] + "type"
_XSD = PREFIXES["xsd"]
_STRING = _XSD + "string"
_LANG_STRING = PREFIXES["rdf"] + "langString"
_BY_NAMESPACE = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")
_NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
_SPLIT = re.compile(r"(.*?)([A-Za-z_][A-Za-z0-9_.-]*)\Z", re.DOTALL)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BARE = {
    _XSD + "integer": re.compile(r"(?:0|-?[1-9][0-9]*)\Z"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+\Z"),
    _XSD + "boolean": re.compile(r"(?:true|false)\Z"),
}


def sort_quads(quads: Iterable[Quad | Triple]) -> list[Quad]:
    """Quads by graph, subject, predicate (``rdf:type`` first) and object, each once."""
    keyed = {_sort_key(quad): quad for quad in map(_as_quad, quads)}
    return [keyed[key] for key in sorted(keyed)]


def _as_quad(statement: Quad | Triple) -> Quad:
    return statement if isinstance(statement, Quad) else Quad(*statement)


def _sort_key(quad: Quad) -> tuple[str, str, str, str]:
    subject, predicate, value, graph = quad
    name = predicate.value
    return str(graph), str(subject), "" if name == _TYPE else name, str(value)


def _by_subject(quads: Iterable[Quad]) -> Iterator[tuple[Term, Iterator[Quad]]]:
    return groupby(quads, key=lambda quad: quad.subject)


@lru_cache(maxsize=1 << 16)
def prefixed(iri: str) -> str | None:
    """The prefixed name of an IRI, if it has one that every Turtle and JSON-LD parser reads."""
    end = max(iri.rfind("/"), iri.rfind("#")) + 1
    prefix = _BY_NAMESPACE.get(iri[:end])
    return f"{prefix}:{iri[end:]}" if prefix and _LOCAL.match(iri, end) else None


def _turtle_term(term: Term) -> str:
    if isinstance(term, NamedNode):
        return prefixed(term.value) or str(term)
    if isinstance(term, Literal):
        return _turtle_literal(term)
    return str(term)


def _turtle_literal(literal: Literal) -> str:
    datatype = literal.datatype.value
    if datatype in (_STRING, _LANG_STRING):
        return str(literal)
    if datatype in _BARE and _BARE[datatype].match(literal.value):
        return literal.value
    written = str(literal)
    quoted = written[: written.rindex("^^")]
    return f"{quoted}^^{_turtle_term(literal.datatype)}"


def _turtle_prefixes() -> str:
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(PREFIXES.items()))


def _turtle_subject(subject: Term, quads: Iterable[Quad], indent: str) -> str:
    """One subject with its predicates, one a line."""
    lines = []
    for predicate, group in groupby(quads, key=lambda quad: quad.predicate):
        verb = "a" if predicate.value == _TYPE else _turtle_term(predicate)
        values = f" ,\n{indent}        ".join(_turtle_term(quad.object) for quad in group)
        lines.append(f"{verb} {values}")
    body = f" ;\n{indent}    ".join(lines)
    return f"{indent}{_turtle_term(subject)} {body} .\n"


def write_turtle(quads: Iterable[Quad]) -> Iterator[str]:
    """Sorted quads of one graph as Turtle; graph names are left out."""
    yield _turtle_prefixes()
    for subject, group in _by_subject(quads):
        yield "\n" + _turtle_subject(subject, group, "")


def write_trig(quads: Iterable[Quad]) -> Iterator[str]:
    """Sorted quads as TriG, a block a graph."""
    yield _turtle_prefixes()
    for graph, members in groupby(quads, key=lambda quad: quad.graph_name):
        indent = "" if isinstance(graph, DefaultGraph) else "    "
        yield "\n" if not indent else f"\n{_turtle_term(graph)} {{\n"
        for subject, group in _by_subject(members):
            yield _turtle_subject(subject, group, indent)
        yield "}\n" if indent else ""


def write_ntriples(quads: Iterable[Quad]) -> Iterator[str]:
    """Quads as N-Triples; graph names are left out."""
    return (f"{quad.triple} .\n" for quad in quads)


def write_nquads(quads: Iterable[Quad]) -> Iterator[str]:
    """Quads as N-Quads."""
    return (f"{quad} .\n" for quad in quads)


def write_rdfxml(quads: Iterable[Quad]) -> Iterator[str]:
    """Sorted quads of one graph as RDF/XML; graph names are left out.

    :raises ValueError: for a predicate or a character that XML cannot hold
    """
    spaces = "".join(f"\n    xmlns:{prefix}={quoteattr(PREFIXES[prefix])}" for prefix in sorted(PREFIXES))
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>\n'
    for subject, group in _by_subject(quads):
        yield f"  <rdf:Description {_xml_node(subject, 'about')}>\n"
        for quad in group:
            yield f"    {_xml_property(quad)}\n"
        yield "  </rdf:Description>\n"
    yield "</rdf:RDF>\n"


def _xml_node(term: Term, attribute: str) -> str:
    if isinstance(term, NamedNode):
        return f"rdf:{attribute}={quoteattr(term.value)}"
    if isinstance(term, BlankNode):
        return f"rdf:nodeID={quoteattr(term.value)}"
    raise ValueError(f"RDF/XML cannot name {term}")


def _xml_property(quad: Quad) -> str:
    name, declared = _xml_name(quad.predicate.value)
    value = quad.object
    if not isinstance(value, Literal):
        return f"<{name}{declared} {_xml_node(value, 'resource')}/>"
    if _NOT_XML.search(value.value):
        raise ValueError(f"XML cannot hold a control character: {value} of {quad.subject}")
    kind = ""
    if value.language:
        kind = f" xml:lang={quoteattr(value.language)}"
    elif value.datatype.value != _STRING:
        kind = f" rdf:datatype={quoteattr(value.datatype.value)}"
    text = escape(value.value, {"\r": "&#13;"})
    return f"<{name}{declared}{kind}>{text}</{name}>"


def _xml_name(iri: str) -> tuple[str, str]:
    """The element name of a predicate and, if its namespace has no prefix here, its declaration."""
    known = prefixed(iri)
    if known and _NCNAME.match(known.partition(":")[2]):
        return known, ""
    found = _SPLIT.match(iri)
    if not found:
        raise ValueError(f"RDF/XML cannot write the predicate <{iri}>")
    return f"ns:{found[2]}", f" xmlns:ns={quoteattr(found[1])}"


def write_jsonld(quads: Iterable[Quad]) -> Iterator[str]:
    """Sorted quads as JSON-LD, a node a line; its only context is our prefixes, so it needs no other file."""
    context = json.dumps(dict(sorted(PREFIXES.items())), indent=4)
    yield f'{{"@context": {context},\n"@graph": ['
    for position, (graph, members) in enumerate(groupby(quads, key=lambda quad: quad.graph_name)):
        yield ",\n" if position else "\n"
        named = not isinstance(graph, DefaultGraph)
        if named:
            yield f'{{"@id": {json.dumps(_json_id(graph))}, "@graph": [\n'
        nodes = (_json_node(subject, group) for subject, group in _by_subject(members))
        yield from _joined(nodes, ",\n")
        yield "\n]}" if named else ""
    yield "\n]}\n"


def _joined(parts: Iterable[str], separator: str) -> Iterator[str]:
    for position, part in enumerate(parts):
        yield separator + part if position else part


def _json_id(term: object) -> str:
    return (prefixed(term.value) or term.value) if isinstance(term, NamedNode) else str(term)


def _json_node(subject: Term, quads: Iterable[Quad]) -> str:
    node: dict[str, object] = {"@id": _json_id(subject)}
    for predicate, group in groupby(quads, key=lambda quad: quad.predicate):
        if predicate.value == _TYPE:
            node["@type"] = [_json_id(quad.object) for quad in group]
        else:
            node[_json_id(predicate)] = [_json_value(quad.object) for quad in group]
    return json.dumps(node, ensure_ascii=False)


def _json_value(term: Term) -> dict[str, str]:
    if not isinstance(term, Literal):
        return {"@id": _json_id(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == _STRING:
        return {"@value": term.value}
    return {"@value": term.value, "@type": _json_id(term.datatype)}


WRITERS: dict[str, Callable[[Iterable[Quad]], Iterator[str]]] = {
    "turtle": write_turtle,
    "ntriples": write_ntriples,
    "rdfxml": write_rdfxml,
    "trig": write_trig,
    "nquads": write_nquads,
    "jsonld": write_jsonld,
}
