"""Real clients against the real site: SPARQLWrapper, rdflib, pandas, curl, Comunica, schemathesis."""

from __future__ import annotations

import io
import shutil
import sys
import time
from pathlib import Path

import pandas
import pytest
import requests
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper

from tests.node import comunica, run
from tests.served import GRAPH, ID, site

pytestmark = pytest.mark.server
COUNTRIES = "SELECT ?c ?l { ?c a aip:Country ; rdfs:label ?l FILTER(LANG(?l) = 'en') } ORDER BY ?c"
DECLARED = (
    "PREFIX aip: <https://w3id.org/ca-ai-policy/ontology/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    + COUNTRIES
)


def labels() -> list[str]:
    rows = site().ask(COUNTRIES).json()["results"]["bindings"]
    return [row["l"]["value"] for row in rows]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("form", [JSON, XML, CSV])
def test_sparqlwrapper(method: str, form: str) -> None:
    client = SPARQLWrapper(site().sparql)
    client.setMethod(method)
    client.setReturnFormat(form)
    client.setQuery(COUNTRIES)
    answer = client.query().convert()
    if form == JSON:
        assert [row["l"]["value"] for row in answer["results"]["bindings"]] == labels()
    elif form == XML:
        assert len(answer.getElementsByTagName("result")) == len(labels())
    else:
        assert answer.decode().splitlines()[0] == "c,l"


def test_sparqlwrapper_direct_post_and_graphs() -> None:
    client = SPARQLWrapper(site().sparql)
    client.setMethod(POST)
    client.setRequestMethod(POSTDIRECTLY)
    client.setReturnFormat(TURTLE)
    client.setQuery("CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a aip:Country ; rdfs:label ?l }")
    graph = Graph().parse(client.query().response.read(), format="turtle")
    assert len(graph) >= len(labels())
    client.setQuery("DESCRIBE id:kz")
    assert URIRef(ID + "kz") in set(Graph().parse(client.query().response.read(), format="turtle").subjects())


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_store(method: str) -> None:
    graph = Graph(SPARQLStore(site().sparql, method=method))
    assert [str(row.l) for row in graph.query(DECLARED)] == labels()  # type: ignore[union-attr]
    law = URIRef(ID + "kz-law-on-ai")
    found = set(graph.objects(law, URIRef("https://w3id.org/ca-ai-policy/ontology/country")))
    assert found == {URIRef(ID + "kz")}
    assert len(graph) > 100


def test_rdflib_dereferences() -> None:
    for form in ("turtle", "json-ld", "xml", "nt"):
        kind = {"turtle": "text/turtle", "json-ld": "application/ld+json", "xml": "application/rdf+xml"}.get(form)
        text = site().get("/id/kz", headers={"Accept": kind or "application/n-triples"}).text
        graph = Graph().parse(data=text, format=form)
        assert URIRef(ID + "kz") in set(graph.subjects()), form


def test_rdflib_reads_a_page_of_the_web() -> None:
    graph = Graph().parse(site().url + "/concept/topics")
    assert len(graph) > 10


def test_pandas() -> None:
    table = pandas.read_csv(site().url + "/query/instruments.csv")
    document = site().get("/query/instruments.json").json()
    assert list(table.columns) == document["head"]["vars"]
    assert len(table) == len(document["results"]["bindings"])
    rows = pandas.read_json(io.StringIO(site().get("/query/instruments.rows").text))
    assert set(rows["instrument"]) == set(table["instrument"])
    asked = pandas.read_csv(io.StringIO(site().ask(COUNTRIES, headers={"Accept": "text/csv"}).text))
    assert list(asked["l"]) == labels()
    comma = site().ask("SELECT ?a ?b { VALUES (?a ?b) { (<urn:a,b> 1) (<urn:c> 2) } }", headers={"Accept": "text/csv"})
    assert pandas.read_csv(io.StringIO(comma.text)).to_dict("list") == {"a": ["urn:a,b", "urn:c"], "b": [1, 2]}
    excel = pandas.read_csv(site().url + "/query/instruments.excel", encoding="utf-8-sig")
    assert list(excel.columns) == list(table.columns)


CHUNKED = ("-H", "Transfer-Encoding: chunked")
CURL = shutil.which("curl")


@pytest.mark.skipif(CURL is None, reason="curl is not installed")
@pytest.mark.parametrize(
    "arguments",
    [
        ["--get", "--data-urlencode", f"query={COUNTRIES}", "-H", "Accept: text/csv"],
        ["--data-urlencode", f"query={COUNTRIES}", "-H", "Accept: text/csv"],
        ["--data-binary", COUNTRIES, "-H", "Content-Type: application/sparql-query", "-H", "Accept: text/csv"],
        ["--get", "--data-urlencode", f"query={COUNTRIES}", "-d", "format=csv", "--compressed"],
        [
            "--data-binary",
            COUNTRIES,
            "-H",
            "Content-Type: application/sparql-query",
            "-H",
            "Accept: text/csv",
            "-H",
            "Transfer-Encoding: chunked",
        ],
        ["--http2-prior-knowledge", "--get", "--data-urlencode", f"query={COUNTRIES}", "-d", "format=csv"],
    ],
    ids=["get", "form", "direct", "compressed", "chunked", "http2"],
)
def test_curl(arguments: list[str]) -> None:
    done = run([CURL or "", "-sS", "--fail", site().sparql, *arguments], 30)
    assert done.returncode == 0, done.stderr
    table = pandas.read_csv(io.BytesIO(done.stdout))
    assert list(table["l"]) == labels()


@pytest.mark.slow
def test_comunica() -> None:
    """As a SPARQL endpoint, as one that it finds by the service description, and as linked data."""
    query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{GRAPH}registry> {{ ?s ?p ?o }} }}"
    endpoint = {"type": "sparql", "value": site().sparql}
    answers = comunica(([endpoint], DECLARED), ([f"{site().url}/graph/accepted"], DECLARED), ([site().sparql], query))
    assert not [answer["error"] for answer in answers if "error" in answer]
    *named, [counted] = (answer["results"]["bindings"] for answer in answers)
    for rows in named:
        assert [row["l"]["value"] for row in rows] == labels()
    assert counted["n"]["value"] == site().ask(query).json()["results"]["bindings"][0]["n"]["value"]


@pytest.mark.slow
def test_schemathesis(tmp_path: Path) -> None:
    """Thousands of generated requests over the OpenAPI document: no 5xx, and nothing that it does not announce."""
    deadline = time.monotonic() + 300
    while site().get("/query/names?asKnown=2026-11-25").status_code == 503:  # until the view of that day is made
        assert time.monotonic() < deadline
        time.sleep(1)
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", site().url + "/openapi.json"]
    options = ["--checks", checks, "--max-examples", "2", "--workers", "2", "--seed", "1", "--no-color"]
    options += ["--request-timeout", "120"]  # a busy machine is no fault of the site
    done = run([*command, *options], 900, tmp_path)
    assert done.returncode == 0, done.stdout.decode()[-6000:]
    assert b"Test cases" in done.stdout


def test_an_agent_finds_its_way() -> None:
    """From the root of the service by links alone: description, OpenAPI, a question, its evidence."""
    described = requests.get(site().sparql, headers={"Accept": "text/turtle"}, timeout=10)
    assert "sd:Service" in described.text
    paths = site().get("/openapi.json").json()["paths"]
    assert "/query/instruments" in paths
    row = site().get("/query/instruments.rows").json()[0]
    evidence = row["evidence"].removeprefix("https://w3id.org/ca-ai-policy")
    assert site().get(evidence).status_code == 200
