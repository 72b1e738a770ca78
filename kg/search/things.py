"""What can be found: the things of a graph with their names, what is said of them, their countries and years."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Store

from kg.namespaces import local_name
from kg.search.kinds import kind_of_class
from kg.terms import AIP, DCTERMS, GRAPH, OWL, RDF, RDFS, SCHEMA, SH, SKOS

Text = tuple[str, str]
"""A text and its language."""
_NAMES = (RDFS.label, SKOS.prefLabel, SKOS.altLabel, DCTERMS.title)
_BODIES = (DCTERMS.description, SKOS.definition)
_DAYS = (
    *(AIP.signedOn, AIP.adoptedOn, AIP.publishedOn, AIP.inForceFrom, AIP.repealedOn, AIP.establishedOn),
    *(AIP.launchedOn, AIP.date),
)
_PART_OF = (AIP.provisionOf, AIP.formulationOf, AIP.of)
"""Properties from a dependent node to what it belongs to."""
_KIND_OF_TYPE = (
    (GRAPH.sources, AIP.Source, "source"),
    (GRAPH.sources, AIP.Passage, "passage"),
    (GRAPH.concepts, SKOS.Concept, "concept"),
    (GRAPH.ontology, OWL.Class, "term"),
    (GRAPH.ontology, OWL.ObjectProperty, "term"),
    (GRAPH.ontology, OWL.DatatypeProperty, "term"),
    (GRAPH.queries, SH.SPARQLExecutable, "question"),
)
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass
class Thing:
    """A thing that can be found.

    :param kind: one of ``kg.search.kinds.KINDS``
    :param identifiers: what else it is called by programs and in law: its local name, its number, its
        identifiers in other datasets
    :param bodies: what is said of it, in our words
    :param countries: the codes of the countries it belongs to
    """

    iri: str
    kind: str
    names: list[Text] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    bodies: list[Text] = field(default_factory=list)
    countries: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)


def read_things(store: Store) -> list[Thing]:
    """Everything that can be found in a graph, by IRI; each property is read in one pass over all its values."""
    kinds = dict(sorted(_kinds(store)))
    things = {iri: Thing(iri, kind) for iri, kind in kinds.items()}
    _add_names(store, things)
    _add_bodies(store, things)
    _add_countries_and_years(store, things)
    _add_passages(store, things)
    return [thing for thing in things.values() if thing.names or thing.bodies]


def _kinds(store: Store) -> Iterator[tuple[str, str]]:
    for quad in store.quads_for_pattern(None, RDF.type, None, GRAPH.registry):
        if kind := kind_of_class(getattr(quad.object, "value", "")):
            yield getattr(quad.subject, "value", ""), kind
    for graph, cls, kind in _KIND_OF_TYPE:
        for quad in store.quads_for_pattern(None, RDF.type, cls, graph):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject.value, kind


def _texts(store: Store, property_: NamedNode, graph: NamedNode = GRAPH.accepted) -> Iterator[tuple[str, Text]]:
    """The texts of a property with what they are of, in a fixed order."""
    quads = store.quads_for_pattern(None, property_, None, graph)
    texts = {
        (quad.subject.value, (quad.object.value, quad.object.language or ""))
        for quad in quads
        if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode)
    }
    return iter(sorted(texts, key=lambda text: (text[0], text[1][1] != "en", text[1][1], text[1][0])))


def _add_names(store: Store, things: dict[str, Thing]) -> None:
    sources = [(name, GRAPH.accepted) for name in _NAMES]
    for property_, graph in [*sources, (RDFS.label, GRAPH.ontology), (RDFS.label, GRAPH.queries)]:
        for iri, text in _texts(store, property_, graph):
            if (thing := things.get(iri)) and text not in thing.names:
                thing.names.append(text)
    for iri, (number, _) in _texts(store, AIP.actNumber):
        if iri in things:
            things[iri].identifiers.append(number)
    for iri, (identifier, _) in _texts(store, DCTERMS.identifier, GRAPH.links):
        about = store.quads_for_pattern(NamedNode(iri), AIP.about, None, GRAPH.links)
        for quad in about:
            if isinstance(quad.object, NamedNode) and quad.object.value in things:
                things[quad.object.value].identifiers.append(identifier)
    for thing in things.values():
        thing.names.sort(key=lambda text: text[1] != "en")
        if thing.kind != "passage":
            thing.identifiers.append(local_name(thing.iri))


def _add_bodies(store: Store, things: dict[str, Thing]) -> None:
    sources = [(body, GRAPH.accepted) for body in _BODIES]
    more = [(AIP.paraphrase, GRAPH.sources), (SKOS.definition, GRAPH.ontology)]
    more += [(RDFS.comment, GRAPH.queries), (SCHEMA.keywords, GRAPH.queries)]
    owners = _owners(store)
    for property_, graph in sources + more:
        for iri, text in _texts(store, property_, graph):
            thing = things.get(iri) or things.get(owners.get(iri, ""))
            if thing and text not in thing.bodies:
                thing.bodies.append(text)


def _owners(store: Store) -> dict[str, str]:
    """What a dependent node belongs to: its event, provision or formulation is found with it."""
    return {
        quad.subject.value: quad.object.value
        for property_ in _PART_OF
        for quad in store.quads_for_pattern(None, property_, None, GRAPH.accepted)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }


def _add_countries_and_years(store: Store, things: dict[str, Thing]) -> None:
    covered = _covered(store)
    for quad in store.quads_for_pattern(None, AIP.country, None, GRAPH.accepted):
        thing = things.get(getattr(quad.subject, "value", ""))
        code = covered.get(getattr(quad.object, "value", ""))
        if thing and code:
            thing.countries.add(code)
    owners = _owners(store)
    for iri, code in covered.items():
        if iri in things:
            things[iri].countries.add(code)
    for property_ in (*_DAYS, AIP.deadline):
        for iri, (day, _) in _texts(store, property_):
            thing = things.get(iri) or things.get(owners.get(iri, ""))
            if thing:
                thing.years.update(map(int, _YEAR.findall(day)))
    for iri, (day, _) in _texts(store, DCTERMS.issued, GRAPH.sources):
        if iri in things:
            things[iri].years.update(map(int, _YEAR.findall(day)))
    for iri, owner in owners.items():  # a provision is of the years of its act
        if iri in things and owner in things and things[iri].kind == "provision":
            things[iri].years |= things[owner].years


def _covered(store: Store) -> dict[str, str]:
    """The code of each covered country."""
    quads = store.quads_for_pattern(None, AIP.coverageOrder, None, GRAPH.registry)
    return {quad.subject.value: local_name(quad.subject.value) for quad in quads if isinstance(quad.subject, NamedNode)}


def _add_passages(store: Store, things: dict[str, Thing]) -> None:
    """A passage has the title and year of its source, and the countries of what it supports."""
    passage_of: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, AIP.inPassage, None, GRAPH.sources):
        passage_of[getattr(quad.subject, "value", "")] = getattr(quad.object, "value", "")
    covered = set(_covered(store).values())
    codes: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, AIP.evidence, None, GRAPH.accepted):
        code = local_name(getattr(quad.subject, "value", "")).partition("-")[0]
        if code in covered:
            codes[passage_of.get(getattr(quad.object, "value", ""), "")].add(code)
    for quad in store.quads_for_pattern(None, AIP.inSource, None, GRAPH.sources):
        passage, source = (getattr(term, "value", "") for term in (quad.subject, quad.object))
        if passage in things and source in things:
            things[passage].names = list(things[source].names)
            things[passage].years = set(things[source].years)
            things[passage].countries = codes[passage]
            things[source].countries |= codes[passage]
