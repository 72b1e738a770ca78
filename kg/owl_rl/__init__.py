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

from collections.abc import Iterable, Iterator
from itertools import combinations

from pyoxigraph import Literal, Triple, Variable

from kg.errors import DataError
from kg.namespaces import shorten
from kg.owl_rl import classes, datatypes, properties
from kg.owl_rl.classes import NOTHING, Implication
from kg.owl_rl.hierarchy import Path, class_edge, closure, property_edge
from kg.owl_rl.ontology import Ontology
from kg.rules import CLASSES, DOMAINS, PROPERTIES, SUBCLASSES, SUBPROPERTIES, Clause, Pattern, Rule
from kg.terms import OWL, RDF

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
#: What each rule means. The names are those of the tables of OWL 2 RL.
RULE_DESCRIPTIONS = {
    "cax-sco": "what is in a class is in every class above it",
    "cax-eqc1": "two classes are the same",
    "cax-eqc2": "two classes are the same",
    "cax-dw": "nothing is in two disjoint classes",
    "cax-adc": "nothing is in two of several disjoint classes",
    "cls-int1": "what is in all parts of an intersection is in it",
    "cls-int2": "what is in an intersection is in each part of it",
    "cls-uni": "what is in a part of a union is in it",
    "cls-oo": "what an enumeration names is in it",
    "cls-svf1": "what is related to a member of a class is in the class of things so related",
    "cls-svf2": "what has a property at all is in the class of things that have it",
    "cls-avf": "what a member of the class is related to is of the class stated for it",
    "cls-hv1": "members of a class have the value that the class requires",
    "cls-hv2": "what has the value is in the class of things that have it",
    "cls-com": "nothing is in a class and in its complement",
    "cls-nothing2": "nothing is in the empty class",
    "cls-maxc1": "members of a class do not have a property",
    "dt-not-type": "a literal fits the range of its property",
    "prp-dom": "what has a property is in the domain of it",
    "prp-rng": "the value of a property is in the range of it",
    "prp-spo1": "what is related by a property is related by every property above it",
    "prp-spo2": "a chain of properties adds up to a property",
    "prp-eqp1": "two properties are the same",
    "prp-eqp2": "two properties are the same",
    "prp-inv1": "a property read backwards is its inverse",
    "prp-inv2": "a property read backwards is its inverse",
    "prp-trp": "a transitive property reaches on",
    "prp-symp": "a symmetric property holds both ways",
    "prp-irp": "nothing is so related to itself",
    "prp-asyp": "two things are so related one way only",
    "prp-pdw": "two things are not related by two disjoint properties",
    "prp-adp": "two things are not related by two of several disjoint properties",
}
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
        users = [subject for subject, value in ontology.pairs(construct) if not _is_zero(value)]
        if uses := ontology.instances(construct) + users:
            raise DataError(f"the ontology uses {shorten(construct.value)}: {ontology.text(uses[0])}", hint=instead)


def _is_zero(value: object) -> bool:
    return isinstance(value, Literal) and value.value == "0"


def _rules(ontology: Ontology) -> Iterator[Rule]:
    implications = [*classes.implications(ontology), *datatypes.implications(ontology), *_disjoint(ontology)]
    implications += properties.implications(ontology)
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


def _climbing(path: Path, body: Pattern, head: Pattern, stratum: int) -> Rule:
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
