"""Rulings as values: reads those of the data, writes one for a disagreement that has none."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from kg.namespaces import PREFIXES, local_name
from kg.terms import AIP, CONCEPT, DCTERMS, GRAPH, RDF, XSD, Term
from kg.values import value_key

Statement = tuple[Term, Term]
"""A subject and a property, on whose value sources may differ."""

RESOLVED = CONCEPT["resolution-resolved"]
UNRESOLVED = CONCEPT["resolution-unresolved"]
COMPATIBLE = CONCEPT["resolution-compatible"]


@dataclass(frozen=True)
class Rulings:
    """The decisions of the rulings; each entry names its ruling.

    :param rejected: subject, property and value (by its key) that fall out
    :param nodes: nodes that fall out with all their claims
    :param unresolved: subjects and properties of which no value is accepted
    :param compatible: subject, property and value (by its key) that stand beside others
    :param undecided: the rulings that leave a question open
    :param statements: subjects and properties that a ruling is about
    """

    rejected: dict[tuple[Term, Term, Hashable], NamedNode] = field(default_factory=dict)
    nodes: dict[Term, NamedNode] = field(default_factory=dict)
    unresolved: dict[Statement, NamedNode] = field(default_factory=dict)
    compatible: dict[tuple[Term, Term, Hashable], NamedNode] = field(default_factory=dict)
    undecided: set[NamedNode] = field(default_factory=set)
    statements: set[Statement] = field(default_factory=set)

    def contest(self, triple: Triple) -> bool:
        """Whether a ruling rejects a claim, by its value or with one of its nodes, or leaves it open."""
        subject, property_, value = triple
        if subject in self.nodes or value in self.nodes or (subject, property_) in self.unresolved:
            return True
        return (subject, property_) in self.statements and (subject, property_, value_key(value)) in self.rejected


def read_rulings(quads: Iterable[Quad]) -> Rulings:
    """The rulings among these quads."""
    values: dict[NamedNode, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if quad.graph_name == GRAPH.rulings and isinstance(quad.subject, NamedNode):
            values[quad.subject][quad.predicate].append(quad.object)
    rulings = Rulings()
    for iri in sorted(values, key=str):
        _add(rulings, iri, values[iri])
    return rulings


def _add(rulings: Rulings, iri: NamedNode, values: Mapping[NamedNode, Sequence[Term]]) -> None:
    resolution = values.get(AIP.resolution, ())
    if UNRESOLVED in resolution:
        rulings.undecided.add(iri)
    rulings.nodes.update(dict.fromkeys(values.get(AIP.rejectsNode, ()), iri))
    for subject in values.get(AIP.onSubject, ()):
        for property_ in values.get(AIP.onProperty, ()):
            rulings.statements.add((subject, property_))
            rejected = {(subject, property_, value_key(value)) for value in values.get(AIP.rejects, ())}
            rulings.rejected.update(dict.fromkeys(rejected, iri))
            upheld = {(subject, property_, value_key(value)) for value in values.get(AIP.upholds, ())}
            if COMPATIBLE in resolution:
                rulings.compatible.update(dict.fromkeys(upheld, iri))
            if UNRESOLVED in resolution:
                rulings.unresolved[subject, property_] = iri


def draft_ruling(subject: NamedNode, property_: NamedNode, values: Sequence[Term], today: date) -> str:
    """A ruling in Turtle that upholds the first of the values and rejects the others; its reason is empty."""
    iri = _ruling_iri(subject, property_)
    upheld, *rejected = values
    statements: list[tuple[NamedNode, Term]] = [
        (RDF.type, AIP.Ruling),
        (AIP.onSubject, subject),
        (AIP.onProperty, property_),
        (AIP.upholds, upheld),
        *((AIP.rejects, value) for value in rejected),
        (AIP.resolution, RESOLVED),
        (AIP.reason, Literal("", language="en")),
        (DCTERMS.created, Literal(today.isoformat(), datatype=XSD.date)),
    ]
    triples = [Triple(iri, predicate, value) for predicate, value in statements]
    turtle = serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES)
    lines = (turtle or b"").decode().expandtabs(2).splitlines()
    return "\n".join(line for line in lines if line and not line.startswith("@prefix"))


def _ruling_iri(subject: NamedNode, property_: NamedNode) -> NamedNode:
    country, _, rest = local_name(subject.value).partition("-")
    property_name = re.sub(r"(?=[A-Z])", "-", local_name(property_.value)).lower()
    return NamedNode(PREFIXES["id"] + "-".join(filter(None, (country, "ruling", rest, property_name))))
