"""The canned queries: whole headers, the expected answers on the mini record, something to say on the real one.

``expected/<case>.csv`` is what ``kg query <slug> --as-of … --format csv`` prints, once a person has read it.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest
import rdflib
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store

from kg.namespaces import PREFIXES, expand
from kg.query import CannedQuery, bind, choices_from, load_queries, run
from kg.results import write_results
from kg.store import open_snapshot
from kg.terms import AIP, GRAPH
from tests.served import ROOT, record_today, snapshots

QUERIES = load_queries(ROOT / "queries")
EXPECTED = ROOT / "tests" / "expected"
TODAY = datetime.date(2026, 11, 25)

#: Values where a slug alone would answer too little or too much; a second case of a slug has a name after "--".
CASES: dict[str, dict[str, str]] = {
    **{slug: {} for slug in QUERIES},
    "comparison": {"country": "id:kg"},
    "comparison--ai-and-its-foundations": {"country": "id:kg", "focus": "concept:focus-any"},
    "country-profile": {"country": "id:kg"},
    "country-profile--of-northland": {"country": "id:kz"},
    "identifiers": {"country": "id:kg"},
    "network": {"thing": "id:kg-bureau-of-engines"},
    "silence": {"country": "id:uz"},
    "source-claims": {"source": "source:gazette-law"},
    "topic-coverage": {"country": "id:uz"},
    "corroboration": {"country": "id:kg"},
    "corroboration--single-news": {"country": "id:kz", "most": "1", "kind": "concept:source-news"},
    "due-soon--five-years": {"within": "1825"},
    "instruments--before-the-law": {"asOf": "2025-11-16", "country": "id:kz"},
    "instruments--foundations": {"focus": "concept:focus-foundations"},
    "instruments--laws-in-force": {"kind": "aip:Law", "status": "concept:status-in-force"},
    "life-line--with-a-report": {"thing": "id:kg-model-east"},
    "office-holders--earlier": {"asOf": "2024-06-01"},
    "office-holders--of-a-person": {"person": "id:kg-person-new"},
    "status-on-date--spring-2025": {"asOf": "2025-05-20"},
    "targets--drafts": {"level": "concept:level-draft"},
    "targets--earlier": {"asOf": "2025-03-31", "country": "id:kg"},
    "targets--overdue": {"state": "concept:state-overdue"},
    "targets--of-a-body": {"body": "id:kg-bureau-of-engines"},
    "timeline--of-a-topic": {"topic": "concept:topic-strategy", "from": "2024-01-01", "to": "2024-12-31"},
    "worklist--before-a-search": {"asOf": "2026-11-19"},
}
#: Answered by rdflib within seconds; it takes minutes over the others.
SECOND_ENGINE = (
    "acts-links",
    "assessments",
    "names",
    "office-holders",
    "progress",
    "provisions",
    "sources",
    "statements",
)
#: Nothing can be listed on a day that has nothing; these may be empty on the real record some day.
MAY_BE_EMPTY = {"due-soon", "overdue", "silence"}


@cache
def mini() -> Store:
    return open_snapshot(snapshots() / "current")


def text_of(store: Store, slug: str, values: Mapping[str, str]) -> str:
    return bind(QUERIES[slug], values, choices_from(store), TODAY)


def answer(store: Store, slug: str, values: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows as text, by column."""
    solutions = run(store, text_of(store, slug, values))
    assert isinstance(solutions, QuerySolutions)
    written = io.BytesIO()
    write_results(solutions, "csv", written)
    return list(csv.DictReader(io.StringIO(written.getvalue().decode(), newline="")))


def test_there_are_many() -> None:
    assert len(QUERIES) >= 40


