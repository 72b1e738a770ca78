"""Types and properties as the service knows them: our classes that entities have, and what is said of these."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from kg.namespaces import PREFIXES, expand, local_name, shorten
from kg.terms import AIP, GRAPH, RDF, RDFS, SKOS
from web.matching import Entity, Matcher, matcher_of
from web.memo import Kind
from web.snapshot import snapshot

_OMITTED = frozenset({RDF.type, AIP.evidence, AIP.originCount, AIP.translatedLabel})
_BORROWED = frozenset({RDFS.label, SKOS.altLabel, SKOS.exactMatch})
"""Properties of other vocabularies that the service offers; the others repeat ours."""


@dataclass(frozen=True)
class Described:
    """A class or property.

    :param id: its local name if it is ours, else its prefixed name
    :param definition: in one sentence; empty if it has none
    :param broader: the classes right above it
    """

    id: str
    name: str
    definition: str = ""
    broader: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schema:
    """The types and properties of all entities.

    :param used: how many values each property has, by type
    """

    types: Mapping[str, Described]
    properties: Mapping[str, Described]
    used: Mapping[str, Counter[str]]


def current_matcher() -> Matcher:
    """The matcher over the snapshot of this request."""
    return matcher_of(snapshot())


def schema() -> Schema:
    """The types and properties of the snapshot of this request."""
    current = snapshot()
    return current.memo.get(_SCHEMA, None, lambda: _read(current.store, matcher_of(current)))


_SCHEMA: Kind[Schema] = Kind("types and properties of entities")


def property_iri(id_: str) -> NamedNode:
    """The IRI of a property by the identifier it has here."""
    return NamedNode(expand(id_) if ":" in id_ else PREFIXES["aip"] + id_)


def description_of(entity: Entity) -> str:
    """What tells an entity from its namesakes: its class and countries."""
    known, entities = schema(), current_matcher().entities
    countries = [entities[code].names[0].text for code in sorted(entity.countries - {entity.id}) if code in entities]
    kind = known.types[entity.kind].name if entity.kind in known.types else entity.kind
    return " · ".join([kind, *countries])


def types_of(entity: Entity) -> list[dict[str, str]]:
    """The types of an entity, the one it is registered with first."""
    known = schema().types
    ordered = [entity.kind, *sorted(entity.classes - {entity.kind})]
    return [{"id": id_, "name": known[id_].name} for id_ in ordered if id_ in known]


def _read(store: Store, matcher: Matcher) -> Schema:
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for quad in store.quads_for_pattern(None, None, None, GRAPH.accepted):
        subject, predicate = getattr(quad.subject, "value", ""), quad.predicate
        ours = predicate.value.startswith(PREFIXES["aip"]) or predicate in _BORROWED
        entity = matcher.entities.get(local_name(subject)) if ours and predicate not in _OMITTED else None
        if entity and subject.startswith(PREFIXES["id"]):
            for type_ in entity.classes:
                used[type_][_short(predicate)] += 1
    types = {type_ for entity in matcher.entities.values() for type_ in entity.classes}
    properties = {id_ for counter in used.values() for id_ in counter}
    return Schema(
        {id_: _described(store, id_, NamedNode(PREFIXES["aip"] + id_)) for id_ in sorted(types)},
        {id_: _described(store, id_, property_iri(id_)) for id_ in sorted(properties)},
        used,
    )


def _short(predicate: NamedNode) -> str:
    return shorten(predicate.value).removeprefix("aip:")


def _described(store: Store, id_: str, iri: NamedNode) -> Described:
    above = (quad.object for quad in store.quads_for_pattern(iri, RDFS.subClassOf, None, GRAPH.ontology))
    ours = {term.value for term in above if isinstance(term, NamedNode) and term.value.startswith(PREFIXES["aip"])}
    name, definition = (_english(store, iri, predicate) for predicate in (RDFS.label, SKOS.definition))
    return Described(id_, name or local_name(iri.value), definition, tuple(sorted(map(local_name, ours))))


def _english(store: Store, iri: NamedNode, predicate: NamedNode) -> str:
    quads = store.quads_for_pattern(iri, predicate, None, GRAPH.ontology)
    texts = [quad.object for quad in quads if isinstance(quad.object, Literal)]
    return next((text.value for text in texts if text.language in ("en", None)), "")
