"""Property axioms of OWL 2 RL as rules, and the contradictions that properties can be in."""

from collections.abc import Iterator
from itertools import combinations

from pyoxigraph import NamedNode, Variable

from kg.errors import DataError
from kg.owl_rl.classes import Implication, consequences, step
from kg.owl_rl.ontology import Ontology
from kg.rules import Axiom, Pattern, TermOrVariable
from kg.terms import OWL, RDF, RDFS, Term

X, Y, Z = (Variable(name) for name in "xyz")
MAX_CHAIN = 3


def implications(ontology: Ontology) -> Iterator[Implication]:
    """Every property axiom as implications between patterns."""
    yield from _between(ontology)
    yield from _characteristics(ontology)
    yield from _chains(ontology)
    yield from _domains_and_ranges(ontology)
    yield from _contradictions(ontology)


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
