"""Literals that are not in the range of their property (rule dt-not-type of OWL 2 RL)."""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Variable

from kg.owl_rl.classes import Implication
from kg.owl_rl.ontology import Ontology
from kg.rules import Clause, Pattern
from kg.terms import OWL, RDF, RDFS, XSD, Term

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


def implications(ontology: Ontology) -> Iterator[Implication]:
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
