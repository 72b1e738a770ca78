"""Property axioms of OWL 2 RL as rules, the contradictions that properties can be in, and literals outside a range."""

from collections.abc import Iterator
from itertools import combinations

from pyoxigraph import NamedNode, Variable

from kg.errors import DataError
from kg.owl_rl.classes import Implication, consequences, step
from kg.owl_rl.ontology import Ontology
from kg.rules import Axiom, Clause, Pattern, TermOrVariable
from kg.terms import OWL, RDF, RDFS, XSD, Term

X, Y, Z = (Variable(name) for name in "xyz")
MAX_CHAIN = 3


def implications(ontology: Ontology) -> Iterator[Implication]:
    """Every property axiom as implications between patterns."""
    yield from _between(ontology)
    yield from _characteristics(ontology)
    yield from _chains(ontology)
    yield from _domains_and_ranges(ontology)
    yield from _contradictions(ontology)
    yield from _range_violations(ontology)


def _between(ontology: Ontology) -> Iterator[Implication]:
    for p, q in ontology.pairs(RDFS.subPropertyOf):
        yield _implied(ontology, p, q, "prp-spo1", ontology.axiom(p, RDFS.subPropertyOf, q))
    for p, q in ontology.pairs(OWL.equivalentProperty):
        axiom = ontology.axiom(p, OWL.equivalentProperty, q)
        yield _implied(ontology, p, q, "prp-eqp1", axiom)
        yield _implied(ontology, q, p, "prp-eqp2", axiom)
    for p, q in ontology.pairs(OWL.inverseOf):
        if not ontology.is_anonymous(p):
            axiom = ontology.axiom(p, OWL.inverseOf, q)
            yield Implication(step(ontology, q, Y, X), (step(ontology, p, X, Y),), ("prp-inv1",), axiom)
            yield Implication(step(ontology, p, Y, X), (step(ontology, q, X, Y),), ("prp-inv2",), axiom)


def _implied(ontology: Ontology, p: Term, q: Term, name: str, axiom: Axiom) -> Implication:
    return Implication(step(ontology, q, X, Y), (step(ontology, p, X, Y),), (name,), axiom)


def _characteristics(ontology: Ontology) -> Iterator[Implication]:
    for p, axiom in _typed(ontology, OWL.TransitiveProperty):
        body = (Pattern(X, p, Y), Pattern(Y, p, Z))
        yield Implication(Pattern(X, p, Z), body, ("prp-trp",), axiom)
    for p, axiom in _typed(ontology, OWL.SymmetricProperty):
        yield Implication(Pattern(Y, p, X), (Pattern(X, p, Y),), ("prp-symp",), axiom)


def _typed(ontology: Ontology, kind: NamedNode) -> Iterator[tuple[NamedNode, Axiom]]:
    for p in ontology.instances(kind):
        if isinstance(p, NamedNode):
            yield p, ontology.axiom(p, RDF.type, kind)


def _chains(ontology: Ontology) -> Iterator[Implication]:
    for p, chain in ontology.pairs(OWL.propertyChainAxiom):
        axiom = ontology.axiom(p, OWL.propertyChainAxiom, chain)
        links = ontology.items(chain)
        if not 1 < len(links) <= MAX_CHAIN:
            raise DataError(
                f"a property chain has two or three links, this one has {len(links)}: {axiom.text}",
                hint="name a part of the chain by a property of its own",
            )
        ends: list[TermOrVariable] = [Variable(f"v{at}") for at in range(len(links) + 1)]
        body = tuple(step(ontology, link, ends[at], ends[at + 1]) for at, link in enumerate(links))
        yield Implication(step(ontology, p, ends[0], ends[-1]), body, ("prp-spo2",), axiom)


def _domains_and_ranges(ontology: Ontology) -> Iterator[Implication]:
    for predicate, name, end in ((RDFS.domain, "prp-dom", X), (RDFS.range, "prp-rng", Y)):
        for p, term in ontology.pairs(predicate):
            axiom = ontology.axiom(p, predicate, term)
            for consequence in consequences(ontology, term, end):
                body = (step(ontology, p, X, Y), *consequence.body)
                yield Implication(consequence.head, body, (name, *consequence.names), axiom)


