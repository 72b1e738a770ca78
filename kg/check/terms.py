"""Checks that terms are known and of the right kind: properties, classes, things and concepts."""

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.check.context import Context, Node, is_ours, name_of, names_of
from kg.findings import Finding
from kg.index import Place
from kg.namespaces import PREFIXES
from kg.terms import RDF, RDFS, Term
from kg.vocabulary import Property

_DESCRIBED_BY_THE_BUILD = (PREFIXES["graph"], PREFIXES["query"], PREFIXES["shape"])


def check_terms(context: Context) -> Iterator[Finding]:
    """Errors of vocabulary and reference in one file."""
    for node in context.nodes:
        is_described = RDF.type in node.values or context.types(node.subject)
        if not isinstance(node.subject, NamedNode):
            message = "a blank node has no name that others can use"
            yield context.finding("blank-node", node, None, message, "give the thing a name")
        elif node.place in (Place.ASSERTION, Place.EDITORIAL) and not is_described:
            yield _unknown_thing(context, node, None, node.subject)
        for property_ in node.values:
            if property_ == RDF.type:
                yield from _classes(context, node)
            else:
                yield from _statement(context, node, property_)


def _classes(context: Context, node: Node) -> Iterator[Finding]:
    known = context.vocabulary.superclasses
    for class_ in node.values[RDF.type]:
        if class_ not in known or not is_ours(class_):
            message = f"{name_of(class_)} is not a class of the ontology"
            hint = _nearest(context, class_, [*filter(is_ours, known)])
            yield context.finding("unknown-class", node, RDF.type, message, hint)


def _statement(context: Context, node: Node, iri: NamedNode) -> Iterator[Finding]:
    property_ = context.vocabulary.properties.get(iri)
    if property_ is None:
        message = f"{name_of(iri)} is not a property of the ontology"
        names = [name for name in context.vocabulary.properties if name not in context.vocabulary.derived]
        yield context.finding("unknown-property", node, iri, message, _nearest(context, iri, names))
    elif iri in context.vocabulary.derived:
        message = f"{name_of(iri)} is derived by the build and never written by hand"
        yield context.finding("derived-property", node, iri, message, "leave it out")
    else:
        yield from _domain(context, node, property_)
        for value in node.values[iri]:
            yield from _value(context, node, property_, value)


def _domain(context: Context, node: Node, property_: Property) -> Iterator[Finding]:
    types = context.types(node.subject)
    known = types and types <= context.vocabulary.classes
    if property_.domains and known and not context.vocabulary.is_a(types, property_.domains):
        message = f"{name_of(property_.iri)} does not apply to {names_of(types)}, the type of {name_of(node.subject)}"
        hint = f"it applies to {names_of(property_.domains)}"
        yield context.finding("wrong-domain", node, property_.iri, message, hint)


def _value(context: Context, node: Node, property_: Property, value: Term) -> Iterator[Finding]:
    if isinstance(value, Literal):
        if not _takes_literals(property_):
            yield _literal_for_thing(context, node, property_, value)
    elif isinstance(value, BlankNode | Triple):
        message = f"{name_of(property_.iri)} has a blank node for a value"
        yield context.finding("blank-node", node, property_.iri, message, "give the thing a name")
    elif not _takes_things(property_):
        message = f"{name_of(property_.iri)} takes a text, number or date, not the thing {name_of(value)}"
        yield _not_allowed(context, "thing-for-literal", node, property_, message)
    else:
        yield from _thing(context, node, property_, value)


def _takes_literals(property_: Property) -> bool:
    if property_.datatypes or RDFS.Literal in property_.ranges:
        return True
    return property_.kind != "object" and not property_.ranges


def _takes_things(property_: Property) -> bool:
    if property_.ranges - {RDFS.Literal}:
        return True
    return property_.kind != "datatype" and not property_.datatypes and RDFS.Literal not in property_.ranges


def _literal_for_thing(context: Context, node: Node, property_: Property, value: Literal) -> Finding:
    message = f"{name_of(property_.iri)} takes a thing, not the text {name_of(value)}"
    if value.value.startswith(("http://", "https://")):
        hint = f"write it in angle brackets: <{value.value}>"
        return context.finding("literal-for-thing", node, property_.iri, message, hint)
    return _not_allowed(context, "literal-for-thing", node, property_, message)


def _thing(context: Context, node: Node, property_: Property, value: NamedNode) -> Iterator[Finding]:
    if not is_ours(value):
        if property_.scheme or any(map(is_ours, property_.ranges)):
            yield _foreign(context, node, property_, value)
    elif property_.scheme:
        yield from _concept(context, node, property_, property_.scheme, value)
    elif not context.types(value):
        if not value.value.startswith(_DESCRIBED_BY_THE_BUILD):
            yield _unknown_thing(context, node, property_.iri, value)
    elif not _in_range(context, property_, value):
        types = names_of(context.types(value))
        message = f"{name_of(property_.iri)} does not take {types}, the type of {name_of(value)}"
        yield _not_allowed(context, "wrong-kind", node, property_, message)


def _in_range(context: Context, property_: Property, value: NamedNode) -> bool:
    if not property_.ranges or RDFS.Resource in property_.ranges:
        return True
    if RDF.Property in property_.ranges and value in context.vocabulary.properties:
        return True
    misspelt = context.index.types.get(value, set()) - context.vocabulary.classes
    return bool(misspelt) or context.is_a(value, *property_.ranges)


def _foreign(context: Context, node: Node, property_: Property, value: NamedNode) -> Finding:
    foreign = f"{name_of(value)}, which belongs to another dataset"
    message = f"{name_of(property_.iri)} takes a thing of this graph, not {foreign}"
    if match := context.index.matches.get(value):
        return context.finding("foreign-iri", node, property_.iri, message, f"write {name_of(match)}")
    return _not_allowed(context, "foreign-iri", node, property_, message)


def _concept(
    context: Context, node: Node, property_: Property, scheme: NamedNode, value: NamedNode
) -> Iterator[Finding]:
    members = context.vocabulary.schemes.get(scheme, ())
    if value in members:
        return
    if context.types(value):
        message = f"{name_of(value)} is not a concept of {name_of(scheme)}"
        yield _not_allowed(context, "wrong-scheme", node, property_, message)
    else:
        near = context.similar(name_of(value), map(name_of, members))
        hint = (f"nearest: {', '.join(near)}; " if near else "") + f"allowed: {context.allowed(property_)}"
        yield context.finding("unknown-thing", node, property_.iri, f"there is no {name_of(value)}", hint)


def _not_allowed(context: Context, code: str, node: Node, property_: Property, message: str) -> Finding:
    return context.finding(code, node, property_.iri, message, f"allowed: {context.allowed(property_)}")


def _unknown_thing(context: Context, node: Node, property_: NamedNode | None, thing: Term) -> Finding:
    near = context.similar_things(thing) if isinstance(thing, NamedNode) else []
    hint = f"nearest: {', '.join(near)}" if near else "describe it in data/registry/ first"
    return context.finding("unknown-thing", node, property_, f"there is no {name_of(thing)}", hint)


def _nearest(context: Context, name: Term, candidates: list[NamedNode]) -> str:
    near = context.similar(name_of(name), map(name_of, candidates))
    return f"nearest: {', '.join(near)}" if near else "ontology/ai-policy.ttl lists the terms"
