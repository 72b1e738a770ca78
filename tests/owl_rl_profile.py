"""Whether an ontology keeps to the profile OWL 2 RL: https://www.w3.org/TR/owl2-profiles/#OWL_2_RL

Covers classes, properties and their axioms. Whatever it does not know is a violation, so nothing passes unseen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
# Section 4.2.1 has no ReflexiveProperty; section 4.2.5 no DisjointUnion, which is a predicate.
TYPES = {*KINDS, OWL.Class, OWL.Ontology, OWL.NamedIndividual, OWL.Restriction, OWL.AllDisjointClasses} | {
    OWL.AllDisjointProperties, OWL.AllDifferent, OWL.NegativePropertyAssertion, OWL.TransitiveProperty,
    OWL.SymmetricProperty, OWL.AsymmetricProperty, OWL.IrreflexiveProperty, OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty, OWL.DeprecatedClass, OWL.DeprecatedProperty,
}  # fmt: skip
EXPRESSIONS = (
    OWL.intersectionOf, OWL.unionOf, OWL.complementOf, OWL.oneOf, OWL.someValuesFrom, OWL.allValuesFrom,
    OWL.hasValue, OWL.hasSelf, OWL.maxCardinality, OWL.maxQualifiedCardinality, OWL.minCardinality,
    OWL.minQualifiedCardinality, OWL.cardinality, OWL.qualifiedCardinality,
)  # fmt: skip
PREDICATES = {*EXPRESSIONS, OWL.equivalentClass, OWL.disjointWith, OWL.members, OWL.onProperty, OWL.onClass} | {
    OWL.equivalentProperty, OWL.inverseOf, OWL.propertyDisjointWith, OWL.propertyChainAxiom, OWL.hasKey,
    OWL.sameAs, OWL.differentFrom, OWL.distinctMembers, OWL.sourceIndividual, OWL.assertionProperty,
    OWL.targetIndividual, OWL.targetValue, OWL.onDataRange, OWL.versionIRI, OWL.versionInfo, OWL.priorVersion,
    OWL.deprecated, OWL.imports, OWL.backwardCompatibleWith, OWL.incompatibleWith,
}  # fmt: skip
# Section 4.2.2: the datatypes of OWL 2 but for owl:real and owl:rational.
DATATYPES = {
    RDF.PlainLiteral, RDF.langString, RDF.XMLLiteral, RDFS.Literal, XSD.decimal, XSD.integer, XSD.nonNegativeInteger,
    XSD.nonPositiveInteger, XSD.positiveInteger, XSD.negativeInteger, XSD.long, XSD.int, XSD.short, XSD.byte,
    XSD.unsignedLong, XSD.unsignedInt, XSD.unsignedShort, XSD.unsignedByte, XSD.float, XSD.double, XSD.string,
    XSD.normalizedString, XSD.token, XSD.language, XSD.Name, XSD.NCName, XSD.NMTOKEN, XSD.boolean, XSD.hexBinary,
    XSD.base64Binary, XSD.anyURI, XSD.dateTime, XSD.dateTimeStamp,
}  # fmt: skip
# Section 11.1 of the structural specification: these want a property that is neither transitive nor made by a chain.
SIMPLE = (
    OWL.AsymmetricProperty, OWL.IrreflexiveProperty, OWL.FunctionalProperty, OWL.InverseFunctionalProperty,
)  # fmt: skip


def violations(graph: Graph) -> list[str]:
    """Every place where a graph leaves the profile, with the section of the specification; empty if it does not."""
    rules: tuple[Callable[[Graph], Iterator[str]], ...] = (
        _unknown, _class_axioms, _domains_and_ranges, _kinds, _hierarchy_of_properties, _simple,
    )  # fmt: skip
    return sorted({finding for rule in rules for finding in rule(graph)})


def _unknown(graph: Graph) -> Iterator[str]:
    for subject, predicate, value in graph:
        if str(predicate).startswith(str(OWL)) and predicate not in PREDICATES:
            yield f"{_name(graph, subject)}: {_name(graph, predicate)} is no part of the profile (4.2)"
        if predicate == RDF.type and str(value).startswith(str(OWL)) and value not in TYPES:
            yield f"{_name(graph, subject)}: {_name(graph, value)} is no part of the profile (4.2.5)"


def _class_axioms(graph: Graph) -> Iterator[str]:
    for sub, super_ in graph.subject_objects(RDFS.subClassOf):
        yield from _unless(graph, sub, _is_sub(graph, sub), "subClassExpression (4.2.3)")
        yield from _unless(graph, super_, _is_super(graph, super_), "superClassExpression (4.2.3)")
    for pair in graph.subject_objects(OWL.equivalentClass):
        for term in pair:
            yield from _unless(graph, term, _is_equivalent(graph, term), "equivClassExpression (4.2.3)")
    for pair in graph.subject_objects(OWL.disjointWith):
        for term in pair:
            yield from _unless(graph, term, _is_sub(graph, term), "subClassExpression (4.2.5)")
    for axiom in graph.subjects(RDF.type, OWL.AllDisjointClasses):
        for term in _members(graph, graph.value(axiom, OWL.members)):
            yield from _unless(graph, term, _is_sub(graph, term), "subClassExpression (4.2.5)")
    for class_ in graph.objects(None, RDF.type):
        if isinstance(class_, BNode):
            yield from _unless(graph, class_, _is_super(graph, class_), "superClassExpression (4.2.5)")
    for subject in graph.subjects(OWL.hasKey):
        yield from _unless(graph, subject, _is_sub(graph, subject), "subClassExpression (4.2.5)")


def _domains_and_ranges(graph: Graph) -> Iterator[str]:
    for property_, class_ in graph.subject_objects(RDFS.domain):
        if (property_, RDF.type, OWL.AnnotationProperty) not in graph:
            yield from _unless(graph, class_, _is_super(graph, class_), "superClassExpression (4.2.5)")
    for property_, value in graph.subject_objects(RDFS.range):
        if (property_, RDF.type, OWL.ObjectProperty) in graph:
            yield from _unless(graph, value, _is_super(graph, value), "superClassExpression (4.2.5)")
        if (property_, RDF.type, OWL.DatatypeProperty) in graph:
            yield from _unless(graph, value, _is_data_range(graph, value), "DataRange (4.2.4)")


def _kinds(graph: Graph) -> Iterator[str]:
    for term, kinds in _kinds_of(graph).items():
        if len(kinds) > 1:
            yield f"{_name(graph, term)}: is declared as more than one kind of property (structure, 5.8.1)"


def _hierarchy_of_properties(graph: Graph) -> Iterator[str]:
    kinds = _kinds_of(graph)
    for sub, super_ in graph.subject_objects(RDFS.subPropertyOf):
        if super_ != RDFS.label and kinds[sub] != kinds[super_]:
            names = f"{_name(graph, sub)} and {_name(graph, super_)}"
            yield f"{names}: are not declared as properties of one kind (structure, 9.2)"
    for property_, chain in graph.subject_objects(OWL.propertyChainAxiom):
        for link in (property_, *_members(graph, chain)):
            if kinds[link] != {OWL.ObjectProperty}:
                yield f"{_name(graph, link)}: is in a chain but not declared as an object property (structure, 9.2.1)"


def _simple(graph: Graph) -> Iterator[str]:
    composite = {*graph.subjects(RDF.type, OWL.TransitiveProperty), *graph.subjects(OWL.propertyChainAxiom)}
    for property_ in tuple(composite):
        composite.update(filter(None, graph.transitive_objects(property_, RDFS.subPropertyOf)))
    disjoint = {term for pair in graph.subject_objects(OWL.propertyDisjointWith) for term in pair}
    for kind in SIMPLE:
        disjoint |= set(graph.subjects(RDF.type, kind))
    for property_ in composite & disjoint:
        yield f"{_name(graph, property_)}: must be simple but is transitive or made by a chain (structure, 11.2)"


def _is_sub(graph: Graph, term: Node) -> bool:
    """4.2.3 subClassExpression."""
    kind, value = _expression(graph, term)
    if kind is None:
        return _is_class(term)
    if kind in (OWL.intersectionOf, OWL.unionOf):
        return all(_is_sub(graph, member) for member in _members(graph, value))
    if kind == OWL.someValuesFrom:
        return value == OWL.Thing or _is_data_range(graph, value) or _is_sub(graph, value)
    return kind in (OWL.oneOf, OWL.hasValue)


def _is_super(graph: Graph, term: Node) -> bool:
    """4.2.3 superClassExpression."""
    kind, value = _expression(graph, term)
    if kind is None:
        return _is_class(term)
    if kind == OWL.intersectionOf:
        return all(_is_super(graph, member) for member in _members(graph, value))
    if kind == OWL.complementOf:
        return _is_sub(graph, value)
    if kind == OWL.allValuesFrom:
        return _is_data_range(graph, value) or _is_super(graph, value)
    if kind in (OWL.maxCardinality, OWL.maxQualifiedCardinality):
        filler = graph.value(term, OWL.onClass) or OWL.Thing
        return int(value) in (0, 1) and (filler == OWL.Thing or _is_sub(graph, filler))  # type: ignore[call-overload]
    return kind == OWL.hasValue


def _is_equivalent(graph: Graph, term: Node) -> bool:
    """4.2.3 equivClassExpression."""
    kind, value = _expression(graph, term)
    if kind == OWL.intersectionOf:
        return all(_is_equivalent(graph, member) for member in _members(graph, value))
    return _is_class(term) if kind is None else kind == OWL.hasValue


def _is_data_range(graph: Graph, term: Node) -> bool:
    """4.2.4 DataRange."""
    if (term, RDF.type, RDFS.Datatype) in graph and (members := graph.value(term, OWL.intersectionOf)) is not None:
        return all(_is_data_range(graph, member) for member in _members(graph, members))
    return term in DATATYPES


def _is_class(term: Node) -> bool:
    return isinstance(term, URIRef) and term != OWL.Thing and not str(term).startswith(str(XSD))


def _expression(graph: Graph, term: Node) -> tuple[Node | None, Node]:
    """The construct of a class expression and its argument; no construct for a named class."""
    if isinstance(term, Literal):
        return RDFS.Literal, term
    found = [(kind, value) for kind in EXPRESSIONS for value in graph.objects(term, kind)]
    if found and not isinstance(term, URIRef):
        return found[0]
    return (None, term) if isinstance(term, URIRef) else (RDFS.Resource, term)


def _kinds_of(graph: Graph) -> dict[Node, set[Node]]:
    kinds: dict[Node, set[Node]] = defaultdict(set)
    for kind in KINDS:
        for term in graph.subjects(RDF.type, kind):
            kinds[term].add(kind)
    return kinds


def _members(graph: Graph, head: Node | None) -> Iterable[Node]:
    return () if head is None else tuple(Collection(graph, head))


def _unless(graph: Graph, term: Node, allowed: bool, position: str) -> Iterator[str]:
    if not allowed:
        kind, _ = _expression(graph, term)
        yield f"{_name(graph, kind or term)}: not allowed as {position}"


def _name(graph: Graph, term: Node) -> str:
    return term.n3(graph.namespace_manager) if isinstance(term, URIRef) else "an expression"
