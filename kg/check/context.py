"""One file on its way through the checks: what it says by subject, and how an error in it is reported."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

from kg.findings import ERROR, Finding, nearest
from kg.index import Index, Place, place
from kg.namespaces import BASE, local_name, shorten
from kg.read import Document, Graph, Subject, Values
from kg.terms import RDF, RDFS, Term
from kg.values import written
from kg.vocabulary import Property, Vocabulary

MAX_SUGGESTIONS = 40
"""Misspelt names looked up in one file; beyond, something else is wrong with it."""


def latest_today() -> date:
    """The day it is here or by universal time, whichever is the later."""
    return max(datetime.now(UTC).date(), datetime.now().astimezone().date())


@dataclass(frozen=True)
class Node:
    """What one graph says of one subject."""

    graph: Graph
    subject: Subject
    values: Values
    place: Place

    @property
    def types(self) -> list[NamedNode]:
        """The types that this graph gives the subject."""
        return [type_ for type_ in self.values.get(RDF.type, ()) if isinstance(type_, NamedNode)]


@dataclass(frozen=True)
class Context:
    """A file, the vocabulary it is written in and the index of all files.

    :param today: no date of publication or of entry lies after it
    """

    document: Document
    vocabulary: Vocabulary
    index: Index
    today: date = field(default_factory=latest_today)
    _suggested: dict[str, list[str]] = field(default_factory=dict, repr=False)

    @cached_property
    def nodes(self) -> list[Node]:
        """What the file says, by graph and subject."""
        groups = self.document.descriptions.items()
        return [Node(graph, subject, values, self._place(graph)) for (graph, subject), values in groups]

    def _place(self, graph: Graph) -> Place:
        """The kind of graph; a graph of our own records is none that a source may write into."""
        kind = place(graph)
        allowed = (Place.SOURCES, Place.ASSERTION, Place.DEFAULT)
        return Place.OTHER if self.document.path.suffix == ".trig" and kind not in allowed else kind

    def named(self, *places: Place) -> list[Node]:
        """The nodes with a name that are in one of these kinds of graph."""
        return [node for node in self.nodes if node.place in places and isinstance(node.subject, NamedNode)]

    def types(self, term: Term) -> Set[NamedNode]:
        """The types of a thing, from any file, the ontology or the concepts."""
        if term in self.index.types:
            return self.index.types[term]
        return self.vocabulary.terms.get(term, frozenset()) if isinstance(term, NamedNode) else frozenset()

    def is_a(self, term: Term, *classes: NamedNode) -> bool:
        """Whether a thing belongs to one of the classes."""
        return self.vocabulary.is_a(self.types(term), classes)

    def allowed(self, property_: Property) -> str:
        """The values that a property may have, in words."""
        if property_.scheme:
            members = self.vocabulary.schemes.get(property_.scheme, ())
            listed = ": " + ", ".join(map(name_of, members)) if len(members) <= 12 else ""
            return f"a concept of {name_of(property_.scheme)}{listed}"
        things = f"a thing of {names_of(property_.ranges)}" if property_.ranges else ""
        things = "an IRI" if RDFS.Resource in property_.ranges else things
        return " or ".join(part for part in (things, names_of(property_.datatypes)) if part) or "any value"

    def similar(self, name: str, candidates: Iterable[str]) -> list[str]:
        """The candidates most like a misspelt name."""
        if name not in self._suggested:
            full = len(self._suggested) >= MAX_SUGGESTIONS
            self._suggested[name] = [] if full else nearest(name, candidates)
        return self._suggested[name]

    def similar_things(self, thing: NamedNode) -> list[str]:
        """The things whose names are most like one that does not exist."""
        name = shorten(thing.value)
        if name == thing.value:
            name = f"id:{local_name(name)}"
        if name.startswith("aip:"):
            return self.similar(name, [shorten(iri.value) for iri in self.vocabulary.properties])
        if name.startswith("concept:"):
            return self.similar(name, [shorten(iri.value) for iri in self.vocabulary.terms])
        same_country = self.index.names.get(name.partition("-")[0], ())
        return self.similar(name, same_country or [n for names in self.index.names.values() for n in names])

    def finding(
        self,
        code: str,
        node: Node,
        property_: NamedNode | None,
        message: str,
        hint: str | None = None,
        *,
        severity: str = ERROR,
    ) -> Finding:
        """An error, or a warning, about what a node says."""
        subject = node.subject.value if isinstance(node.subject, NamedNode) else "[]"
        graph = node.graph.value if node.place is Place.ASSERTION and not isinstance(node.graph, DefaultGraph) else None
        property_iri = property_.value if property_ else None
        line = self.document.line(subject, property_iri, graph)
        return Finding(severity, self.document.path, line, subject, property_iri, message, hint, code)


def name_of(term: Term | DefaultGraph) -> str:
    """How a term is shown in a message."""
    if isinstance(term, Literal):
        return f'"{term.value}"' if len(term.value) <= 60 else f'"{term.value[:57]}..."'
    return "[]" if isinstance(term, BlankNode) else str(term) if isinstance(term, DefaultGraph) else written(term)


def names_of(terms: Iterable[Term]) -> str:
    """How several terms are shown, in the order of their names."""
    return ", ".join(sorted(name_of(term) for term in terms))


def is_ours(term: Term) -> bool:
    """Whether an IRI is in one of the namespaces of the project."""
    return isinstance(term, NamedNode) and term.value.startswith(BASE)
