"""Types, properties and values as the service knows them: our classes that entities have, and what is said of these."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.graph import label, text
from kg.namespaces import PREFIXES, expand, local_name, shorten
from kg.search.folding import fold
from kg.terms import AIP, GRAPH, RDF, RDFS, SKOS, XSD, Term
from web.matching import Entity, Matcher, matcher_of
from web.snapshot import per_snapshot, snapshot

_OMITTED = frozenset({RDF.type, AIP.evidence, AIP.originCount, AIP.translatedLabel})
_BORROWED = frozenset({RDFS.label, SKOS.altLabel, SKOS.exactMatch, SKOS.closeMatch})
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


def current_matcher() -> Matcher:
    """The matcher over the snapshot of this request."""
    return matcher_of(snapshot())


def property_iri(id_: str) -> NamedNode:
    """The IRI of a property by the identifier it has here."""
    return NamedNode(expand(id_) if ":" in id_ else PREFIXES["aip"] + id_)


def description_of(entity: Entity) -> str:
    """What tells an entity from its namesakes: its class and countries."""
    known, entities = types(), current_matcher().entities
    countries = [entities[code].names[0].text for code in sorted(entity.countries - {entity.id}) if code in entities]
    kind = known[entity.kind].name if entity.kind in known else entity.kind
    return " · ".join([kind, *countries])


def types_of(entity: Entity) -> list[dict[str, str]]:
    """The types of an entity, the one it is registered with first."""
    known = types()
    ordered = [entity.kind, *sorted(entity.classes - {entity.kind})]
    return [{"id": id_, "name": known[id_].name} for id_ in ordered if id_ in known]


@per_snapshot()
def types() -> Mapping[str, Described]:
    """The classes of all entities."""
    names = {type_ for entity in current_matcher().entities.values() for type_ in entity.classes}
    return {name: _described(name, NamedNode(PREFIXES["aip"] + name)) for name in sorted(names)}


@per_snapshot()
def properties() -> Mapping[str, Described]:
    """The properties of all entities."""
    names = {name for counter in usage().values() for name in counter}
    return {name: _described(name, property_iri(name)) for name in sorted(names)}


@per_snapshot()
def usage() -> Mapping[str, Counter[str]]:
    """How many values each property has, by type."""
    store, used = snapshot().store, defaultdict[str, Counter[str]](Counter)
    for entity in current_matcher().entities.values():
        quads = store.quads_for_pattern(NamedNode(PREFIXES["id"] + entity.id), None, None, GRAPH.accepted)
        offered = [_short(quad.predicate) for quad in quads if _is_offered(quad.predicate)]
        for type_ in entity.classes:
            used[type_].update(offered)
    return used


def _is_offered(predicate: NamedNode) -> bool:
    return predicate in _BORROWED or (predicate.value.startswith(PREFIXES["aip"]) and predicate not in _OMITTED)


def _short(predicate: NamedNode) -> str:
    return shorten(predicate.value).removeprefix("aip:")


def _described(id_: str, iri: NamedNode) -> Described:
    store = snapshot().store
    above = (quad.object for quad in store.quads_for_pattern(iri, RDFS.subClassOf, None, GRAPH.ontology))
    ours = {term.value for term in above if isinstance(term, NamedNode) and term.value.startswith(PREFIXES["aip"])}
    name, definition = (
        text(store, iri, predicate, GRAPH.ontology) or "" for predicate in (RDFS.label, SKOS.definition)
    )
    return Described(id_, name or local_name(iri.value), definition, tuple(sorted(map(local_name, ours))))


_INTEGERS = frozenset({XSD.integer, XSD.int, XSD.long, XSD.nonNegativeInteger, XSD.positiveInteger})
_NUMBERS = frozenset({XSD.decimal, XSD.double, XSD.float})


def values(entity: Entity, property_id: str) -> list[Term]:
    """The values of a property in the accepted view, in a fixed order."""
    thing = NamedNode(PREFIXES["id"] + entity.id)
    quads = snapshot().store.quads_for_pattern(thing, property_iri(property_id), None, GRAPH.accepted)
    return sorted((quad.object for quad in quads), key=str)


def written(term: Term) -> dict[str, Any]:
    """A value as a data extension response has it."""
    if isinstance(term, Literal):
        return _literal(term)
    id_ = entity_id(term)
    if id_:
        return {"id": id_, "name": label(snapshot().store, term)}
    is_ours = isinstance(term, NamedNode) and term.value.startswith(PREFIXES["concept"])
    return {"str": label(snapshot().store, term) if is_ours else getattr(term, "value", str(term))}


def _literal(literal: Literal) -> dict[str, Any]:
    text, datatype = literal.value, literal.datatype
    try:
        if datatype in _INTEGERS:
            return {"int": int(text)}
        if datatype in _NUMBERS and float(text) - float(text) == 0:  # neither infinite nor undefined
            return {"float": float(text)}
    except ValueError:
        return {"str": text}
    if datatype == XSD.date and len(text) == len("YYYY-MM-DD"):
        return {"date": f"{text}T00:00:00"}
    return {"str": text}


def entity_id(term: Term) -> str:
    """The identifier of an entity; empty for every other term."""
    id_ = local_name(term.value) if isinstance(term, NamedNode) and term.value.startswith(PREFIXES["id"]) else ""
    return id_ if id_ in current_matcher().entities else ""


def agrees(entity: Entity, property_id: str, wanted: list[str]) -> bool:
    """Whether an entity has any of these values: an identifier, a name in any language, or a text."""
    keys = {" ".join(fold(text)) for text in wanted} - {""} | {text.strip() for text in wanted}
    return any(not keys.isdisjoint(_keys(term)) for term in values(entity, property_id))


def _keys(term: Term) -> Iterator[str]:
    """Everything that a client may write for a value."""
    text = getattr(term, "value", str(term))
    yield text
    yield " ".join(fold(text))
    entity = current_matcher().entities.get(entity_id(term))
    if entity:
        yield entity.id
        yield from (" ".join(fold(name.text)) for name in entity.names)
    elif isinstance(term, NamedNode):
        yield local_name(text)
        yield " ".join(fold(label(snapshot().store, term)))
