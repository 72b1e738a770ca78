"""The canned queries as data: SHACL SPARQL executables (https://www.w3.org/TR/shacl-af/), with the keywords and
target that the SPARQL examples of life-science endpoints carry, so that editors and agents find and run them."""

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from kg.namespaces import BASE, PREFIXES
from kg.quad_builder import Value, statements, text
from kg.query import CannedQuery, Parameter
from kg.terms import GRAPH, XSD

ENDPOINT = NamedNode(BASE + "sparql")
DECLARATIONS = BASE + "prefixes"
_KINDS = {
    "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
    "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
    "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
}
_DATATYPES = {"date": "xsd:date", "integer": "xsd:integer", "text": "xsd:string"}


def describe_queries(queries: Mapping[str, CannedQuery]) -> list[Quad]:
    """All of graph:queries: one executable for each canned query, and the prefixes they use."""
    quads = list(_declarations())
    for query in queries.values():
        quads.extend(statements(GRAPH.queries, PREFIXES["query"] + query.slug, *_query(query)))
        for order, parameter in enumerate(query.parameters):
            quads.extend(statements(GRAPH.queries, _parameter_name(query, parameter), *_parameter(parameter, order)))
    return quads


def _declarations() -> Iterator[Quad]:
    for prefix, namespace in PREFIXES.items():
        name = f"{DECLARATIONS}#{prefix}"
        space = Literal(namespace, datatype=XSD.anyURI)
        yield from statements(GRAPH.queries, DECLARATIONS, ("sh:declare", NamedNode(name)))
        yield from statements(GRAPH.queries, name, ("sh:prefix", text(prefix)), ("sh:namespace", space))


def _query(query: CannedQuery) -> Iterable[tuple[str, Value]]:
    kind, holder = _KINDS.get(query.form, ("sh:SPARQLExecutable", "schema:text"))  # SHACL has no word for DESCRIBE
    yield from (("rdf:type", "sh:SPARQLExecutable"), ("rdf:type", kind))
    yield from (("rdfs:label", text(summary, tag)) for tag, summary in query.summaries.items())
    yield "rdfs:comment", text(query.description or query.summary, "en")
    yield holder, text(query.text)
    yield "sh:prefixes", NamedNode(DECLARATIONS)
    yield "schema:target", ENDPOINT
    yield from (("schema:keywords", text(tag)) for tag in query.tags)
    yield from (("sh:parameter", NamedNode(_parameter_name(query, p))) for p in query.parameters)


def _parameter_name(query: CannedQuery, parameter: Parameter) -> str:
    return f"{PREFIXES['query']}{query.slug}.{parameter.name}"


def _parameter(parameter: Parameter, order: int) -> Iterable[tuple[str, Value]]:
    yield "rdf:type", "sh:Parameter"
    yield "sh:path", NamedNode(f"{BASE}parameter/{parameter.name}")
    yield "sh:name", text(parameter.name)
    if parameter.description:
        yield "sh:description", text(parameter.description, "en")
    yield "sh:order", order
    yield "sh:optional", True
    yield from _type(parameter)


def _type(parameter: Parameter) -> Iterable[tuple[str, Value]]:
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
