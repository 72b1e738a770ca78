"""The Reconciliation Service API 0.2: its schemas, its rules, a hundred names, and a real client of it."""

from __future__ import annotations

import csv
import json
import warnings
from functools import cache
from typing import Any

import pandas
import pytest
import requests
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from tests.explorer import application, explorer
from tests.served import ROOT
from web.views.reconcile.schema import current_matcher

DATA = ROOT / "tests" / "data" / "reconciliation"
with (DATA / "names.csv").open(encoding="utf-8") as names_file:
    NAMES = list(csv.DictReader(names_file))
MIN_FIRST = 95
"""How many of the hundred names must match first."""

pytestmark = pytest.mark.server


@cache
def endpoint() -> str:
    return explorer().url + "/reconcile"


@cache
def validator(name: str) -> Draft7Validator:
    documents = [json.loads(path.read_text("utf-8")) for path in (DATA / "schemas").glob("*.json")]
    resources = [(document["$id"], Resource(document, DRAFT7)) for document in documents]
    schema = json.loads((DATA / "schemas" / f"{name}.json").read_text("utf-8"))
    return Draft7Validator(schema, registry=Registry().with_resources(resources))


def get(path: str = "", **parameters: str) -> Any:
    response = requests.get(endpoint() + path, params=parameters, timeout=60)
    assert response.status_code == 200, response.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    return response.json()


def batch(queries: dict[str, Any]) -> Any:
    response = requests.post(endpoint(), data={"queries": json.dumps(queries)}, timeout=60)
    assert response.status_code == 200, response.text
    document = response.json()
    validator("reconciliation-result-batch").validate(document)
    return document


def first(name: str, **more: Any) -> Any:
    return batch({"q": {"query": name, **more}})["q"]["result"][0]


def test_the_manifest_meets_its_schema() -> None:
    manifest = get()
    validator("manifest").validate(manifest)
    assert manifest["versions"] == ["0.2"]
    assert manifest["view"]["url"].replace("{{id}}", "kz") == explorer().url + "/id/kz"


def test_a_hundred_names_match_first() -> None:
    assert len(NAMES) == 100
    results: dict[str, Any] = {}
    for start in range(0, len(NAMES), 50):
        chunk = NAMES[start : start + 50]
        results |= batch({str(start + i): {"query": row["name"]} for i, row in enumerate(chunk)})
    tops = [(row, results[str(i)]["result"][:1]) for i, row in enumerate(NAMES)]
    wrong = [(row["name"], top) for row, top in tops if not top or top[0]["id"] != row["expected"]]
    assert len(wrong) <= len(NAMES) - MIN_FIRST, wrong
    assert not [name for name, top in wrong if top and top[0]["match"]], "what is called certain is right"
    assert sum(top[0]["match"] for _, top in tops if top) >= 75


def test_the_names_cover_five_languages() -> None:
    assert len({row["language"] for row in NAMES}) >= 5


