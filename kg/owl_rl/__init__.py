"""OWL 2 RL: the axioms of an ontology compiled into rules.

https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules gives the rules as
patterns over data AND ontology; here the ontology is looked up once, and each axiom leaves one rule about
data. Read are: subclasses, equivalent classes, intersections, unions, enumerations, hasValue,
someValuesFrom, allValuesFrom, complements, domains, ranges, subproperties, equivalent, inverse, transitive
and symmetric properties, chains of two or three; and of contradictions: disjoint classes and properties,
irreflexive and asymmetric properties, owl:Nothing, maxCardinality 0, literals outside a range. Where an
axiom goes beyond the profile, as someValuesFrom on its right does, that part of it is ignored. What would
make two things one (owl:sameAs and what entails it) is refused: `REFUSED` says what to write instead.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple, Variable

from kg.errors import DataError
from kg.namespaces import shorten
from kg.owl_rl import classes, properties
from kg.owl_rl.classes import NOTHING, Implication
from kg.owl_rl.ontology import Ontology
from kg.rules import CLASSES, DOMAINS, PROPERTIES, SUBCLASSES, SUBPROPERTIES, Axiom, Clause, Pattern, Rule
from kg.terms import OWL, RDF, Term
from kg.text_files import read_yaml


class Edge(NamedTuple):
    """One axiom by which everything in ``lower`` is in ``upper``."""

    lower: Term
    upper: Term
    names: tuple[str, ...]
    axiom: Axiom


class Chain(NamedTuple):
    """A shortest chain of edges."""

    lower: Term
    upper: Term
    edges: tuple[Edge, ...]

    @property
    def axioms(self) -> tuple[Axiom, ...]:
        """The axioms on the way, each once."""
        return tuple(dict.fromkeys(edge.axiom for edge in self.edges))


def class_edge(rule: Implication) -> Edge | None:
    """The edge that an implication is, if it only leads from one named class to another."""
    x = rule.body[0].subject if len(rule.body) == 1 and isinstance(rule.body[0], Pattern) else None
    return _edge(rule, Pattern(x, RDF.type, Variable("c")), 2) if isinstance(x, Variable) else None


def property_edge(rule: Implication) -> Edge | None:
    """The edge that an implication is, if it only leads from one named property to another."""
    return _edge(rule, Pattern(X, Variable("p"), Y), 1)


def _edge(rule: Implication, form: Pattern, position: int) -> Edge | None:
    """``form`` with its one open position filled from body and head."""
    if rule.head is None or len(rule.body) != 1 or not isinstance(rule.body[0], Pattern):
        return None
    lower, upper = rule.body[0][position], rule.head[position]
    if not isinstance(lower, NamedNode) or not isinstance(upper, NamedNode):
        return None
    if position == 1 and RDF.type in (lower, upper):
        return None
    filled = [form.bind({form[position]: term}) for term in (lower, upper)]  # type: ignore[dict-item]
    return Edge(lower, upper, rule.names, rule.axiom) if filled == [rule.body[0], rule.head] else None


def closure(edges: Iterable[Edge]) -> Iterator[Chain]:
    """All pairs that edges connect, each by a shortest path; none from a term to itself."""
    upward: dict[Term, list[Edge]] = {}
    for edge in edges:
        upward.setdefault(edge.lower, []).append(edge)
    for start in upward:
        yield from _climb(start, upward)


def _climb(start: Term, upward: dict[Term, list[Edge]]) -> Iterator[Chain]:
    seen = {start}
    queue = deque([Chain(start, start, ())])
    while queue:
        path = queue.popleft()
        for edge in upward.get(path.upper, ()):
            if edge.upper not in seen:
                seen.add(edge.upper)
                longer = Chain(start, edge.upper, (*path.edges, edge))
                yield longer
                queue.append(longer)


#: Constructs that OWL 2 RL has and this graph does not, with what says the same here.
REFUSED = {
    OWL.FunctionalProperty: "say it as sh:maxCount 1 in the shapes",
    OWL.InverseFunctionalProperty: "give the class a key template",
    OWL.hasKey: "give the class a key template",
    OWL.sameAs: "keep one name and drop the other; link to other datasets by skos:exactMatch",
    OWL.maxCardinality: "say it as sh:maxCount in the shapes",
    OWL.maxQualifiedCardinality: "say it as sh:qualifiedMaxCount in the shapes",
    OWL.disjointUnionOf: "say it as owl:unionOf and owl:AllDisjointClasses",
}
#: What each rule means, by its name in the tables of OWL 2 RL.
RULE_DESCRIPTIONS: dict[str, str] = read_yaml(Path(__file__).with_name("rules.yaml"))
X, Y = Variable("x"), Variable("y")
#: Strata that need not be run again on their own results: their hierarchies are closed beforehand.
CLOSED = (SUBPROPERTIES, SUBCLASSES)


def compile_rules(triples: Iterable[Triple]) -> list[Rule]:
    """The rules of OWL 2 RL for the axioms of an ontology, in the order in which they are run.

    :param triples: the ontology; whatever else is among them is passed over
    :raises DataError: if it uses a construct that is refused, or a chain too long
    """
    ontology = Ontology(triples)
    _refuse(ontology)
    rules = {str(rule): rule for rule in reversed([*_rules(ontology)])}
    return sorted(rules.values(), key=lambda rule: (rule.stratum, rule.name, str(rule)))


def _refuse(ontology: Ontology) -> None:
    for construct, instead in REFUSED.items():
        users = [subject for subject, value in ontology.pairs(construct) if getattr(value, "value", "") != "0"]
        if uses := ontology.instances(construct) + users:
            raise DataError(f"the ontology uses {shorten(construct.value)}: {ontology.text(uses[0])}", hint=instead)


def _rules(ontology: Ontology) -> Iterator[Rule]:
    implications = [*classes.implications(ontology), *properties.implications(ontology), *_disjoint(ontology)]
    class_edges = {i: edge for i in implications if (edge := class_edge(i))}
    property_edges = {i: edge for i in implications if (edge := property_edge(i))}
    for implication in implications:
        hierarchical = implication in class_edges or implication in property_edges
        if not hierarchical and implication.head not in implication.body:
            yield _rule(implication)
    for path in closure(class_edges.values()):
        yield _climbing(path, Pattern(X, RDF.type, path.lower), Pattern(X, RDF.type, path.upper), SUBCLASSES)
    for path in closure(property_edges.values()):
        yield _climbing(path, Pattern(X, path.lower, Y), Pattern(X, path.upper, Y), SUBPROPERTIES)
    yield Rule("cls-nothing2", RULE_DESCRIPTIONS["cls-nothing2"], None, (Pattern(X, RDF.type, NOTHING),))


def _disjoint(ontology: Ontology) -> Iterator[Implication]:
    """What owl:AllDisjointClasses forbids: one rule for each member, against all later ones."""
    for subject in ontology.instances(OWL.AllDisjointClasses):
        for members in ontology.values(subject, OWL.members):
            axiom = ontology.axiom(subject, OWL.members, members)
            named = [member for member in ontology.items(members) if not ontology.is_anonymous(member)]
            for at, member in enumerate(named[:-1], start=1):
                later = Clause(f"FILTER(?y IN ({', '.join(map(str, named[at:]))}))")
                body = (Pattern(X, RDF.type, member), Pattern(X, RDF.type, Y), later)
                yield Implication(None, body, ("cax-adc",), axiom)
            for one, other in combinations(ontology.items(members), 2):
                if ontology.is_anonymous(one) or ontology.is_anonymous(other):
                    yield from classes.both(ontology, one, other, "cax-adc", axiom)


def _climbing(path: Chain, body: Pattern, head: Pattern, stratum: int) -> Rule:
    """The rule of a path in a hierarchy; a path of one axiom keeps the name of the rule for that axiom."""
    default = "cax-sco" if stratum == SUBCLASSES else "prp-spo1"
    name, *also = path.edges[0].names if len(path.edges) == 1 else (default,)
    return Rule(name, RULE_DESCRIPTIONS[name], head, (body,), path.axioms, tuple(also), stratum)


def _rule(implication: Implication) -> Rule:
    """An implication as a rule, its variables named in the order in which they appear."""
    head, body = implication.head, implication.body
    names: dict[Variable, Variable] = {}
    for pattern in body:
        for term in pattern if isinstance(pattern, Pattern) else sorted(pattern.assigned, key=str):
            if isinstance(term, Variable):
                names.setdefault(term, Variable(f"x{len(names) + 1}"))
    first, *also = implication.names
    head, body = head and head.bind(names), tuple(element.bind(names) for element in body)
    axioms, stratum = (implication.axiom,), _stratum(implication)
    return Rule(first, RULE_DESCRIPTIONS[first], head, body, axioms, tuple(also), stratum)


def _stratum(implication: Implication) -> int:
    if "prp-dom" in implication.names or "prp-rng" in implication.names:
        return DOMAINS
    return PROPERTIES if implication.names[0].startswith("prp-") else CLASSES
