"""What HTTP asks of every address: negotiation, the same headers for HEAD, refusals that say what would do, and caches
that nobody can poison."""

from __future__ import annotations

import gzip
import time
from functools import cache
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
import requests

from tests.served import GRAPH, Site, site, start
from web.engine.remote_query import with_prefixes
from web.security import HEADERS

pytestmark = pytest.mark.server
FORM = "application/x-www-form-urlencoded"
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
PATHS = (
    "/sparql?query=ASK%7B%7D",
    "/sparql",
    "/id/kz",
    "/id/kz.ttl",
    "/query/instruments.csv",
    "/graph/registry",
    "/download/ca-ai-policy.nt",
    "/data/",
    "/openapi.json",
    "/.well-known/void",
    "/sitemap.xml",
    "/health",
    "/nothing",
    "/query/nothing",
    "/help/problems/busy",
)


@cache
def narrow() -> Site:
    """A site with little time and few rows."""
    return start("--timeout", "1", environ={"KG_ROWS": "5"})


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
        ("text/csv;q=0, text/*;q=0.9, application/*;q=0.1", "text/tab-separated-values"),
        ("application/*;q=0.2, text/csv;q=0.3", "text/csv"),
        ("image/png, */*;q=0.01", "application/sparql-results+json"),
        ("TEXT/CSV", "text/csv"),
        ("text/csv;charset=utf-8", "text/csv"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/sparql-results+xml"),
    ],
)
def test_weights_and_wildcards(accept: str, kind: str) -> None:
    response = site().ask("SELECT (1 AS ?x) {}", headers={"Accept": accept})
    assert response.headers["Content-Type"].startswith(kind)


def test_refused_formats_are_told_with_those_on_offer() -> None:
    refused = site().ask("ASK {}", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/csv" in refused.json()["offered"]
    assert "Accept" in refused.headers["Vary"]
    sent = requests.post(site().sparql, data="ASK {}", headers={"Content-Type": "text/plain"}, timeout=10)
    assert sent.status_code == 415
    assert sent.json()["offered"] == [FORM, "application/sparql-query"]


@pytest.mark.parametrize("path", PATHS)
def test_head_has_the_headers_of_get(path: str) -> None:
    got = site().get(path, headers={"Accept-Encoding": "identity"})
    headed = requests.head(site().url + path, headers={"Accept-Encoding": "identity"}, timeout=10)
    assert headed.status_code == got.status_code
    assert headed.content == b""
    left_out = {"date", "transfer-encoding"}
    assert {k: v for k, v in headed.headers.items() if k.lower() not in left_out} == {
        k: v for k, v in got.headers.items() if k.lower() not in left_out
    }


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers_of_safety(path: str) -> None:
    for method, headers in (
        ("GET", {}),
        ("GET", {"Accept": "text/html"}),
        ("GET", {"Accept": "image/png"}),
        ("OPTIONS", {"Origin": "https://example.org"}),
        ("DELETE", {}),
        ("GET", {"If-None-Match": "*"}),
    ):
        answer = requests.request(method, site().url + path, headers=headers, timeout=30)
        assert answer.status_code < 500
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, (method, headers, name)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("kind", [FORM, "application/sparql-query"])
def test_compressed_bodies_are_refused(kind: str) -> None:
    """Nothing is unpacked, so no small body can become a large one."""
    body = gzip.compress(b"ASK {} #" + b"x" * 10_000_000)
    headers = {"Content-Type": kind, "Content-Encoding": "gzip"}
    assert requests.post(site().sparql, data=body, headers=headers, timeout=10).status_code == 415


@pytest.mark.parametrize("more", ["timeout=1&timeout=9", "format=xml&format=csv", "query=ASK%7B%7D"])
def test_a_parameter_given_twice_is_refused(more: str) -> None:
    assert requests.get(f"{site().sparql}?query=ASK%7B%7D&{more}", timeout=10).status_code == 400


def test_a_query_in_the_address_and_in_the_body_is_refused() -> None:
    address = f"{site().sparql}?query=ASK%7B%7D"
    assert requests.post(address, data={"query": "ASK {}"}, timeout=10).status_code == 400
    direct = {"Content-Type": "application/sparql-query"}
    assert requests.post(address, data="ASK {}", headers=direct, timeout=10).status_code == 400


def test_timeout_may_not_be_more() -> None:
    limited = narrow()
    begin = time.monotonic()
    response = limited.get("/sparql", params={"query": HEAVY, "timeout": "100"})
    assert response.status_code == 504
    assert time.monotonic() - begin < 25


@pytest.mark.parametrize(
    "form", ["json", "xml", "csv", "tsv", "turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads"]
)
def test_an_answer_with_too_many_rows_is_refused_in_each_format(form: str) -> None:
    """Never cut inside a 200: the answer says what to do, and what it says works."""
    is_graph = form not in ("json", "xml", "csv", "tsv")
    query = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }" if is_graph else "SELECT * { ?s ?p ?o }"
    response = narrow().get("/sparql", params={"query": query, "format": form})
    assert response.status_code == 413
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert urlsplit(problem["type"]).path == "/help/problems/row-limit"
    assert "more than 5" in problem["detail"]
    assert "LIMIT and OFFSET" in problem["hint"]
    assert requests.get(problem["downloads"], timeout=60).status_code == 200
    assert requests.get(problem["type"], timeout=10).status_code == 200
    for limit in (4, 5):
        part = narrow().get(
            "/sparql", params={"query": f"{query} ORDER BY ?s ?p ?o LIMIT {limit} OFFSET 3", "format": form}
        )
        assert part.status_code == 200
    assert narrow().get("/sparql", params={"query": f"{query} LIMIT 6", "format": form}).status_code == 413


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_an_answer_of_just_so_many_rows_is_no_cut_one(form: str) -> None:
    """The limit counts rows: neither lines of a text nor brackets in one, nor rows that bind nothing."""
    odd = "('{}\\n{},{}\\n<result>' 1) ('' UNDEF) (UNDEF UNDEF) (UNDEF UNDEF) ('}},{' 2)"
    for values, status in ((odd, 200), (f"{odd} (UNDEF UNDEF)", 413), (f"{odd} ('x' 1)", 413)):
        query = f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {values} }} }}"
        response = narrow().get("/sparql", params={"query": query, "format": form})
        assert response.status_code == status, response.text
    if form == "json":
        assert len(narrow().ask(f"SELECT * {{ VALUES (?x ?y) {{ {odd} }} }}").json()["results"]["bindings"]) == 5


