"""Terms and triples of pyoxigraph as those of rdflib, and back, for the libraries that need rdflib."""

from collections.abc import Iterable

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib.term import Node

from kg.terms import XSD, Term

RdflibTriple = tuple[Node, Node, Node]


def to_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    """The triples as a graph of rdflib."""
    graph = rdflib.Graph()
    for triple in triples:
        graph.add(to_rdflib(triple))
    return graph


def to_rdflib(triple: Triple) -> RdflibTriple:
    """A triple of rdflib; its literals keep the text they are written with."""
    return _to_node(triple.subject), _to_node(triple.predicate), _to_node(triple.object)


def from_rdflib(triple: RdflibTriple) -> Triple:
    """A triple of pyoxigraph."""
    return Triple(*map(_from_node, triple))  # type: ignore[arg-type]


def _to_node(term: Term) -> Node:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, Triple):
        raise ValueError("rdflib has no triple as a term")
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = None if term.datatype == XSD.string else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def _from_node(term: Node) -> Term:
    if isinstance(term, rdflib.Literal):
        datatype = None if term.language or term.datatype is None else NamedNode(term.datatype)
        return Literal(str(term), language=term.language, datatype=datatype)
    return NamedNode(str(term)) if isinstance(term, rdflib.URIRef) else BlankNode(str(term))
