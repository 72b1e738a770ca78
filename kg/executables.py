"""The canned queries as data: SHACL SPARQL executables (https://www.w3.org/TR/shacl-af/), with the keywords and
target that the SPARQL examples of life-science endpoints carry, so that editors and agents find and run them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Quad

from kg.namespaces import BASE, GRAPH_QUERIES, PREFIXES, expand
from kg.quad_builder import Value, statements, text

ENDPOINT = NamedNode(BASE + "sparql")
DECLARATIONS = BASE + "prefixes"
_KINDS = {
    "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
    "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
    "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
}
_DATATYPES = {"date": "xsd:date", "integer": "xsd:integer", "text": "xsd:string"}


class ParameterLike(Protocol):
    """What is read of a parameter of a canned query."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def default(self) -> str | None: ...
    @property
    def cls(self) -> str | None: ...
    @property
    def scheme(self) -> str | None: ...
    @property
    def minimum(self) -> int: ...
    @property
    def maximum(self) -> int: ...


class QueryLike(Protocol):
    """What is read of a canned query."""

    @property
    def slug(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def summary_ru(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def parameters(self) -> Sequence[ParameterLike]: ...
    @property
    def text(self) -> str: ...
    @property
    def tags(self) -> Sequence[str]: ...
    @property
    def form(self) -> str: ...


def describe_queries(queries: Mapping[str, QueryLike]) -> list[Quad]:
    """The whole graph:queries: one executable a canned query, and the prefixes they use."""
    quads = list(_declarations())
    for query in queries.values():
        quads.extend(statements(GRAPH_QUERIES, PREFIXES["query"] + query.slug, *_query(query)))
        for order, parameter in enumerate(query.parameters):
            quads.extend(statements(GRAPH_QUERIES, _parameter_name(query, parameter), *_parameter(parameter, order)))
    return quads


def _declarations() -> Iterator[Quad]:
    for prefix, namespace in PREFIXES.items():
        name = f"{DECLARATIONS}#{prefix}"
        space = Literal(namespace, datatype=NamedNode(expand("xsd:anyURI")))
        yield from statements(GRAPH_QUERIES, DECLARATIONS, ("sh:declare", NamedNode(name)))
        yield from statements(GRAPH_QUERIES, name, ("sh:prefix", text(prefix)), ("sh:namespace", space))


def _query(query: QueryLike) -> Iterable[tuple[str, Value]]:
    kind, holder = _KINDS.get(query.form, ("sh:SPARQLExecutable", "schema:text"))  # SHACL has no word for DESCRIBE
    yield from (("rdf:type", "sh:SPARQLExecutable"), ("rdf:type", kind))
    yield "rdfs:label", text(query.summary, "en")
    if query.summary_ru:
        yield "rdfs:label", text(query.summary_ru, "ru")
    yield "rdfs:comment", text(query.description or query.summary, "en")
    yield holder, text(query.text)
    yield "sh:prefixes", NamedNode(DECLARATIONS)
    yield "schema:target", ENDPOINT
    yield from (("schema:keywords", text(tag)) for tag in query.tags)
    yield from (("sh:parameter", NamedNode(_parameter_name(query, p))) for p in query.parameters)


def _parameter_name(query: QueryLike, parameter: ParameterLike) -> str:
    return f"{PREFIXES['query']}{query.slug}.{parameter.name}"


def _parameter(parameter: ParameterLike, order: int) -> Iterable[tuple[str, Value]]:
    yield "rdf:type", "sh:Parameter"
    yield "sh:path", NamedNode(f"{BASE}parameter/{parameter.name}")
    yield "sh:name", text(parameter.name)
    if parameter.description:
        yield "sh:description", text(parameter.description, "en")
    yield "sh:order", order
    yield "sh:optional", True
    yield from _type(parameter)


def _type(parameter: ParameterLike) -> Iterable[tuple[str, Value]]:
    if parameter.kind in _DATATYPES:
        yield "sh:datatype", _DATATYPES[parameter.kind]
    elif parameter.kind == "concept":
        yield "sh:class", "skos:Concept"
        if parameter.scheme:
            yield "skos:inScheme", parameter.scheme
    else:
        yield "sh:class", parameter.cls or "aip:Entity"
    if parameter.kind == "integer":
        yield from (("sh:minInclusive", parameter.minimum), ("sh:maxInclusive", parameter.maximum))
    if parameter.kind == "text":
        yield "sh:maxLength", parameter.maximum
    if parameter.default is not None:
        yield "sh:defaultValue", text(parameter.default)