def test_graphs_that_are_not_there_are_empty() -> None:
    for name in ("default-graph-uri", "named-graph-uri"):
        for method in ("GET", "POST"):
            asked = {"query": "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", name: "urn:nothing"}
            options = {"params": asked} if method == "GET" else {"data": asked}
            response = requests.request(method, site().sparql, timeout=10, **options)  # type: ignore[arg-type]
            assert response.json()["results"]["bindings"] == []


def test_answers_of_different_datasets_are_kept_apart() -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    seen = {}
    for _ in range(2):
        for graph in ("", GRAPH + "registry", GRAPH + "sources"):
            asked = {"query": query} | ({"default-graph-uri": graph} if graph else {})
            response = site().get("/sparql", params=asked)
            answer = response.headers["ETag"], response.text
            assert seen.setdefault(graph, answer) == answer
    assert len(set(seen.values())) == 3


def test_a_browser_gets_the_description_and_errors_as_pages() -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    described = site().get("/sparql", headers=browser)
    assert described.status_code == 200
    assert described.headers["Content-Type"].startswith("text/html")
    for query in ("SELECT", "SELECT * { SERVICE <urn:a> {} }"):
        as_json, shown = site().ask(query), site().ask(query, headers=browser)
        assert shown.status_code == as_json.status_code == 400
        assert shown.headers["Content-Type"].startswith("text/html")
        assert as_json.json()["title"] in shown.text
        assert urlsplit(as_json.json()["type"]).path in shown.text
        assert site().get(urlsplit(as_json.json()["type"]).path).status_code == 200


def ask_as(host: str, path: str, accept: str = "*/*") -> tuple[int, str]:
    parts = urlsplit(site().url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    connection.putrequest("GET", path, skip_host=True)
    connection.putheader("Host", host)
    connection.putheader("Accept", accept)
    connection.endheaders()
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


@pytest.mark.parametrize(
    "path", ["/query/targets", "/query/", "/api/", "/", "/data/", "/.well-known/void", "/country/kz"]
)
def test_the_host_of_one_client_is_not_told_to_another(path: str) -> None:
    for accept in ("text/html", "*/*"):
        ask_as("evil.example", path, accept)
        status, text = ask_as(urlsplit(site().url).netloc, path, accept)
        assert status < 400 or accept == "text/html"
        assert "evil.example" not in text


@pytest.mark.parametrize("host", ['a"><script>', "a b", "a/b", "a@b", "[::1", ""])
def test_a_host_that_is_none_is_refused(host: str) -> None:
    status, text = ask_as(host, "/id/kz")
    assert status == 400
    assert "<script>" not in text


def test_redirects_stay_here() -> None:
    for path in ("//example.org/", "/%2f%2fexample.org", "//example.org/query", "/query", "/data/ca-ai-policy.ttl"):
        answer = requests.get(site().url + path, allow_redirects=False, timeout=10)
        target = answer.headers.get("Location", "")
        assert urlsplit(target).netloc in ("", urlsplit(site().url).netloc), path
        assert not target.startswith("//")


def test_names_of_downloads_are_plain() -> None:
    for line in site().get("/data/SHA256SUMS").text.splitlines():
        name = line.split("  ")[1]
        disposition = requests.head(f"{site().url}/download/{name}", timeout=10).headers["Content-Disposition"]
        assert disposition == f"attachment; filename={name}"


def test_no_text_keeps_the_translation_for_another_engine_busy() -> None:
    for text in ("a" * 90_000, "\n" * 90_000 + "x", "PREFIX " * 12_000, "PREFIX" + " " * 90_000, "a-" * 45_000):
        begin = time.process_time()
        with_prefixes(text)
        assert time.process_time() - begin < 0.5


def test_a_form_with_letters_of_any_kind_means_the_same_as_an_address() -> None:
    text = "SELECT ('%zz +&=ü\U0001d54f' AS ?x) {}"
    posted = requests.post(site().sparql, data=urlencode({"query": text}), headers={"Content-Type": FORM}, timeout=10)
    assert posted.json() == site().ask(text).json()
