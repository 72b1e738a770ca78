"""Every IRI answers in every format; what the service says of itself; downloads."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from functools import cache
from xml.etree import ElementTree

import pytest
import requests
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg.namespaces import BASE, PREFIXES, expand
from kg.skolem import skolemise
from kg.store import open_snapshot
from kg.terms import GRAPH
from tests.served import site, snapshots
from web.answers import description
from web.answers.formats import GRAPHS

pytestmark = pytest.mark.server
LABEL = NamedNode(expand("rdfs:label"))


@cache
def store() -> Store:
    return open_snapshot(snapshots() / "current")


def quads_at(path: str, accept: str = "application/trig") -> set[Quad]:
    response = site().get(path, headers={"Accept": accept})
    assert response.status_code == 200, response.text
    form = RdfFormat.from_media_type(response.headers["Content-Type"].partition(";")[0])
    return set(parse(response.content, format=form))


def every_iri() -> list[str]:
    """All IRIs of ours that the graph speaks of, the names of graphs among them."""
    names: set[str] = set()
    for quad in store():
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, NamedNode) and term.value.startswith(BASE):
                names.add(term.value)
    return sorted(names)


def test_every_iri_is_answered() -> None:
    """Through the application itself, so that thousands take seconds: each is found, and speaks of itself."""
    from dataclasses import replace

    from kg.settings import Settings
    from tests.served import ROOT
    from web.config import WebSettings
    from web.site.app import create_app

    app = create_app(WebSettings(replace(Settings.default(ROOT), snapshots=snapshots())))
    client = app.test_client()
    missing = []
    for iri in every_iri():
        path = iri.removeprefix(BASE).partition("#")[0]
        if path in ("", "sparql", "ontology/") or path.startswith("download/"):
            continue  # addresses of the service, which answer as such
        response = client.get(
            "/" + path, headers={"Accept": "application/n-triples"}, follow_redirects=True, buffered=True
        )
        named = iri.partition("#")[0].encode() in response.data or path.startswith("graph/")
        if response.status_code != 200 or not named:
            missing.append((iri, response.status_code))
    assert not missing, missing[:10]


@pytest.mark.parametrize("form", GRAPHS, ids=lambda form: form.name)
def test_formats_by_accept_and_by_suffix(form) -> None:  # type: ignore[no-untyped-def]
    by_accept = site().get("/id/kz-law-on-ai", headers={"Accept": form.media_type})
    by_suffix = site().get(f"/id/kz-law-on-ai.{form.suffix}")
    by_name = site().get(f"/id/kz-law-on-ai?format={form.name}")
    assert by_accept.content == by_suffix.content == by_name.content
    assert by_accept.headers["Content-Type"] == form.content_type
    assert "Accept" in by_accept.headers["Vary"]
    assert set(parse(by_accept.content, format=RdfFormat.from_media_type(form.media_type)))


def test_a_thing_with_claims_passages_sources_labels_and_links_back() -> None:
    law = NamedNode(PREFIXES["id"] + "kz-law-on-ai")
    found = quads_at("/id/kz-law-on-ai")
    claims = {quad for quad in found if str(quad.graph_name).startswith(f"<{PREFIXES['assertion']}")}
    assert claims
    kinds = {quad.object for quad in found if quad.predicate == NamedNode(expand("rdf:type"))}
    for kind in ("aip:Assertion", "aip:Passage", "aip:Source"):
        assert NamedNode(expand(kind)) in kinds, kind
    assert [quad for quad in found if quad.object == law and quad.subject != law]
    named = {
        quad.object for quad in found if quad.subject == law and quad.predicate == NamedNode(expand("aip:country"))
    }
    labelled = {quad.subject for quad in found if quad.predicate == LABEL}
    assert named <= labelled
    assert law in labelled


def test_formats_without_graphs_hold_no_rejected_claim() -> None:
    accepted = {quad.triple for quad in store().quads_for_pattern(None, None, None, GRAPH.accepted)}
    claims = {q.triple for q in store() if str(q.graph_name).startswith(f"<{PREFIXES['assertion']}")}
    rejected = claims - accepted
    assert rejected
    for triple in rejected:
        name = triple.subject.value.removeprefix(BASE)  # type: ignore[union-attr]
        if not description.exists(store(), triple.subject):  # type: ignore[arg-type]
            continue
        plain = {quad.triple for quad in quads_at(f"/{name}", "application/n-triples")}
        assert triple not in plain
        assert triple in {quad.triple for quad in quads_at(f"/{name}", "application/n-quads")}


def test_names_with_dots_are_no_suffixes() -> None:
    passage = next(iri for iri in every_iri() if iri.startswith(PREFIXES["passage"]))
    assert site().get(passage.removeprefix(BASE[:-1])).status_code == 200
    assert site().get(passage.removeprefix(BASE[:-1]) + ".ttl").headers["Content-Type"].startswith("text/turtle")


def test_whole_vocabularies() -> None:
    for path, graph in (("/ontology/", "graph:ontology"), ("/concept/", "graph:concepts"), ("/shape/", "graph:shapes")):
        expected = {q.triple for q in store().quads_for_pattern(None, None, None, NamedNode(expand(graph)))}
        assert {quad.triple for quad in skolemise(quads_at(path, "text/turtle"))} == expected


def test_graphs_and_the_graph_store_protocol() -> None:
    registry = expand("graph:registry")
    expected = {q.triple for q in store().quads_for_pattern(None, None, None, NamedNode(registry))}
    for path in ("/graph/registry", "/graph/registry.nt", f"/graph-store?graph={registry}"):
        assert {quad.triple for quad in quads_at(path, "application/n-triples")} == expected
    accepted = {q.triple for q in store().quads_for_pattern(None, None, None, GRAPH.accepted)}
    assert {quad.triple for quad in quads_at("/graph-store?default", "text/turtle")} == accepted
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        import requests

        assert requests.request(method, site().url + "/graph-store?default", data="x", timeout=10).status_code == 405


def test_unknown_things() -> None:
    for path in ("/id/nobody", "/ontology/Nothing", "/graph/nothing", "/id/kz.exe", "/passage/x.1.ttl"):
        response = site().get(path)
        assert response.status_code == 404
        assert response.headers["Content-Type"] == "application/problem+json"


def test_conditional_and_head() -> None:
    import requests

    first = site().get("/id/kz")
    assert site().get("/id/kz", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    head = requests.head(site().url + "/id/kz", timeout=10)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["ETag"] == first.headers["ETag"]


def test_signposts() -> None:
    links = site().get("/id/kz").headers["Link"]
    relations = dict(re.findall(r'<([^>]+)>; rel="([a-z-]+)"', links))
    assert relations[PREFIXES["id"] + "kz"] == "cite-as"
    assert relations["https://creativecommons.org/licenses/by/4.0/"] == "license"
    for address, relation in relations.items():
        if relation in ("alternate", "describedby", "collection"):
            assert address.startswith(site().url)
            assert site().get(address.removeprefix(site().url)).status_code == 200


def test_void_dcat_and_schema_org() -> None:
    described = quads_at("/.well-known/void", "text/turtle")
    text = {(quad.predicate.value, getattr(quad.object, "value", "")) for quad in described}
    assert (expand("void:sparqlEndpoint"), site().sparql) in text
    downloads = {value for name, value in text if name == expand("dcat:downloadURL")}
    assert downloads
    for address in downloads:
        assert address.startswith(site().url)
        assert site().get(address.removeprefix(site().url)).status_code == 200
    for name in ("void:classPartition", "void:propertyPartition", "void:triples", "dcat:distribution"):
        assert any(predicate == expand(name) for predicate, _ in text), name
    dataset = json.loads(site().get("/dataset.schema.json").content)
    assert dataset["@type"] == "Dataset"
    assert {part["contentUrl"] for part in dataset["distribution"]} == downloads
    for member in ("name", "description", "license", "creator"):
        assert dataset[member], member


def test_downloads_hold_the_graph_and_have_checksums() -> None:
    sums = dict(reversed(line.split("  ")) for line in site().get("/data/SHA256SUMS").text.splitlines())
    listed = site().get("/data/").json()["files"]
    assert len(listed) == 6 <= len(sums)
    for entry in listed:
        path = entry["url"].removeprefix(site().url)
        response = site().get(path)
        name = path.rpartition("/")[2]
        assert hashlib.sha256(response.content).hexdigest() == entry["sha256"] == sums[name]
        assert len(response.content) == entry["bytes"]
        found = set(parse(response.content, format=RdfFormat.from_media_type(entry["mediaType"])))
        expected = set(store()) if entry["holds"] == "all graphs" else accepted_triples()
        assert found == expected, name
        again = site().get(path, headers={"If-None-Match": response.headers["ETag"], "Accept-Encoding": "identity"})
        assert again.status_code in (200, 304)
    part = site().get("/download/ca-ai-policy.nq", headers={"Range": "bytes=0-9", "Accept-Encoding": "identity"})
    assert part.status_code == 206
    assert len(part.content) == 10
    assert site().get("/data/ca-ai-policy.ttl").status_code == 200
    assert site().get("/download/other.ttl").status_code == 404


@pytest.mark.parametrize("accepted", ["identity", "gzip", "gzip, br", "br", "gzip;q=0", "*"])
def test_the_digest_is_that_of_the_bytes_that_are_sent(accepted: str) -> None:
    for path in ("/download/ca-ai-policy.nq", "/graph/accepted.ttl"):
        headers = {"Accept-Encoding": accepted}
        with requests.get(site().url + path, headers=headers, timeout=60, stream=True) as response:
            sent = response.raw.read(decode_content=False)
        coding = response.headers.get("Content-Encoding")
        assert (coding == "gzip") == accepted.startswith("gzip") if accepted != "gzip;q=0" else coding is None
        digest = response.headers.get("Repr-Digest")
        assert (digest is None) == (coding in ("br", "zstd"))
        if digest:
            assert digest == f"sha-256=:{base64.b64encode(hashlib.sha256(sent).digest()).decode()}:"
        plain = gzip.decompress(sent) if coding == "gzip" else sent
        if coding not in ("br", "zstd"):
            assert plain == site().get(path, headers={"Accept-Encoding": "identity"}).content
        known = headers | {"If-None-Match": response.headers["ETag"]}
        assert site().get(path, headers=known).status_code == 304


def test_downloads_hold_the_tables() -> None:
    headers = {"Accept": "application/json"}
    before = site().get("/data/", headers=headers).json()["tables"]
    assert [entry["url"].rpartition(".")[2] for entry in before] == ["zip", "sqlite", "zip", "xlsx"]
    answer = site().get("/download/ca-ai-policy.sqlite")
    assert answer.headers["Content-Type"] == "application/vnd.sqlite3"
    assert answer.content.startswith(b"SQLite format 3")
    after = {entry["mediaType"]: entry for entry in site().get("/data/", headers=headers).json()["tables"]}
    assert after[answer.headers["Content-Type"]]["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert "ca-ai-policy.sqlite" in site().get("/download/SHA256SUMS").text


def accepted_triples() -> set[Quad]:
    return {Quad(*q.triple) for q in store().quads_for_pattern(None, None, None, GRAPH.accepted)}


def test_robots_and_sitemap() -> None:
    robots = site().get("/robots.txt").text
    address = re.search(r"^Sitemap: (\S+)$", robots, re.MULTILINE)
    assert address
    assert "Disallow: /sparql?" in robots
    tree = ElementTree.fromstring(site().get(address[1].removeprefix(site().url)).content)
    places = [str(place.text) for place in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert site().url + "/country/kz" in places
    assert all(place.startswith(site().url) for place in places)
    assert len(places) == len(set(places))
    for place in places[1::97]:
        assert site().get(place.removeprefix(site().url)).status_code == 200


def test_what_a_language_model_reads_first_is_true() -> None:
    answer = site().get("/llms.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    links = re.findall(rf"{re.escape(site().url)}(/[^)`\s]*)", answer.text)
    assert len(links) > 40
    for path in links:
        filled = path.replace("SLUG", "targets").replace("THING", "id:kz-law-on-ai").replace("PROPERTY", "aip:country")
        expected = 405 if path == "/mcp" else 200  # which takes POST alone
        assert site().get(filled).status_code == expected, path
    example = re.search(r"```sparql\n(.*?)```", answer.text, re.DOTALL)
    assert example
    rows = site().get("/sparql", params={"query": example[1]}, headers={"Accept": "text/csv"}).text.splitlines()
    assert rows[0] == "law,name,signed"
    assert len(rows) > 1
    again = site().get("/llms.txt", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_security_headers() -> None:
    for path in ("/id/kz", "/sparql?query=ASK%7B%7D", "/nothing", "/health", "/query/targets"):
        headers = site().get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert "Set-Cookie" not in headers
        assert "Server" not in headers or "granian" in headers["Server"]