@pytest.mark.parametrize("query", QUERIES.values(), ids=list(QUERIES))
def test_header_is_complete(query: CannedQuery) -> None:
    assert query.summary.endswith("?")
    assert re.search("[а-я]", query.title("ru"))
    assert query.title("ru").endswith("?")
    assert query.title("xx") == query.summary
    assert "One row is one" in query.description
    assert query.tags
    for parameter in query.parameters:
        assert parameter.description, parameter.name
        assert parameter.example, parameter.name
        assert parameter.kind not in ("thing", "concept") or parameter.cls or parameter.scheme


@pytest.mark.parametrize("query", QUERIES.values(), ids=list(QUERIES))
def test_runs_as_it_stands_anywhere(query: CannedQuery) -> None:
    """Without prefixes or a default graph given from outside, and without what only one engine knows."""
    Store().query(query.text)
    for graph in re.findall(r"GRAPH (\S+)", query.text):
        assert graph.startswith(("graph:", "?")), graph
    assert "SERVICE" not in query.text
    assert not re.search(r"bif:|sql:|apf:|afn:|jena|oxigraph", query.text)
    assert "ORDER BY" in query.text


@pytest.mark.parametrize("query", QUERIES.values(), ids=list(QUERIES))
def test_values_line_holds_the_defaults(query: CannedQuery) -> None:
    """What the file asks as it stands is what it asks if nothing is given."""
    if query.parameters:
        bound = bind(query, {}, lambda _: {}, TODAY)
        plain = re.sub(r"\b(id|source|concept):([\w-]+)", lambda name: f"<{expand(name[0])}>", values_line(query.text))
        plain = plain.replace("xsd:date", f"<{PREFIXES['xsd']}date>")
        plain = re.sub(r"(?<= )(\d+)(?=[ )])", rf'"\1"^^<{PREFIXES["xsd"]}integer>', plain)
        assert plain == values_line(bound)


def values_line(text: str) -> str:
    return next(line.strip() for line in text.splitlines() if line.strip().startswith("VALUES ("))


@pytest.mark.parametrize("query", QUERIES.values(), ids=list(QUERIES))
def test_chart_names_columns(query: CannedQuery) -> None:
    chart = dict(query.chart or {})
    assert not chart or chart["kind"] in {"bar", "line", "timeline", "matrix", "network", "table"}
    columns = {variable.value for variable in run(Store(), query.text).variables} | {"count"}  # type: ignore[union-attr]
    assert {value for key, value in chart.items() if key != "kind"} <= columns


@pytest.mark.parametrize("query", [one for one in QUERIES.values() if one.shown], ids=lambda one: one.slug)
def test_what_is_shown_first_are_columns(query: CannedQuery) -> None:
    columns = {variable.value for variable in run(Store(), query.text).variables}  # type: ignore[union-attr]
    assert set(query.shown) <= columns
    assert len(query.shown) <= 7


@pytest.mark.parametrize("query", QUERIES.values(), ids=list(QUERIES))
def test_every_term_is_declared(query: CannedQuery) -> None:
    """A misspelt property answers nothing and looks like silence."""
    declared = {str(quad.subject)[1:-1] for quad in mini().quads_for_pattern(None, None, None, GRAPH.ontology)}
    for name in re.findall(r"(?<![\w?])aip:\w+", query.text):
        assert expand(name) in declared, name
    concepts = NamedNode(PREFIXES["graph"] + "concepts")
    for name in re.findall(r"(?<![\w?])concept:[\w-]+", query.text):
        assert any(mini().quads_for_pattern(NamedNode(expand(name)), None, None, concepts)), name


