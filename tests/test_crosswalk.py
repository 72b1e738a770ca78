"""Links to other vocabularies: the SSSOM file, linksets, and queries over our endpoint and another one."""

from __future__ import annotations

import atexit
import csv
import io
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
import requests
import yaml
from jinja2 import Template
from pyoxigraph import RdfFormat as Rdf
from pyoxigraph import Store, parse

from kg.crosswalk import mappings
from kg.namespaces import PREFIXES, expand
from kg.store import open_snapshot
from kg.terms import AIP, GRAPH, RDF
from tests.explorer import explorer, record
from tests.node import comunica
from tests.served import ROOT, free_port, scratch, wait_for

DATA = ROOT / "tests" / "data"
FEDERATED = ROOT / "web" / "templates" / "help" / "federated.rq"
WIKIDATA = DATA / "federation" / "wikidata.ttl"
OXIGRAPH = Path(sys.executable).with_name("oxigraph")
CURIE = re.compile(r"[A-Za-z_][\w.-]*:\S+")

pytestmark = pytest.mark.server


@cache
def schema() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((DATA / "sssom" / "sssom_schema.yaml").read_text("utf-8"))
    return document


@cache
def store() -> Store:
    return open_snapshot(record() / "current")


@cache
def crosswalk() -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The header and the rows of the file."""
    response = explorer().get("/download/crosswalk.sssom.tsv")
    assert response.headers["Content-Type"] == "text/tab-separated-values; charset=utf-8"
    lines = response.content.decode().splitlines(keepends=True)
    header = yaml.safe_load("".join(line[2:] for line in lines if line.startswith("#")))
    table = io.StringIO("".join(line for line in lines if not line.startswith("#")))
    return header, list(csv.DictReader(table, delimiter="\t"))


def required(name: str) -> set[str]:
    """The slots that a class of the schema must have."""
    cls = schema()["classes"][name]
    usage = cls.get("slot_usage", {})
    return {
        slot
        for slot in cls["slots"]
        if {**(schema()["slots"].get(slot) or {}), **(usage.get(slot) or {})}.get("required")
    }


def test_the_header_is_that_of_a_mapping_set() -> None:
    header, _ = crosswalk()
    assert set(header) <= set(schema()["classes"]["mapping set"]["slots"])
    assert required("mapping set") - {"mappings"} <= set(header)
    for name, value in header.items():
        multivalued = bool((schema()["slots"].get(name) or {}).get("multivalued"))
        assert multivalued == isinstance(value, list) or name == "curie_map", name
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(header["publication_date"]))


def test_each_row_is_a_mapping() -> None:
    header, rows = crosswalk()
    assert rows
    known = set(schema()["classes"]["mapping"]["slots"])
    for row in rows:
        assert set(row) <= known
        assert required("mapping") <= {name for name, value in row.items() if value}
        for name in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
            assert CURIE.fullmatch(row[name])
            assert row[name].partition(":")[0] in header["curie_map"]
        assert row["predicate_id"].startswith("skos:")


def test_the_rows_are_the_links_of_the_graph() -> None:
    header, rows = crosswalk()

    def full(name: str) -> str:
        prefix, _, local = name.partition(":")
        return str(header["curie_map"][prefix] + local)

    written = [tuple(full(row[name]) for name in ("subject_id", "predicate_id", "object_id")) for row in rows]
    links = [(one.subject.value, one.predicate.value, one.object.value) for one in mappings(store())]
    assert written == links
    assert (expand("id:kz"), expand("skos:exactMatch"), PREFIXES["wd"] + "Q232") in links


def test_a_row_says_when_and_where_it_was_confirmed() -> None:
    _, rows = crosswalk()
    (row,) = (row for row in rows if row["object_id"] == "rororg:052bx8q98")
    assert row["subject_id"] == "id:kz-nazarbayev-university"
    assert row["mapping_date"] == "2026-11-30"
    assert row["see_also"].endswith("/052bx8q98.json")
    assert row["comment"] == "country and city"
    by_hand = [row for row in rows if row["subject_id"].startswith("concept:")]
    assert by_hand
    assert not any(row["mapping_date"] for row in by_hand)


def test_linksets_count_every_link() -> None:
    described = Store()
    described.extend(parse(explorer().get("/graph/catalogue.nt").content, format=Rdf.N_TRIPLES))
    query = """
      PREFIX void: <http://rdfs.org/ns/void#>
      SELECT ?predicate ?target ?count {
        ?set a void:Linkset ; void:linkPredicate ?predicate ; void:objectsTarget ?target ; void:triples ?count ;
          void:subjectsTarget <https://w3id.org/ca-ai-policy/dataset> .
        <https://w3id.org/ca-ai-policy/dataset> void:subset ?set .
      }"""
    counted = {(row[0].value, row[1].value): int(row[2].value) for row in described.query(query)}  # type: ignore[union-attr]
    links: dict[tuple[str, str], int] = {}
    for one in mappings(store()):
        key = one.predicate.value, one.space
        links[key] = links.get(key, 0) + 1
    assert counted == links


def test_things_say_that_they_are_the_same() -> None:
    text = explorer().get("/id/kz.nt").text
    assert f"<{PREFIXES['schema']}sameAs> <{PREFIXES['wd']}Q232>" in text
    assert f"<{PREFIXES['skos']}exactMatch> <{PREFIXES['wd']}Q232>" in text


def test_a_page_shows_identifiers_with_their_checks() -> None:
    page = explorer().get("/id/kz-nazarbayev-university", headers={"Accept": "text/html"}).text
    section = page[page.index('id="identifiers"') :]
    assert re.search(r'href="https://ror.org/052bx8q98"[^>]*>052bx8q98<', section)
    assert "/052bx8q98.json" in section
    assert 'id="identifiers"' in explorer().get("/country/tj").text
    check = explorer().get("/id/kz-nazarbayev-university--ror", headers={"Accept": "text/html"})
    assert check.url.endswith("/id/kz-nazarbayev-university#identifiers")


@pytest.mark.parametrize(
    ("identifier", "thing"),
    [
        ("Q2783344", "kz-nazarbayev-university"),
        ("052bx8q98", "kz-nazarbayev-university"),
        ("32024R1689", "int-eu-ai-act"),
    ],
)
def test_search_finds_a_thing_by_its_identifier_elsewhere(identifier: str, thing: str) -> None:
    results = explorer().get(f"/search?format=json&q={identifier}").json()["results"]
    assert results[0]["iri"] == expand(f"id:{thing}")


@cache
def wikidata() -> str:
    """The address of another endpoint, with the extract of Wikidata in it."""
    folder, port = scratch() / "wikidata", free_port()
    subprocess.run([OXIGRAPH, "load", "-l", folder, "-f", WIKIDATA], check=True, capture_output=True, timeout=60)
    log = scratch() / "wikidata.log"
    with log.open("wb") as file:
        command = [OXIGRAPH, "serve-read-only", "-l", folder, "-b", f"127.0.0.1:{port}"]
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
    wait_for(f"http://127.0.0.1:{port}/", process, log)
    atexit.register(process.kill)
    return f"http://127.0.0.1:{port}/query"


def test_another_endpoint_asks_ours() -> None:
    """The query that the page of the interface shows, by SERVICE from an Oxigraph server."""
    if not OXIGRAPH.exists():
        pytest.skip("the package oxigraph is not installed")
    query = Template(FEDERATED.read_text("utf-8")).render(endpoint=explorer().sparql)
    headers = {"Accept": "application/sparql-results+json"}
    response = requests.post(wikidata(), data={"query": query}, headers=headers, timeout=60)
    assert response.status_code == 200, response.text
    rows = response.json()["results"]["bindings"]
    found = {(row["capitalName"]["value"], row["law"]["value"]) for row in rows}
    assert ("Astana", expand("id:kz-law-on-ai")) in found
    assert {capital for capital, _ in found} >= {"Astana", "Tashkent", "Bishkek"}


class TurtleFiles(SimpleHTTPRequestHandler):
    """Serves the extract as a file."""

    extensions_map: ClassVar[dict[str, str]] = {".ttl": "text/turtle"}

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged."""


