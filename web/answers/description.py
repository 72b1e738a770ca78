"""All that the graph says of one IRI, as quads: what stands, who says so, what it is called, what points to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from pyoxigraph import NamedNode, Quad, Store

from kg.labels import Term
from kg.namespaces import BASE, GRAPH_ACCEPTED, GRAPH_SOURCES, PREFIXES, expand

LINKS_BACK = 500
"""How many quads that point to a thing are told; the rest is a query away."""

_ACCEPTED, _SOURCES = NamedNode(GRAPH_ACCEPTED), NamedNode(GRAPH_SOURCES)
_LABELS = tuple(NamedNode(expand(name)) for name in ("rdfs:label", "skos:prefLabel", "dcterms:title"))
_TYPE, _PASSAGE, _SOURCE = (NamedNode(expand(name)) for name in ("rdf:type", "aip:inPassage", "aip:inSource"))
_SKOLEM = BASE + "genid/"


def exists(store: Store, thing: NamedNode) -> bool:
    """Whether the graph says anything of an IRI, names it as a value, or has a graph of that name."""
    about = store.quads_for_pattern(thing, None, None, None)
    named = store.quads_for_pattern(None, None, thing, None)
    return any(True for _ in chain(about, named)) or store.contains_named_graph(thing)


def description(store: Store, thing: NamedNode) -> set[Quad]:
    """The quads that describe a thing, each in the graph it stands in.

    Claims about it stand in the graphs of their assertions, so who says what is not lost; labels are those
    of every IRI named.
    """
    quads = set(_about(store, thing))
    quads.update(_links_back(store, thing))
    quads.update(store.quads_for_pattern(None, None, None, thing))
    quads.update(_origins(store, thing, list(quads)))
    quads.update(_names(store, quads, thing))
    return quads


def triples(quads: Iterable[Quad]) -> set[Quad]:
    """The part of a description that can do without graph names: no claim that was not accepted."""
    return {Quad(*quad.triple) for quad in quads if not _starts(quad.graph_name, PREFIXES["assertion"])}


def _about(store: Store, thing: NamedNode) -> Iterator[Quad]:
    """What is said of a thing and, in turn, of nodes that stand for a blank node of the ontology or the shapes."""
    seen: set[object] = set()
    waiting: list[Term] = [thing]
    while waiting:
        subject = waiting.pop()
        if subject in seen or not isinstance(subject, NamedNode):
            continue
        seen.add(subject)
        for quad in store.quads_for_pattern(subject, None, None, None):
            yield quad
            if _starts(quad.object, _SKOLEM):
                waiting.append(quad.object)


def _starts(term: object, *beginnings: str) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(beginnings)


def _links_back(store: Store, thing: NamedNode) -> list[Quad]:
    found: list[Quad] = []
    for graph in (_ACCEPTED, None):
        for quad in store.quads_for_pattern(None, None, thing, graph):
            if len(found) >= LINKS_BACK:
                return found
            if not _starts(quad.subject, _SKOLEM):
                found.append(quad)
    return found


def _origins(store: Store, thing: NamedNode, quads: list[Quad]) -> Iterator[Quad]:
    """The assertions that hold these quads, their passages and their sources."""
    assertions: set[object] = {q.graph_name for q in quads if _starts(q.graph_name, PREFIXES["assertion"])}
    assertions.update(quad.subject for quad in quads if quad.predicate == _PASSAGE)
    passages = _objects(store, {*assertions, thing}, _PASSAGE)
    passages.update(quad.subject for quad in quads if quad.predicate == _SOURCE)
    sources = _objects(store, {*passages, thing}, _SOURCE)
    for node in {*assertions, *passages, *sources}:
        if isinstance(node, NamedNode):
            yield from store.quads_for_pattern(node, None, None, _SOURCES)


def _objects(store: Store, subjects: Iterable[object], predicate: NamedNode) -> set[object]:
    nodes = [subject for subject in subjects if isinstance(subject, NamedNode)]
    return {quad.object for node in nodes for quad in store.quads_for_pattern(node, predicate, None, _SOURCES)}


def _names(store: Store, quads: Iterable[Quad], thing: NamedNode) -> Iterator[Quad]:
    named = {term for quad in quads for term in (quad.subject, quad.predicate, quad.object)} - {thing}
    for term in named:
        if isinstance(term, NamedNode):
            for predicate in _LABELS:
                yield from store.quads_for_pattern(term, predicate, None, _ACCEPTED)
