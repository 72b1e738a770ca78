"""Puts the dataset together: every named graph, and the accepted view written out.

The accepted view holds what is accepted, what follows, and what a reader needs to name it: the concepts, the labels
of terms, and the titles of sources. So a plain SELECT over it needs no other graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from pyoxigraph import NamedNode, Quad, Triple

from kg.quad_builder import in_graph
from kg.skolem import GENID
from kg.terms import DCTERMS, GRAPH, RDFS


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
    return {*ontology, *data, *in_graph(inferred, GRAPH.inferred), *in_graph(view, GRAPH.accepted)}


def _names(quads: Iterable[Quad]) -> Iterator[Triple]:
    """The concepts, the labels of terms and the titles of sources."""
    for quad in quads:
        graph, predicate = quad.graph_name, quad.predicate
        if (
            graph == GRAPH.concepts
            or (graph == GRAPH.ontology and predicate == RDFS.label and not _is_genid(quad.subject))
            or (graph == GRAPH.sources and predicate == DCTERMS.title)
        ):
            yield quad.triple


def _is_genid(term: object) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(GENID)
