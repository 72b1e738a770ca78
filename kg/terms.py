"""The terms of ontology, RDF and the borrowed vocabularies as ``NamedNode``s: ``AIP.deadline``, ``RDF.type``.

Each IRI is written once, as an attribute of its namespace; ``tests/test_terms.py`` holds every attribute that the code
uses against the ontology, so a misspelt term is an error of the test run.
"""

from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.namespaces import PREFIXES

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
"""Whatever can stand as the object of a triple."""


class Namespace:
    """The terms of one namespace, made when they are first used.

    :param prefix: one of `kg.namespaces.PREFIXES`
    """

    def __init__(self, prefix: str) -> None:
        self._base = PREFIXES[prefix]

    def __getattr__(self, name: str) -> NamedNode:
        if name.startswith("__"):  # a protocol of Python asks, not a reader of the vocabulary
            raise AttributeError(name)
        node = NamedNode(self._base + name)
        setattr(self, name, node)
        return node

    def __getitem__(self, name: str) -> NamedNode:
        """A term whose name is a keyword of Python or no identifier: ``AIP["from"]``."""
        node: NamedNode = getattr(self, name)
        return node

    def __contains__(self, node: object) -> bool:
        return isinstance(node, NamedNode) and node.value.startswith(self._base)


AIP = Namespace("aip")
CONCEPT = Namespace("concept")
DCAT = Namespace("dcat")
DCTERMS = Namespace("dcterms")
EDTF = Namespace("edtf")
FOAF = Namespace("foaf")
GRAPH = Namespace("graph")
OWL = Namespace("owl")
PROV = Namespace("prov")
RDF = Namespace("rdf")
RDFS = Namespace("rdfs")
SCHEMA = Namespace("schema")
SH = Namespace("sh")
SKOS = Namespace("skos")
VOID = Namespace("void")
XSD = Namespace("xsd")

NUMERIC_DATATYPES = (XSD.integer, XSD.int, XSD.long, XSD.nonNegativeInteger, XSD.decimal, XSD.double, XSD.float)
"""Datatypes whose values are compared as numbers, the more exact first."""


_ASSERTIONS = PREFIXES["assertion"]


def is_assertion(graph: object) -> bool:
    """Whether a graph name is that of an assertion: a named graph of claims."""
    return isinstance(graph, NamedNode) and graph.value.startswith(_ASSERTIONS)
