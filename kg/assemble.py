"""Puts the dataset together: every named graph, and the accepted view written out.

The accepted view holds what is accepted, what follows, and what a reader needs to name it: the concepts, the labels
of terms, and the titles of sources. So a plain SELECT over it needs no other graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from pyoxigraph import NamedNode, Quad, Triple

from kg.namespaces import (
    GRAPH_ACCEPTED,
    GRAPH_CONCEPTS,
    GRAPH_INFERRED,
    GRAPH_ONTOLOGY,
    GRAPH_SOURCES,
    PREFIXES,
    expand,
)
from kg.skolem import GENID

_CONCEPTS, _ONTOLOGY, _SOURCES = (NamedNode(name) for name in (GRAPH_CONCEPTS, GRAPH_ONTOLOGY, GRAPH_SOURCES))
_LABEL, _TITLE = expand("rdfs:label"), expand("dcterms:title")


def assemble(
    ontology: Collection[Quad], data: Collection[Quad], accepted: Iterable[Triple], inferred: Collection[Triple]
) -> set[Quad]:
    """All quads of the dataset but those that describe it.

    :param ontology: ontology, concepts and shapes in their graphs, blank nodes skolemised
    :param data: every quad of the data files
    :param accepted: the claims, registry and editorial triples that stand
    :param inferred: what follows from them
    """
    view = {*accepted, *inferred, *_names(ontology), *_names(data)}
    return {*ontology, *data, *_in(GRAPH_INFERRED, inferred), *_in(GRAPH_ACCEPTED, view)}


def _in(graph: str, triples: Iterable[Triple]) -> Iterator[Quad]:
    name = NamedNode(graph)
    return (Quad(triple.subject, triple.predicate, triple.object, name) for triple in triples)


def _names(quads: Iterable[Quad]) -> Iterator[Triple]:
    """The concepts, the labels of terms and the titles of sources."""
    for quad in quads:
        graph, predicate = quad.graph_name, quad.predicate.value
        if (
            graph == _CONCEPTS
            or (graph == _ONTOLOGY and predicate == _LABEL and not _is_genid(quad.subject))
            or (graph == _SOURCES and predicate == _TITLE)
        ):
            yield quad.triple


def _is_genid(term: object) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(GENID)


def is_claim(quad: Quad) -> bool:
    """Whether a quad is one that an assertion makes."""
    graph = quad.graph_name
    return isinstance(graph, NamedNode) and graph.value.startswith(PREFIXES["assertion"])
