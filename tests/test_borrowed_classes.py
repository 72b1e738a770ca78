"""Standard classes with all of their rules: Data Cube, FOAF, PROV, ORG, schema.org and SKOS, in the record itself."""

from __future__ import annotations

from functools import cache

import pytest
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from kg.namespaces import PREFIXES
from kg.terms import GRAPH
from tests.served import ROOT, record

CUBE = ROOT / "tests" / "data" / "cube"
CONSTRAINTS = tuple(f"ic-{number:02}" for number in range(1, 22))
BROKEN = {
    "ic-17": (":rank ; :area :north", ":rank ; :area :world"),
    "ic-20": (":world skos:narrower :north", ":world skos:narrower :south"),
    "ic-21": (":law skos:broader :all", ":tax skos:broader :all"),
}
"""What is to be replaced in the good cube so that it breaks a constraint."""


@cache
def store() -> Store:
    return record()


def rows(query: str) -> list[str]:
    """The solutions of a query over the default graph of the endpoint."""
    solutions = store().query(query, prefixes=PREFIXES, default_graph=GRAPH.accepted)
    return [" ".join(map(str, solution)) for solution in solutions]  # type: ignore[union-attr]


def broken(store: Store, constraint: str, graph: NamedNode | DefaultGraph) -> bool:
    """Whether a graph breaks a constraint; IC-20 and IC-21 are asked for each property of a hierarchy."""
    text = (CUBE / f"{constraint}.rq").read_text("utf-8")
    if "$p" not in text:
        return bool(store.query(text, default_graph=graph))
    properties = store.query((CUBE / f"{constraint}-properties.rq").read_text("utf-8"), default_graph=graph)
    texts = [text.replace("$p", solution["p"].value) for solution in properties]  # type: ignore[union-attr]
    return any(bool(store.query(text, default_graph=graph)) for text in texts)


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_integrity_of_the_data_cube(constraint: str) -> None:
    """The constraints of https://www.w3.org/TR/vocab-data-cube/#wf ask for what is wrong."""
    assert not broken(store(), constraint, GRAPH.accepted)


@pytest.mark.parametrize("constraint", BROKEN)
def test_a_cube_that_breaks_a_constraint_is_found(constraint: str) -> None:
    text = (CUBE / "good.ttl").read_text("utf-8")
    good, bad = Store(), Store()
    good.load(text, format=RdfFormat.TURTLE)
    assert not broken(good, constraint, DefaultGraph())
    before, after = BROKEN[constraint]
    assert before in text
    bad.load(text.replace(before, after), format=RdfFormat.TURTLE)
    assert broken(bad, constraint, DefaultGraph())


def test_there_are_observations_to_constrain() -> None:
    assert len(rows("SELECT ?o { ?o a qb:Observation ; qb:dataSet/qb:structure/qb:component ?c } LIMIT 9")) == 9


@pytest.mark.parametrize(
    ("cls", "standard"),
    [
        ("aip:Person", "foaf:Agent"),
        ("aip:Person", "schema:Person"),
        ("aip:Body", "schema:Organization"),
        ("aip:Body", "org:FormalOrganization"),
        ("aip:Body", "foaf:Agent"),
        ("aip:Funding", "schema:Grant"),
        ("aip:Country", "schema:Country"),
    ],
)
def test_members_of_our_classes_are_members_of_the_standard_ones(cls: str, standard: str) -> None:
    assert rows(f"SELECT ?x {{ ?x a {cls} }} LIMIT 1")
    assert rows(f"SELECT ?x {{ ?x a {cls} FILTER NOT EXISTS {{ ?x a {standard} }} }}") == []


@pytest.mark.parametrize(
    ("property_", "cls"),
    [
        ("prov:wasAssociatedWith", "prov:Agent"),
        ("dcterms:publisher", "prov:Agent"),
        ("schema:legislationPassedBy", "prov:Agent"),
        ("org:member", "foaf:Agent"),
        ("org:postIn", "org:Organization"),
    ],
)
def test_whoever_stands_in_the_place_of_an_agent_is_one(property_: str, cls: str) -> None:
    assert rows(f"SELECT ?x {{ [] {property_} ?x }} LIMIT 1")
    assert rows(f"SELECT DISTINCT ?x {{ [] {property_} ?x FILTER NOT EXISTS {{ ?x a {cls} }} }}") == []


@pytest.mark.parametrize(
    ("downward", "upward"), [("skos:hasTopConcept", "skos:topConceptOf"), ("skos:narrower", "skos:broader")]
)
def test_schemes_are_read_from_both_ends(downward: str, upward: str) -> None:
    assert rows(f"SELECT ?a {{ ?a {downward} ?b }} LIMIT 1")
    for one, other in ((downward, upward), (upward, downward)):
        assert rows(f"SELECT ?a ?b {{ ?a {one} ?b FILTER NOT EXISTS {{ ?b {other} ?a }} }}") == []


def test_every_scheme_has_a_top_concept() -> None:
    assert rows("SELECT ?s { ?s a skos:ConceptScheme FILTER NOT EXISTS { ?s skos:hasTopConcept ?c } }") == []


def test_the_hierarchy_of_the_ontology_is_in_the_default_graph() -> None:
    assert rows("SELECT ?c { aip:Law rdfs:subClassOf+ ?c . ?c a owl:Class FILTER(?c = aip:Instrument) }")
    assert rows("SELECT ?p { aip:publishedBy a owl:ObjectProperty ; rdfs:subPropertyOf ?p }")
    structures = f"FILTER(STRSTARTS(STR(?x), '{PREFIXES['id'].removesuffix('id/')}genid/'))"
    assert rows(f"SELECT ?x {{ {{ ?x ?p ?o }} UNION {{ ?s ?p ?x }} {structures} }} LIMIT 1") == []
