"""Validation: a result says what, where, why and who said so; both engines report the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.namespaces import PREFIXES, expand
from kg.read import Document, read_document
from kg.shapes import seen_by
from kg.skolem import skolemise
from kg.terms import GRAPH
from kg.validate import Report, Result, validate, with_provenance

PROLOGUE = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
SHAPES = """
shape:law a sh:NodeShape ; sh:targetClass aip:Instrument ;
  sh:property shape:one-purpose , [ sh:path aip:country ; sh:minCount 1 ; sh:class aip:Country ;
                                    sh:message "a law has a country"@en , "у закона есть страна"@ru ] .
shape:one-purpose a sh:PropertyShape ; sh:path aip:purpose ; sh:maxCount 1 ; sh:message "one purpose"@en .
shape:dates a sh:NodeShape ; sh:targetSubjectsOf aip:from ;
  sh:property [ sh:path aip:fromLatest ; sh:lessThanOrEquals aip:toLatest ; sh:severity sh:Warning ] ;
  sh:property [ sh:path [ sh:inversePath aip:of ] ; sh:minCount 1 ; sh:severity sh:Info ] ;
  sh:property [ sh:path ( aip:of aip:country ) ; sh:maxCount 0 ] ;
  sh:not [ sh:path aip:basedOn ; sh:minCount 1 ] .
shape:no-loop a sh:NodeShape ; sh:targetClass aip:Instrument ;
  sh:sparql [ sh:prefixes shape: ; sh:message "amends itself"@en ;
              sh:select "SELECT $this WHERE { $this aip:amends $this }" ] .
shape: sh:declare [ sh:prefix "aip" ; sh:namespace "https://w3id.org/ca-ai-policy/ontology/"^^xsd:anyURI ] .
shape:kinds a sh:NodeShape ; sh:targetClass aip:Target ; sh:property [ sh:path aip:stage ; sh:in ( "a" "b" ) ] ,
  [ sh:path aip:about ; sh:nodeKind sh:IRI ] , [ sh:path aip:unit ; sh:pattern "^u" ] ,
  [ sh:path aip:name ; sh:uniqueLang true ] .
"""
ONTOLOGY = "aip:Law rdfs:subClassOf aip:Instrument ."
GOOD = "id:kz a aip:Country . id:kz-law a aip:Law , aip:Instrument ; aip:country id:kz ; aip:purpose 'one' ."
BAD = """
id:kz a aip:Country .
id:kz-law a aip:Law ; aip:purpose "one" , "two" ; aip:amends id:kz-law .
id:kz-act a aip:Law ; aip:country id:kz-law .
id:kz-law aip:from "2025"^^xsd:gYear ; aip:fromLatest "2025-12-31"^^xsd:date ; aip:toLatest "2024-12-31"^^xsd:date ;
  aip:of id:kz-act ; aip:basedOn id:kz-act .