def _contradictions(ontology: Ontology) -> Iterator[Implication]:
    for prop, axiom in _typed(ontology, OWL.IrreflexiveProperty):
        yield Implication(None, (Pattern(X, prop, X),), ("prp-irp",), axiom)
    for prop, axiom in _typed(ontology, OWL.AsymmetricProperty):
        yield Implication(None, (Pattern(X, prop, Y), Pattern(Y, prop, X)), ("prp-asyp",), axiom)
    for p, q in ontology.pairs(OWL.propertyDisjointWith):
        yield _apart(ontology, p, q, "prp-pdw", ontology.axiom(p, OWL.propertyDisjointWith, q))
    for subject in ontology.instances(OWL.AllDisjointProperties):
        for members in ontology.values(subject, OWL.members):
            axiom = ontology.axiom(subject, OWL.members, members)
            for p, q in combinations(ontology.items(members), 2):
                yield _apart(ontology, p, q, "prp-adp", axiom)


def _apart(ontology: Ontology, p: Term, q: Term, name: str, axiom: Axiom) -> Implication:
    return Implication(None, (step(ontology, p, X, Y), step(ontology, q, X, Y)), (name,), axiom)


_UNSIGNED = (
    *(XSD.nonNegativeInteger, XSD.positiveInteger, XSD.unsignedLong, XSD.unsignedInt, XSD.unsignedShort),
    XSD.unsignedByte,
)
_INTEGERS = (
    *(XSD.integer, XSD.long, XSD.int, XSD.short, XSD.byte, XSD.nonPositiveInteger, XSD.negativeInteger),
    *_UNSIGNED,
)
#: Datatypes whose values are all values of another one (XML Schema 1.1 part 2, section 3.4).
_WITHIN = {
    XSD.decimal: (XSD.decimal, *_INTEGERS),
    XSD.integer: _INTEGERS,
    XSD.dateTime: (XSD.dateTime, XSD.dateTimeStamp),
    XSD.nonNegativeInteger: _UNSIGNED,
}
#: Datatypes that hold every literal, or that are not ours to judge.
_OPEN = {RDFS.Literal, RDF.PlainLiteral, XSD.anyURI, XSD.anySimpleType}
#: Datatypes whose texts the query engine can read.
_READABLE = {
    *(XSD.boolean, XSD.date, XSD.dateTime, XSD.decimal, XSD.double, XSD.float),
    *(XSD.gYear, XSD.gYearMonth, XSD.integer),
}


def _range_violations(ontology: Ontology) -> Iterator[Implication]:
    """One contradiction for each property whose range is a datatype or a union of datatypes."""
    x, y = Variable("x"), Variable("y")
    for prop, datatype in ontology.pairs(RDFS.range):
        allowed = _allowed(ontology, datatype) if ontology.is_datatype(datatype) else None
        if allowed and isinstance(prop, NamedNode):
            axiom = ontology.axiom(prop, RDFS.range, datatype)
            body = (Pattern(x, prop, y), _mismatch(allowed))
            yield Implication(None, body, ("dt-not-type", "prp-rng"), axiom)


def _allowed(ontology: Ontology, datatype: Term) -> set[NamedNode] | None:
    """The datatypes a literal may have to be in a range; ``None`` if any."""
    for union in ontology.values(datatype, OWL.unionOf):
        parts = [_allowed(ontology, member) for member in ontology.items(union)]
        return None if None in parts else set().union(*(part for part in parts if part))
    base = ontology.value(datatype, OWL.onDatatype) or ontology.value(datatype, OWL.equivalentClass)
    if base is not None:
        return _allowed(ontology, base)
    if not isinstance(datatype, NamedNode) or datatype in _OPEN or ontology.is_anonymous(datatype):
        return None
    return set(_WITHIN.get(datatype, (datatype,)))


def _mismatch(allowed: set[NamedNode]) -> Clause:
    """A filter for literals of another datatype, and for texts that their datatype does not have."""
    tests = [f"DATATYPE(?y) NOT IN ({', '.join(sorted(map(str, allowed)))})"]
    for datatype in sorted(_READABLE & allowed, key=str):
        value = f"{datatype}(STR(?y))"
        tests.append(f"(DATATYPE(?y) = {datatype} && !COALESCE({value} = {value}, false))")
    return Clause(f"FILTER(isLiteral(?y) && ({' || '.join(tests)}))")
