"""Classes, properties and concepts in plain words, for a file that a language model reads."""

from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from kg.labels import label
from kg.namespaces import PREFIXES, shorten
from kg.terms import GRAPH, OWL, RDF, RDFS, SKOS
from web.snapshot import Snapshot


class Term(NamedTuple):
    """A class or property of the ontology."""

    name: str
    label: str
    definition: str


class Vocabulary(NamedTuple):
    """All of the ontology and the concepts.

    :param concepts: each scheme with its concepts
    """

    classes: list[Term]
    properties: list[Term]
    concepts: list[tuple[str, list[str]]]


def terms(current: Snapshot) -> Vocabulary:
    """The terms of a snapshot, sorted."""
    store = current.store
    properties = {*_terms(store, OWL.ObjectProperty), *_terms(store, OWL.DatatypeProperty)}
    return Vocabulary(sorted(_terms(store, OWL.Class)), sorted(properties), sorted(_concepts(store)))


def _terms(store: Store, kind: NamedNode) -> Iterator[Term]:
    for quad in store.quads_for_pattern(None, RDF.type, kind, GRAPH.ontology):
        term = quad.subject
        if isinstance(term, NamedNode) and term.value.startswith(PREFIXES["aip"]):
            yield Term(shorten(term.value), _english(store, term, RDFS.label), _english(store, term, SKOS.definition))


def _english(store: Store, term: NamedNode, predicate: NamedNode) -> str:
    quads = store.quads_for_pattern(term, predicate, None, GRAPH.ontology)
    texts = (quad.object for quad in quads if isinstance(quad.object, Literal))
    return next((text.value for text in texts if text.language == "en"), "")


def _concepts(store: Store) -> Iterator[tuple[str, list[str]]]:
    schemes: dict[str, list[str]] = {}
    for quad in store.quads_for_pattern(None, SKOS.inScheme, None, GRAPH.concepts):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            name = f"`{shorten(quad.subject.value)}` {label(store, quad.subject)}"
            schemes.setdefault(f"{label(store, quad.object)} (`{shorten(quad.object.value)}`)", []).append(name)
    return ((scheme, sorted(members)) for scheme, members in schemes.items())
