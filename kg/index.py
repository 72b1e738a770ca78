"""What all files say together, as far as one file must be checked against it.

Built in one pass over the quads, so that a single file is checked against the whole record at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kg.keys import mint
from kg.namespaces import (
    GRAPH_COVERAGE,
    GRAPH_EDITORIAL,
    GRAPH_REGISTRY,
    GRAPH_RULINGS,
    GRAPH_SOURCES,
    PREFIXES,
    expand,
    local_name,
    shorten,
)
from kg.read import Document
from kg.rulings import ON_PROPERTY, ON_SUBJECT, REJECTS, REJECTS_NODE
from kg.terms import AIP
from kg.values import value_key
from kg.vocabulary import TYPE, Vocabulary

Term = NamedNode | BlankNode | Literal | Triple
Graph = NamedNode | BlankNode | DefaultGraph
Subject = NamedNode | BlankNode | Triple
Statements = Mapping[NamedNode, Sequence[Term]]
"""What is said of one subject in one graph: the values of each property."""


class Place(Enum):
    """The kinds of graph that data can be in."""

    ASSERTION = "an assertion"
    REGISTRY = "the registry"
    SOURCES = "graph:sources"
    EDITORIAL = "the editorial file"
    COVERAGE = "the coverage file"
    RULINGS = "the rulings"
    DEFAULT = "the default graph"
    OTHER = "a graph that is none of ours"


_PLACES = {
    GRAPH_REGISTRY: Place.REGISTRY,
    GRAPH_SOURCES: Place.SOURCES,
    GRAPH_EDITORIAL: Place.EDITORIAL,
    GRAPH_COVERAGE: Place.COVERAGE,
    GRAPH_RULINGS: Place.RULINGS,
}
_MATCH = NamedNode(expand("skos:exactMatch"))


def place(graph: Graph) -> Place:
    """What kind of graph it is."""
    if isinstance(graph, DefaultGraph):
        return Place.DEFAULT
    name = graph.value
    return Place.ASSERTION if name.startswith(PREFIXES["assertion"]) else _PLACES.get(name, Place.OTHER)


def group(quads: Iterable[Quad]) -> dict[tuple[Graph, Subject], dict[NamedNode, list[Term]]]:
    """What is said of each subject in each graph."""
    nodes: dict[tuple[Graph, Subject], dict[NamedNode, list[Term]]] = {}
    for quad in quads:
        node = nodes.setdefault((quad.graph_name, quad.subject), {})
        node.setdefault(quad.predicate, []).append(quad.object)
    return nodes


@dataclass(frozen=True)
class Index:
    """What all files say together.

    :param types: the types of every thing, from any graph
    :param registered: the things that the registry describes
    :param claims: the values of a property of a subject, as claimed or registered
    :param graphs: the graphs that hold anything
    :param minted: the nodes that have the key from which an IRI is minted, by that IRI
    :param rulings: the rulings on a property of a subject
    :param rejected: subject, property and value that a ruling rejects
    :param rejected_nodes: the nodes that a ruling rejects whole
    :param matches: our thing for one of another dataset
    """

    types: Mapping[Term, frozenset[NamedNode]]
    registered: frozenset[Term]
    claims: Mapping[tuple[Term, Term], frozenset[Term]]
    graphs: frozenset[Graph]
    minted: Mapping[NamedNode, frozenset[Term]]
    rulings: Mapping[tuple[Term, Term], frozenset[Term]]
    rejected: frozenset[tuple[Term, Term, Hashable]]
    rejected_nodes: frozenset[Term]
    matches: Mapping[Term, NamedNode]

    @classmethod
    def of(cls, documents: Iterable[Document], vocabulary: Vocabulary) -> Index:
        """The index of these documents: all files of the data, the checked ones too."""
        building = _Building(vocabulary)
        for document in documents:
            for (graph, subject), said in group(document.quads).items():
                building.add(graph, subject, said)
        return building.done()

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """The codes of the covered states, in their order."""
        orders = [
            (sorted(str(value) for value in values), local_name(thing.value))
            for (thing, property_), values in self.claims.items()
            if property_ == AIP.coverageOrder and isinstance(thing, NamedNode)
        ]
        return tuple(code for _, code in sorted(orders))

    @cached_property
    def names(self) -> Mapping[str, Sequence[str]]:
        """The prefixed names of all things, by prefix and country: the candidates for a misspelt one."""
        names: dict[str, list[str]] = defaultdict(list)
        for thing in self.types:
            if isinstance(thing, NamedNode):
                name = shorten(thing.value)
                names[name.partition("-")[0]].append(name)
        return names


class _Building:
    """An index in the making."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.types: dict[Term, set[NamedNode]] = defaultdict(set)
        self.registered: set[Term] = set()
        self.claims: dict[tuple[Term, Term], set[Term]] = defaultdict(set)
        self.graphs: set[Graph] = set()
        self.minted: dict[NamedNode, set[Term]] = defaultdict(set)
        self.rulings: dict[tuple[Term, Term], set[Term]] = defaultdict(set)
        self.rejected: set[tuple[Term, Term, Hashable]] = set()
        self.rejected_nodes: set[Term] = set()
        self.matches: dict[Term, NamedNode] = {}

    def add(self, graph: Graph, subject: Subject, said: Statements) -> None:
        self.graphs.add(graph)
        types = [type_ for type_ in said.get(TYPE, ()) if isinstance(type_, NamedNode)]
        if types:
            self.types[subject].update(types)
        match place(graph):
            case Place.ASSERTION:
                self._add_claims(subject, said)
                self._add_key(subject, types, said)
            case Place.REGISTRY:
                self._add_claims(subject, said)
                self._add_registered(subject, said)
            case Place.RULINGS:
                self._add_ruling(subject, said)

    def _add_claims(self, subject: Subject, said: Statements) -> None:
        for property_, values in said.items():
            self.claims[subject, property_].update(values)

    def _add_key(self, subject: Subject, types: Iterable[NamedNode], said: Statements) -> None:
        template = self.vocabulary.key_template(types)
        iri = mint(template, said) if template else None
        if iri:
            self.minted[iri].add(subject)

    def _add_registered(self, subject: Subject, said: Statements) -> None:
        self.registered.add(subject)
        if isinstance(subject, NamedNode):
            self.matches.update(dict.fromkeys(said.get(_MATCH, ()), subject))

    def _add_ruling(self, ruling: Subject, said: Statements) -> None:
        self.rejected_nodes.update(said.get(REJECTS_NODE, ()))
        for subject in said.get(ON_SUBJECT, ()):
            for property_ in said.get(ON_PROPERTY, ()):
                self.rulings[subject, property_].add(ruling)
                self.rejected.update((subject, property_, value_key(v)) for v in said.get(REJECTS, ()))

    def done(self) -> Index:
        return Index(
            {thing: frozenset(types) for thing, types in self.types.items()},
            frozenset(self.registered),
            {key: frozenset(values) for key, values in self.claims.items()},
            frozenset(self.graphs),
            {iri: frozenset(nodes) for iri, nodes in self.minted.items()},
            {key: frozenset(rulings) for key, rulings in self.rulings.items()},
            frozenset(self.rejected),
            frozenset(self.rejected_nodes),
            self.matches,
        )
