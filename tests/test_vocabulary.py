"""The vocabulary, read from a small ontology and from the real one."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from kg.keys import key_properties
from kg.namespaces import expand, shorten
from kg.read import read_ontology
from kg.settings import ROOT, Settings
from kg.vocabulary import Vocabulary

MINI = Path(__file__).parent / "data" / "mini-ontology"


def load(folder: Path) -> Vocabulary:
    """The vocabulary of an ontology folder."""
    documents = read_ontology(Settings(folder, folder, folder, folder, folder, folder))
    return Vocabulary.from_quads(quad for document in documents for quad in document.quads)


@pytest.fixture(scope="module")
def mini() -> Vocabulary:
    """The vocabulary of a few terms."""
    return load(MINI)


@pytest.fixture(scope="module")
def real() -> Vocabulary:
    """The vocabulary of the project."""
    return load(ROOT / "ontology")


def iri(name: str) -> NamedNode:
    return NamedNode(expand(name))


def names(terms: object) -> list[str]:
    assert isinstance(terms, frozenset | tuple | list)
    return sorted(shorten(term.value) for term in terms)


def test_classes_and_all_above_them(mini: Vocabulary) -> None:
    assert names(mini.superclasses[iri("aip:Code")]) == [
        "aip:Code",
        "aip:Entity",
        "aip:Instrument",
        "aip:Law",
    ]
    assert names(mini.ancestors([iri("aip:Law"), iri("aip:Nothing")])) == [
        "aip:Entity",
        "aip:Instrument",
        "aip:Law",
        "aip:Nothing",
    ]


def test_a_circle_of_classes_ends(mini: Vocabulary) -> None:
    assert (
        names(mini.superclasses[iri("aip:Hen")]) == names(mini.superclasses[iri("aip:Egg")]) == ["aip:Egg", "aip:Hen"]
    )


def test_is_a(mini: Vocabulary) -> None:
    assert mini.is_a([iri("aip:Code")], [iri("aip:Instrument")])
    assert not mini.is_a([iri("aip:Instrument")], [iri("aip:Code")])
    assert not mini.is_a([], [iri("aip:Instrument")])


def test_object_property(mini: Vocabulary) -> None:
    stage = mini.properties[iri("aip:stage")]
    assert (stage.kind, stage.scheme) == ("object", iri("concept:stages"))
    assert (names(stage.domains), names(stage.ranges), stage.datatypes) == (
        ["aip:LifecycleEvent"],
        ["skos:Concept"],
        frozenset(),
    )


def test_datatype_property_with_its_bounds(mini: Vocabulary) -> None:
    date = mini.properties[iri("aip:date")]
    assert date.kind == "datatype"
    assert names(date.datatypes) == ["edtf:EDTF", "xsd:date", "xsd:gYear", "xsd:gYearMonth"]
    assert (date.earliest, date.latest) == (iri("aip:earliest"), iri("aip:latest"))
    assert names(mini.derived) == ["aip:earliest", "aip:latest"]


def test_the_label_of_rdf_schema_needs_no_declaration(mini: Vocabulary) -> None:
    assert names(mini.properties[iri("rdfs:label")].datatypes) == ["rdf:langString"]


def test_schemes_and_their_members(mini: Vocabulary) -> None:
    assert {shorten(scheme.value): names(members) for scheme, members in mini.schemes.items()} == {
        "concept:stages": ["concept:stage-adopted", "concept:stage-signed"]
    }


def test_terms_have_types(mini: Vocabulary) -> None:
    assert names(mini.terms[iri("concept:stage-adopted")]) == ["skos:Concept"]
    assert names(mini.terms[iri("aip:date")]) == ["owl:DatatypeProperty"]


def test_key_template_is_inherited(mini: Vocabulary) -> None:
    template = mini.key_template([iri("aip:Adoption")])
    assert template == "{aip:of}--{aip:stage}-{aip:ordinal}"
    assert names(key_properties(template)) == ["aip:of", "aip:ordinal", "aip:stage"]
    assert mini.key_template([iri("aip:Law")]) is None


def test_single_values_are_those_of_the_shapes(mini: Vocabulary) -> None:
    assert names(mini.single_of([iri("aip:Adoption")])) == ["aip:date", "aip:stage"]
    assert names(mini.single_of([iri("aip:Law")])) == []


def test_no_ontology_is_an_empty_vocabulary() -> None:
    nothing = Vocabulary.from_quads([])
    assert (nothing.classes, nothing.single, list(nothing.properties)) == (
        frozenset(),
        frozenset(),
        [iri("rdfs:label")],
    )


def test_the_real_ontology_says_what_the_checks_rely_on(real: Vocabulary) -> None:
    assert names(list(real.key_templates)) == [
        "aip:Formulation",
        "aip:LifecycleEvent",
        "aip:Observation",
        "aip:StatusReport",
        "aip:Tenure",
    ]
    for class_ in (
        "Source",
        "Passage",
        "Assertion",
        "Ruling",
        "CoverageRecord",
        "LinkCheck",
        "SpeechAct",
        "Assessment",
        "Publisher",
    ):
        assert iri(f"aip:{class_}") in real.classes
    for template in real.key_templates.values():
        assert set(key_properties(template)) <= real.properties.keys()


def test_every_date_of_the_real_ontology_has_bounds(real: Vocabulary) -> None:
    dates = {p.iri for p in real.properties.values() if iri("edtf:EDTF") in p.datatypes}
    linked = {p.iri for p in real.properties.values() if p.earliest and p.latest}
    short_cuts = {
        iri(f"aip:{event}On") for event in ("adopted", "signed", "published", "repealed", "established", "launched")
    }
    assert dates - linked == short_cuts | {iri("aip:inForceFrom"), iri("aip:until")}
    assert linked <= dates
    assert iri("aip:date") in real.single_of([iri("aip:LifecycleEvent")])


def test_every_concept_property_of_the_real_ontology_has_a_scheme_with_members(real: Vocabulary) -> None:
    for property_ in real.properties.values():
        if property_.scheme:
            assert real.schemes.get(property_.scheme), property_.iri
