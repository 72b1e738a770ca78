"""SPARQL 1.1 service description (https://www.w3.org/TR/sparql11-service-description/): what a client needs to query.

The graphs of the assertions, thousands of them, are described by their pattern; counts are in VoID, which is linked.
"""

from flask import Response, current_app, render_template
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.catalogue import ASSERTIONS, DATASET
from kg.export import serialise
from kg.namespaces import PREFIXES
from kg.skolem import skolemise
from kg.terms import GRAPH, VOID
from web.addresses import address_of, site_address
from web.answers.conditional import conditional
from web.answers.formats import Format
from web.snapshot import Snapshot, snapshot


def service_description(form: Format) -> Response:
    """The description of the SPARQL service in a graph format."""
    return conditional(("service", site_address(), form.name), form.content_type, lambda: _described(form))


def _described(form: Format) -> bytes:
    settings, sizes = current_app.config["WEB"], _sizes(snapshot())
    text = render_template(
        "rdf/service.ttl",
        endpoint=NamedNode(address_of("sparql.sparql")),
        void=NamedNode(address_of("discovery.void")),
        dataset=NamedNode(DATASET),
        view=GRAPH.accepted,
        assertions=NamedNode(ASSERTIONS),
        assertion_space=PREFIXES["assertion"],
        sizes=sizes,
        graphs=sorted({GRAPH.catalogue, *(graph for graph in sizes if graph in GRAPH)}, key=str),
        timeout=f"{settings.timeout:g}",
        rows=settings.rows,
    )
    return serialise(skolemise(parse(text.encode(), format=RdfFormat.TURTLE)), form.name)


def _sizes(current: Snapshot) -> dict[NamedNode, str]:
    """How many triples each part of the dataset has, as the catalogue counts them."""
    quads = current.store.quads_for_pattern(None, VOID.triples, None, GRAPH.catalogue)
    return {
        quad.subject: quad.object.value
        for quad in quads
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
    }
