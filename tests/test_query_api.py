"""The canned queries over HTTP: formats, parts, typed refusals, caching, and the document that describes them."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests
from openapi_spec_validator import validate
from pyoxigraph import Literal, QueryResultsFormat, RdfFormat, parse, parse_query_results

from kg.query import load_queries
from kg.results import Table
from kg.spreadsheet import to_excel_csv
from tests.node import redocly, spectral
from tests.served import ROOT, site
from web.answers.schemas import row_name
from web.views.api.openapi import template

pytestmark = pytest.mark.server
QUERIES = load_queries(ROOT / "queries")
SLUGS = [slug for slug, query in QUERIES.items() if query.form == "SELECT"]


def rows(path: str) -> list[dict[str, Any]]:
    response = site().get(path)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()
    return found


@pytest.mark.parametrize("slug", QUERIES)
def test_every_query_answers_or_says_why_not(slug: str) -> None:
    """A default may name a thing that only the real record has: then the refusal names the parameter."""
    response = site().get(f"/query/{slug}")
    if response.status_code == 400:
        assert response.json()["parameter"] in [p.name for p in QUERIES[slug].parameters if p.default]
        return
    assert response.status_code == 200, response.text
    assert response.json()["head"]["vars"]


def test_formats_hold_the_same_rows() -> None:
    document = site().get("/query/instruments.json").json()
    names, count = document["head"]["vars"], len(document["results"]["bindings"])
    assert count
    for suffix, form in (("xml", QueryResultsFormat.XML), ("tsv", QueryResultsFormat.TSV)):
        solutions = parse_query_results(site().get(f"/query/instruments.{suffix}").content, format=form)
        assert len(list(solutions)) == count  # type: ignore[arg-type]
    table = list(csv.reader(io.StringIO(site().get("/query/instruments.csv").text)))
    assert table[0] == names
    assert len(table) == count + 1
    assert len(rows("/query/instruments.rows")) == count
    assert set(rows("/query/instruments?format=rows")[0]) == set(names)


def test_csv_for_a_spreadsheet() -> None:
    plain = site().get("/query/instruments.csv").content
    for path in ("/query/instruments.csv?bom=1", "/query/instruments?format=excel", "/query/instruments.excel"):
        marked = site().get(path).content
        assert marked.startswith(b"\xef\xbb\xbf")
        assert len(marked.splitlines()) == len(plain.splitlines())
    assert not plain.startswith(b"\xef\xbb\xbf")
    assert site().get("/query/instruments.csv?bom=perhaps").status_code == 400


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("application/sparql-results+json, application/json;q=0.5", "application/sparql-results+json"),
        ("text/csv", "text/csv"),
        ("application/sparql-query", "application/sparql-query"),
        ("text/turtle", "text/turtle"),
    ],
)
def test_accept(accept: str, kind: str) -> None:
    response = site().get("/query/instruments", headers={"Accept": accept})
    assert response.headers["Content-Type"].partition(";")[0] == kind


def test_a_query_as_linked_data() -> None:
    quads = set(parse(site().get("/query/targets.ttl").content, format=RdfFormat.TURTLE))
    assert any("select" in quad.predicate.value for quad in quads)


def test_the_query_itself() -> None:
    text = site().get("/query/instruments.rq?country=uz").text
    assert "VALUES" in text
    assert "https://w3id.org/ca-ai-policy/id/uz>" in text
    asked = site().ask(text)
    assert asked.json()["results"] == site().get("/query/instruments.json?country=uz").json()["results"]


def test_parameters() -> None:
    for spelling in ("uz", "id:uz", "https://w3id.org/ca-ai-policy/id/uz", "UZ"):
        found = rows(f"/query/instruments.rows?country={spelling}")
        assert {row["country"].rpartition("/")[2] for row in found} == {"uz"}
    assert rows("/query/instruments.rows?country=") == rows("/query/instruments.rows")
    before = rows("/query/instruments.rows?asOf=1999-01-01")
    assert {row["statusLabel"] for row in before} != {row["statusLabel"] for row in rows("/query/instruments.rows")}


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("country=atlantis", "country"),
        ("asOf=yesterday", "asOf"),
        ("asOf=2026-02-30", "asOf"),
        ("nope=1", "nope"),
        ("limit=0", "limit"),
        ("limit=many", "limit"),
        ("offset=-1", "offset"),
        ("asOf=2026-01-01&asOf=2026-02-01", "asOf"),
        ("country=uz&country=atlantis", "country"),
        ("country=%3E%20%7D%20%23", "country"),
    ],
)
def test_refusals_name_the_parameter_and_what_is_allowed(address: str, parameter: str) -> None:
    response = site().get(f"/query/instruments?{address}")
    assert response.status_code == 400
    problem = response.json()
    assert problem["parameter"] == parameter
    assert problem["type"].endswith("/bad-parameter")
    assert "allowed" in problem


def test_unknown_query_suggests_the_nearest() -> None:
    response = site().get("/query/target")
    assert response.status_code == 404
    assert "targets" in response.json()["hint"]


def test_parts() -> None:
    everything = rows("/query/timeline.rows")
    assert len(everything) > 3
    collected: list[dict[str, Any]] = []
    path: str | None = "/query/timeline.rows?limit=3"
    while path:
        response = site().get(path)
        collected += response.json()
        assert response.headers["Row-Count"] == str(len(everything))
        links = re.findall(r'<([^>]+)>; rel="(\w+)"', response.headers["Link"])
        onward = [address for address, relation in links if relation == "next"]
        path = onward[0].removeprefix(site().url) if onward else None
    assert collected == everything
    assert rows("/query/timeline.rows?offset=100000") == []
    assert rows("/query/timeline.rows?offset=2&limit=1") == everything[2:3]


def test_caching() -> None:
    first = site().get("/query/instruments.csv")
    assert site().get("/query/instruments.csv", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    tags = {site().get(f"/query/instruments.csv{more}").headers["ETag"] for more in ("", "?country=uz", "?limit=1")}
    assert len(tags) == 3
    assert site().get("/query/instruments.csv").headers["ETag"] == first.headers["ETag"]
    assert "Last-Modified" in first.headers


def test_listing() -> None:
    listed = site().get("/query/", headers={"Accept": "application/json"}).json()
    assert [entry["slug"] for entry in listed] == list(QUERIES)
    assert all(entry["summary"] and entry["url"].startswith(site().url) for entry in listed)


@cache
def openapi() -> dict[str, Any]:
    document: dict[str, Any] = site().get("/openapi.json").json()
    return document


def test_openapi_document_names_every_query_and_parameter() -> None:
    document = openapi()
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": site().url}]
    for slug, query in QUERIES.items():
        operation = document["paths"][f"/query/{slug}"]["get"]
        named = [entry["name"] for entry in operation["parameters"]]
        assert named[: len(query.parameters)] == [parameter.name for parameter in query.parameters]
        for entry in operation["parameters"]:
            jsonschema.Draft202012Validator.check_schema(entry["schema"])
            if "example" in entry and "enum" in entry["schema"] and entry["example"] in entry["schema"]["enum"]:
                response = site().get(f"/query/{slug}", params={entry["name"]: entry["example"]})
                assert response.status_code in (200, 400)
    references = set(re.findall(r'"#/components/(\w+)/(\w+)"', json.dumps(document)))
    for section, name in references:
        assert name in document["components"][section]


def test_openapi_document_is_valid() -> None:
    from schemathesis import openapi as reader

    schema = reader.from_dict(openapi())
    schema.validate()
    assert len(list(schema.get_all_operations())) >= len(QUERIES)


@pytest.mark.parametrize("slug", SLUGS)
def test_rows_are_what_their_schema_says(slug: str) -> None:
    schema = {"$ref": f"#/components/schemas/{row_name(QUERIES[slug])}", "components": openapi()["components"]}
    validator = jsonschema.Draft202012Validator(schema)
    response = site().get(f"/query/{slug}.rows")
    for row in response.json() if response.status_code == 200 else ():
        validator.validate(row)


def test_variables_that_are_no_strings_are_those_of_the_queries() -> None:
    named = {name for names in template()["query"]["columns"].values() for name in names}
    used = {name for slug in SLUGS for name in openapi()["components"]["schemas"][row_name(QUERIES[slug])]["required"]}
    assert named <= used


def test_openapi_document_is_valid_by_the_specification() -> None:
    validate(openapi())
    operations = [(path, item[method]) for path, item in openapi()["paths"].items() for method in item]
    for path, operation in operations:
        answers = operation["responses"]
        refused = [answers[status] for status in answers if status.startswith("4")]
        assert refused, path
        assert all(answer["$ref"].startswith("#/components/responses/4") for answer in refused)
    for answer in openapi()["components"]["responses"].values():
        assert "application/problem+json" in answer["content"]


@pytest.mark.slow
@pytest.mark.parametrize("lint", [redocly, spectral], ids=lambda lint: lint.__name__)
def test_openapi_document_passes_the_linters(lint, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(openapi()), "utf-8")
    done = lint(document)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()[-2000:]


def test_defaults_and_choices_are_of_the_type_of_their_schema() -> None:
    for item in openapi()["paths"].values():
        for entry in item.get("get", {}).get("parameters", ()):
            for value in (entry["schema"].get("default"), entry.get("example")):
                if value is not None and "enum" not in entry["schema"]:
                    jsonschema.validate(value, entry["schema"])
    country = next(p for p in openapi()["paths"]["/query/instruments"]["get"]["parameters"] if p["name"] == "country")
    assert "kz" in country["schema"]["enum"]
    assert country["example"] in country["schema"]["enum"]


@pytest.mark.slow
def test_a_generated_client_reads_typed_rows(tmp_path: Path) -> None:
    """By openapi-python-client, which asks for no format: the address of the rows gives it."""
    (tmp_path / "openapi.json").write_text(json.dumps(openapi()), "utf-8")
    generator = [sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json"]
    subprocess.run([*generator, "--output-path", "client", "--meta", "none"], cwd=tmp_path, check=True, timeout=120)
    script = (
        "from client import Client; from client.api.instruments import instruments_rows as rows\n"
        "from client.models import InstrumentsRow, InstrumentsRowsCountry\n"
        f"answer = rows.sync(client=Client({site().url!r}), country=InstrumentsRowsCountry.UZ)\n"
        "assert answer and all(type(row) is InstrumentsRow for row in answer)\n"
        "assert {row.country.rpartition('/')[2] for row in answer} == {'uz'}\n"
        "assert all(type(row.certain) is bool for row in answer)\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True, timeout=60)


def test_cross_origin() -> None:
    response = requests.options(
        site().url + "/query/targets",
        headers={"Origin": "https://example.org", "Access-Control-Request-Method": "GET"},
        timeout=10,
    )
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Row-Count" in site().get("/query/targets").headers["Access-Control-Expose-Headers"]


def test_no_cell_for_a_spreadsheet_acts_as_a_formula() -> None:
    cells = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a=1"]
    table = Table(("x",), tuple((Literal(text),) for text in cells))
    rows = list(csv.reader(io.StringIO(to_excel_csv(table).removeprefix("\ufeff"), newline="")))
    assert [row[0] for row in rows[1:]] == [*("'" + text for text in cells[:-1]), "a=1"]
