"""The files of the ontology as graphs, read once for all tests. Do not change what these return: copy it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rdflib import OWL, RDF, Graph, Namespace
from rdflib.term import Node

from kg.namespaces import PREFIXES

ONTOLOGY = Path(__file__).parents[1] / "ontology"
DATA = Path(__file__).parent / "data"
TURTLE = tuple(sorted(path for path in ONTOLOGY.rglob("*.ttl") if path.parent.name != "releases"))
"""The files as they stand; those of released versions stay as they were."""
AIP = Namespace(PREFIXES["aip"])
SCHEMA = Namespace(PREFIXES["schema"])
PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@cache
def parse(*paths: Path) -> Graph:
    """One graph of some files."""
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


def ours() -> Graph:
    """Our own terms."""
    return parse(ONTOLOGY / "ai-policy.ttl")


def borrowed() -> Graph:
    """The terms of other vocabularies."""
    return parse(ONTOLOGY / "external.ttl")


@cache
def both() -> Graph:
    """Our own and the borrowed terms."""
    return ours() + borrowed()


def properties(graph: Graph) -> set[Node]:
    """What a graph declares as a property."""
    return {term for kind in PROPERTY_KINDS for term in graph.subjects(RDF.type, kind)}


def terms(graph: Graph) -> set[Node]:
    """What a graph declares as a class or a property."""
    return properties(graph) | set(graph.subjects(RDF.type, OWL.Class))
