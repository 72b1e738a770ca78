"""Statements as sentences: every kind of node has templates in the languages of the interface, and they read well."""

from __future__ import annotations

import csv
import datetime
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store
from rdflib import RDF as RDFLIB_RDF
from rdflib import Graph, URIRef

from kg.errors import UsageError
from kg.groups import grouped
from kg.namespaces import PREFIXES, expand, shorten
from kg.read import read_ontology
from kg.sentences import Sentences, values_of
from kg.sentences.template import parse, slots
from kg.sentences.words import date_phrase, date_text, number_text, quantity
from kg.settings import Settings
from kg.store import open_snapshot
from kg.terms import AIP, GRAPH, RDF, Term, is_assertion
from tests.explorer import record
from tests.ontology_files import ONTOLOGY, SCHEMA, both
from tests.ontology_files import parse as parse_graph

DATA = Path(__file__).parent / "data" / "sentences"
LANGUAGES = ("en", "kk", "ru")
WORDS = {"subject", "value", "measure", "baseline"}
"""Slots that are no property."""
SILENT = {RDF.type, AIP.ordinal, AIP.release, AIP.edition, AIP.dateOfReport, AIP.translatedLabel}
"""What names or numbers a node and is said by no sentence."""


@cache
def templates() -> Graph:
    return parse_graph(ONTOLOGY / "sentences.ttl")


@cache
def invented() -> Store:
    """The ontology with a node of each kind."""
    loaded = Store()
    for document in read_ontology(Settings.default(ONTOLOGY.parent)):
        loaded.extend(document.quads)
    for quad in list(loaded.quads_for_pattern(None, None, None, GRAPH.concepts)):
        loaded.add(type(quad)(quad.subject, quad.predicate, quad.object, GRAPH.accepted))
    loaded.load(path=DATA / "given.trig", format=RdfFormat.TRIG)
    return loaded


def expected() -> list[dict[str, str]]:
    with (DATA / "expected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", expected(), ids=lambda row: f"{row['node']}-{row['language']}")
def test_a_node_reads_as_a_sentence(row: dict[str, str]) -> None:
    said = Sentences(invented(), row["language"]).on_node(NamedNode(PREFIXES["id"] + row["node"]))
    assert " ".join(map(str, said)) == row["sentences"]


def test_each_kind_of_node_is_read_in_each_language() -> None:
    nodes = {quad.subject for quad in invented().quads_for_pattern(None, RDF.type, None, GRAPH.accepted)}
    ours = {node.value.removeprefix(PREFIXES["id"]) for node in nodes if node.value.startswith(PREFIXES["id"])}
    named = {"kz", "body-a", "body-b", "person", "post", "target", "metric", "rank", "gazette"}
    assert {(row["node"], row["language"]) for row in expected()} == {
        (node, language) for node in ours - named for language in LANGUAGES
    }


def test_every_keyed_class_has_a_sentence_in_each_language() -> None:
    keyed = set(both().subjects(URIRef(expand("aip:keyTemplate"))))
    assert keyed
    for subject in keyed | set(templates().subjects(URIRef(expand("aip:expectedSentence")))):
        tags = sorted(text.language for text in templates().objects(subject, URIRef(expand("aip:sentence"))))
        assert tags == sorted(LANGUAGES), subject


def test_every_template_is_written_right_and_names_what_there_is() -> None:
    declared = set(both().subjects(SCHEMA.domainIncludes)) | set(both().subjects(RDFLIB_RDF.type))
    for subject, _predicate, text in templates():
        parse(str(text))
        for slot in slots(str(text)):
            assert slot.name in WORDS or URIRef(expand(slot.name)) in declared, f"{subject}: {slot.name}"


