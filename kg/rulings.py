"""Rulings as values: reads those of the data, writes one for a disagreement that has none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from kg.dates import XSD_DATE
from kg.namespaces import GRAPH_RULINGS, PREFIXES, expand, local_name
from kg.values import value_key

Term = NamedNode | BlankNode | Literal | Triple
Statement = tuple[Term, Term]
"""A subject and a property, on whose value sources may differ."""

ON_SUBJECT, ON_PROPERTY, UPHOLDS, REJECTS, REJECTS_NODE, RESOLUTION, REASON, RULING = (
    NamedNode(expand(f"aip:{name}"))
    for name in (
        *("onSubject", "onProperty", "upholds", "rejects"),
        *("rejectsNode", "resolution", "reason", "Ruling"),
    )
)
RESOLVED, UNRESOLVED, COMPATIBLE = (
    NamedNode(expand(f"concept:resolution-{name}")) for name in ("resolved", "unresolved", "compatible")
)
_TYPE, _CREATED, _GRAPH = (NamedNode(iri) for iri in (expand("rdf:type"), expand("dcterms:created"), GRAPH_RULINGS))


@dataclass(frozen=True)
class Rulings:
    """What the rulings of the data come to; each entry names its ruling.

    :param rejected: subject, property and value (by its key) that fall out
    :param nodes: nodes that fall out whole
    :param unresolved: subjects and properties of which no value is accepted
    :param compatible: subject, property and value (by its key) that stand beside others
    :param undecided: the rulings that leave a question open
    """

    rejected: dict[tuple[Term, Term, Hashable], NamedNode] = field(default_factory=dict)
    nodes: dict[Term, NamedNode] = field(default_factory=dict)
    unresolved: dict[Statement, NamedNode] = field(default_factory=dict)
    compatible: dict[tuple[Term, Term, Hashable], NamedNode] = field(default_factory=dict)
    undecided: set[NamedNode] = field(default_factory=set)

    def contest(self, triple: Triple) -> bool:
        """Whether a ruling rejects a claim, by its value or with one of its nodes, or leaves it open."""
        statement = triple.subject, triple.predicate
        if triple.subject in self.nodes or triple.object in self.nodes or statement in self.unresolved:
            return True
        return bool(self.rejected) and (*statement, value_key(triple.object)) in self.rejected


def read_rulings(quads: Iterable[Quad]) -> Rulings:
    """The rulings among these quads."""
    said: dict[NamedNode, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if quad.graph_name == _GRAPH and isinstance(quad.subject, NamedNode):
            said[quad.subject][quad.predicate].append(quad.object)
    rulings = Rulings()
    for iri in sorted(said, key=str):
        _add(rulings, iri, said[iri])
    return rulings


def _add(rulings: Rulings, iri: NamedNode, said: Mapping[NamedNode, Sequence[Term]]) -> None:
    resolution = said.get(RESOLUTION, ())
    if UNRESOLVED in resolution:
        rulings.undecided.add(iri)
    rulings.nodes.update(dict.fromkeys(said.get(REJECTS_NODE, ()), iri))
    for subject in said.get(ON_SUBJECT, ()):
        for property_ in said.get(ON_PROPERTY, ()):
            rejected = {(subject, property_, value_key(value)) for value in said.get(REJECTS, ())}
            rulings.rejected.update(dict.fromkeys(rejected, iri))
            upheld = {(subject, property_, value_key(value)) for value in said.get(UPHOLDS, ())}
            if COMPATIBLE in resolution:
                rulings.compatible.update(dict.fromkeys(upheld, iri))
            if UNRESOLVED in resolution:
                rulings.unresolved[subject, property_] = iri


def draft_ruling(subject: NamedNode, property_: NamedNode, values: Sequence[Term], today: date) -> str:
    """A ruling in Turtle that upholds the first of the values and rejects the others; its reason is empty."""
    iri = _ruling_iri(subject, property_)
    upheld, *rejected = values
    said: list[tuple[NamedNode, Term]] = [
        (_TYPE, RULING),
        (ON_SUBJECT, subject),
        (ON_PROPERTY, property_),
        (UPHOLDS, upheld),
        *((REJECTS, value) for value in rejected),
        (RESOLUTION, RESOLVED),
        (REASON, Literal("", language="en")),
        (_CREATED, Literal(today.isoformat(), datatype=NamedNode(XSD_DATE))),
    ]
    turtle = serialize([Triple(iri, verb, value) for verb, value in said], format=RdfFormat.TURTLE, prefixes=PREFIXES)
    lines = (turtle or b"").decode().expandtabs(2).splitlines()
    return "\n".join(line for line in lines if line and not line.startswith("@prefix"))


def _ruling_iri(subject: NamedNode, property_: NamedNode) -> NamedNode:
    country, _, rest = local_name(subject.value).partition("-")
    property_name = re.sub(r"(?=[A-Z])", "-", local_name(property_.value)).lower()
    return NamedNode(PREFIXES["id"] + "-".join(filter(None, (country, "ruling", rest, property_name))))
