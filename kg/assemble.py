"""Puts the dataset together: every named graph, and the accepted view written out.

The accepted view holds what is accepted, what follows, and what a reader needs to name it: the concepts, the terms with
their labels and hierarchy, and the titles of sources. So a plain SELECT over it needs no other graph.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from pyoxigraph import NamedNode, Quad, Store, Triple

from kg.quad_builder import in_graph
from kg.skolem import GENID
from kg.terms import DCTERMS, GRAPH, RDF, RDFS, SKOS

_OF_TERMS = {RDF.type, RDFS.label, RDFS.subClassOf, RDFS.subPropertyOf}
_CONVERSE = {SKOS.topConceptOf: SKOS.hasTopConcept, SKOS.broader: SKOS.narrower}


def assemble(
    ontology: Collection[Quad], data: Collection[Quad], accepted: Iterable[Triple], inferred: Iterable[Triple]
) -> Store:
    """A store in memory with all quads of the dataset but those that describe it.

    :param ontology: ontology, concepts and shapes in their graphs, blank nodes skolemised
    :param data: every quad of the data files
    :param accepted: the claims, registry and editorial triples that stand
    :param inferred: what follows from them
    """
    ontology = [*ontology, *_converses(ontology)]
    view = {*accepted, *_names(ontology), *_names(data)}
    store = Store()
    store.bulk_extend(chain(ontology, data, in_graph(inferred, GRAPH.inferred), in_graph(view, GRAPH.accepted)))
    store.update(f"ADD GRAPH {GRAPH.inferred} TO GRAPH {GRAPH.accepted}")
    return store


def _names(quads: Iterable[Quad]) -> Iterator[Triple]:
    """The concepts, the terms with their labels and hierarchy, and the titles of sources."""
    for quad in quads:
        graph, predicate = quad.graph_name, quad.predicate
        if (
            graph == GRAPH.concepts
            or (graph == GRAPH.ontology and predicate in _OF_TERMS and not _is_genid(quad.subject, quad.object))
            or (graph == GRAPH.sources and predicate == DCTERMS.title)
        ):
            yield quad.triple


def _converses(ontology: Iterable[Quad]) -> Iterator[Quad]:
    """The other direction of the hierarchy of concepts, which readers of SKOS follow from the top down."""
    for quad in ontology:
        if quad.predicate in _CONVERSE and isinstance(quad.object, NamedNode):
            yield Quad(quad.object, _CONVERSE[quad.predicate], quad.subject, quad.graph_name)


def _is_genid(*terms: object) -> bool:
    """Whether one of the terms is the structure of an axiom, which has no name of its own."""
    return any(isinstance(term, NamedNode) and term.value.startswith(GENID) for term in terms)
