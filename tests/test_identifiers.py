"""However people write what they ask for, it is understood alike: by the command, by addresses, in the search."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from pyoxigraph import Store

from kg.identifiers import find_iri, iris_of
from kg.namespaces import BASE
from tests.served import site
from tests.test_cli import Kg, kg

__all__ = ["kg"]
LAW = BASE + "id/kz-law-on-ai"
SPELLINGS = (
    "kz-law-on-ai",
    "id:kz-law-on-ai",
    LAW,
    LAW.replace("https:", "http:"),
    f"<{LAW}>",
    " kz-law-on-ai ",
    "<id:kz-law-on-ai>",
    "http://127.0.0.1:8000/id/kz-law-on-ai",
    "http://127.0.0.1:8000/id/kz-law-on-ai?asOf=2025-01-01#evidence",
    "https://example.org/kg/id/kz-law-on-ai",
    "http://localhost:8000/id/kz-law-on-ai.jsonld",
    "http://127.0.0.1:8000/id/kz%2Dlaw-on-ai/",
)


@pytest.mark.parametrize("text", SPELLINGS)
def test_spellings_of_a_thing(text: str) -> None:
    assert LAW in iris_of(text)


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("http://127.0.0.1:8000/country/kz", BASE + "id/kz"),
        ("http://127.0.0.1:8000/ontology/Law", BASE + "ontology/Law"),
        ("https://w3id.org/ca-ai-policy/passage/law-at.2", BASE + "passage/law-at.2"),
        ("http://127.0.0.1:8000/passage/law-at.2.ttl", BASE + "passage/law-at.2"),
        ("http://127.0.0.1:8000/query/targets?country=kz", BASE + "query/targets"),
        ("http://127.0.0.1:8000/graph/id/kz", BASE + "id/kz"),
        ("aip:Law", BASE + "ontology/Law"),
        ("rdf:type", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        ("https://example.org/page", "https://example.org/page"),
        ("urn:x", "urn:x"),
    ],
)
def test_other_addresses(text: str, iri: str) -> None:
    assert iri in iris_of(text)


@pytest.mark.parametrize("text", ["", " ", "<>", "nope:x", "a b", "https://a b/", "http://[", "\x00"])
def test_what_is_no_name(text: str) -> None:
    assert [iri for iri in iris_of(text) if not iri.startswith(BASE)] == []
    assert find_iri(Store(), text) is None


@pytest.mark.parametrize("text", SPELLINGS)
def test_the_command(kg: Kg, text: str) -> None:
    expected = kg("describe", "kz-law-on-ai").out
    assert LAW in expected
    assert kg("describe", text).out == expected
    told = kg("evidence", text, "--format", "json")
    assert {claim["subject"] for claim in json.loads(told.out)} >= {LAW}
    why = kg("explain", text, f"<{BASE}ontology/country>", "http://127.0.0.1:8000/country/kz")
    assert why.code == 0, why.err
    rows = kg("query", "life-line", "--thing", text, "--format", "csv")
    assert (rows.code, rows.err) == (0, "")


def test_the_command_names_an_unknown_property(kg: Kg) -> None:
    for predicate in ("nope", "https://example.org/nope", "nope:x"):
        done = kg("explain", "kz-law-on-ai", predicate, "kz")
        assert done.code == 2
        assert "there is no property" in done.err


@pytest.mark.server
@pytest.mark.parametrize("text", SPELLINGS)
def test_addresses(text: str) -> None:
    given = quote(text, safe="")
    page = {"Accept": "text/html"}
    rows = site().get(f"/query/life-line.rows?thing={given}")
    assert rows.status_code == 200, rows.text
    assert rows.json() == site().get("/query/life-line.rows?thing=kz-law-on-ai").json()
    shown = site().get(f"/query/life-line?thing={given}", headers=page)
    assert shown.status_code == 200
    evidence = site().get(f"/evidence?s={given}&p=country", headers=page)
    assert evidence.status_code == 200, evidence.text
    links = site().get(f"/network.json?thing={given}")
    assert links.json() == site().get("/network.json?thing=kz-law-on-ai").json()
    found = site().get(f"/search?q={given}", headers=page)
    assert "/id/kz-law-on-ai" in found.url or "/id/kz-law-on-ai" in found.text


@pytest.mark.server
def test_a_value_is_found_as_it_is_written_and_a_wrong_name_leads_to_the_search() -> None:
    for value in ("2026-01-18", quote('"2026-01-18"^^<http://www.w3.org/2001/XMLSchema#date>')):
        assert site().get(f"/evidence?s=kz-law-on-ai&p=inForceFrom&o={value}").status_code == 200, value
    for path in ("/evidence?s=kz-law-on-air", "/id/kz-law-on-air"):
        assert site().get(path).json()["hint"] == "look for it: /search?q=kz-law-on-air"


@pytest.mark.server
def test_countries_and_graphs() -> None:
    page = {"Accept": "text/html"}
    one = site().get("/compare?c=kz", headers=page).text
    for text in ("id:kz", BASE + "id/kz", site().url + "/country/kz", f"<{BASE}id/kz>"):
        assert site().get(f"/compare?c={quote(text, safe='')}", headers=page).text.count("country-1") == one.count(
            "country-1"
        )
        rows = site().get(f"/query/targets.csv?country={quote(text, safe='')}")
        assert rows.text == site().get("/query/targets.csv?country=kz").text
    registry = site().get(f"/graph-store?graph={BASE}graph/registry").text
    for text in ("registry", "graph:registry", f"<{BASE}graph/registry>", site().url + "/graph/registry"):
        assert site().get(f"/graph-store?graph={quote(text, safe='')}").text == registry


@pytest.mark.server
@pytest.mark.parametrize(
    ("path", "parameter", "allowed"),
    [
        ("/query/targets?country=xx", "country", ["kg", "kz", "uz"]),
        ("/query/targets?asOf=2020", "asOf", ["YYYY-MM-DD", "today"]),
        ("/query/targets?limit=x", "limit", ["from 1 to 100000"]),
        ("/query/targets?state=open&state=met", "state", ["one value"]),
        ("/query/timeline?from=2025-01-02&to=2025-01-01", "to", ["2025-01-02 or later"]),
        ("/query/events?from=2025-01-02&to=2025-01-01", "to", ["2025-01-02 or later"]),
        ("/query/entered-since?since=2026-01-02&until=2025-01-01", "until", ["2026-01-02 or later"]),
        ("/compare?c=xx", "c", ["kz", "uz", "kg"]),
    ],
)
def test_a_wrong_parameter_is_told_once_with_what_is_allowed_for_it(
    path: str, parameter: str, allowed: list[str]
) -> None:
    response = site().get(path)
    assert response.status_code == 400
    problem = response.json()
    assert (problem["parameter"], sorted(problem["allowed"])) == (parameter, sorted(allowed))
    page = site().get(path, headers={"Accept": "text/html"})
    assert page.status_code == 400
    text = page.text.partition("<main")[2]
    assert problem["allowed"][0].partition("100000")[0] in text
    assert text.count("llowed:") + text.count("Possible:") + text.count("choices are listed") <= 2


@pytest.mark.server
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/query/targets?contry=kz", "country"),
        ("/query/indices?country=kz", "offset"),
        ("/targets?contry=kz", "country"),
        ("/timeline?form=2025-01-01", "from"),
        ("/sources?yaer=2025", "year"),
        ("/new?until=2025-01-01&sinc=2024", "since"),
        ("/network?things=kz", "thing"),
        ("/disagreements?countries=kz", "country"),
    ],
)
def test_a_page_refuses_a_parameter_that_it_does_not_know(path: str, allowed: str) -> None:
    page = site().get(path, headers={"Accept": "text/html"})
    assert page.status_code == 400
    alert = page.text.partition('role="alert"')[2].partition("</p>")[0]
    name = path.rpartition("?")[2].rpartition("&")[2].partition("=")[0]
    assert f"“{name}”" in alert
    assert allowed in alert.partition("Possible:")[2]
    russian = site().get(f"{path}&lang=ru", headers={"Accept": "text/html"})
    assert f"Параметра «{name}» здесь нет" in russian.text


@pytest.mark.server
def test_an_end_before_its_start_on_a_page() -> None:
    page = site().get("/timeline?from=2025-01-02&to=2025-01-01", headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert "2025-01-02 or later" in page.text
    assert site().get("/timeline?from=2025-01-02&to=2025-01-02", headers={"Accept": "text/html"}).status_code == 200


def test_an_end_before_its_start_on_the_command_line(kg: Kg) -> None:
    done = kg("query", "timeline", "--from", "2025-01-02", "--to", "2025-01-01")
    assert done.code == 2
    assert "parameter 'to': before from, which is 2025-01-02" in done.err
