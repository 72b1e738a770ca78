"""The record itself: what the facts say is answered, what is answered was said, and nothing stands that lost.

``data/record/*.csv`` were drawn by chance over the countries and kinds of fact, and each row was read against the
passage by a person: facts-to-answers from what was collected to the accepted view, answers-to-facts the other way.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
import rdflib
from pyld import jsonld
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, RdfFormat, parse

from kg.dates import bounds
from kg.export import export
from kg.namespaces import PREFIXES, expand, shorten
from kg.query import bind, choices_from, load_queries, run
from kg.results import write_results
from kg.terms import GRAPH
from tests.served import ROOT
from tests.served import record_today as record

ROWS = Path(__file__).parent / "data" / "record"
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
#: Paragraphs of the founding article that state something, and the headings that judge.
PARAGRAPHS = [1, 2, *range(3, 12), 12, *range(13, 22), 22, *range(23, 30), 30, *range(31, 34), *range(35, 38)]
#: Stages that are often announced for a day to come.
FORESEEN = {"stage-abolished", "stage-applied", "stage-in-force"}


def rows(name: str) -> list[dict[str, str]]:
    with (ROWS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ask(pattern: str) -> bool:
    found = record().query(PROLOGUE + f"ASK {{ {pattern} }}")
    assert isinstance(found, QueryBoolean)
    return bool(found)


def select(text: str) -> list[tuple[str, ...]]:
    """The rows of a SELECT, IRIs shortened."""
    found = record().query(PROLOGUE + text)
    assert isinstance(found, QuerySolutions)
    return [
        tuple(
            "" if term is None else shorten(term.value) if isinstance(term, NamedNode) else term.value for term in row
        )
        for row in found
    ]


def matches(value: str) -> str:
    """A filter on ?o by the value as a row writes it: a prefixed name or the text of a literal."""
    if value.startswith(("id:", "concept:", "aip:")):
        return f"FILTER(?o = {value})"
    return f"FILTER(ISLITERAL(?o) && STR(?o) = {json.dumps(value)})"


def accepted(subject: str, name: str) -> set[str]:
    """The values of a property in the accepted view."""
    return {row[0] for row in select(f"SELECT ?o {{ GRAPH graph:accepted {{ {subject} {name} ?o }} }}")}


def answer(slug: str, **values: str) -> list[dict[str, str]]:
    query = load_queries(ROOT / "queries")[slug]
    solutions = run(record(), bind(query, values, choices_from(record())))
    assert isinstance(solutions, QuerySolutions)
    written = io.BytesIO()
    write_results(solutions, "csv", written)
    return list(csv.DictReader(io.StringIO(written.getvalue().decode(), newline="")))


@pytest.mark.parametrize("row", rows("facts-to-answers"), ids=lambda row: row["fact"])
def test_fact_is_answered(row: dict[str, str]) -> None:
    claim = f"{row['subject']} {row['property']} ?o"
    source = f"?a aip:inPassage/aip:inSource source:{row['source']}"
    assert ask(f"GRAPH ?a {{ {claim} }} GRAPH graph:sources {{ {source} }} {matches(row['value'])}")
    assert ask(f"GRAPH graph:accepted {{ {claim} }} {matches(row['value'])}") == (row["accepted"] == "yes")


@pytest.mark.parametrize("row", rows("answers-to-facts"), ids=lambda row: f"{row['subject']} {row['property']}")
def test_answer_was_said(row: dict[str, str]) -> None:
    claim = f"{row['subject']} {row['property']} ?o"
    assert ask(f"GRAPH graph:accepted {{ {claim} }} {matches(row['value'])}")
    passage = f"?a aip:inPassage passage:{row['passage']} . passage:{row['passage']} aip:paraphrase ?text"
    says = f"FILTER(CONTAINS(?text, {json.dumps(row['says'])}))"
    assert ask(f"GRAPH ?a {{ {claim} }} GRAPH graph:sources {{ {passage} }} {matches(row['value'])} {says}")


def test_there_are_forty_each_way() -> None:
    for name in ("facts-to-answers", "answers-to-facts"):
        drawn = rows(name)
        assert len(drawn) >= 40
        countries = Counter(row["subject"].split(":")[1][:3] for row in drawn)
        assert countries.keys() >= {"kz-", "uz-", "kg-", "tj-", "tm-", "int"}


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_every_paragraph_of_the_founding_article_is_evidence(paragraph: int) -> None:
    said = select(
        "SELECT DISTINCT ?s ?p ?o { GRAPH ?a { ?s ?p ?o } GRAPH graph:sources { ?a aip:inPassage ?passage ."
        f' ?passage aip:inSource source:timesca-ai-pursuit ; aip:locator "paragraph {paragraph}" }} }}'
    )
    assert said


def test_no_claim_without_a_source() -> None:
    known = "registry editorial inferred concepts ontology shapes sources accepted rulings coverage queries"
    known += " catalogue links"
    told = {
        row[0]
        for row in select(
            "SELECT ?a { GRAPH graph:sources { ?a a aip:Assertion ; aip:inPassage/aip:inSource/dcterms:title ?title } }"
        )
    }
    graphs = {shorten(graph.value) for graph in record().named_graphs() if isinstance(graph, NamedNode)}
    assert graphs - told <= {f"graph:{name}" for name in known.split()}
    assert not select(
        "SELECT ?s ?p ?o { GRAPH graph:accepted { ?s ?p ?o }"
        " FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } FILTER(?g != graph:accepted) } }"
    )


def test_no_assertion_is_empty() -> None:
    assert not select(
        "SELECT ?a { GRAPH graph:sources { ?a a aip:Assertion } FILTER NOT EXISTS { GRAPH ?a { ?s ?p ?o } } }"
    )


def test_no_dangling_reference() -> None:
    lost = select(
        "SELECT DISTINCT ?o { GRAPH graph:accepted { ?s ?p ?o FILTER(STRSTARTS(STR(?o), STR(id:)))"
        " FILTER NOT EXISTS { ?o a ?kind } } FILTER NOT EXISTS { GRAPH graph:coverage { ?o a ?kind } } }"
    )
    assert not lost


def test_every_disagreement_is_ruled_on() -> None:
    """The build refuses others; here the rulings are seen to name something that a source says."""
    assert not select(
        "SELECT ?r ?v { GRAPH graph:rulings { ?r aip:onSubject ?s ; aip:onProperty ?p ; aip:upholds|aip:rejects ?v }"
        " FILTER NOT EXISTS { GRAPH ?a { ?s ?p ?v } GRAPH graph:sources { ?a a aip:Assertion } } }"
    )
    assert not select(
        "SELECT ?r { GRAPH graph:rulings { ?r aip:rejectsNode ?n }"
        " FILTER NOT EXISTS { GRAPH ?a { ?n ?p ?v } GRAPH graph:sources { ?a a aip:Assertion } } }"
    )


def test_no_loser_stands_in_the_accepted_view() -> None:
    assert not select(
        "SELECT ?s ?p ?v { GRAPH graph:rulings { ?r aip:onSubject ?s ; aip:onProperty ?p ; aip:rejects ?v }"
        " GRAPH graph:accepted { ?s ?p ?v } }"
    )
    assert not select(
        "SELECT ?n { GRAPH graph:rulings { ?r aip:rejectsNode ?n } { GRAPH graph:accepted { ?n ?p ?v } }"
        " UNION { GRAPH graph:accepted { ?s ?p ?n } } }"
    )


def test_no_source_speaks_of_what_came_after_it() -> None:
    """A text of May 2024 is no witness of an office left in 2025."""
    late = []
    for source, issued, kind, claim, name, value, sort, stage in select(
        "SELECT ?source ?issued (DATATYPE(?issued) AS ?kind) ?s ?p ?o (DATATYPE(?o) AS ?sort) ?stage {"
        " VALUES ?p { aip:date aip:from aip:to aip:lastSeen } GRAPH ?a { ?s ?p ?o OPTIONAL { ?s aip:stage ?stage } }"
        " GRAPH graph:sources { ?a aip:inPassage/aip:inSource ?source . ?source dcterms:issued ?issued ;"
        " aip:sourceKind ?official } FILTER(?official != concept:source-official-law) }"
    ):
        foreseen = stage.removeprefix("concept:") in FORESEEN
        if not foreseen and bounds(value, NamedNode(expand(sort)))[0] > bounds(issued, NamedNode(expand(kind)))[1]:
            late.append((source, claim, name, value))
    assert not late


#: (subject, property, value, whether it is accepted): what the check of the facts against their sources put right.
CORRECTIONS = [
    ("id:kz-concept-ai-2024-2029--adopted-1", "aip:date", "2024-07-24", True),
    ("id:kz-concept-ai-2024-2029--adopted-1", "aip:date", "2023-22", False),
    ("id:int-metric-gairi-rank--kz-2024-1", "aip:value", "76", True),
    ("id:int-metric-gairi-rank--kz-2024-1", "aip:value", "72", False),
    ("id:int-metric-gairi-rank--kz-2025-1", "aip:value", "60", True),
    ("id:int-metric-gairi-rank--kz-2025-1", "aip:value", "58", False),
    ("id:int-metric-gairi-rank--kz-2025-2", "aip:value", "58", True),
    ("id:int-metric-gairi-score--kz-2025-2", "aip:value", "56.7", True),
    ("id:int-metric-gairi-score--kz-2025-1", "aip:value", "55.86", True),
    ("id:int-metric-girai-rank-central-asia--kg-2024-1", "aip:value", "3", True),
    ("id:int-metric-girai-rank-central-asia--kg-2024-1", "aip:value", "1", False),
    (
        "id:kz-commitment-digital-code-github--kz-ministry-digital-development-1",
        "aip:settingLevel",
        "concept:level-official-statement",
        True,
    ),
    (
        "id:kz-target-10-data-centres--kz-ministry-ai-digital-development-1",
        "aip:comparator",
        "concept:comparator-as-stated",
        True,
    ),
    ("id:kz-target-10-data-centres--kz-ministry-ai-digital-development-1", "aip:deadline", "2031~", True),
    ("id:kz-target-9-tier-data-centres--kz-ministry-ai-digital-development-1", "aip:targetValue", "9", True),
    (
        "id:kz-target-9-tier-data-centres--kz-ministry-ai-digital-development-1",
        "aip:comparator",
        "concept:comparator-at-least",
        True,
    ),
    (
        "id:kz-target-it-racks-20k--kz-ministry-ai-digital-development-1",
        "aip:comparator",
        "concept:comparator-as-stated",
        True,
    ),
    (
        "id:kz-target-draft-ai-services-20pct--kz-concept-ai-draft-1",
        "aip:comparator",
        "concept:comparator-as-stated",
        True,
    ),
    ("id:kz-target-draft-ai-services-20pct--kz-concept-ai-draft-1", "aip:settingLevel", "concept:level-draft", True),
    ("id:kz-target-draft-ai-solutions-25--kz-concept-ai-draft-1", "aip:settingLevel", "concept:level-draft", True),
    ("id:kz-post-prime-minister--kz-person-smailov-1", "aip:from", "2022-01-11", True),
    ("id:uz-zru-1115--in-force-1", "aip:date", "2026-01-21/2026-01-23", True),
    ("id:uz-zru-1115", "aip:inForceRule", "From the day of its official publication.", True),
    ("id:uz-target-venture-2bn--uz-presentation-jan-2026-1", "aip:comparator", "concept:comparator-up-to", True),
    ("id:uz-target-venture-2bn--uz-presentation-jan-2026-1", "aip:baselineDate", "2026-01", True),
    ("id:uz-target-5m-2035--uz-cm-849-1", "aip:deadline", "2035", True),
    ("id:uz-target-5m-2035--uz-cm-849-1", "aip:deadline", "2030", False),
    ("id:uz-target-5m-2035--uz-ai-forum-2025-1", "aip:deadline", "2030", True),
    (
        "id:uz-ai-bill-2025--provision-personal-data",
        "dcterms:description",
        "A new article 46-2 of the Code of Administrative Liability makes the unlawful processing or spreading of"
        " personal data with AI an offence.",
        True,
    ),
    ("id:uz-post-minister-investment--uz-person-kudratov-1", "aip:lastSeen", "2026-02", True),
    ("id:uz-target-hpc-servers", "rdf:type", "aip:Milestone", True),
    ("id:uz-pp-320--in-force-1", "aip:date", "2025-10-31", True),
    ("id:uz-up-6079--signed-1", "aip:date", "2020-10-05", True),
    ("id:kg-target-htp-export--kg-high-technology-park-1", "aip:baselineDate", "2023", True),
    (
        "id:kg-target-htp-export--kg-high-technology-park-1",
        "aip:noDeadlineReason",
        "concept:nodeadline-not-stated",
        True,
    ),
    ("id:kg-remote-id-resolution-banks--adopted-1", "aip:date", "2020-05-13", True),
    ("id:kg-remote-id-resolution-banks", "aip:actNumber", "2020-P-12/27-1-(NPA)", True),
    ("id:kg-remote-id-resolution--adopted-1", "aip:date", "2020-09-30", True),
    ("id:kg-post-minister-digital--kg-person-talantbek-imanov-1", "aip:acting", "true", True),
    ("id:kg-post-minister-digital--kg-person-talantbek-imanov-1", "aip:from", "2022-01", True),
    ("id:kg-digital-kyrgyzstan-2019", "aip:replaces", "id:kg-taza-koom", True),
    ("id:kg-digital-code", "aip:inForceRule", "Six months after signing.", False),
    ("id:kg-draft-digital-code", "aip:becomes", "id:kg-digital-code", True),
    ("id:kg-draft-digital-code--reading-2", "aip:date", "2025-04-30", True),
    ("id:kg-fake-news-bill--provision-fine-individuals", "aip:article", "109-3", True),
    ("id:kg-post-head-high-technology-park--kg-person-azis-abakirov-1", "aip:lastSeen", "2026-01-26", True),
    (
        "id:kg-target-digital-deputies-2017--kg-person-sapar-isakov-1",
        "aip:settingLevel",
        "concept:level-official-statement",
        True,
    ),
    ("id:kg-target-htp-unicorn", "rdf:type", "aip:Milestone", True),
    ("id:tj-egov-concept", "aip:actNumber", "643", True),
    ("id:tj-digital-economy-concept", "aip:actNumber", "642", True),
    ("id:tj-target-schools-100--tj-ai-council-1", "aip:metric", "id:int-metric-schools-with-ai-lessons", True),
    ("id:tj-target-schools-dushanbe-60--tj-ai-council-1", "aip:baselineValue", "18", True),
    ("id:tj-target-edu-skill-5--tj-education-ai-concept-1", "aip:settingLevel", "concept:level-draft", True),
    ("id:tj-digital-years--announced-1", "aip:date", "2024-12-28", True),
    ("id:tm-concept-2019-2025--adopted-1", "aip:date", "2018-11-30", True),
    ("id:tm-concept-2026-2028--adopted-1", "aip:date", "2025-10-01/2025-10-09", True),
    ("id:tm-concept-2026-2028--adopted-1", "aip:by", "id:tm-person-serdar-berdimuhamedov", True),
    ("id:tm-target-ai-strategy--status-1", "aip:status", "concept:status-in-preparation", True),
    ("id:int-metric-egdi-rank--uz-2022-1", "aip:value", "69", True),
]


@pytest.mark.parametrize(("subject", "name", "value", "stands"), CORRECTIONS)
def test_correction_is_in(subject: str, name: str, value: str, stands: bool) -> None:
    assert (value in accepted(subject, name)) is stands


def test_largest_fine_of_the_union_says_whichever_is_higher() -> None:
    (text,) = accepted("id:int-eu-ai-act--provision-fine-prohibited-practices", "dcterms:description")
    assert "whichever is higher" in text


def test_jobs_of_the_park_are_dated_and_about() -> None:
    dated = "id:int-metric-resident-jobs--kg-high-technology-park-2026-01-26-1"
    assert accepted(dated, "aip:qualifier") == {"concept:qualifier-about"}
    assert accepted(dated, "aip:date") == {"2026-01-26"}


def test_a_laboratory_older_than_the_strategy_is_no_progress() -> None:
    assert not ask("GRAPH graph:accepted { ?o aip:progressOf id:tj-target-labs--tj-ai-strategy-2040-1 }")


def test_a_count_of_another_measure_is_no_progress() -> None:
    """One hundred schools with a language model are not a hundred schools with lessons."""
    assert not ask(
        "GRAPH graph:accepted { ?o aip:progressOf id:tj-target-schools-100--tj-ai-council-1 ; aip:value ?v"
        " FILTER(?v >= 100) }"
    )


def test_what_is_not_about_ai_is_out() -> None:
    for target in ("kg-target-tokmok-jobs", "kg-target-tokmok-investment"):
        assert not ask(f"GRAPH ?g {{ id:{target} ?p ?o }}")


def test_the_draft_on_github_is_a_plan_not_an_event() -> None:
    assert not ask(
        "GRAPH graph:accepted { ?e aip:of id:kz-digital-code ; aip:stage concept:stage-published ; aip:date ?d"
        " FILTER(STRSTARTS(STR(?d), '2025')) }"
    )


def test_one_real_thing_has_one_name() -> None:
    """Targets, ranks and offices which the first collections had twice."""
    for label in ("AI research laborator", "Top 50 of the Government AI Readiness Index"):
        assert (
            len(
                select(
                    "SELECT DISTINCT ?t { GRAPH graph:registry { ?t a aip:Target ; rdfs:label ?l ; aip:country id:uz"
                    f" FILTER(CONTAINS(?l, '{label}')) }} }}"
                )
            )
            == 1
        )
    assert (
        len(select("SELECT ?t { GRAPH graph:accepted { ?t aip:holder id:tj-person-sherali-kabir ; a aip:Tenure } }"))
        == 1
    )


def test_drafts_and_plans_of_companies_are_told_apart() -> None:
    levels = {
        level
        for (level,) in select(
            "SELECT DISTINCT ?level { GRAPH graph:accepted { ?f aip:setBy/a aip:Draft ; aip:settingLevel ?level } }"
        )
    }
    assert levels == {"concept:level-draft"}


def test_rewrites_are_no_second_witness() -> None:
    """Two texts give the goal of the prime minister, one of them rewrites the other: one origin."""
    aim = "id:kz-target-ai-products-fivefold--kz-person-bektenov-1"
    (texts,) = select(
        f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ GRAPH ?a {{ {aim} aip:deadline ?d }}"
        " GRAPH graph:sources { ?a aip:inPassage/aip:inSource ?s } }"
    )
    assert int(texts[0]) > 1
    counted = [
        row
        for row in answer("corroboration", country="id:kz")
        if row["subject"] == expand(aim) and row["property"] == expand("aip:deadline")
    ]
    assert [row["sources"] for row in counted] == ["1"]


def test_an_office_holder_is_dated() -> None:
    assert not select(
        "SELECT ?t { GRAPH graph:accepted { ?t a aip:Tenure"
        " FILTER NOT EXISTS { ?t aip:from|aip:to|aip:lastSeen ?d } } }"
    )


def test_searches_without_result_say_where() -> None:
    """Topics of things say what is found; a record is kept for what is not, or is found in what has no topic."""
    for record_, result, text in select(
        "SELECT ?r ?result ?text { GRAPH graph:coverage { ?r aip:result ?result ; dcterms:description ?text } }"
    ):
        filed = ask(
            f"GRAPH graph:coverage {{ {record_} aip:country ?c ; aip:topic ?t }}"
            " GRAPH graph:accepted { ?x aip:topic ?t ; aip:country ?c ; a aip:Entity }"
        )
        assert result == "concept:coverage-not-found" or not filed, record_
        assert len(text) > 40, record_
    countries = {row[0] for row in select("SELECT DISTINCT ?c { GRAPH graph:coverage { ?r aip:country ?c } }")}
    assert countries == {"id:kz", "id:uz", "id:kg", "id:tj", "id:tm"}


def test_every_instrument_aim_and_asset_has_a_topic() -> None:
    assert not select(
        "SELECT DISTINCT ?x { VALUES ?kind { aip:Instrument aip:Aim aip:Asset aip:Provision }"
        " GRAPH graph:registry { ?x aip:country ?c } GRAPH graph:accepted { ?x a ?kind }"
        " FILTER NOT EXISTS { GRAPH graph:accepted { ?x aip:topic ?t } } }"
    )


@pytest.mark.slow
def test_accepted_view_opens_in_rdflib(tmp_path: Path) -> None:
    size = len(list(record().quads_for_pattern(None, None, None, GRAPH.accepted)))
    out = tmp_path / "accepted.ttl"
    export(record(), "turtle", out)
    assert len(rdflib.Graph().parse(out, format="turtle")) == size


@pytest.mark.parametrize(("name", "form"), [("trig", RdfFormat.TRIG), ("nquads", RdfFormat.N_QUADS)])
def test_whole_dataset_opens_in_oxigraph(name: str, form: RdfFormat, tmp_path: Path) -> None:
    out = tmp_path / "dataset"
    export(record(), name, out)
    assert sum(1 for _ in parse(path=out, format=form)) == len(record())


@pytest.mark.slow
def test_jsonld_expands_in_pyld(tmp_path: Path) -> None:
    out = tmp_path / "dataset.jsonld"
    export(record(), "jsonld", out)
    expanded = jsonld.expand(json.loads(out.read_bytes()))
    assert {node["@id"] for node in expanded} >= {GRAPH.accepted.value}
