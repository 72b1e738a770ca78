"""Standard classes with all of their rules: Data Cube, FOAF, PROV, ORG, schema.org and SKOS, in the record itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.namespaces import PREFIXES
from kg.terms import GRAPH
from tests.served import ROOT, record

CUBE = sorted((ROOT / "tests" / "data" / "cube").glob("*.rq"))


@cache
def store() -> Store:
    return record()


def rows(query: str) -> list[str]:
    """The solutions of a query over the default graph of the endpoint."""
    solutions = store().query(query, prefixes=PREFIXES, default_graph=GRAPH.accepted)
    return [" ".join(map(str, solution)) for solution in solutions]  # type: ignore[union-attr]


@pytest.mark.parametrize("path", CUBE, ids=lambda path: path.stem)
def test_integrity_of_the_data_cube(path: Path) -> None:
    """The constraints of https://www.w3.org/TR/vocab-data-cube/#wf ask for what is wrong."""
    assert not bool(store().query(path.read_text("utf-8"), default_graph=GRAPH.accepted))


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
