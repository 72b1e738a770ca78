"""Literals that are not in the range of their property (rule dt-not-type of OWL 2 RL)."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Variable

from kg.namespaces import expand
from kg.owl_rl.classes import Implication
from kg.owl_rl.ontology import Ontology
from kg.rules import Pattern, Term, Text

_SIGNED = ("integer", "long", "int", "short", "byte", "nonPositiveInteger", "negativeInteger")
_UNSIGNED = (
    "nonNegativeInteger",
    "positiveInteger",
    "unsignedLong",
    "unsignedInt",
    "unsignedShort",
    "unsignedByte",
)
_INTEGERS = (*_SIGNED, *_UNSIGNED)
#: Datatypes whose values are all values of another one (XML Schema 1.1 part 2, section 3.4).
_WITHIN = {
    expand("xsd:decimal"): [expand(f"xsd:{name}") for name in ("decimal", *_INTEGERS)],
    expand("xsd:integer"): [expand(f"xsd:{name}") for name in _INTEGERS],
    expand("xsd:dateTime"): [expand("xsd:dateTime"), expand("xsd:dateTimeStamp")],
    expand("xsd:nonNegativeInteger"): [expand(f"xsd:{name}") for name in _UNSIGNED],
}
#: Datatypes that hold every literal, or that are not ours to judge.
_OPEN = {expand(name) for name in ("rdfs:Literal", "rdf:PlainLiteral", "xsd:anyURI", "xsd:anySimpleType")}
#: Datatypes whose texts the query engine can read.
_READABLE = {
    expand(f"xsd:{name}")
    for name in (
        "boolean",
        "date",
        "dateTime",
        "decimal",
        "double",
        "float",
        "gYear",
        "gYearMonth",
        "integer",
    )
}


def implications(ontology: Ontology) -> Iterator[Implication]:
    """One contradiction for each property whose range is a datatype or a union of datatypes."""
    x, y = Variable("x"), Variable("y")
    for prop, datatype in ontology.pairs("rdfs:range"):
        allowed = _allowed(ontology, datatype) if ontology.is_datatype(datatype) else None
        if allowed and isinstance(prop, NamedNode):
            axiom = ontology.axiom(prop, "rdfs:range", datatype)
            body = (Pattern(x, prop, y), _misfit(sorted(allowed)))
            yield Implication(None, body, ("dt-not-type", "prp-rng"), axiom)


def _allowed(ontology: Ontology, datatype: Term) -> set[str] | None:
    """The datatypes a literal may have to be in a range; ``None`` if any."""
    for union in ontology.values(datatype, "owl:unionOf"):
        parts = [_allowed(ontology, member) for member in ontology.items(union)]
        return None if None in parts else set().union(*(part for part in parts if part))
    base = ontology.value(datatype, "owl:onDatatype") or ontology.value(datatype, "owl:equivalentClass")
    if base is not None:
        return _allowed(ontology, base)
    if not isinstance(datatype, NamedNode) or datatype.value in _OPEN or ontology.is_anonymous(datatype):
        return None
    return set(_WITHIN.get(datatype.value, [datatype.value]))


def _misfit(allowed: list[str]) -> Text:
    """A filter for literals of another datatype, and for texts that their datatype does not have."""
    y = ("?y",)
    tokens = ["FILTER(isLiteral(", *y, ") && (DATATYPE(", *y, f") NOT IN (<{'>, <'.join(allowed)}>)"]
    for datatype in sorted(_READABLE.intersection(allowed)):
        read = (f"<{datatype}>(STR(", *y, "))")
        tokens += [" || (DATATYPE(", *y, f") = <{datatype}> && !COALESCE(", *read, " = ", *read, ", false))"]
    return Text((*tokens, "))"))
