"""The values of properties of entities: as the service writes them, and whether one is what a client means."""

from collections.abc import Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.labels import label
from kg.namespaces import PREFIXES, local_name
from kg.search.folding import fold
from kg.terms import GRAPH, XSD, Term
from web.matching import Entity
from web.snapshot import snapshot
from web.views.reconcile.schema import current_matcher, property_iri

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