def test_a_real_client() -> None:
    """The package `reconciler`, over the names of persons."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from reconciler import reconcile

        rows = [row for row in NAMES if "-person-" in row["expected"]]
        frame = pandas.DataFrame(rows)
        matched = reconcile(frame["name"], type_id="Person", reconciliation_endpoint=endpoint())
    found = dict(zip(matched["input_value"], matched["id"], strict=True))
    assert found == {row["name"]: row["expected"] for row in rows}


def test_by_get_and_by_post_alike() -> None:
    queries = {"a": {"query": "MDT of Uzbekistan", "limit": 3}}
    assert get(queries=json.dumps(queries)) == batch(queries)


def test_types_and_properties_narrow_a_query() -> None:
    assert first("Astana Hub", type="Law")["id"] == "kz-law-astana-hub"
    assert first("Astana Hub", type=["TechPark", "Person"])["id"] == "kz-astana-hub"
    assert first("Astana Hub", type="https://w3id.org/ca-ai-policy/ontology/Law")["id"] == "kz-law-astana-hub"
    code = {"query": "Digital Code", "properties": [{"pid": "country", "v": {"id": "kg"}}]}
    named = {"query": "Digital Code", "properties": [{"pid": "country", "v": ["Қазақстан", "nowhere"]}]}
    results = batch({"kg": code, "kz": named})
    assert results["kg"]["result"][0]["id"] == "kg-digital-code"
    assert results["kz"]["result"][0]["id"] == "kz-digital-code"
    assert {"id": "country", "value": True} in results["kz"]["result"][0]["features"]


def test_properties_alone_find_an_act() -> None:
    candidates = batch({"q": {"properties": [{"pid": "actNumber", "v": "230-VIII"}]}})["q"]["result"]
    assert [candidate["id"] for candidate in candidates] == ["kz-law-on-ai"]


def test_the_identifier_of_an_entity_finds_it() -> None:
    top = first("kz-law-on-ai")
    assert (top["id"], top["match"], top["score"]) == ("kz-law-on-ai", True, 100.0)


@pytest.mark.parametrize("kind", ["valid", "invalid"])
def test_the_examples_of_the_specification(kind: str) -> None:
    for path in sorted((DATA / "queries" / kind).glob("*.json")):
        response = requests.get(endpoint(), params={"queries": path.read_text("utf-8")}, timeout=60)
        assert response.status_code == (200 if kind == "valid" else 400), (path.name, response.text)


@pytest.mark.parametrize(
    ("form", "status", "told"),
    [
        ({"queries": "{"}, 400, "no JSON"),
        ({"queries": "[]"}, 400, "no JSON object"),
        ({"queries": '{"q": {"query": "x", "limit": -1}}'}, 400, "limit"),
        ({"queries": '{"q": {"query": 7}}'}, 400, "no text"),
        ({"queries": '{"q": {"query": "x", "type": 7}}'}, 400, "type"),
        ({"queries": '{"q": {"query": "x", "properties": [{"pid": "a"}]}}'}, 400, "pid and v"),
        ({"queries": "{}", "extend": "{}"}, 400, "not both"),
        ({}, 400, "Send queries"),
        ({"extend": '{"ids": ["kz"], "properties": [{"id": "nothing"}]}'}, 400, "no property"),
        ({"extend": '{"ids": "kz", "properties": []}'}, 400, "extend.ids"),
        ({"extend": json.dumps({"ids": ["kz"] * 501, "properties": []})}, 413, "500"),
        ({"queries": json.dumps({str(i): {"query": "x"} for i in range(51)})}, 413, "50 queries"),
    ],
)
def test_wrong_requests(form: dict[str, str], status: int, told: str) -> None:
    response = requests.post(endpoint(), data=form, timeout=60)
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
    assert told in response.json()["detail"]


def test_hostile_queries_end_well() -> None:
    odd = {"q": {"query": "б" * 300}, "r": {"query": "\x00\u202e'\"<script>"}, "s": {"query": "a " * 150}}
    assert set(batch(odd)) == {"q", "r", "s"}
    long = requests.post(endpoint(), data={"queries": json.dumps({"q": {"query": "б" * 100_000}})}, timeout=60)
    assert long.status_code == 400
    assert "queries['q'].query" in long.json()["detail"]
    deep = requests.post(endpoint(), data={"queries": "[" * 100_000}, timeout=60)
    assert deep.status_code == 400


@pytest.mark.parametrize(
    ("kind", "schema", "prefix", "expected"),
    [
        ("entity", "entities", "Tokay", "kz-person-tokayev"),
        ("entity", "entities", "kz-law-on-ai", "kz-law-on-ai"),
        ("entity", "entities", "Мирзи", "uz-person-mirziyoyev"),
        ("type", "types", "Minis", "Ministry"),
        ("property", "properties", "country", "country"),
    ],
)
def test_suggestions(kind: str, schema: str, prefix: str, expected: str) -> None:
    document = get(f"/suggest/{kind}", prefix=prefix)
    validator(f"suggest-{schema}-response").validate(document)
    assert expected in [item["id"] for item in document["result"]]
    flyout = get(f"/flyout/{kind}", id=expected)
    assert flyout["id"] == expected
    assert flyout["html"].startswith("<div>")


def test_the_very_name_is_certain_however_many_words_it_has() -> None:
    with application().test_request_context("/"):
        names = [(entity.id, name.text) for entity in current_matcher().entities.values() for name in entity.names]
        long = sorted(names, key=lambda pair: len(pair[1].split()))[-5:]
        for id_, name in long:
            match = current_matcher().match(name)[0]
            assert (match.entity.id, match.score, match.certain) == (id_, 1.0, True), name


def test_suggestions_go_on_from_a_cursor() -> None:
    first_page, second = get("/suggest/entity", prefix="min"), get("/suggest/entity", prefix="min", cursor="10")
    assert len(first_page["result"]) == 10
    assert not {item["id"] for item in first_page["result"]} & {item["id"] for item in second["result"]}


def test_data_extension() -> None:
    query = {
        "ids": ["kz-law-on-ai", "kz-person-tokayev", "nobody"],
        "properties": [{"id": p} for p in ("country", "signedOn", "actNumber", "skos:exactMatch", "rdfs:label")],
    }
    validator("data-extension-query").validate(query)
    response = requests.post(endpoint(), data={"extend": json.dumps(query)}, timeout=60).json()
    validator("data-extension-response").validate(response)
    assert response == get(extend=json.dumps(query))
    law = response["rows"]["kz-law-on-ai"]
    assert law["country"] == [{"id": "kz", "name": "Kazakhstan"}]
    assert law["signedOn"] == [{"date": "2025-11-17T00:00:00"}]
    assert {"str": "Жасанды интеллект туралы"} in law["rdfs:label"]
    assert response["rows"]["nobody"] == {p["id"]: [] for p in query["properties"]}


def test_property_proposals() -> None:
    document = get("/properties", type="Law", limit="5")
    validator("data-extension-property-proposal").validate(document)
    assert document["type"] == "Law"
    assert len(document["properties"]) == document["limit"] == 5
    assert get("/properties", type="Nothing")["properties"] == []


def test_a_preview_may_stand_in_a_frame() -> None:
    preview = get()["preview"]
    response = requests.get(preview["url"].replace("{{id}}", "kz-law-on-ai"), timeout=60)
    assert response.status_code == 200
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert "Law of the Republic of Kazakhstan on Artificial Intelligence" in response.text
    assert requests.get(f"{endpoint()}/preview", params={"id": "nobody"}, timeout=60).status_code == 404


def test_other_origins_may_ask() -> None:
    response = requests.options(endpoint(), headers={"Origin": "https://example.org"}, timeout=60)
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"
