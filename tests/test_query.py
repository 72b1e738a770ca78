"""Canned query files and their parameters: what is refused, and that no value ever becomes query text."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.errors import ParameterError, QueryError, SyntaxDataError, UnknownQueryError
from kg.namespaces import PREFIXES, expand
from kg.query import (
    CannedQuery,
    Choices,
    Parameter,
    bind,
    choices_from,
    get_query,
    load_queries,
    load_query,
    parse_query,
    resolve,
    run,
)
from kg.query.lexer import for_engine
from kg.results import Table, to_rows_json
from kg.terms import GRAPH

TODAY = datetime.date(2026, 11, 25)
TEXT = """\
#+ summary: {en: "Which things are there?", ru: "Какие есть вещи?"}
#+ description: |
#+   One row is one thing.
#+ tags: [things]
#+ parameters:
#+   country: {type: thing, class: aip:Country, default: null}
#+   state: {type: concept, scheme: concept:target-states}
#+   asOf: {type: date, default: today}
#+   within: {type: integer, minimum: 1, maximum: 30, default: 9}
#+   name: {type: text, maximum: 40}
#+ chart: {kind: bar, x: thing, y: name}
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

SELECT ?thing ?name WHERE {
  VALUES (?country ?state ?asOf ?within ?name) { (UNDEF UNDEF "2026-11-25"^^xsd:date 9 UNDEF) }
  OPTIONAL { ?thing <urn:p> ?name }
}
"""
CHOICES = {
    "country": {PREFIXES["id"] + "kz": "Kazakhstan", PREFIXES["id"] + "uz": "Узбекистан"},
    "state": {PREFIXES["concept"] + "state-overdue": "overdue", PREFIXES["concept"] + "state-met": "met"},
}
HOSTILE = (
    'x" } } ; DROP ALL #',
    '"^^<urn:x> UNDEF) } SERVICE <http://127.0.0.1> { ?s ?p ?o } #',
    "> <urn:x",
    "\\u0022 } #",
    "VALUES (?a) { (1) }",
    "\\1\\g<0>",
    "{{7*7}}",
    "?thing",
    "UNDEF",
)


def choices(parameter: Parameter) -> Choices:
    return CHOICES[parameter.name]


@pytest.fixture
def query(tmp_path: Path) -> CannedQuery:
    return written(tmp_path, TEXT)


def written(folder: Path, text: str) -> CannedQuery:
    path = folder / "things.rq"
    path.write_text(text, "utf-8")
    return parse_query(path)


def line(text: str) -> str:
    (found,) = [each for each in text.splitlines() if "VALUES" in each]
    return found.strip()


def test_reads_the_header(query: CannedQuery) -> None:
    assert query.slug == "things"
    assert query.summary == "Which things are there?"
    assert query.description == "One row is one thing."
    assert query.tags == ("things",)
    assert query.form == "SELECT"
    assert query.chart == {"kind": "bar", "x": "thing", "y": "name"}
    assert [p.name for p in query.parameters] == ["country", "state", "asOf", "within", "name"]
    assert query.parameter("within") == Parameter("within", "integer", default="9", minimum=1, maximum=30)
    assert "#+" not in query.text


def test_defaults(query: CannedQuery) -> None:
    expected = 'VALUES (?country ?state ?asOf ?within ?name) { (UNDEF UNDEF "2026-11-25"^^'
    assert line(bind(query, {}, choices, TODAY)).startswith(expected)
    assert resolve(query, {"within": " ", "name": ""}, choices, TODAY)["within"] == Literal(9)


def test_a_start_is_read_where_its_parameter_is_given(tmp_path: Path) -> None:
    start = "GRAPH ?g { ?thing <urn:state> ?state }"
    query = written(tmp_path, TEXT.replace("  OPTIONAL", f"  #? state: {start}\n  OPTIONAL"))
    assert f"\n  #? state: {start}\n" in bind(query, {"country": "kz"}, choices, TODAY)
    assert f"\n  {start}\n" in bind(query, {"state": "met"}, choices, TODAY)


@pytest.mark.parametrize("spelling", ["id:kz", "kz", "KZ", " kz ", "kazakhstan", PREFIXES["id"] + "kz"])
def test_spellings_of_a_thing(query: CannedQuery, spelling: str) -> None:
    assert resolve(query, {"country": spelling}, choices)["country"] == NamedNode(PREFIXES["id"] + "kz")


@pytest.mark.parametrize("spelling", ["overdue", "state-overdue", "concept:state-overdue"])
def test_spellings_of_a_concept(query: CannedQuery, spelling: str) -> None:
    assert resolve(query, {"state": spelling}, choices)["state"] == NamedNode(expand("concept:state-overdue"))


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("country", "id:fr", "uz"),
        ("country", "_:b", "kz"),
        ("state", "late", "state-met"),
        ("asOf", "2026-02-30", "YYYY-MM-DD"),
        ("asOf", "25.11.2026", "YYYY-MM-DD"),
        ("asOf", "2026-11-25T00:00:00", "YYYY-MM-DD"),
        ("asOf", "20261125", "YYYY-MM-DD"),
        ("within", "0", "from 1 to 30"),
        ("within", "31", "from 1 to 30"),
        ("within", "9.5", "from 1 to 30"),
        ("within", "१२", "from 1 to 30"),
        ("within", "1e1", "from 1 to 30"),
        ("within", "9" * 400, "from 1 to 30"),
        ("name", "x" * 41, ""),
        ("name", "a\nb", ""),
        ("name", "a\x00b", ""),
        ("name", "\ud800", ""),
        ("place", "x", "country"),
    ],
)
def test_wrong_values(query: CannedQuery, name: str, value: str, allowed: str) -> None:
    with pytest.raises(ParameterError) as caught:
        bind(query, {name: value}, choices, TODAY)
    assert caught.value.parameter == name
    assert allowed in " ".join(caught.value.allowed)
    assert len(str(caught.value)) < 400
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["country", "state", "asOf", "within"])
def test_typed_parameters_take_no_text(query: CannedQuery, name: str, value: str) -> None:
    with pytest.raises(ParameterError):
        bind(query, {name: value}, choices, TODAY)


@pytest.mark.parametrize("value", [value for value in HOSTILE if len(value) <= 40])
def test_text_stays_text(query: CannedQuery, value: str) -> None:
    assert comes_back(query, value) == value.strip()


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=40))
def test_any_text_stays_text(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    query = written(tmp_path_factory.getbasetemp(), TEXT)
    assert comes_back(query, value) == (value.strip() or None)


def comes_back(query: CannedQuery, value: str) -> str | None:
    """What the engine makes of a value; the query has one VALUES line more in no case."""
    text = bind(query, {"name": value}, choices, TODAY)
    assert text.count("\n") == query.text.count("\n")
    assert [each for each in text.splitlines() if "VALUES (?country" not in each] == [
        each for each in query.text.splitlines() if "VALUES (?country" not in each
    ]
    solutions = run(Store(), text)
    assert isinstance(solutions, QuerySolutions)
    (row,) = list(solutions)
    return getattr(row["name"], "value", None)


@given(st.dictionaries(st.sampled_from(["country", "state", "asOf", "within", "name"]), st.text(max_size=60)))
def test_whatever_is_given_is_refused_or_bound(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, str]
) -> None:
    query = written(tmp_path_factory.getbasetemp(), TEXT)
    text = bound_or_refused(query, values)
    if text is None:
        return
    assert len(re.findall(r"^  VALUES \(\?country ", text, re.MULTILINE)) == 1
    run(Store(), text)


def bound_or_refused(query: CannedQuery, values: dict[str, str]) -> str | None:
    try:
        return bind(query, values, choices, TODAY)
    except ParameterError:
        return None


def test_a_default_need_not_be_in_the_graph(tmp_path: Path) -> None:
    text = TEXT.replace("class: aip:Country, default: null", "class: aip:Country, default: id:atlantis")
    bound = bind(written(tmp_path, text), {}, choices, TODAY)
    assert f"(<{PREFIXES['id']}atlantis> UNDEF" in bound


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("#+ summary: {en: ", "#+ summary: {fr: ", "no '#+ summary:' in English"),
        ("#+ tags: [things]", "#+ tags: [things", "not valid YAML"),
        ("type: integer", "type: number", "has type 'number'"),
        ("#+   within:", "#+   with-in:", "parameter 'with-in'"),
        ("?within ?name)", "?name ?within)", "VALUES line names"),
        ("  VALUES", "  # VALUES?\n  VALUES (?x) { (UNDEF) }\n  VALUES", "VALUES line names"),
        ("  OPTIONAL", "  VALUES (?x) { (1) }\n  OPTIONAL", "VALUES line names"),
    ],
)
def test_wrong_files(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in TEXT
    with pytest.raises(SyntaxDataError, match=re.escape(says)) as caught:
        written(tmp_path, TEXT.replace(old, new, 1))
    assert "things.rq" in caught.value.where


def test_one_of_a_folder(tmp_path: Path, query: CannedQuery) -> None:
    assert load_queries(tmp_path) == {"things": query}
    assert load_query(tmp_path, "things") == query == get_query({"things": query}, "things")
    for lookup in (lambda: load_query(tmp_path, "thing"), lambda: get_query({"things": query}, "thing")):
        with pytest.raises(UnknownQueryError) as caught:
            lookup()
        assert "things" in caught.value.hint


@pytest.mark.parametrize(("start", "kind"), [("ASK {}", QueryBoolean), ("CONSTRUCT WHERE { ?s ?p ?o }", QueryTriples)])
def test_other_forms(query: CannedQuery, start: str, kind: type) -> None:
    assert replace(query, text=start).form == start.partition(" ")[0]
    assert isinstance(run(Store(), start), kind)


def test_an_error_names_line_and_column() -> None:
    with pytest.raises(QueryError) as caught:
        run(Store(), "SELECT ?s\nWHERE { ?s ?p }")
    assert (caught.value.line, caught.value.column) == (2, 15)


def test_choices_are_read_once_and_sorted_by_name() -> None:
    graph, kind = GRAPH.accepted, NamedNode(expand("aip:Country"))
    names = {"b": "Able", "a": "Baker", "c": "able"}
    store = Store()
    for name, text in names.items():
        thing = NamedNode(PREFIXES["id"] + name)
        store.add(Quad(thing, NamedNode(expand("rdf:type")), kind, graph))
        store.add(Quad(thing, NamedNode(expand("rdfs:label")), Literal(text, language="en"), graph))
    allowed = choices_from(store)
    parameter = Parameter("country", "thing", cls="aip:Country")
    assert list(allowed(parameter).values()) == ["Able", "able", "Baker"]
    store.clear()
    assert len(allowed(parameter)) == 3
    fixed = Parameter("country", "thing", choices=("id:z", "id:y"))
    assert list(choices_from(store)(fixed)) == [PREFIXES["id"] + "z", PREFIXES["id"] + "y"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT ?x { ?x a «nope:Law» }", "the prefix nope: is not declared"),
        ("SELECT («foo:x»(1) AS ?x) {}", "the prefix foo: is not declared"),
        ("SELECT ?x «WHER» { ?x a ?y }", 'unexpected WHER; expected one of: a variable, "{", "(", FROM, WHERE'),
        ("«SELEC» * { ?s ?p ?o }", "unexpected SELEC; expected one of: SELECT, CONSTRUCT, DESCRIBE, ASK, BASE, PREFIX"),
        (
            "«SELECT» ?x (COUNT(?y) AS ?n) { ?x a ?y } GROUP BY ?z",
            "the engine says: The SELECT contains a variable that is unbound",
        ),
        ('SELECT * {\n ?s ?p «"x', "this string is not closed"),
        ("SELECT * {«", "the query ends too early; expected one of: a variable, an IRI, a string, a number"),
        (
            "SELECT * { ?s ?p ?o«",
            'the query ends too early; expected one of: "{", "}", ".", ";", ",", VALUES, OPTIONAL',
        ),
        (
            "SELECT * {\n  ?s ?p «}»",
            "unexpected }; expected one of: a variable, an IRI, a string, a number, true or false",
        ),
        ("SELECT * { ?s ?p ?o } LIMIT «abc»", "unexpected abc; expected a number"),
        ("SELECT * { ?s ?p ?o } ORDER «?s»", "unexpected ?s; expected BY"),
        ("SELECT * { «FOO»(?x) }", "unexpected FOO; expected one of: "),
        ("SELECT * {\n?s ?p ?o\n«ORDER» BY ?s", "unexpected ORDER; expected one of: "),
        ("SELECT * { ?s ?p ?o FILTER(?x = «)» }", "unexpected ); expected one of: a variable, an IRI, a string, "),
        ("SELECT * { BIND(1 AS ?x) «BIND»(2 AS ?x)}", "the engine says: BIND is overriding an existing variable"),
        (
            "SELECT * { { «SELECT» ?a { ?a ?b ?c } GROUP BY ?b } }",
            "the engine says: The SELECT contains a variable that is unbound",
        ),
        ("PREFIX «foo» <urn:x> ASK {}", "unexpected foo; expected a prefix and a colon"),
        ("SELECT«\u00a0»* {}", "U+00A0 (no-break space) cannot stand here"),
        ("SELECT * {\n?s«\u200b» ?p ?o }", "U+200B (zero width space) cannot stand here"),
        ("SELECT * { ?s ?p «“»AI” }", "U+201C (left double quotation mark) cannot stand here"),
        ("ASK { ?s ?p «<»urn:a b> }", "this IRI holds U+0020 (space)"),
        ("ASK { «<s>» ?p ?o }", "this IRI is relative, and there is no BASE"),
        ("SELECT * { BIND(CONCAT('a') AS ?x) «FOO» }", "unexpected FOO; expected one of: "),
        (
            "SELECT * { BIND(CONCAT('a') AS ?x) «BIND»(1 AS ?x) }",
            "the engine says: BIND is overriding an existing variable",
        ),
        ("# \U0001f916\n ASK {} «}»", "unexpected }; expected one of: GROUP, ORDER, HAVING, LIMIT, OFFSET, VALUES"),
    ],
)
def test_an_error_is_where_it_is_and_says_all_that_may_stand_there(text: str, message: str) -> None:
    """The place of the error is between the marks, or at the end."""
    query = text.replace("«", "").replace("»", "")
    with pytest.raises(QueryError) as caught:
        run(Store(), query)
    assert str(caught.value.message).startswith(message)
    assert "…" not in caught.value.message
    before = text.partition("«")[0]
    assert (caught.value.line, caught.value.column) == (before.count("\n") + 1, len(before) - before.rfind("\n"))


@pytest.mark.parametrize("gap", ["", " ", "\n\t "])
def test_white_space_may_stand_behind_every_function(gap: str) -> None:
    text = f"SELECT (CONCAT{gap}('COALESCE (', COALESCE{gap}(?x, 'a')) AS ?y) (isBlank(bnode{gap}()) AS ?z) {{}}"
    results = run(Store(), text)
    assert isinstance(results, QuerySolutions)
    assert [[str(getattr(term, "value", "")) for term in row] for row in results] == [["COALESCE (a", "true"]]
    assert len(for_engine(text)) == len(text)


def test_rows_are_json_whatever_the_numbers() -> None:
    text = 'SELECT * { VALUES ?n { 1 2.50 1e3 "INF"^^xsd:double "NaN"^^xsd:double "x"^^xsd:integer true } }'
    results = run(Store(), text)
    assert isinstance(results, QuerySolutions)
    rows = json.loads(to_rows_json(Table.read(results)), parse_constant=pytest.fail)
    assert [row["n"] for row in rows] == [1, 2.5, 1000, "INF", "NaN", "x", True]


def test_several_countries_are_lines_of_their_own() -> None:
    query = load_queries(Path(__file__).parent.parent / "queries")["targets"]
    kz, uz = (PREFIXES["id"] + code for code in ("kz", "uz"))

    def choices(parameter: Parameter) -> Choices:
        return {kz: "Kazakhstan", uz: "Uzbekistan"} if parameter.choices_from else {}

    text = bind(query, {"country": "kz, Uzbekistan,kz"}, choices, TODAY)
    (line,) = re.findall(r"VALUES \(\?country .*", text)
    assert line.count(f"(<{kz}> ") == line.count(f"(<{uz}> ") == 1
    with pytest.raises(ParameterError, match="country"):
        bind(query, {"country": "kz,xx"}, choices, TODAY)
    with pytest.raises(ParameterError, match="country"):
        bind(query, {"country": ",".join(["kz"] * 40)}, choices, TODAY)
