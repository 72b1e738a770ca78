"""Every IRI of the graph answers at its own path, in the format that Accept or the suffix asks for.

Document and thing share an address, as content negotiation is all that tells them apart
(https://www.w3.org/TR/cooluris/ allows it for what is itself an information resource; here every answer names the IRI).
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from kg.errors import UnknownThingError
from kg.export import serialise
from kg.formats import GRAPH_FORMATS
from kg.namespaces import BASE, GRAPH_ACCEPTED, GRAPH_CONCEPTS, GRAPH_ONTOLOGY, GRAPH_QUERIES, GRAPH_SHAPES
from web.answers import description
from web.answers.adhoc import finish, tag_of, unchanged
from web.answers.files import send, the_files
from web.answers.formats import GRAPHS, HTML, Format, choose
from web.snapshot import Snapshot, node, snapshot
from web.views.html.page_registry import page
from web.views.linked_data.signposting import signpost

blueprint = Blueprint("linked_data", __name__)

WHOLE = {"ontology": GRAPH_ONTOLOGY, "concept": GRAPH_CONCEPTS, "shape": GRAPH_SHAPES, "query": GRAPH_QUERIES}
"""Namespaces whose own IRI answers with a whole graph."""
NAMED = {"trig", "nquads", "jsonld"}
_SUFFIXES = {form.suffix: form for form in (*GRAPHS, HTML)}
_KEPT = 200


@blueprint.get("/<any(id,ontology,concept,source,passage,assertion,graph,shape,genid):kind>/<path:name>")
def resource(kind: str, name: str) -> BaseResponse:
    """A description, term, concept, source, passage, assertion or graph."""
    iri, suffix = _named(f"{BASE}{kind}/{name}")
    form = suffix or _negotiated()
    if form == HTML:
        return make_response((page("thing") or _no_page)(iri.value))
    if kind == "graph" and snapshot().store.contains_named_graph(iri):
        return graph_content(iri, form)
    return describe_thing(iri.value, form)


@blueprint.get("/<any(ontology,concept,shape):kind>/")
def namespace(kind: str) -> BaseResponse:
    """A whole vocabulary: the ontology, all concepts, or all shapes."""
    form = _negotiated()
    if form == HTML:
        return make_response((page("thing") or _no_page)(f"{BASE}{kind}/"))
    return graph_content(NamedNode(WHOLE[kind]), form)


@blueprint.get("/<any('dataset','catalogue','maintainers','service','prefixes','links-to-wikidata'):kind>")
@blueprint.get("/<any(dataset,distribution,parameter,release):kind>/<path:name>")
def catalogued(kind: str, name: str = "") -> BaseResponse:
    """What the catalogue and the queries name beside the graph itself."""
    iri, suffix = _named(f"{BASE}{kind}/{name}" if name else BASE + kind)
    form = suffix or _negotiated()
    if form == HTML:
        return make_response((page("thing") or _no_page)(iri.value))
    return describe_thing(iri.value, form)


def _negotiated() -> Format:
    offered = (*GRAPHS, HTML) if page("thing") else GRAPHS
    return choose(offered, request.accept_mimetypes, request.args)


def _no_page(iri: str) -> Response:
    raise BadRequest(f"There is no page for people here; ask for format=turtle of {iri}.")


def _named(address: str) -> tuple[NamedNode, Format | None]:
    """The IRI an address means, and the format if it ends in a suffix that is no part of the name.

    :raises UnknownThingError: if the graph knows neither
    """
    store = snapshot().store
    iri = node(address)
    if iri is not None and description.exists(store, iri):
        return iri, None
    stem, dot, suffix = address.rpartition(".")
    iri = node(stem) if dot and suffix in _SUFFIXES else None
    if iri is not None and description.exists(store, iri):
        return iri, _SUFFIXES[suffix]
    raise UnknownThingError(f"nothing in the graph is called {address[:200]}", hint="look for it: /search?q=")


def describe_thing(iri: str, form: Format) -> Response:
    """The description of an IRI in a graph format."""
    current = snapshot()
    tag = tag_of(current.name, "thing", iri, form.name)
    if unchanged(tag):
        return signpost(finish(Response(status=304), tag, False), iri)
    body = _kept(current, tag)
    if body is None:
        quads = description.description(current.store, NamedNode(iri))
        if not quads:
            raise UnknownThingError(f"nothing in the graph is called {iri[:200]}")
        body = b"".join(serialise(quads if form.name in NAMED else description.triples(quads), form.name))
        _keep(current, tag, body)
    return signpost(finish(Response(body, content_type=form.content_type), tag, False), iri)


def graph_content(name: NamedNode | None, form: Format) -> Response:
    """All triples of a named graph, or of the default graph, from a file that is written once.

    :param name: ``None`` for the default graph, which is the accepted view
    """
    current = snapshot()
    graph = name or NamedNode(GRAPH_ACCEPTED)
    file = the_files().get(current, GRAPH_FORMATS[form.name], graph)
    response = send(current, file, form.content_type)
    response.vary.add("Accept")
    return signpost(response, graph.value)


def _kept(current: Snapshot, tag: str) -> bytes | None:
    body: bytes | None = current.cache.get(tag)
    return body


def _keep(current: Snapshot, tag: str, body: bytes) -> None:
    """Keep a description; the first ones go when there are many."""
    tags = current.cache.setdefault("described", [])
    current.cache[tag] = body
    tags.append(tag)
    if len(tags) > _KEPT:
        current.cache.pop(tags.pop(0), None)
