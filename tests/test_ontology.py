"""The vocabulary: every term written by the rules of style.ttl, every name declared, every borrowed name real."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, OWL, RDF, RDFS, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib import namespace as standard

from kg.namespaces import PREFIXES, expand, shorten
from tests.ontology_files import AIP, DATA, ONTOLOGY, SCHEMA, TURTLE, borrowed, both, ours, parse, properties, terms

FOR_BORROWED_TERMS = ("label-english", "label-russian", "label-tagged", "defined-by-something")


def name(path: Path) -> str:
    return path.relative_to(path.parents[1]).as_posix()


@pytest.fixture(scope="module")
def style() -> Graph:
    return parse(ONTOLOGY / "style.ttl")


@pytest.fixture(scope="module")
def files() -> dict[Path, Graph]:
    return {path: parse(path) for path in TURTLE}


def test_every_file_parses_and_says_something(files: dict[Path, Graph]) -> None:
    assert [path for path, graph in files.items() if len(graph) == 0] == []


def broken(data: Graph, style: Graph, shapes: Sequence[str | URIRef] | None = None) -> dict[str, list[str]]:
    """The shapes that a graph breaks, by name, each with its focus nodes."""
    _, report, _ = validate(
        data,
        shacl_graph=Graph() + style,  # a copy: pyshacl writes into it
        use_shapes=None if shapes is None else list(shapes),
        focus_nodes=sorted(map(str, terms(data))) if shapes else None,
    )
    assert isinstance(report, Graph)
    found: dict[str, list[str]] = {}
    for result in report.subjects(RDF.type, SH.ValidationResult):
        source = report.value(result, SH.sourceShape)
        shape = style.value(predicate=SH.property, object=source) if isinstance(source, BNode) else source
        found.setdefault(shorten(str(shape)), []).append(shorten(str(report.value(result, SH.focusNode))))
    return found


def test_our_terms_are_written_by_the_rules(style: Graph) -> None:
    assert broken(ours(), style) == {}


def test_borrowed_terms_have_labels_and_an_origin(style: Graph) -> None:
    shapes = [URIRef(expand(f"shape:style-{shape}")) for shape in FOR_BORROWED_TERMS]
    assert broken(borrowed(), style, shapes) == {}


def test_a_borrowed_term_without_label_or_origin_is_found(style: Graph) -> None:
    data = Graph().parse(data="<https://example.org/x> a <http://www.w3.org/2002/07/owl#Class> .")
    shapes = [URIRef(expand(f"shape:style-{shape}")) for shape in FOR_BORROWED_TERMS]
    assert set(broken(data, style, shapes)) == {
        "shape:style-label-english", "shape:style-label-russian", "shape:style-defined-by-something",
    }  # fmt: skip


@pytest.mark.parametrize("path", sorted((DATA / "style").glob("*.ttl")), ids=lambda path: path.stem)
def test_a_style_example_breaks_its_rule_and_only_it(path: Path, style: Graph) -> None:
    expected = set() if path.stem == "valid" else {f"shape:style-{path.stem}"}
    assert set(broken(parse(path), style)) == expected


def test_every_style_rule_has_an_example(style: Graph) -> None:
    shapes = {shorten(str(shape)) for shape in style.subjects() if isinstance(shape, URIRef)}
    examples = {f"shape:style-{path.stem}" for path in (DATA / "style").glob("*.ttl")} - {"shape:style-valid"}
    assert shapes - {"shape:style-defined-by-something"} == examples


def test_every_style_rule_speaks_english_and_russian(style: Graph) -> None:
    for shape in style.subjects(SH.severity):
        messages = [message.language for message in style.objects(shape, SH.message) if isinstance(message, Literal)]
        assert sorted(map(str, messages)) == ["en", "ru"], shape
    assert set(style.subjects(SH.message)) == set(style.subjects(SH.severity))


def test_every_term_is_explained_in_russian() -> None:
    """One definition, which says the name of the term first."""
    for term in terms(ours()):
        (label,) = (text for text in ours().objects(term, RDFS.label) if getattr(text, "language", "") == "ru")
        texts = [text for text in ours().objects(term, SKOS.definition) if getattr(text, "language", "") == "ru"]
        assert len(texts) == 1, term
        assert str(texts[0]).casefold().startswith(f"{label} — ".casefold()), term


def test_labels_tell_terms_apart() -> None:
    for group in (set(ours().subjects(RDF.type, OWL.Class)), properties(ours())):
        labels = Counter(label for term in group for label in ours().objects(term, RDFS.label))
        assert [label for label, times in labels.items() if times > 1] == []


def test_at_least_half_of_the_terms_have_an_example() -> None:
    shown = [term for term in terms(ours()) if (term, SKOS.example, None) in ours()]
    assert len(shown) >= len(terms(ours())) / 2


@pytest.fixture(scope="module")
def declared(files: dict[Path, Graph]) -> set[str]:
    return {str(term) for graph in files.values() for term in graph.subjects() if isinstance(term, URIRef)}


def test_every_name_of_ours_is_declared(files: dict[Path, Graph], declared: set[str]) -> None:
    spaces = tuple(PREFIXES[prefix] for prefix in ("aip", "concept", "shape"))
    used = {
        (name(path), str(term))
        for path, graph in files.items()
        for triple in graph
        for term in triple
        if isinstance(term, URIRef) and str(term).startswith(spaces)
    }
    assert {(path, iri) for path, iri in used if iri not in declared} == set()


def test_every_name_in_a_text_or_a_query_is_declared(declared: set[str]) -> None:
    """Examples, key templates, rules and the context name terms too; "concept:stage-" stands for all stages."""
    texts = [*TURTLE, *ONTOLOGY.rglob("*.rq"), ONTOLOGY / "context.jsonld", ONTOLOGY / "README.md"]
    used = {
        (name(path), short)
        for path in texts
        for short in re.findall(r"\b(?:aip|concept|shape):[A-Za-z][\w-]*", path.read_text(encoding="utf-8"))
    }
    assert {pair for pair in used if not pair[1].endswith("-") and expand(pair[1]) not in declared} == set()


def test_each_file_describes_its_own_terms_only() -> None:
    described = {str(subject) for subject in ours().subjects() if isinstance(subject, URIRef)}
    assert {iri for iri in described if not iri.startswith(str(AIP))} == {str(AIP).rstrip("/")}
    assert [str(subject) for subject in borrowed().subjects() if str(subject).startswith(PREFIXES["aip"])] == []


def test_every_borrowed_term_in_use_is_described() -> None:
    origins = set(ours().objects(None, DCTERMS.source))
    spaces = tuple(PREFIXES[prefix] for prefix in ("dcterms", "eli", "org", "prov", "qb", "schema", "skos", "vann"))
    named = {term for triple in ours() for term in triple if str(term).startswith(spaces)}
    assert named - origins <= set(borrowed().subjects())


@pytest.mark.parametrize("prefix", ["dcterms", "foaf", "org", "prov", "qb", "schema", "skos", "void"])
def test_borrowed_names_exist(prefix: str) -> None:
    """rdflib knows these vocabularies term by term; ELI and DCAT 3, which it does not know, were checked by hand."""
    vocabulary = standard.SDO if prefix == "schema" else getattr(standard, prefix.upper())
    names = {str(term) for term in borrowed().subjects() if str(term).startswith(PREFIXES[prefix])}
    known = {str(vocabulary) + local for local in (*vocabulary.__annotations__, *getattr(vocabulary, "_extras", ()))}
    assert names
    assert names - known == set()


def test_dcat_names_exist_but_for_those_new_in_version_3() -> None:
    names = {str(term) for term in borrowed().subjects() if str(term).startswith(str(DCAT))}
    assert names - {str(DCAT) + local for local in DCAT.__annotations__} == {str(DCAT) + "version"}


def test_every_stage_has_a_class_and_every_class_a_stage() -> None:
    stages = set(parse(ONTOLOGY / "concepts" / "stages.ttl").subjects(RDF.type, SKOS.Concept))
    restrictions = {
        class_: value
        for class_, expression in ours().subject_objects(OWL.equivalentClass)
        for value in ours().objects(expression, OWL.hasValue)
    }
    assert set(restrictions.values()) == stages
    assert len(restrictions) == len(stages)
    assert all((class_, RDFS.subClassOf, AIP.LifecycleEvent) in ours() for class_ in restrictions)


def test_key_templates_name_properties_of_their_class() -> None:
    for class_, template in both().subject_objects(AIP.keyTemplate):
        for local in re.findall(r"\{aip:(\w+)\}", str(template)):
            domains = set(both().objects(AIP[local], SCHEMA.domainIncludes))
            assert domains & set(both().transitive_objects(class_, RDFS.subClassOf)), (class_, local)


def test_every_claimed_date_has_bounds_of_its_own() -> None:
    dates = {
        term
        for term in both().subjects(SCHEMA.rangeIncludes, URIRef(expand("edtf:EDTF")))
        if (term, AIP.derived, None) not in both()
    }
    bounds = [both().value(term, end) for term in dates for end in (AIP.earliestProperty, AIP.latestProperty)]
    assert None not in bounds
    assert len(set(bounds)) == len(bounds) == 20
    assert all((bound, AIP.derived, Literal(True)) in both() for bound in bounds)


def test_the_version_iri_names_the_version() -> None:
    header = URIRef(str(AIP).rstrip("/"))
    assert f"/{ours().value(header, OWL.versionInfo)}/" in str(ours().value(header, OWL.versionIRI))
    assert f"version {ours().value(header, OWL.versionInfo)}." in str(
        ours().value(header, URIRef(expand("dcterms:bibliographicCitation")))
    )
