"""Class axioms of OWL 2 RL as rules.

An axiom L ⊑ R becomes one rule for every way to be in L and everything that follows from being in R.
Expressions without a name are unfolded, so no rule speaks of them and no derived triple names them.
"""

from collections.abc import Iterator
from itertools import count, product
from typing import NamedTuple

from pyoxigraph import NamedNode, Variable

from kg.owl_rl.ontology import Ontology
from kg.rules import Axiom, Clause, Pattern, TermOrVariable
from kg.terms import OWL, RDF, RDFS, Term

THING, NOTHING = OWL.Thing, OWL.Nothing
#: Classes that say nothing: everything is in them.
UNIVERSAL = {THING, RDFS.Resource}
_NUMBERS = count(1)


class Branch(NamedTuple):
    """One way to be in a class expression."""

    body: tuple[Pattern | Clause, ...]
    names: tuple[str, ...] = ()


class Consequence(NamedTuple):
    """One thing that follows from being in a class expression, where ``body`` also holds."""

    head: Pattern | None
    body: tuple[Pattern | Clause, ...]
    names: tuple[str, ...] = ()


class Implication(NamedTuple):
    """A rule before its variables are renamed."""

    head: Pattern | None
    body: tuple[Pattern | Clause, ...]
    names: tuple[str, ...]
    axiom: Axiom


def fresh() -> Variable:
    """A variable that occurs nowhere else."""
    return Variable(f"y{next(_NUMBERS)}")


def class_axioms(ontology: Ontology) -> Iterator[tuple[Term, Term, str, Axiom]]:
    """All axioms L ⊑ R with the rule that reads them: (L, R, name, axiom)."""
    for left, right in ontology.pairs(RDFS.subClassOf):
        yield left, right, "cax-sco", ontology.axiom(left, RDFS.subClassOf, right)
    for left, right in ontology.pairs(OWL.equivalentClass):
        axiom = ontology.axiom(left, OWL.equivalentClass, right)
        yield left, right, "cax-eqc1", axiom
        yield right, left, "cax-eqc2", axiom
    for left, right in ontology.pairs(OWL.disjointWith):
        yield left, right, "cax-dw", ontology.axiom(left, OWL.disjointWith, right)


def implications(ontology: Ontology) -> Iterator[Implication]:
    """Every class axiom as implications between patterns."""
    x = Variable("x")
    for left, right, name, axiom in class_axioms(ontology):
        if name == "cax-dw":
            yield from both(ontology, left, right, name, axiom)
            continue
        for branch in branches(ontology, left, x):
            for consequence in consequences(ontology, right, x):
                # The most specific rule comes first: that of the expression, if there is one.
                names = tuple(dict.fromkeys((*branch.names, *consequence.names, name)))
                yield Implication(consequence.head, branch.body + consequence.body, names, axiom)
    for expression in (OWL.intersectionOf, OWL.unionOf, OWL.oneOf, OWL.complementOf):
        for named, value in ontology.pairs(expression):
            if not ontology.is_anonymous(named) and not ontology.is_datatype(named):
                yield from _definition(ontology, named, ontology.axiom(named, expression, value))


def both(ontology: Ontology, left: Term, right: Term, name: str, axiom: Axiom) -> Iterator[Implication]:
    """That nothing may be in two classes."""
    x = Variable("x")
    for one, other in product(branches(ontology, left, x), branches(ontology, right, x)):
        yield Implication(None, one.body + other.body, (name, *one.names, *other.names), axiom)


def _definition(ontology: Ontology, named: Term, axiom: Axiom) -> Iterator[Implication]:
    """The axiom that a named class IS an intersection, union, enumeration or complement."""
    x = Variable("x")
    itself = Pattern(x, RDF.type, named)
    for branch in _expression(ontology, named, x):
        yield Implication(itself, branch.body, branch.names, axiom)
    for consequence in _follows(ontology, named, x):
        yield Implication(consequence.head, (itself, *consequence.body), consequence.names, axiom)


def branches(ontology: Ontology, term: Term, x: TermOrVariable) -> list[Branch]:
    """The ways to be in a class; none for what OWL 2 RL does not allow on the left of an axiom."""
    if ontology.is_anonymous(term):
        return list(_expression(ontology, term, x))
    if term in UNIVERSAL or ontology.is_datatype(term):
        return []
    return [Branch((Pattern(x, RDF.type, term),))]


