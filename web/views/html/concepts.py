"""Pages of concepts and concept schemes."""

from __future__ import annotations

from flask import render_template
from pyoxigraph import NamedNode

from web.snapshot import snapshot
from web.views.html.facts import ACCEPTED, objects
from web.views.html.links import links_back
from web.views.html.nodes import Node, hanging
from web.views.html.statements import describe
from web.views.html.terms import name, node

MOST = 200


def concept(thing: NamedNode) -> str:
    """A concept with its definition, its place in its scheme and what is filed under it."""
    members = [row.iri for row in hanging(thing, "skos:inScheme")]
    filed = {p: _filed(thing, p) for p in ("aip:topic", "aip:sector")}
    return render_template(
        "pages/concept.html",
        thing=thing,
        about=describe(thing),
        schemes=objects(thing, "skos:inScheme"),
        members=tree(members),
        narrower=[row.iri for row in hanging(thing, "skos:broader")],
        filed={predicate: things for predicate, things in filed.items() if things},
        groups=links_back(thing),
    )


def tree(members: list[NamedNode]) -> list[tuple[NamedNode, list[NamedNode]]]:
    """The concepts of a scheme, each top concept with those below it."""
    inside = set(members)
    above = {one: [b for b in objects(one, "skos:broader") if b in inside] for one in members}
    below = {one: [other for other in members if one in above[other]] for one in members}
    return [(one, below[one]) for one in members if not above[one]]


def _filed(thing: NamedNode, predicate: str) -> list[NamedNode]:
    quads = snapshot().store.quads_for_pattern(None, node(predicate), thing, ACCEPTED)
    found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
    return sorted(found, key=lambda one: (name(one).text.casefold(), one.value))[:MOST]


def schemes() -> list[Node]:
    """All concept schemes, by name."""
    return hanging(node("skos:ConceptScheme"), "rdf:type")