@pytest.mark.parametrize(
    ("template", "complaint"),
    [("{aip:of", "at character 1"), ("[a[b]]", "at character 3"), ("a]", "at character 2"), ("[a", "ends inside")],
)
def test_a_template_that_is_written_wrong_is_refused(template: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        parse(template)


def test_what_was_still_to_come_is_told_as_expected() -> None:
    writer, node = Sentences(invented()), NamedNode(PREFIXES["id"] + "signed")
    values = values_of(invented().quads_for_pattern(node, None, None, GRAPH.accepted))
    before, after = (writer.on_values(node, values, datetime.date(2025, month, 20))[0] for month in (10, 11))
    assert str(before) == "Law on AI: signing was expected on 17 November 2025, by A. Person."
    assert str(after) == "Law on AI was signed on 17 November 2025 by A. Person."


def test_the_parts_of_a_sentence_know_what_they_name() -> None:
    (said,) = Sentences(invented(), "ru").on_node(NamedNode(PREFIXES["id"] + "opinion"))
    named = {shorten(part.term.value): part.text for part in said.parts if part.term}
    assert named["id:kz"] == "Казахстан"
    assert [part.text for part in said.parts if part.language == "en"] == ["Sets the pace of the region."]
    assert AIP.verdict in said.properties


def test_a_language_without_templates_is_told_in_english() -> None:
    (said,) = Sentences(invented(), "uz-Latn").on_node(NamedNode(PREFIXES["id"] + "report"))
    assert str(said).startswith("Law on AI was reported as “in force”")


@pytest.mark.parametrize(
    ("value", "english", "russian", "kazakh"),
    [
        ("2025-11-17", "on 17 November 2025", "17 ноября 2025 года", "2025 жылғы 17 қараша"),
        ("2025-11", "in November 2025", "в ноябре 2025 года", "2025 жылғы қараша"),
        ("2025", "in 2025", "в 2025 году", "2025 жыл"),
        ("2023-22", "in summer 2023", "(время — лето 2023 года)", "2023 жылғы жаз"),
        ("2025~", "about 2025", "примерно: 2025 год", "шамамен 2025 жыл"),
        ("../2025-03", "not after March 2025", "не позднее: март 2025 года", "2025 жылғы наурыз немесе одан бұрын"),
        (
            "2025-03/2025-05",
            "between March 2025 and May 2025",
            "в период март 2025 года – май 2025 года",
            "2025 жылғы наурыз – 2025 жылғы мамыр аралығы",
        ),
    ],
)
def test_a_date_stands_in_a_sentence(value: str, english: str, russian: str, kazakh: str) -> None:
    assert plain(date_phrase(value, "en")) == english
    assert plain(date_phrase(value, "ru")) == russian
    assert plain(date_phrase(value, "kk")) == kazakh


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("number", "unit", "how", "governing", "expected"),
    [
        ("10", "лабораторий", "", "", "10 лабораторий"),
        ("3", "лабораторий", "", "", "лабораторий: 3"),
        ("3", "лабораторий", "не менее", "at-least", "не менее 3 лабораторий"),
        ("21", "лабораторий", "не менее", "at-least", "лабораторий: не менее 21"),
        ("1500000000", "{value} долларов США", "более", "more-than", "более 1,5 млрд долларов США"),
        ("7.5", "{value} %", "", "", "7,5 %"),
    ],
)
def test_a_value_agrees_with_its_unit(number: str, unit: str, how: str, governing: str, expected: str) -> None:
    assert plain(quantity(number, unit, how, governing, "ru")) == expected


@pytest.mark.parametrize(
    ("how", "governing", "expected"),
    [
        ("кемінде", "at-least", "кемінде 10 зертхана"),
        ("астам", "more-than", "10 зертхана (одан көп)"),
        ("дейін", "up-to", "ең көбі 10 зертхана"),
    ],
)
def test_a_kazakh_value_takes_no_suffix(how: str, governing: str, expected: str) -> None:
    """A suffix would have to agree with the sounds of the number, which is written in digits."""
    assert quantity("10", "зертхана", how, governing, "kk") == expected


def test_a_bare_date_and_a_number_follow_the_language() -> None:
    assert plain(date_text("2025-11", "ru")) == "ноябрь 2025 года"
    assert number_text("1500000000", "en") == "1.5 billion"


@cache
def claims() -> dict[tuple[NamedNode, NamedNode], list[Quad]]:
    """What the record claims, by assertion and node."""
    store = open_snapshot(record() / "current")
    graphs = (graph for graph in store.named_graphs() if isinstance(graph, NamedNode) and is_assertion(graph))
    quads = (quad for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph))
    spoken = (quad for quad in quads if quad.predicate not in SILENT and isinstance(quad.subject, NamedNode))
    return grouped(((quad.graph_name, quad.subject), quad) for quad in spoken)  # type: ignore[misc]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_the_record_claims_can_be_read(language: str) -> None:
    store = open_snapshot(record() / "current")
    writer = Sentences(store, language)
    for (graph, node), quads in claims().items():
        values: dict[NamedNode, list[Term]] = values_of(quads)
        said = writer.on_values(node, values | ordinal(store, node))
        read = {predicate for one in said for predicate in one.properties}
        assert set(values) - read <= SILENT | {AIP.unit}, (graph, node)
        assert all(str(one).strip() and "{" not in str(one) for one in said), (graph, node)


def ordinal(store: Store, node: NamedNode) -> dict[NamedNode, list[Term]]:
    return {q.predicate: [q.object] for q in store.quads_for_pattern(node, AIP.ordinal, None, None)}


def test_every_property_that_a_source_states_has_a_sentence_of_its_own_in_each_language() -> None:
    """A thing with a name of its own is read property by property; the name of the property alone would not do."""
    store = open_snapshot(record() / "current")
    writers = [Sentences(store, language) for language in LANGUAGES]
    bare = {node for _, node in claims() if not writers[0].has_template(node, {})}
    used = {quad.predicate for (_, node), quads in claims().items() if node in bare for quad in quads}
    without = {shorten(p.value) for p in used for w in writers if w.language not in w.templates.get(p, {})}
    assert without == set()
    assert len(used) > 50