def _expression(ontology: Ontology, term: Term, x: TermOrVariable) -> Iterator[Branch]:
    """The ways to be in an expression."""
    for value in ontology.values(term, OWL.hasValue):
        yield from (Branch((step(ontology, p, x, value),), ("cls-hv2",)) for p in _property(ontology, term))
    for value in ontology.values(term, OWL.someValuesFrom):
        yield from (branch for p in _property(ontology, term) for branch in _some(ontology, p, value, x))
    for value in ontology.values(term, OWL.intersectionOf):
        parts = [branches(ontology, member, x) for member in ontology.items(value) if member not in UNIVERSAL]
        yield from (_together(combination, "cls-int1") for combination in product(*parts) if combination)
    for value in ontology.values(term, OWL.unionOf):
        for member in ontology.items(value):
            yield from (Branch(b.body, ("cls-uni", *b.names)) for b in branches(ontology, member, x))
    for value in ontology.values(term, OWL.oneOf):
        names = " ".join(map(str, ontology.items(value)))
        yield Branch((Clause(f"VALUES {x} {{ {names} }}"),), ("cls-oo",))


def _property(ontology: Ontology, restriction: Term) -> list[Term]:
    return ontology.values(restriction, OWL.onProperty)


def _some(ontology: Ontology, prop: Term, filler: Term, x: TermOrVariable) -> list[Branch]:
    y = fresh()
    pattern = step(ontology, prop, x, y)
    if filler in UNIVERSAL:
        return [Branch((pattern,), ("cls-svf2",))]
    return [Branch((pattern, *b.body), ("cls-svf1", *b.names)) for b in branches(ontology, filler, y)]


def _together(parts: tuple[Branch, ...], name: str) -> Branch:
    body = tuple(dict.fromkeys(element for part in parts for element in part.body))
    return Branch(body, (name, *(n for part in parts for n in part.names)))


def consequences(ontology: Ontology, term: Term, x: TermOrVariable) -> list[Consequence]:
    """What follows from being in a class; nothing for what OWL 2 RL allows on the left of an axiom only."""
    if ontology.is_anonymous(term):
        return list(_follows(ontology, term, x))
    if term in UNIVERSAL or ontology.is_datatype(term):
        return []
    if term == NOTHING:
        return [Consequence(None, (), ("cls-nothing2",))]
    return [Consequence(Pattern(x, RDF.type, term), ())]


def _follows(ontology: Ontology, term: Term, x: TermOrVariable) -> Iterator[Consequence]:
    """What follows from being in an expression."""
    for prop in _property(ontology, term):
        for value in ontology.values(term, OWL.hasValue):
            yield Consequence(step(ontology, prop, x, value), (), ("cls-hv1",))
        for value in ontology.values(term, OWL.allValuesFrom):
            yield from _only(ontology, prop, value, x)
        if any(getattr(value, "value", "") == "0" for value in ontology.values(term, OWL.maxCardinality)):
            yield Consequence(None, (step(ontology, prop, x, fresh()),), ("cls-maxc1",))
    for value in ontology.values(term, OWL.intersectionOf):
        for member in ontology.items(value):
            for part in consequences(ontology, member, x):
                yield Consequence(part.head, part.body, ("cls-int2", *part.names))
    for value in ontology.values(term, OWL.complementOf):
        for branch in branches(ontology, value, x):
            yield Consequence(None, branch.body, ("cls-com", *branch.names))


def _only(ontology: Ontology, prop: Term, filler: Term, x: TermOrVariable) -> list[Consequence]:
    y = fresh()
    pattern = step(ontology, prop, x, y)
    return [Consequence(c.head, (pattern, *c.body), ("cls-avf", *c.names)) for c in consequences(ontology, filler, y)]


def step(ontology: Ontology, prop: Term, x: TermOrVariable, y: TermOrVariable) -> Pattern:
    """The pattern of a property expression: that of the property, turned round for an inverse."""
    inverse = ontology.value(prop, OWL.inverseOf)
    if inverse is not None and ontology.is_anonymous(prop):
        return step(ontology, inverse, y, x)
    assert isinstance(prop, NamedNode), f"not a property: {prop}"  # noqa: S101 # the check of the ontology comes first
    return Pattern(x, prop, y)
