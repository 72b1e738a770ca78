"""The shapes of the accepted view: each with the smallest graph that breaks it, and only it.

A file ``<shape>-<case>.ttl`` holds what is added to ``valid.ttl`` and the whole expected report, as the SHACL
test suite does (https://w3c.github.io/data-shapes/data-shapes-test-suite/).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.namespaces import expand, local_name, shorten
from kg.skolem import skolemise
from kg.terms import GRAPH
from kg.validate import Report, Result, validate

ROOT = Path(__file__).parents[1]
DATA = Path(__file__).parent / "data" / "shapes"
CASES = sorted(DATA.glob("*-*.ttl"))
NEW = tuple(expand(f"{prefix}:") for prefix in ("id", "source", "passage", "assertion"))
SUBCLASS = NamedNode(expand("rdfs:subClassOf"))

Term = NamedNode | BlankNode | Literal | Triple
Expected = tuple[str, str | None, str, str]
"""Focus node, path, severity and constraint component; a blank node counts as ``_``."""


def triples(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE)]


@cache
def valid() -> tuple[Triple, ...]:
    return tuple(triples(DATA / "valid.ttl"))


@cache
def shapes() -> tuple[Quad, ...]:
    graph = GRAPH.shapes
    return tuple(skolemise([Quad(*triple, graph) for triple in triples(ROOT / "ontology" / "shapes.ttl")]))


@cache
def hierarchy() -> tuple[Quad, ...]:
    graph = GRAPH.ontology
    axioms = triples(ROOT / "ontology" / "ai-policy.ttl")
    return tuple(Quad(*axiom, graph) for axiom in axioms if axiom.predicate == SUBCLASS)


class Said:
    """What a graph says of its nodes."""

    def __init__(self, graph: Iterable[Triple]) -> None:
        self._said: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in set(graph):
            self._said[triple.subject][shorten(triple.predicate.value)].append(triple.object)

    def __getitem__(self, key: tuple[Term, str]) -> list[Term]:
        node, name = key
        return self._said[node][name] if node in self._said else []

    def of_type(self, name: str) -> list[Term]:
        return [node for node in self._said if NamedNode(expand(name)) in self[node, "rdf:type"]]

    def with_property(self, name: str) -> list[Term]:
        return [node for node in self._said if self[node, name]]

    def members(self, head: Term) -> list[Term]:
        found: list[Term] = []
        while first := self[head, "rdf:first"]:
            found += first
            (head,) = self[head, "rdf:rest"]
        return found


def name(node: Term) -> str:
    return node.value if isinstance(node, NamedNode) else "_"


def path_text(said: Said, path: Term) -> str:
    """A path as `kg.validate` writes it."""
    if isinstance(path, NamedNode):
        return path.value
    inverse = said[path, "sh:inversePath"]
    if inverse:
        return f"^{shorten(name(inverse[0]))}"
    return "/".join(shorten(path_text(said, step)) for step in said.members(path))


def expected(path: Path) -> set[Expected]:
    said = Said(triples(path))
    found = set()
    for result in said.of_type("sh:ValidationResult"):
        (focus,) = said[result, "sh:focusNode"]
        (severity,) = said[result, "sh:resultSeverity"]
        (component,) = said[result, "sh:sourceConstraintComponent"]
        paths = [path_text(said, step) for step in said[result, "sh:resultPath"]]
        severity_name = local_name(name(severity)).lower()
        found.add((name(focus), paths[0] if paths else None, severity_name, name(component)))
    return found


def added(path: Path) -> list[Triple]:
    """What a case adds to the valid graph: its triples without the expected report."""
    graph = triples(path)
    said = Said(graph)
    report = set(said.of_type("sh:ValidationResult"))
    parts = [part for result in report for part in said[result, "sh:resultPath"]]
    while parts:
        part = parts.pop()
        if isinstance(part, BlankNode):
            report.add(part)
            parts += [t.object for t in graph if t.subject == part]
    return [triple for triple in graph if triple.subject not in report]


def reported(results: Iterable[Result]) -> set[Expected]:
    return {(r.focus if r.focus.startswith("http") else "_", r.path, r.severity, r.component) for r in results}


@cache
def report(path: Path) -> Report:
    return validate([*valid(), *added(path)], shapes(), hierarchy(), "pyshifty")


@cache
def said_by_shapes() -> Said:
    return Said(quad.triple for quad in shapes())


@cache
def owners() -> dict[str, str]:
    """The named shape that each property shape in it belongs to."""
    said = said_by_shapes()
    return {
        name(part): name(shape) for shape in said.with_property("sh:property") for part in said[shape, "sh:property"]
    }


@pytest.mark.parametrize("engine", ["pyshifty", "pyshacl"])
def test_the_valid_graph_conforms(engine: str) -> None:
    assert validate(valid(), shapes(), hierarchy(), engine) == Report()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_breaks_its_shape_and_only_that(path: Path) -> None:
    results = report(path).results
    assert reported(results) == expected(path)
    shape = expand("shape:" + path.stem.partition("-")[0])
    assert {owners().get(result.shape, result.shape) for result in results} == {shape}


def test_the_reference_engine_reports_the_same_of_all_cases_at_once() -> None:
    graph = [*valid(), *(apart(triple, path.stem) for path in CASES for triple in added(path))]
    report, second = (validate(graph, shapes(), hierarchy(), engine) for engine in ("pyshacl", "pyshifty"))
    assert reported(report.results) == reported(second.results)
    awaited = {(own(focus, path.stem), *rest) for path in CASES for focus, *rest in expected(path)}
    assert awaited <= reported(report.results)


@cache
def known() -> frozenset[str]:
    return frozenset(name(triple.subject) for triple in valid())


def own(iri: str, case: str) -> str:
    """The name of a thing that a case brings in, made its own; of any other the name as it is."""
    is_new = iri.startswith(NEW) and iri not in known()
    return f"{iri}-{case}" if is_new else iri


def apart(triple: Triple, case: str) -> Triple:
    """A triple of a case that can stand beside those of the others."""
    subject, object_ = (
        NamedNode(own(term.value, case)) if isinstance(term, NamedNode) else term
        for term in (triple.subject, triple.object)
    )
    return Triple(subject, triple.predicate, object_)


def test_every_shape_and_every_property_in_it_is_broken_by_a_case() -> None:
    said = said_by_shapes()
    broken = {result.shape for path in CASES for result in report(path).results}
    named = {node for target in ("sh:targetClass", "sh:targetSubjectsOf") for node in said.with_property(target)}
    assert {shorten(name(node)) for node in named} == {shorten(owners().get(shape, shape)) for shape in broken}
    parts = {name(part) for node in named for part in said[node, "sh:property"]}
    assert parts <= broken


def test_every_shape_that_can_be_reported_speaks_english_and_russian() -> None:
    said = said_by_shapes()
    reportable = {result.shape for path in CASES for result in report(path).results}
    for shape in map(NamedNode, sorted(reportable)):
        messages = said[shape, "sh:message"]
        spoken = [message.language for message in messages if isinstance(message, Literal)]
        assert sorted(map(str, spoken)) == ["en", "ru"], shape


def test_kinds_are_those_of_the_ontology() -> None:
    said = said_by_shapes()
    ontology = Said(triples(ROOT / "ontology" / "ai-policy.ttl"))
    for shape in said.with_property("sh:path"):
        (path,) = said[shape, "sh:path"]
        kinds = classes(said, shape)
        if kinds and ontology[path, "schema:rangeIncludes"]:
            assert kinds == set(ontology[path, "schema:rangeIncludes"]), path


def classes(said: Said, shape: Term) -> set[Term]:
    choices = [choice for head in said[shape, "sh:or"] for choice in said.members(head)]
    return {kind for node in [shape, *choices] for kind in said[node, "sh:class"]}


def test_only_publishers_may_do_without_a_second_language() -> None:
    said = said_by_shapes()
    above: dict[Term, set[Term]] = defaultdict(set)
    for quad in hierarchy():
        above[quad.subject].add(quad.object)
    entity, publisher = NamedNode(expand("aip:Entity")), NamedNode(expand("aip:Publisher"))
    abstract = {entity, *supers(publisher, above)} - {publisher}
    for shape in ("shape:EnglishName", "shape:RussianName"):
        targets = set(said[NamedNode(expand(shape)), "sh:targetClass"])
        spared = {class_ for class_ in above if entity in supers(class_, above) and not targets & supers(class_, above)}
        assert spared - abstract == {publisher}


def supers(class_: Term, above: dict[Term, set[Term]]) -> set[Term]:
    return {class_}.union(*(supers(higher, above) for higher in above.get(class_, ())))
