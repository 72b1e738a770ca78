"""The ontology and the concept schemes: an overview, and a page for each class, property, scheme and concept."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from flask import render_template
from pyoxigraph import Literal, NamedNode

from kg.namespaces import PREFIXES
from kg.terms import AIP, DCTERMS, GRAPH, OWL, RDF, RDFS, SCHEMA, SKOS, Term
from web.locale import language
from web.snapshot import per_snapshot, snapshot
from web.views.html.shared.caching import cached_page
from web.views.html.shared.description import describe
from web.views.html.shared.lookup import ACCEPTED, first, named_nodes, objects, subjects
from web.views.html.shared.related import links_back
from web.views.html.shared.terms import definition_of, sort_key

ONTOLOGY = GRAPH.ontology
MAX_INSTANCES, MAX_CLASSIFIED = 100, 200
_KINDS = {
    "classes": (OWL.Class,),
    "relations": (OWL.ObjectProperty,),
    "attributes": (OWL.DatatypeProperty, OWL.AnnotationProperty),
}


@dataclass(frozen=True)
class Entry:
    """A term of the ontology.

    :param above: its superclasses or superproperties
    :param uses: how often the accepted view uses it, as a class or as a property
    """

    iri: NamedNode
    definition: Literal | None
    above: Sequence[NamedNode]
    domains: Sequence[Term]
    ranges: Sequence[Term]
    uses: int


@cached_page
def ontology() -> str:
    """All classes, properties and concept schemes on one page."""
    terms = {group: [_read_entry(term) for term in _terms(kinds)] for group, kinds in _KINDS.items()}
    root = NamedNode(PREFIXES["aip"][:-1])
    classes = {entry.iri for entry in terms["classes"]}
    return render_template(
        "pages/ontology.html",
        terms=terms,
        roots=[entry.iri for entry in terms["classes"] if classes.isdisjoint(entry.above)],
        children={cls: [entry.iri for entry in terms["classes"] if cls in entry.above] for cls in classes},
        version=first(root, OWL.versionInfo, ONTOLOGY),
        description=objects(root, DCTERMS.description, ONTOLOGY),
        schemes=_by_name(subjects(RDF.type, SKOS.ConceptScheme)),
    )


def _terms(kinds: Sequence[NamedNode]) -> list[NamedNode]:
    """The terms of ours of some kinds, by name."""
    return _by_name({term for kind in kinds for term in subjects(RDF.type, kind, ONTOLOGY) if term in AIP})


def _by_name(terms: Sequence[NamedNode] | set[NamedNode]) -> list[NamedNode]:
    return sorted(terms, key=sort_key)


@per_snapshot(5000, also=language)
def _read_entry(term: NamedNode) -> Entry:
    """A term as the ontology defines it."""
    above = [*objects(term, RDFS.subClassOf, ONTOLOGY), *objects(term, RDFS.subPropertyOf, ONTOLOGY)]
    store = snapshot().store
    instances = store.quads_for_pattern(None, RDF.type, term, ACCEPTED)
    triples = store.quads_for_pattern(None, term, None, ACCEPTED)
    return Entry(
        term,
        definition_of(term, ONTOLOGY),
        _without_restrictions(above),
        objects(term, SCHEMA.domainIncludes, ONTOLOGY),
        objects(term, SCHEMA.rangeIncludes, ONTOLOGY),
        sum(1 for _quad in chain(instances, triples)),
    )


def _without_restrictions(terms: Sequence[Term]) -> list[NamedNode]:
    """Named terms only: the structures of OWL have names without meaning."""
    return [term for term in named_nodes(terms) if "/genid/" not in term.value]


def term(thing: NamedNode) -> str:
    """A class or a property: what it means, where it belongs, how it is used."""
    is_class = OWL.Class in objects(thing, RDF.type, ONTOLOGY)
    below = [*subjects(RDFS.subClassOf, thing, ONTOLOGY), *subjects(RDFS.subPropertyOf, thing, ONTOLOGY)]
    return render_template(
        "pages/term.html",
        thing=thing,
        is_class=is_class,
        term=_read_entry(thing),
        below=_without_restrictions(below),
        examples=objects(thing, SKOS.example, ONTOLOGY),
        origins=objects(thing, DCTERMS.source, ONTOLOGY),
        scheme=first(thing, AIP.conceptScheme, ONTOLOGY),
        key=first(thing, AIP.keyTemplate, ONTOLOGY),
        properties=_properties(thing) if is_class else [],
        instances=_by_name(subjects(RDF.type, thing))[:MAX_INSTANCES] if is_class else [],
        max_instances=MAX_INSTANCES,
    )


def _properties(cls: NamedNode) -> list[Entry]:
    """The properties that a class is a domain of, itself or by a class above it."""
    lineage = [cls]
    for one in lineage:
        lineage += [above for above in _read_entry(one).above if above in AIP and above not in lineage]
    properties = {term for one in lineage for term in subjects(SCHEMA.domainIncludes, one, ONTOLOGY)}
    return [_read_entry(one) for one in _by_name(properties)]


def concept(thing: NamedNode) -> str:
    """A concept with its definition, its place in its scheme and what is classified under it."""
    classified = {p: _by_name(subjects(p, thing))[:MAX_CLASSIFIED] for p in (AIP.topic, AIP.sector)}
    return render_template(
        "pages/concept.html",
        thing=thing,
        about=describe(thing),
        schemes=objects(thing, SKOS.inScheme),
        members=_tree(_by_name(subjects(SKOS.inScheme, thing))),
        narrower=_by_name(subjects(SKOS.broader, thing)),
        classified=[things for things in classified.values() if things],
        groups=links_back(thing),
    )


def _tree(members: Sequence[NamedNode]) -> list[tuple[NamedNode, list[NamedNode]]]:
    """The concepts of a scheme, each top concept with those below it."""
    above = {one: [broader for broader in objects(one, SKOS.broader) if broader in members] for one in members}
    return [(one, [other for other in members if one in above[other]]) for one in members if not above[one]]
