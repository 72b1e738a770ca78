"""The SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/) on the running site.

The W3C cases for queries are those of https://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/ by their names;
its graphs are replaced by ours.
"""

from __future__ import annotations

import gzip
import json
import socket
from urllib.parse import quote, urlsplit

import pytest
import requests
from pyoxigraph import RdfFormat, Store, parse

from kg.terms import RDFS, VOID
from tests.served import GRAPH, site

pytestmark = pytest.mark.server

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
RESULTS = "application/sparql-results+xml, application/sparql-results+json"
TURTLE = "text/turtle"
ONE, TWO = GRAPH + "registry", GRAPH + "sources"
BOTH = f"default-graph-uri={quote(ONE)}&default-graph-uri={quote(TWO)}"
TWO_NAMED = f"named-graph-uri={ONE}&named-graph-uri={TWO}"
# Whether the default graph holds things of the registry and of the sources.
MERGED = "ASK { ?a a aip:Law . ?b a aip:Source }"
NAMED = "ASK { GRAPH ?g { ?a a aip:Law } GRAPH ?h { ?b a aip:Source } FILTER(?g != ?h) }"


def send(method: str, query: str = "", body: str | bytes = "", **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    address = f"{site().sparql}?{query}" if query else site().sparql
    data = body.encode() if isinstance(body, str) else body
    return requests.request(method, address, data=data, headers=named, timeout=60)


def boolean(response: requests.Response) -> bool:
    assert response.status_code == 200, response.text
    answer: bool = response.json()["boolean"]
    return answer


# W3C name: method, query string, body, content type
GOOD = {
    "query-get": ("GET", "query=ASK%20%7B%7D", "", ""),
    "query-post-form": ("POST", "", "query=ASK%20%7B%7D", FORM),
    "query-post-direct": ("POST", "", "ASK {}", DIRECT),
    "query-multiple-dataset": ("POST", BOTH, MERGED, DIRECT),
    "query-dataset-default-graphs-get": ("GET", f"query={quote(MERGED)}&{BOTH}", "", ""),
    "query-dataset-default-graphs-post": ("POST", BOTH, MERGED, DIRECT),
    "query-dataset-default-graph": ("POST", f"default-graph-uri={quote(ONE)}", "ASK { ?s a aip:Law }", DIRECT),
    "query-dataset-named-graphs-get": ("GET", f"query={quote(NAMED)}&{TWO_NAMED}", "", ""),
    "query-dataset-named-graphs-post": ("POST", TWO_NAMED, NAMED, DIRECT),
    "query-dataset-full": (
        "POST",
        f"default-graph-uri={ONE}&named-graph-uri={TWO}",
        "ASK { ?s a aip:Law GRAPH ?g { ?b a aip:Source } FILTER NOT EXISTS { ?x a aip:Source } }",
        DIRECT,
    ),
}
BAD = {
    "bad-query-method": ("PUT", "query=ASK%20%7B%7D", "", FORM, 405),
    "bad-multiple-queries": ("GET", "query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", "", "", 400),
    "bad-query-wrong-media-type": ("POST", "", "ASK {}", "text/plain", 415),
    "bad-query-missing-form-type": ("POST", "", "query=ASK%20%7B%7D", "", 415),
    "bad-query-missing-direct-type": ("POST", "", "ASK {}", "", 415),
    "bad-query-non-utf8": ("POST", "", "ASK {}".encode("utf-16"), DIRECT + "; charset=UTF-16", 400),
    "bad-query-syntax": ("GET", "query=ASK%20%7B", "", "", 400),
    "bad-update-get": ("GET", "update=CLEAR%20ALL", "", "", 403),
    "update-post-form": ("POST", "", "update=CLEAR%20ALL", FORM, 403),
    "update-post-direct": ("POST", "", "CLEAR ALL", "application/sparql-update", 403),
    "update-as-query": ("GET", "query=CLEAR%20ALL", "", "", 400),
    "no-query": ("POST", "", "", FORM, 400),
    "empty-query": ("GET", "query=", "", "", 400),
    "bad-graph-name": ("GET", "query=ASK%20%7B%7D&default-graph-uri=not+an+iri", "", "", 400),
    "bad-timeout": ("GET", "query=ASK%20%7B%7D&timeout=soon", "", "", 400),
    "bad-format": ("GET", "query=ASK%20%7B%7D&format=docx", "", "", 400),
}


@pytest.mark.parametrize("name", GOOD)
def test_w3c_query_cases(name: str) -> None:
    method, query, body, kind = GOOD[name]
    headers = {"Content_Type": kind} if kind else {}
    assert boolean(send(method, query, body, **headers))


@pytest.mark.parametrize("name", BAD)
def test_w3c_bad_cases(name: str) -> None:
    method, query, body, kind, status = BAD[name]
    response = send(method, query, body, **({"Content_Type": kind} if kind else {}))
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert requests.get(problem["type"], timeout=10).status_code in (200, 500 if not _pages() else 200)


def _pages() -> bool:
    return site().get("/", headers={"Accept": "text/html"}).status_code == 200


FORMS = {
    "query-content-type-select": ("SELECT (1 AS ?x) {}", RESULTS, "application/sparql-results+"),
    "query-content-type-ask": ("ASK {}", RESULTS, "application/sparql-results+"),
    "query-content-type-describe": ("DESCRIBE id:kz", TURTLE, TURTLE),
    "query-content-type-construct": ("CONSTRUCT { <urn:s> <urn:p> 1 } {}", TURTLE, TURTLE),
}


@pytest.mark.parametrize("name", FORMS)
def test_w3c_content_types(name: str) -> None:
    query, accept, kind = FORMS[name]
    response = site().ask(query, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith(kind)
    assert "charset=utf-8" in response.headers["Content-Type"]


ACCEPT = [
    ("", "application/sparql-results+json"),
    ("*/*", "application/sparql-results+json"),
    ("application/json", "application/sparql-results+json"),
    ("application/sparql-results+xml;q=0.5, text/csv;q=0.9", "text/csv"),
    ("text/*", "text/csv"),
    ("text/tab-separated-values", "text/tab-separated-values"),
    ("application/xml", "application/sparql-results+xml"),
    ("text/html, application/sparql-results+json;q=0.1", "application/sparql-results+json"),
]


@pytest.mark.parametrize(("accept", "kind"), ACCEPT)
def test_accept(accept: str, kind: str) -> None:
    response = site().ask("SELECT (1 AS ?x) {}", headers={"Accept": accept or None})
    assert response.headers["Content-Type"].startswith(kind)
    assert "Accept" in response.headers["Vary"]


def test_nothing_acceptable() -> None:
    assert site().ask("ASK {}", headers={"Accept": "image/png"}).status_code == 406
    assert site().ask("ASK {}", headers={"Accept": "text/turtle"}).status_code == 406
    assert site().ask("DESCRIBE id:kz", headers={"Accept": "text/csv"}).status_code == 406


@pytest.mark.parametrize(
    ("query", "kind", "able"),
    [
        ("SELECT ('a\\u0007' AS ?x) {}", "application/sparql-results+xml", "application/sparql-results+json"),
        ("CONSTRUCT { <urn:s> <urn:p> 'a\\u0007' } {}", "application/rdf+xml", "text/turtle"),
        ("CONSTRUCT { <urn:s> <http://example.org/1> 'a' } {}", "application/rdf+xml", "application/ld+json"),
    ],
)
def test_an_answer_that_the_format_cannot_hold(query: str, kind: str, able: str) -> None:
    response = site().ask(query, headers={"Accept": kind})
    assert response.status_code == 406
    problem = response.json()
    assert able in problem["offered"]
    assert able in problem["hint"]
    assert kind not in problem["offered"]
    assert site().ask(query, headers={"Accept": able}).status_code == 200


@pytest.mark.parametrize("form", ["turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads"])
def test_graph_formats_hold_the_same_triples(form: str) -> None:
    response = site().get("/sparql", params={"query": "DESCRIBE id:kz", "format": form})
    kind = RdfFormat.from_media_type(response.headers["Content-Type"].partition(";")[0])
    assert kind is not None
    expected = site().get("/sparql", params={"query": "DESCRIBE id:kz", "format": "ntriples"})
    triples = {quad.triple for quad in parse(response.content, format=kind)}
    assert triples == {quad.triple for quad in parse(expected.content, format=RdfFormat.N_TRIPLES)}
    assert triples


def test_head_is_get_without_a_body() -> None:
    got, headed = send("GET", "query=ASK%20%7B%7D"), send("HEAD", "query=ASK%20%7B%7D")
    assert headed.status_code == 200
    assert headed.content == b""
    for name in ("Content-Type", "ETag", "Content-Length", "Vary"):
        assert headed.headers.get(name) == got.headers.get(name)


def test_options_and_cross_origin() -> None:
    response = requests.options(
        site().sparql, headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}, timeout=10
    )
    assert response.status_code == 200
    assert {"GET", "POST"} <= set(response.headers["Access-Control-Allow-Methods"].replace(",", " ").split())
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert site().ask("ASK {}").headers["Access-Control-Allow-Origin"] == "*"


def test_conditional_requests() -> None:
    query = "SELECT * { id:kz ?p ?o }"
    for encoding in ("identity", "gzip", "br"):
        first = site().ask(query, headers={"Accept-Encoding": encoding})
        tag = first.headers["ETag"]
        assert not tag.startswith("W/")
        again = site().ask(query, headers={"If-None-Match": tag, "Accept-Encoding": encoding})
        assert again.status_code == 304, encoding
        assert again.content == b""
    assert first.headers["Last-Modified"].endswith("GMT")
    other = site().ask(query, headers={"Accept": "text/csv"})
    assert other.headers["ETag"] != tag


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()"])
def test_what_changes_is_not_kept(function: str) -> None:
    response = site().ask(f"SELECT ({function} AS ?x) {{}}")
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_compression() -> None:
    query = "SELECT * { ?s a aip:Entity ; rdfs:label ?l }"
    plain = site().ask(query, headers={"Accept-Encoding": "identity"})
    for encoding in ("gzip", "br"):
        packed = site().ask(query, headers={"Accept-Encoding": encoding})
        assert packed.headers["Content-Encoding"] == encoding
        assert packed.content == plain.content
        posted = requests.post(site().sparql, {"query": query}, headers={"Accept-Encoding": encoding}, timeout=30)
        assert posted.headers["Content-Encoding"] == encoding
        assert posted.content == plain.content
    raw = requests.get(site().sparql, {"query": query}, headers={"Accept-Encoding": "gzip"}, stream=True, timeout=30)
    assert gzip.decompress(raw.raw.read()) == plain.content


def test_letters_and_signs_arrive_as_they_were_sent() -> None:
    text = "a%25b+c d&e=f;“Қазақ” 𐍈 %2B"
    query = f'SELECT ("{text}" AS ?x) {{}}'
    for response in (
        site().ask(query),
        requests.post(site().sparql, {"query": query}, timeout=10),
        send("POST", "", query, Content_Type=DIRECT),
    ):
        assert response.json()["results"]["bindings"][0]["x"]["value"] == text


def test_default_graph_is_the_accepted_view() -> None:
    plain = site().ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json()
    named = site().ask("SELECT (COUNT(*) AS ?n) { GRAPH graph:accepted { ?s ?p ?o } }").json()
    assert plain == named
    assert int(plain["results"]["bindings"][0]["n"]["value"]) > 100


def test_dataset_of_the_query_and_of_the_request() -> None:
    assert boolean(site().ask("ASK FROM graph:sources { ?s a aip:Source FILTER NOT EXISTS { ?x a aip:Law } }"))
    assert boolean(site().ask("ASK FROM NAMED graph:registry { GRAPH ?g { ?s a aip:Law } }"))
    assert not boolean(site().ask("ASK FROM <http://127.0.0.1:1/> { ?s ?p ?o }"))
    overridden = {"query": "ASK FROM graph:sources { ?s a aip:Law }", "default-graph-uri": ONE}
    assert boolean(site().get("/sparql", params=overridden))
    only_named = {"query": "ASK { ?s ?p ?o }", "named-graph-uri": ONE}
    assert not boolean(site().get("/sparql", params=only_named))


def test_service_description() -> None:
    for accept in ("text/turtle", "*/*", "application/n-triples", "application/rdf+xml"):
        response = site().get("/sparql", headers={"Accept": accept})
        kind = RdfFormat.from_media_type(response.headers["Content-Type"].partition(";")[0])
        text = {str(quad.predicate.value): quad.object for quad in parse(response.content, format=kind)}
        described = "http://www.w3.org/ns/sparql-service-description#"
        assert text[described + "endpoint"].value == site().sparql  # type: ignore[union-attr]
        assert described + "defaultDataset" in text
        assert described + "resultFormat" in text


def test_the_service_description_is_small_and_names_graphs_that_answer() -> None:
    """The graphs of assertions are described by a pattern, whatever their number; all others can be queried."""
    response = site().get("/sparql", headers={"Accept": "text/turtle"})
    assert len(response.content) < 30_000
    store = Store()
    store.load(response.content, format=RdfFormat.TURTLE)
    names = store.query("SELECT ?n { ?g <http://www.w3.org/ns/sparql-service-description#name> ?n }")
    graphs = [str(row["n"]) for row in names]  # type: ignore[union-attr]
    assert len(graphs) > 5
    for graph in graphs:
        assert boolean(site().ask(f"ASK {{ GRAPH {graph} {{ ?s ?p ?o }} }}")), graph
    (space,) = store.quads_for_pattern(None, VOID.uriSpace, None)
    assert boolean(site().ask(f"ASK {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), {space.object})) }}"))
    linked = {quad.object.value for quad in store.quads_for_pattern(None, RDFS.seeAlso, None)}  # type: ignore[union-attr]
    assert linked == {site().url + "/.well-known/void"}


def test_error_names_line_and_column() -> None:
    problem = site().ask("SELECT *\n{ ?s ?p }").json()
    assert problem["line"] == 2
    assert problem["column"] == 9
    assert problem["detail"].startswith("line 2, column 9: unexpected }; expected one of: a variable, an IRI, ")
    assert problem["type"].endswith("/help/problems/bad-query")


RELATIVE = (
    "CONSTRUCT { <s> <p> 1 } {}",
    "CONSTRUCT { ?s <p> 1 } { BIND(IRI('s') AS ?s) }",
    "BASE <deeper/> CONSTRUCT { <../s> <../p> 1 } {}",
    "PREFIX : <./> CONSTRUCT { :s <p> 1 } {}",
)


@pytest.mark.parametrize("query", RELATIVE)
def test_relative_iris_are_resolved_against_the_address_of_the_endpoint(query: str) -> None:
    root = site().url + "/"
    for response in (
        send("GET", f"query={quote(query)}", Accept="application/n-triples"),
        send("POST", "", query, Content_Type=DIRECT, Accept="application/n-triples"),
    ):
        assert response.status_code == 200, response.text
        triple = next(parse(response.content, format=RdfFormat.N_TRIPLES)).triple
        assert str(triple.subject) == f"<{root}s>"
        assert str(triple.predicate) == f"<{root}p>"
    other = requests.get(
        site().sparql, params={"query": query}, headers={"Host": "kg.example.org", "Accept": "text/turtle"}, timeout=10
    )
    assert "http://kg.example.org/" in other.text


def test_a_query_of_a_hundred_kilobytes() -> None:
    rows = " ".join(f"(id:kz-{number:05})" for number in range(9_999))
    query = f"SELECT ?s {{ VALUES (?s) {{ {rows} (id:kz) }} ?s a aip:Country }}"
    assert len(query) > 100_000
    for response in (
        send("POST", "", query, Content_Type=DIRECT),
        requests.post(site().sparql, data={"query": query}, timeout=30),
    ):
        assert [row["s"]["value"].rpartition("/")[2] for row in response.json()["results"]["bindings"]] == ["kz"]


@pytest.mark.parametrize(
    ("address", "body", "part"),
    [
        ("/sparql?query=ASK%7B%7D%23%ff", None, "Parameter “query” is not"),
        ("/sparql?query=ASK%7B%7D&x=%c3", None, "Parameter “x” is not"),
        ("/sparql?query=ASK%7B%7D&%e9=1", None, "Parameter “\ufffd” is not"),
        ("/id/%ff", None, "The path is not"),
        ("/search?q=%e9", None, "Parameter “q” is not"),
        ("/query/targets?country=%80", None, "Parameter “country” is not"),
        ("/sparql", b"query=ASK%7B%7D%23%ff", "Parameter “query” of the body is not"),
        ("/sparql", b"format=csv&query=ASK%7B%7D%23\xff", "Parameter “query” of the body is not"),
    ],
)
def test_what_is_no_utf8_is_refused_and_named(address: str, body: bytes | None, part: str) -> None:
    method = "POST" if body else "GET"
    response = requests.request(method, site().url + address, data=body, headers={"Content-Type": FORM}, timeout=10)
    assert response.status_code == 400
    assert f"{part} valid UTF-8: byte 0x" in response.json()["detail"]


def test_a_byte_order_mark_is_skipped_and_a_no_break_space_is_named() -> None:
    assert boolean(send("GET", f"query={quote(chr(0xFEFF))}ASK%7B%7D"))
    assert boolean(send("POST", "", "\ufeffASK {}", Content_Type=DIRECT))
    problem = send("GET", f"query={quote('ASK {' + chr(0xA0) + '}')}").json()
    assert (problem["line"], problem["column"]) == (1, 6)
    assert "U+00A0 (no-break space)" in problem["detail"]
    assert "plain space" in problem["hint"]


def test_an_unknown_prefix_is_named() -> None:
    problem = site().ask("SELECT * {\n  ?s nope:of ?o }").json()
    assert (problem["line"], problem["column"]) == (2, 6)
    assert "the prefix nope: is not declared" in problem["detail"]
    assert problem["hint"].startswith("add at the top: PREFIX nope:")


def test_timeout_may_be_less() -> None:
    heavy = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    response = site().get("/sparql", params={"query": heavy, "timeout": "0.3"})
    assert response.status_code == 504
    assert response.elapsed.total_seconds() < 3
    assert response.json()["type"].endswith("/deadline")


def test_requests_on_one_connection() -> None:
    parts = urlsplit(site().url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), 10) as raw:
        for _ in range(3):
            raw.sendall(f"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
            answer = b""
            while b"}" not in answer:
                answer += raw.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["boolean"] is True
