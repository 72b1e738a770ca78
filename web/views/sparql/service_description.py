"""SPARQL 1.1 service description (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, current_app, render_template
from pyoxigraph import NamedNode, RdfFormat, parse

from kg.catalogue import DATASET
from kg.export import serialise
from kg.skolem import skolemise
from kg.terms import GRAPH
from web.addresses import address_of, site_address
from web.answers.conditional import conditional
from web.answers.formats import Format
from web.memo import Kind
from web.snapshot import Snapshot, snapshot

_SIZES: Kind[dict[NamedNode, int]] = Kind("sizes of named graphs")


def service_description(form: Format) -> Response:
    """The description of the SPARQL service in a graph format."""
    return conditional(("service", site_address(), form.name), form.content_type, lambda: _described(form))


def _described(form: Format) -> bytes:
    current, settings = snapshot(), current_app.config["WEB"]
    sizes = current.memo.get(_SIZES, None, lambda: dict(_graph_sizes(current)))
    text = render_template(
        "rdf/service.ttl",
        endpoint=NamedNode(address_of("sparql.sparql")),
        dataset=NamedNode(DATASET),
        view=GRAPH.accepted,
        accepted=sizes.get(GRAPH.accepted, 0),
        graphs=sizes.items(),
        timeout=f"{settings.timeout:g}",
        rows=settings.rows,
    )
    return serialise(skolemise(parse(text.encode(), format=RdfFormat.TURTLE)), form.name)


def _graph_sizes(current: Snapshot) -> Iterator[tuple[NamedNode, int]]:
    """Each named graph and how many triples it has."""
    graphs = (graph for graph in current.store.named_graphs() if isinstance(graph, NamedNode))
    for graph in sorted(graphs, key=lambda graph: graph.value):
        yield graph, sum(1 for _ in current.store.quads_for_pattern(None, None, None, graph))