id:kz-target a aip:Target ; aip:stage "c" , "a" ; aip:about "x" ; aip:unit "v" ; aip:name "a"@en , "b"@en .
"""


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(PROLOGUE + text, format=RdfFormat.TURTLE)]


def quads(text: str, graph: str = GRAPH.shapes.value) -> list[Quad]:
    return skolemise([Quad(*triple, NamedNode(graph)) for triple in triples(text)])


def check(text: str, engine: str = "pyshifty") -> Report:
    return validate(triples(text), quads(SHAPES), quads(ONTOLOGY), engine)


@pytest.fixture(scope="module")
def report() -> Report:
    return check(BAD)


def result(report: Report, message: str) -> Result:
    return next(result for result in report.results if message in result.message)


def test_good_data_conform() -> None:
    report = check(GOOD)
    assert report == Report()
    assert report.conforms


@pytest.mark.parametrize("engine", ["pyshifty", "pyshacl"])
def test_a_thing_is_of_every_class_above_its_own(engine: str) -> None:
    shape = "shape:law a sh:NodeShape ; sh:targetClass aip:Act ; sh:property [ sh:path aip:by ; sh:class aip:Body ] ."
    above = "aip:Code rdfs:subClassOf aip:Law . aip:Law rdfs:subClassOf aip:Act . aip:Agency rdfs:subClassOf aip:Body ."
    data = "id:kz-code a aip:Code ; aip:by id:kz-agency , id:kz . id:kz-agency a aip:Agency . id:kz a aip:Country ."
    report = validate(triples(data), quads(shape), quads(above), engine)
    assert [(result.focus, result.value) for result in report.results] == [
        (expand("id:kz-code"), f"<{expand('id:kz')}>")
    ]


@pytest.mark.parametrize("engine", ["pyshifty", "pyshacl"])
def test_a_shape_about_types_sees_all_of_them(engine: str) -> None:
    shape = "shape:one a sh:NodeShape ; sh:targetClass aip:Law ; sh:property [ sh:path rdf:type ; sh:maxCount 1 ] ."
    report = validate(triples("id:kz-law a aip:Law , aip:Draft ."), quads(shape), [], engine)
    assert [result.focus for result in report.results] == [expand("id:kz-law")]


def test_the_triples_that_shapes_see_are_of_what_they_name() -> None:
    shape = quads("shape:law a sh:NodeShape ; sh:targetClass aip:Law ; sh:property [ sh:path aip:by ] .")
    data = "id:kz-code a aip:Code , aip:Thing ; aip:by id:kz ; aip:date '2025' . aip:Code rdfs:subClassOf aip:Law ."
    assert set(seen_by(shape, triples(data))) == set(triples("id:kz-code a aip:Law ; aip:by id:kz ."))


def test_no_shapes_no_slips() -> None:
    assert validate(triples(BAD), [], []) == Report()


def test_each_slip_is_found_once(report: Report) -> None:
    found = [(r.severity, r.focus.rsplit("/", 1)[1], r.component.rsplit("#", 1)[1]) for r in report.results]
    assert sorted(found) == [
        ("info", "kz-law", "MinCountConstraintComponent"),
        ("violation", "kz-act", "ClassConstraintComponent"),
        ("violation", "kz-law", "MaxCountConstraintComponent"),
        ("violation", "kz-law", "MaxCountConstraintComponent"),
        ("violation", "kz-law", "MinCountConstraintComponent"),
        ("violation", "kz-law", "NotConstraintComponent"),
        ("violation", "kz-law", "SPARQLConstraintComponent"),
        ("violation", "kz-target", "InConstraintComponent"),
        ("violation", "kz-target", "NodeKindConstraintComponent"),
        ("violation", "kz-target", "PatternConstraintComponent"),
        ("violation", "kz-target", "UniqueLangConstraintComponent"),
        ("warning", "kz-law", "LessThanOrEqualsConstraintComponent"),
    ]
    assert not report.conforms
    assert len(report.violations) == 10


def test_a_result_names_shape_path_and_value(report: Report) -> None:
    several = result(report, "one purpose")
    assert several.shape == expand("shape:one-purpose")
    assert several.path == expand("aip:purpose")
    assert several.focus == expand("id:kz-law")
    country = next(r for r in report.results if "ClassConstraint" in r.component)
    assert country.value == f"<{expand('id:kz-law')}>"


def test_the_message_is_the_english_one(report: Report) -> None:
    assert result(report, "country").message == "a law has a country"


def test_an_unnamed_shape_has_the_name_it_has_in_the_graph(report: Report) -> None:
    shape = result(report, "country").shape
    assert NamedNode(shape) in {quad.subject for quad in quads(SHAPES)}


def test_complex_paths_are_readable(report: Report) -> None:
    paths = {r.path for r in report.results}
    assert {"^aip:of", "aip:of/aip:country"} <= paths


@pytest.mark.parametrize("data", [GOOD, BAD])
def test_the_fast_engine_reports_the_same(data: str) -> None:
    def plain(report: Report) -> list[tuple[str | None, ...]]:
        """All but the wording of messages that the shapes leave to the engine."""
        return sorted((r.severity, r.focus, r.path or "", r.value or "", r.shape, r.component) for r in report.results)

    assert plain(check(data, "pyshifty")) == plain(check(data, "pyshacl"))


def test_assertions_behind_a_result(report: Report) -> None:
    law, purpose = NamedNode(expand("id:kz-law")), NamedNode(expand("aip:purpose"))
    country = NamedNode(expand("aip:country"))
    first, second = NamedNode(expand("assertion:a.1")), NamedNode(expand("assertion:b.2"))
    claimed = [
        Quad(law, purpose, Literal("one"), first),
        Quad(law, purpose, Literal("two"), second),
        Quad(NamedNode(expand("id:kz-act")), country, law, second),
        Quad(law, purpose, Literal("three"), NamedNode(expand("graph:accepted"))),
    ]
    informed = with_provenance(report, [Document(Path("a.trig"), tuple(claimed))])
    assert result(informed, "one purpose").assertions == (first.value, second.value)
    assert next(r for r in informed.results if "ClassConstraint" in r.component).assertions == (second.value,)
    of_the_thing = next(r for r in informed.results if r.path == "^aip:of")
    assert of_the_thing.assertions == (first.value, second.value)
    assert len(informed.results) == len(report.results)


def test_a_result_reads_as_a_sentence(report: Report) -> None:
    claimed = Quad(
        NamedNode(expand("id:kz-law")),
        NamedNode(expand("aip:purpose")),
        Literal("one"),
        NamedNode(expand("assertion:a.1")),
    )
    informed = with_provenance(report, [Document(Path("a.trig"), (claimed,))])
    assert str(result(informed, "one purpose")) == (
        "a.trig:1: violation: id:kz-law aip:purpose: one purpose; claimed by assertion:a.1 [shape:one-purpose]"
    )
    assert str(informed).count("\n") == len(informed.results) - 1


def test_a_result_names_file_and_line(report: Report, tmp_path: Path) -> None:
    registry, source = tmp_path / "kz.ttl", tmp_path / "a.trig"
    registry.write_text("@prefix id: <https://w3id.org/ca-ai-policy/id/> .\n\nid:kz-law a id:x .\n", "utf-8")
    source.write_text(
        "@prefix id: <https://w3id.org/ca-ai-policy/id/> .\n"
        "@prefix aip: <https://w3id.org/ca-ai-policy/ontology/> .\n"
        "@prefix assertion: <https://w3id.org/ca-ai-policy/assertion/> .\n"
        'assertion:a.1 {\n    id:kz-law a id:x ;\n        aip:purpose "one" .\n}\n',
        "utf-8",
    )
    documents = [read_document(registry, GRAPH.registry), read_document(source, None)]
    claimed = with_provenance(report, documents)
    assert result(claimed, "one purpose").place == f"{source}:6"
    silent = with_provenance(report, documents[:1])
    assert result(silent, "one purpose").place == f"{registry}:3"
    assert str(result(silent, "one purpose")).startswith(f"{registry}:3: violation: id:kz-law")
