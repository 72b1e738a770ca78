"""When values say the same, the names that keys give, and the first and last days of dates."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.date_bounds import add_date_bounds
from kg.keys import key_part, mint
from kg.namespaces import expand, shorten
from kg.read import read_ontology
from kg.settings import ROOT, Settings
from kg.terms import EDTF, XSD
from kg.values import agrees, number, settle, value_key, written
from kg.vocabulary import Vocabulary

XSD_DECIMAL, XSD_INTEGER = NamedNode(expand("xsd:decimal")), NamedNode(expand("xsd:integer"))
XSD_DOUBLE = NamedNode(expand("xsd:double"))
LAW = NamedNode(expand("id:kz-law"))


def iri(name: str) -> NamedNode:
    return NamedNode(expand(name))


def year(text: str) -> Literal:
    return Literal(text, datatype=XSD.gYear)


@pytest.mark.parametrize(
    ("text", "datatype", "number_"),
    [
        ("10", XSD_INTEGER, 10),
        ("-1", XSD_INTEGER, -1),
        ("2.50", XSD_DECIMAL, 2.5),
        ("1.5e9", XSD_DOUBLE, 1_500_000_000),
        ("ten", XSD_DECIMAL, None),
        ("1.0", XSD_INTEGER, None),
        ("1_000", XSD_DECIMAL, None),
        ("NaN", XSD_DOUBLE, None),
        ("10", XSD.gYear, None),
    ],
)
def test_number(text: str, datatype: NamedNode, number_: float | None) -> None:
    assert number(Literal(text, datatype=datatype)) == number_


@given(st.integers(-(10**15), 10**15))
def test_a_number_is_the_same_however_it_is_written(value: int) -> None:
    forms = [
        Literal(str(value), datatype=XSD_INTEGER),
        Literal(f"{value}.0", datatype=XSD_DECIMAL),
        Literal(f"{value}e0", datatype=XSD_DOUBLE),
    ]
    assert len({value_key(form) for form in forms}) == 1
    for order in permutations(forms):
        kept, gone = settle(order)
        assert kept == [forms[0]]
        assert set(gone) == set(forms[1:])


def test_a_text_is_no_number_and_no_date() -> None:
    assert value_key(Literal("10")) != value_key(Literal("10", datatype=XSD_INTEGER))
    assert not agrees(Literal("2024-10"), year("2024"))
    assert settle([LAW, Literal("10")])[0] == [Literal("10"), LAW]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (LAW, "id:kz-law"),
        (NamedNode("https://www.gov.kz/"), "<https://www.gov.kz/>"),
        (Literal("10", datatype=XSD_INTEGER), "10"),
        (Literal("2.5", datatype=XSD_DECIMAL), "2.5"),
        (Literal('a "b"'), r'"a \"b\""'),
        (Literal("a", language="en"), '"a"@en'),
        (year("2024"), '"2024"^^xsd:gYear'),
        (Literal("2024~", datatype=EDTF.EDTF), '"2024~"^^edtf:EDTF'),
    ],
)
def test_written(term: NamedNode | Literal, text: str) -> None:
    assert written(term) == text


@pytest.mark.parametrize(
    ("term", "part"),
    [
        (LAW, "kz-law"),
        (iri("concept:stage-in-force"), "in-force"),
        (Literal("2", datatype=XSD_INTEGER), "2"),
        (Literal("2025-03"), "2025-03"),
        (Literal("2024/25"), "2024-25"),
        (Literal("Undated"), "undated"),
    ],
)
def test_key_part(term: NamedNode | Literal, part: str) -> None:
    assert key_part(term) == part


def test_mint() -> None:
    template = "{aip:of}--{aip:stage}-{aip:ordinal}"
    key: dict[NamedNode, list[NamedNode | BlankNode | Literal | Triple]] = {
        iri("aip:of"): [LAW],
        iri("aip:stage"): [iri("concept:stage-reading")],
        iri("aip:ordinal"): [Literal("2", datatype=XSD_INTEGER)],
    }
    assert mint(template, key) == iri("id:kz-law--reading-2")
    assert mint(template, {**key, iri("aip:ordinal"): []}) is None
    assert mint(template, {**key, iri("aip:of"): [LAW, iri("id:kz")]}) is None
    assert mint(template, {**key, iri("aip:of"): [BlankNode()]}) is None


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """The vocabulary of the project."""
    documents = read_ontology(Settings.default(ROOT))
    return Vocabulary.from_quads(quad for document in documents for quad in document.quads)


def dated(property_: str, text: str, datatype: NamedNode = EDTF.EDTF) -> Triple:
    return Triple(LAW, iri(property_), Literal(text, datatype=datatype))


@pytest.mark.parametrize(
    ("triple", "bounds"),
    [
        (dated("aip:date", "2023-22"), {"aip:earliest": "2023-06-01", "aip:latest": "2023-08-31"}),
        (
            dated("aip:deadline", "2030", XSD.gYear),
            {"aip:deadlineEarliest": "2030-01-01", "aip:deadlineLatest": "2030-12-31"},
        ),
        (
            dated("dcterms:issued", "2025-03-05", XSD.date),
            {"aip:issuedEarliest": "2025-03-05", "aip:issuedLatest": "2025-03-05"},
        ),
        (dated("aip:from", "../2026"), {"aip:fromLatest": "2026-12-31"}),
        (dated("aip:to", "2026/.."), {"aip:toEarliest": "2026-01-01"}),
        (dated("aip:date", "soon"), {}),
        (dated("aip:adoptedOn", "2024"), {}),
        (Triple(LAW, iri("aip:date"), LAW), {}),
    ],
)
def test_date_bounds(triple: Triple, bounds: dict[str, str], vocabulary: Vocabulary) -> None:
    found = add_date_bounds([triple], vocabulary)
    assert {shorten(bound.predicate.value): bound.object.value for bound in found} == bounds  # type: ignore[union-attr]
    assert {bound.object.datatype for bound in found} <= {XSD.date}  # type: ignore[union-attr]


def test_bounds_are_sorted_and_each_told_once(vocabulary: Vocabulary) -> None:
    triples = [dated("aip:date", "2024", XSD.gYear), dated("aip:date", "2024~"), dated("aip:deadline", "2024")]
    found = add_date_bounds(triples, vocabulary)
    assert len(found) == 4
    assert found == sorted(found, key=str) == add_date_bounds(reversed(triples), vocabulary)
