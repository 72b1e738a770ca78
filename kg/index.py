"""The statements of all files, as far as one file must be checked against them.

Built in one pass over the quads, so that a single file is checked against the whole record at once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from pyoxigraph import DefaultGraph, NamedNode

from kg.groups import grouped
from kg.keys import mint
from kg.namespaces import BASE, local_name, shorten
from kg.read import Document, Graph, Subject, Values
from kg.rulings import Rulings, read_rulings
from kg.terms import AIP, GRAPH, RDF, SCHEMA, SKOS, Term, is_assertion
from kg.vocabulary import Vocabulary


class Place(Enum):
    """The kinds of graph that data can be in."""

    ASSERTION = "an assertion"
    REGISTRY = "the registry"
    SOURCES = "graph:sources"
    EDITORIAL = "the editorial file"
    COVERAGE = "the coverage file"
    RULINGS = "the rulings"
    LINKS = "the links"
    DEFAULT = "the default graph"
    OTHER = "a graph that is none of ours"


_PLACES: dict[Graph, Place] = {
    DefaultGraph(): Place.DEFAULT,
    GRAPH.registry: Place.REGISTRY,
    GRAPH.sources: Place.SOURCES,
    GRAPH.editorial: Place.EDITORIAL,
    GRAPH.coverage: Place.COVERAGE,
    GRAPH.rulings: Place.RULINGS,
    GRAPH.links: Place.LINKS,
}


#: What two addresses of one page may differ in: scheme, www, the form for phones and a last slash.
_SAME_PAGE = re.compile(r"^https?://(?:www\.)?|(?:/amp)?/?$")


def place(graph: Graph) -> Place:
    """What kind of graph it is."""
    return Place.ASSERTION if is_assertion(graph) else _PLACES.get(graph, Place.OTHER)


def page_of(source: Values) -> str:
    """The address of a source that is one page, without what does not tell pages apart; empty if it has several."""
    addresses = [_SAME_PAGE.sub("", term.value) for term in source.get(SCHEMA.url, ()) if isinstance(term, NamedNode)]
    return addresses[0] if len(addresses) == 1 else ""


@dataclass
class Index:
    """The statements of all files.

    :param rulings: the decisions of the editors
    :param types: the types of every thing, from any graph
    :param registered: the things that the registry describes
    :param claims: the values of a property of a subject, as claimed or registered
    :param graphs: the graphs that hold anything
    :param minted: the nodes that have the key from which an IRI is minted, by that IRI
    :param matches: our thing for one of another dataset
    :param pages: the sources that are one page only, by its address
    """

    rulings: Rulings
    types: dict[Term, set[NamedNode]] = field(default_factory=lambda: defaultdict(set))
    registered: set[Term] = field(default_factory=set)
    claims: dict[tuple[Term, Term], set[Term]] = field(default_factory=lambda: defaultdict(set))
    graphs: set[Graph] = field(default_factory=set)
    minted: dict[NamedNode, set[Term]] = field(default_factory=lambda: defaultdict(set))
    matches: dict[Term, NamedNode] = field(default_factory=dict)
    pages: dict[str, set[Term]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, documents: Iterable[Document], vocabulary: Vocabulary) -> Index:
        """The index of these documents: all files of the data, the checked ones too."""
        documents = list(documents)
        index = cls(read_rulings(quad for document in documents for quad in document.quads))
        for document in documents:
            for (graph, subject), values in document.descriptions.items():
                index._add(graph, subject, values, vocabulary)
        return index

    @cached_property
    def names(self) -> Mapping[str, Sequence[str]]:
        """The prefixed names of all things, by prefix and country: the candidates for a misspelt one."""
        names = [shorten(thing.value) for thing in self.types if isinstance(thing, NamedNode)]
        return grouped((name.partition("-")[0], name) for name in names)

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """The codes of the covered states, in their order."""
        orders = [
            (sorted(map(str, values)), local_name(thing.value))
            for (thing, property_), values in self.claims.items()
            if property_ == AIP.coverageOrder and isinstance(thing, NamedNode)
        ]
        return tuple(code for _, code in sorted(orders))

    def _add(self, graph: Graph, subject: Subject, values: Values, vocabulary: Vocabulary) -> None:
        self.graphs.add(graph)
        types = [type_ for type_ in values.get(RDF.type, ()) if isinstance(type_, NamedNode)]
        if types:
            self.types[subject].update(types)
        kind = place(graph)
        if AIP.Source in types and (address := page_of(values)):
            self.pages[address].add(subject)
        if kind in (Place.ASSERTION, Place.REGISTRY):
            for property_, terms in values.items():
                self.claims[subject, property_].update(terms)
        if kind is Place.REGISTRY:
            self.registered.add(subject)
            if isinstance(subject, NamedNode):
                foreign = (term for term in values.get(SKOS.exactMatch, ()) if not str(term).startswith(f"<{BASE}"))
                self.matches.update(dict.fromkeys(foreign, subject))
        template = vocabulary.key_template(types) if kind is Place.ASSERTION else None
        if template and (iri := mint(template, values)):
            self.minted[iri].add(subject)
