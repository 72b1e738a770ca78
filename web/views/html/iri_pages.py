"""Which page shows what an IRI of the graph names, by its namespace and class."""

from collections.abc import Callable

from flask import redirect
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response

from kg.namespaces import PREFIXES
from kg.terms import AIP, GRAPH, RDF
from web.views.html import entity, ontology
from web.views.html.provenance import disagreements, records
from web.views.html.shared.caching import cached_page
from web.views.html.shared.lookup import covered_country, exists, first, node
from web.views.html.shared.terms import href

_BY_NAMESPACE: dict[str, Callable[[NamedNode], str]] = {
    "source": records.source,
    "passage": records.passage,
    "assertion": records.assertion,
    "concept": ontology.concept,
    "aip": ontology.term,
}
_BY_CLASS = {AIP.Ruling: disagreements.ruling, AIP.CoverageRecord: records.coverage_record}


@cached_page
def thing(iri: str) -> Response | str:
    """The page of whatever an IRI of the graph names."""
    term = node(iri)
    if covered_country(term):
        return redirect(href(term) or "/", 303)
    if iri in (PREFIXES["aip"], PREFIXES["concept"], PREFIXES["shape"]):
        return ontology.ontology()
    for prefix, page in _BY_NAMESPACE.items():
        if iri.startswith(PREFIXES[prefix]):
            return page(term)
    if isinstance(about := first(term, AIP.about, GRAPH.links), NamedNode):
        return redirect(f"{href(about)}#identifiers", 303)
    for cls, page in _BY_CLASS.items():
        if exists(term, RDF.type, cls):
            return page(term)
    return entity.unaccepted(term) or entity.entity(term)
