"""Which page shows what an IRI of the graph names, by its namespace and class."""

from collections.abc import Callable

from flask import redirect, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response

from kg.namespaces import BASE, PREFIXES
from kg.terms import AIP, GRAPH, RDF
from web.answers.arguments import refuse_unknown
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
_TAKEN = {"id": ("asOf", "page"), "source": ("page",), "assertion": ("fragment",)}
"""The parameters that the pages of a namespace read."""


@cached_page
def thing(iri: str) -> Response | str:
    """The page of whatever an IRI of the graph names.

    :raises ParameterError: if the address asks for what its page does not read
    """
    refuse_unknown(*_TAKEN.get(iri.removeprefix(BASE).partition("/")[0], ()), "format")
    term = node(iri)
    if country := covered_country(term):
        return redirect(url_for("pages.country", code=country.code, **request.args.to_dict(flat=False)), 303)  # type: ignore[arg-type]
    if iri in (PREFIXES["aip"], PREFIXES["concept"], PREFIXES["shape"]):
        return ontology.ontology()
    for prefix, page in _BY_NAMESPACE.items():
        if iri.startswith(PREFIXES[prefix]):
            return page(term)
    if isinstance(about := first(term, AIP.about, GRAPH.links), NamedNode):
        return redirect(f"{href(about)}#identifiers", 303)
    for cls, page in _BY_CLASS.items():
        if exists(term, RDF.type, cls):
            refuse_unknown("format")
            return page(term)
    return entity.unaccepted(term) or entity.entity(term)
