"""Checks that terms are known and of the right kind: properties, classes, things and concepts."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.check.context import Context, Node, Term, allowed_values, is_ours, name_of, names_of
from kg.findings import Finding
from kg.index import Place
from kg.namespaces import PREFIXES, expand, shorten
from kg.vocabulary import TYPE, Property

_RESOURCE, _LITERAL, _PROPERTY = (NamedNode(expand(name)) for name in ("rdfs:Resource", "rdfs:Literal", "rdf:Property"))
_DESCRIBED_BY_THE_BUILD = (PREFIXES["graph"], PREFIXES["query"], PREFIXES["shape"])


def check_terms(context: Context) -> Iterator[Finding]:
    """Slips of vocabulary and reference in one file."""
    for node in context.nodes:
        if isinstance(node.subject, NamedNode):
            yield from _subject(context, node)
        else:
            yield context.finding(
                "blank-node",
                node,
                None,
                "a blank node has no name that others can use",
                "give the thing a name",
            )
        for property_ in node.said:
            if property_ == TYPE:
                yield from _classes(context, node)
            else:
                yield from _statement(context, node, property_)


def _subject(context: Context, node: Node) -> Iterator[Finding]:
    described = TYPE in node.said or context.types(node.subject)
    if node.place in (Place.ASSERTION, Place.EDITORIAL) and not described:
        yield _unknown_thing(context, node, None, node.subject)


def _classes(context: Context, node: Node) -> Iterator[Finding]:
    known = context.vocabulary.superclasses
    for class_ in node.said[TYPE]:
        if isinstance(class_, NamedNode) and class_ in known and is_ours(class_):
            continue
        names = [shorten(c.value) for c in known if is_ours(c)]
        message = f"{name_of(class_)} is no class of the ontology"
        yield context.finding("unknown-class", node, TYPE, message, _nearest(context, name_of(class_), names))


def _statement(context: Context, node: Node, iri: NamedNode) -> Iterator[Finding]:
    property_ = context.vocabulary.properties.get(iri)
    if property_ is None:
        names = [shorten(p.value) for p in context.vocabulary.properties if p not in context.vocabulary.derived]
        message = f"{name_of(iri)} is no property of the ontology"
        yield context.finding("unknown-property", node, iri, message, _nearest(context, name_of(iri), names))
        return
    if iri in context.vocabulary.derived:
        message = f"{name_of(iri)} is derived by the build and never written by hand"
        yield context.finding("derived-property", node, iri, message, "leave it out")
        return
    yield from _domain(context, node, property_)
    for value in node.said[iri]:
        yield from _value(context, node, property_, value)


def _domain(context: Context, node: Node, property_: Property) -> Iterator[Finding]:
    types = context.types(node.subject)
    known = types & context.vocabulary.classes
    if property_.domains and known == types and types and not context.vocabulary.is_a(types, property_.domains):
        message = f"{name_of(property_.iri)} is not said of {names_of(types)}, which {name_of(node.subject)} is"
        yield context.finding(
            "wrong-domain", node, property_.iri, message, f"it is said of {names_of(property_.domains)}"
        )


def _value(context: Context, node: Node, property_: Property, value: Term) -> Iterator[Finding]:
    if isinstance(value, Literal):
        if not _takes_literals(property_):
            yield _literal_for_thing(context, node, property_, value)
    elif isinstance(value, BlankNode | Triple):
        message = f"{name_of(property_.iri)} has a blank node for a value"
        yield context.finding("blank-node", node, property_.iri, message, "give the thing a name")
    elif not _takes_things(property_):
        message = f"{name_of(property_.iri)} takes a text, number or date, not the thing {name_of(value)}"
        hint = f"allowed: {allowed_values(property_, context.vocabulary.schemes)}"
        yield context.finding("thing-for-literal", node, property_.iri, message, hint)
    else:
        yield from _thing(context, node, property_, value)


def _takes_literals(property_: Property) -> bool:
    if property_.datatypes or _LITERAL in property_.ranges:
        return True
    return property_.kind != "object" and not property_.ranges


def _takes_things(property_: Property) -> bool:
    if property_.ranges - {_LITERAL}:
        return True
    return property_.kind != "datatype" and not property_.datatypes and _LITERAL not in property_.ranges


def _literal_for_thing(context: Context, node: Node, property_: Property, value: Literal) -> Finding:
    message = f"{name_of(property_.iri)} takes a thing, not the text {name_of(value)}"
    if value.value.startswith(("http://", "https://")):
        hint = f"write it in angle brackets: <{value.value}>"
    else:
        hint = f"allowed: {allowed_values(property_, context.vocabulary.schemes)}"
    return context.finding("literal-for-thing", node, property_.iri, message, hint)


def _thing(context: Context, node: Node, property_: Property, value: NamedNode) -> Iterator[Finding]:
    ours = [class_ for class_ in property_.ranges if is_ours(class_)] or property_.scheme
    if not is_ours(value):
        if ours:
            yield _foreign(context, node, property_, value)
    elif property_.scheme:
        yield from _concept(context, node, property_, property_.scheme, value)
    elif not context.types(value):
        if not value.value.startswith(_DESCRIBED_BY_THE_BUILD):
            yield _unknown_thing(context, node, property_.iri, value)
    elif not _in_range(context, property_, value):
        kinds = names_of(context.types(value))
        message = f"{name_of(value)} is {kinds}, which {name_of(property_.iri)} does not take"
        hint = f"allowed: {allowed_values(property_, context.vocabulary.schemes)}"
        yield context.finding("wrong-kind", node, property_.iri, message, hint)


def _in_range(context: Context, property_: Property, value: NamedNode) -> bool:
    if not property_.ranges or _RESOURCE in property_.ranges:
        return True
    if _PROPERTY in property_.ranges and value in context.vocabulary.properties:
        return True
    misspelt = context.index.types.get(value, frozenset()) - context.vocabulary.classes
    return bool(misspelt) or context.is_a(value, *property_.ranges)


def _foreign(context: Context, node: Node, property_: Property, value: NamedNode) -> Finding:
    match = context.index.matches.get(value)
    message = f"{name_of(property_.iri)} takes a thing of ours, not {name_of(value)} of another site"
    hint = f"write {name_of(match)}" if match else f"allowed: {allowed_values(property_, context.vocabulary.schemes)}"
    return context.finding("foreign-iri", node, property_.iri, message, hint)


def _concept(
    context: Context, node: Node, property_: Property, scheme: NamedNode, value: NamedNode
) -> Iterator[Finding]:
    members = context.vocabulary.schemes.get(scheme, ())
    if value in members:
        return
    allowed = allowed_values(property_, context.vocabulary.schemes)
    if context.types(value):
        message = f"{name_of(value)} is no concept of {name_of(scheme)}"
        yield context.finding("wrong-scheme", node, property_.iri, message, f"allowed: {allowed}")
    else:
        near = context.similar(name_of(value), [name_of(member) for member in members])
        hint = (f"nearest: {', '.join(near)}; " if near else "") + f"allowed: {allowed}"
        yield context.finding("unknown-thing", node, property_.iri, f"there is no {name_of(value)}", hint)


def _unknown_thing(context: Context, node: Node, property_: NamedNode | None, thing: Term) -> Finding:
    near = context.similar_things(thing) if isinstance(thing, NamedNode) else []
    hint = f"nearest: {', '.join(near)}" if near else "describe it in data/registry/ first"
    return context.finding("unknown-thing", node, property_, f"there is no {name_of(thing)}", hint)


def _nearest(context: Context, name: str, allowed: list[str]) -> str:
    near = context.similar(name, allowed)
    return f"nearest: {', '.join(near)}" if near else "ontology/ai-policy.ttl lists what there is"