@contextmanager
def served_extract() -> Iterator[str]:
    """The address of the extract as a file of some other site."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(TurtleFiles, directory=WIKIDATA.parent)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{WIKIDATA.name}"
        server.shutdown()


def test_comunica_asks_both() -> None:
    query = (DATA / "federation" / "both.rq").read_text("utf-8")
    with served_extract() as extract:
        [answer] = comunica(([{"type": "sparql", "value": explorer().sparql}, extract], query))
    assert "error" not in answer, answer
    rows = answer["results"]["bindings"]
    found = {(row["capitalName"]["value"], row["law"]["value"]) for row in rows}
    assert ("Astana", expand("id:kz-law-on-ai")) in found
    graph = GRAPH.accepted
    acts = {quad.subject for quad in store().quads_for_pattern(None, RDF.type, AIP.Law, graph)}
    covered = {quad.subject for quad in store().quads_for_pattern(None, AIP.coverageOrder, None, graph)}
    laws = {
        quad.subject
        for quad in store().quads_for_pattern(None, AIP.country, None, graph)
        if quad.subject in acts and quad.object in covered
    }
    assert len(found) == len(laws)


def test_the_page_of_the_interface_shows_the_query() -> None:
    page = explorer().get("/api/").text
    assert f"SERVICE &lt;{explorer().sparql}&gt;" in page