def test_each_expected_answer_has_its_case() -> None:
    assert {path.stem for path in EXPECTED.glob("*.csv")} == set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_expected_answer(case: str) -> None:
    rows = answer(mini(), case.partition("--")[0], CASES[case])
    with (EXPECTED / f"{case}.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    assert rows == expected
    assert rows


START = re.compile(r"^ *#\? (\w+): .*\n", re.MULTILINE)


@pytest.mark.parametrize("slug", [slug for slug, query in QUERIES.items() if START.search(query.text)])
def test_a_start_changes_no_row(slug: str) -> None:
    """Where an engine starts is no matter of the answer, whatever thing is asked about."""
    query, choices = QUERIES[slug], choices_from(mini())
    plain = replace(query, text=START.sub("", query.text))
    for name in START.findall(query.text):
        for thing in choices(query.parameter(name)):
            texts = (bind(one, {name: thing}, choices, TODAY) for one in (query, plain))
            started, whole = (list(map(str, run(mini(), text))) for text in texts)  # type: ignore[arg-type]
            assert started == whole, (name, thing)


EVIDENCE = re.compile(r"assertion/|id/\w+-(ruling|coverage)-|graph/(registry|inferred|editorial|coverage)$")


@pytest.mark.parametrize("slug", QUERIES)
def test_every_row_says_who_says_so(slug: str) -> None:
    """Evidence is an assertion, a ruling, a record of a search, or the graph of what is no claim of a source."""
    for row in answer(mini(), slug, CASES[slug]):
        kind = row["evidence"].removeprefix("https://w3id.org/ca-ai-policy/")
        assert re.match(r"assertion/|id/\w+-(ruling|coverage)-|graph/(registry|inferred|editorial|coverage)$", kind), (
            row
        )


@pytest.mark.parametrize("slug", QUERIES)
def test_labels_stand_beside_things(slug: str) -> None:
    for row in answer(mini(), slug, CASES[slug]):
        for column in row:
            if column.endswith("Label") and row.get(column.removesuffix("Label")):
                assert row[column], (column, row)


def test_the_life_cycle_names_each_step_once() -> None:
    reported = {quad.object for quad in mini().quads_for_pattern(None, AIP.of, None, GRAPH.accepted)}
    for thing in sorted(str(getattr(term, "value", "")) for term in reported):
        events = [row["event"] for row in answer(mini(), "life-line", {"thing": thing})]
        assert len(events) == len(set(events)), thing


STATUS_RULES = re.compile(r"aip:(statusAfter|rank|satisfies|supersedes|toLatest|lastSeenLatest)\b")
#: The later formulation of a target is a link of its own; the tasks of the editors have an order.
ALLOWED_RULES = {"formulations": {"supersedes"}, "panel": {"supersedes"}, "worklist": {"rank"}}


@pytest.mark.parametrize("query", QUERIES.values(), ids=list(QUERIES))
def test_no_question_works_out_what_the_build_derives(query: CannedQuery) -> None:
    """Status, office and state are read from periods."""
    found = {match[1] for match in STATUS_RULES.finditer(query.text)}
    assert found <= ALLOWED_RULES.get(query.slug, set())


@pytest.mark.slow
@pytest.mark.parametrize("slug", QUERIES)
def test_real_record_answers(slug: str) -> None:
    rows = answer(record_today(), slug, {})
    assert rows or slug in MAY_BE_EMPTY
    assert all(row["evidence"] for row in rows)
    repeated = [row for row, times in Counter(map(str, rows)).items() if times > 1]
    assert not repeated


@pytest.mark.parametrize("slug", SECOND_ENGINE)
def test_second_engine_gives_the_same_rows(slug: str) -> None:
    """rdflib, with the text as it stands and no default graph."""
    text = text_of(mini(), slug, CASES[slug])
    rows = [tuple(None if term is None else str(term) for term in row) for row in in_rdflib().query(text)]  # type: ignore[union-attr]
    ours = [tuple(value or None for value in row.values()) for row in answer(mini(), slug, CASES[slug])]
    assert sorted(map(str, rows)) == sorted(map(str, ours))
    assert ours


@cache
def in_rdflib() -> rdflib.Dataset:
    dataset = rdflib.Dataset(default_union=False)
    dump = mini().dump(format=RdfFormat.N_QUADS)
    assert dump is not None
    dataset.parse(data=dump.decode(), format="nquads")
    return dataset
