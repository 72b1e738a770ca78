"""The ontology for readers: an overview made from the ontology itself, and a page for each class and property."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import render_template
from pyoxigraph import NamedNode, Quad

from kg.labels import Term
from kg.namespaces import GRAPH_ONTOLOGY, PREFIXES, expand
from web.snapshot import snapshot
from web.views.html import caching
from web.views.html.caching import once
from web.views.html.concepts import schemes
from web.views.html.facts import ACCEPTED, TYPE, objects
from web.views.html.terms import name, node

ONTOLOGY = NamedNode(GRAPH_ONTOLOGY)
MOST = 100
_AIP = PREFIXES["aip"]
_KINDS = {
    "classes": ("owl:Class",),
    "relations": ("owl:ObjectProperty",),
    "attributes": ("owl:DatatypeProperty", "owl:AnnotationProperty"),
}


@dataclass(frozen=True)
class Entry:
    """A term of the ontology.

    :param above: its superclasses or superproperties
    :param uses: how often the accepted view uses it
    """

    iri: NamedNode
    definition: Term | None
    above: Sequence[Term]
    domains: Sequence[Term]
    ranges: Sequence[Term]
    uses: int


@caching.page
def ontology() -> str:
    """All classes, properties and concept schemes on one page."""
    current = snapshot()
    if "ontology" not in current.cache:
        terms = {group: [read(term) for term in _terms(kinds)] for group, kinds in _KINDS.items()}
        current.cache["ontology"] = terms
    terms = current.cache["ontology"]
    about = node(expand("aip:")[:-1])
    return render_template(
        "pages/ontology.html",
        terms={group: sorted(found, key=lambda one: name(one.iri).text.casefold()) for group, found in terms.items()},
        roots=_roots(terms["classes"]),
        children=_children(terms["classes"]),
        version=next(iter(objects(about, "owl:versionInfo", ONTOLOGY)), None),
        description=objects(about, "dcterms:description", ONTOLOGY),
        schemes=schemes(),
    )


def _terms(kinds: Sequence[str]) -> list[NamedNode]:
    store = snapshot().store
    quads = [q for kind in kinds for q in store.quads_for_pattern(None, TYPE, node(kind), ONTOLOGY)]
    found = {q.subject for q in quads if isinstance(q.subject, NamedNode) and q.subject.value.startswith(_AIP)}
    return sorted(found, key=lambda term: term.value)


def read(term: NamedNode) -> Entry:
    """A term as the ontology defines it."""
    above = [*objects(term, "rdfs:subClassOf", ONTOLOGY), *objects(term, "rdfs:subPropertyOf", ONTOLOGY)]
    return Entry(
        term,
        next(iter(objects(term, "skos:definition", ONTOLOGY)), None),
        [one for one in above if "/genid/" not in str(getattr(one, "value", "/genid/"))],
        objects(term, "schema:domainIncludes", ONTOLOGY),
        objects(term, "schema:rangeIncludes", ONTOLOGY),
        _uses(term),
    )


def _uses(term: NamedNode) -> int:
    """How often the accepted view uses a term, as a class or as a property."""
    store = snapshot().store
    return once(
        "uses",
        term,
        lambda: (
            _length(store.quads_for_pattern(None, TYPE, term, ACCEPTED))
            + _length(store.quads_for_pattern(None, term, None, ACCEPTED))
        ),
    )


def _length(quads: Iterable[Quad]) -> int:
    return sum(1 for _quad in quads)


def _roots(classes: Sequence[Entry]) -> list[NamedNode]:
    ours = {one.iri for one in classes}
    return [one.iri for one in classes if not ours & set(one.above)]


def _children(classes: Sequence[Entry]) -> dict[Term, list[NamedNode]]:
    children: dict[Term, list[NamedNode]] = {}
    for one in sorted(classes, key=lambda one: name(one.iri).text.casefold()):
        for above in one.above:
            children.setdefault(above, []).append(one.iri)
    return children


def term(thing: NamedNode) -> str:
    """A class or a property: what it means, where it belongs, how it is used."""
    store = snapshot().store
    kinds = objects(thing, "rdf:type", ONTOLOGY)
    is_class = node("owl:Class") in kinds
    below = [
        quad.subject
        for predicate in ("rdfs:subClassOf", "rdfs:subPropertyOf")
        for quad in store.quads_for_pattern(None, node(predicate), thing, ONTOLOGY)
        if isinstance(quad.subject, NamedNode) and "/genid/" not in quad.subject.value
    ]
    return render_template(
        "pages/term.html",
        thing=thing,
        is_class=is_class,
        kinds=kinds,
        term=read(thing),
        below=sorted(set(below), key=lambda one: one.value),
        examples=objects(thing, "skos:example", ONTOLOGY),
        origins=objects(thing, "dcterms:source", ONTOLOGY),
        scheme=next(iter(objects(thing, "aip:conceptScheme", ONTOLOGY)), None),
        key=next(iter(objects(thing, "aip:keyTemplate", ONTOLOGY)), None),
        properties=_properties(thing) if is_class else [],
        instances=_instances(thing) if is_class else [],
        most=MOST,
    )


def _properties(cls: NamedNode) -> list[Entry]:
    """The properties that a class is a domain of, itself or by a class above it."""
    lineage = [cls]
    for one in lineage:
        above = [a for a in objects(one, "rdfs:subClassOf", ONTOLOGY) if isinstance(a, NamedNode)]
        lineage += [a for a in above if a.value.startswith(_AIP) and a not in lineage]
    store = snapshot().store
    quads = [q for one in lineage for q in store.quads_for_pattern(None, node("schema:domainIncludes"), one, ONTOLOGY)]
    found = {q.subject for q in quads if isinstance(q.subject, NamedNode)}
    return [read(one) for one in sorted(found, key=lambda one: name(one).text.casefold())]


def _instances(cls: NamedNode) -> list[NamedNode]:
    quads = snapshot().store.quads_for_pattern(None, TYPE, cls, ACCEPTED)
    found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
    return sorted(found, key=lambda one: (name(one).text.casefold(), one.value))[:MOST]
