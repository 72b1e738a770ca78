"""All that the graph holds about one IRI: statements, their evidence, labels, and what points to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from flask import Response
from pyoxigraph import NamedNode, Quad, Store

from kg.errors import UnknownThingError
from kg.export import serialise
from kg.formats import GRAPH_FORMATS
from kg.skolem import GENID, deskolemise
from kg.terms import AIP, DCTERMS, GRAPH, RDFS, SKOS, Term, is_assertion
from web.answers.conditional import conditional
from web.answers.formats import Format
from web.answers.signposting import signpost
from web.memo import Kind
from web.snapshot import Snapshot, snapshot

MAX_LINKS_BACK = 500
"""How many quads that point to a thing are in its description; a query gives the rest."""

_DESCRIPTIONS: Kind[bytes] = Kind("descriptions", max_size=200)
_LABELS = (RDFS.label, SKOS.prefLabel, DCTERMS.title)


def describe(iri: str, form: Format) -> Response:
    """The description of an IRI in a graph format.

    :raises UnknownThingError: if the graph does not know it
    """
    current = snapshot()

    def write() -> bytes:
        return current.memo.get(_DESCRIPTIONS, (iri, form.name), lambda: _described(current, iri, form))

    response = signpost(conditional(("thing", iri, form.name), form.content_type, write), iri)
    response.headers["Content-Disposition"] = form.disposition(iri)
    return response


def _described(current: Snapshot, iri: str, form: Format) -> bytes:
    quads = description(current.store, NamedNode(iri))
    if not quads:
        raise UnknownThingError(f"nothing in the graph is called {iri[:200]}")
    content = _in_format(quads, form)
    return serialise(content if iri.startswith(GENID) else deskolemise(content), form.name)


def _in_format(quads: set[Quad], form: Format) -> set[Quad]:
    """What a format holds of a description: the accepted one in the default graph, where every parser looks, and the
    named graphs beside it in the formats of datasets; JSON-LD is read as one graph by most."""
    accepted = triples(quads)
    if form.name == "jsonld" or not GRAPH_FORMATS[form.name].has_named_graphs:
        return accepted
    return accepted | {quad for quad in quads if quad.graph_name != GRAPH.accepted}


def exists(store: Store, thing: NamedNode) -> bool:
    """Whether the graph says anything of an IRI, names it as a value, or has a graph of that name."""
    about = store.quads_for_pattern(thing, None, None, None)
    named = store.quads_for_pattern(None, None, thing, None)
    return any(True for _ in chain(about, named)) or store.contains_named_graph(thing)


def description(store: Store, thing: NamedNode) -> set[Quad]:
    """The quads that describe a thing, each in its own graph.

    Claims stand in the graphs of their assertions, so who says what is not lost; labels are those of every IRI named.
    """
    quads = set(_about(store, thing))
    quads.update(_links_back(store, thing))
    quads.update(store.quads_for_pattern(None, None, None, thing))
    quads.update(_evidence(store, thing, list(quads)))
    quads.update(_labels(store, quads, thing))
    return quads


def triples(quads: Iterable[Quad]) -> set[Quad]:
    """The part of a description that can do without graph names: no claim that was not accepted."""
    return {Quad(*quad.triple) for quad in quads if not is_assertion(quad.graph_name)}


def _about(store: Store, thing: NamedNode) -> Iterator[Quad]:
    """The statements about a thing and about the skolemised blank nodes of ontology and shapes they lead to."""
    seen: set[object] = set()
    waiting: list[Term] = [thing]
    while waiting:
        subject = waiting.pop()
        if subject in seen or not isinstance(subject, NamedNode):
            continue
        seen.add(subject)
        for quad in store.quads_for_pattern(subject, None, None, None):
            yield quad
            if _is_skolem(quad.object):
                waiting.append(quad.object)


def _is_skolem(term: object) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(GENID)


def _links_back(store: Store, thing: NamedNode) -> list[Quad]:
    links: list[Quad] = []
    for graph in (GRAPH.accepted, None):
        for quad in store.quads_for_pattern(None, None, thing, graph):
            if len(links) >= MAX_LINKS_BACK:
                return links
            if not _is_skolem(quad.subject):
                links.append(quad)
    return links


def _evidence(store: Store, thing: NamedNode, quads: list[Quad]) -> Iterator[Quad]:
    """The assertions that hold these quads, their passages and their sources."""
    assertions: set[object] = {quad.graph_name for quad in quads if is_assertion(quad.graph_name)}
    assertions.update(quad.subject for quad in quads if quad.predicate == AIP.inPassage)
    passages = _objects(store, {*assertions, thing}, AIP.inPassage)
    passages.update(quad.subject for quad in quads if quad.predicate == AIP.inSource)
    sources = _objects(store, {*passages, thing}, AIP.inSource)
    for node in {*assertions, *passages, *sources}:
        if isinstance(node, NamedNode):
            yield from store.quads_for_pattern(node, None, None, GRAPH.sources)


def _objects(store: Store, subjects: Iterable[object], predicate: NamedNode) -> set[object]:
    nodes = [subject for subject in subjects if isinstance(subject, NamedNode)]
    return {quad.object for node in nodes for quad in store.quads_for_pattern(node, predicate, None, GRAPH.sources)}


def _labels(store: Store, quads: Iterable[Quad], thing: NamedNode) -> Iterator[Quad]:
    named = {term for quad in quads for term in (quad.subject, quad.predicate, quad.object)} - {thing}
    for term in named:
        if isinstance(term, NamedNode):
            for predicate in _LABELS:
                yield from store.quads_for_pattern(term, predicate, None, GRAPH.accepted)
