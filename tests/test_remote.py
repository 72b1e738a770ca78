"""The graph on other engines: published by the Graph Store Protocol to Oxigraph and Virtuoso, asked through
SPARQLWrapper; every canned query gives the rows that our own engine gives."""

from __future__ import annotations

import atexit
import io
import json
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from kg.errors import QueryError, UsageError
from kg.namespaces import PREFIXES
from kg.publish import GraphStore, publish
from kg.query import load_queries
from kg.store import open_snapshot
from kg.terms import GRAPH
from tests.bench.answer_rows import rows
from tests.served import ROOT, Site, free_port, scratch, site, snapshots, start, wait_for
from web.engine.protocol import Request
from web.engine.remote import RemoteEngine
from web.engine.remote_query import with_prefixes, without_undef
from web.engine.remote_store import RemoteStore
from web.engine.results import DeadlineError, EngineDownError
from web.engine.worker import run

pytestmark = pytest.mark.server
QUERIES = load_queries(ROOT / "queries")
DATA = Path(__file__).parent / "data" / "remote"
#: Queries for which Virtuoso, which samples the data while it plans, may take a plan that does not end or compile.
BY_PLAN = {"targets": DeadlineError, "network": EngineDownError | QueryError}
OXIGRAPH = Path(sys.executable).with_name("oxigraph")
VIRTUOSO = shutil.which("virtuoso-t")


@dataclass(frozen=True)
class Server:
    """Another engine that runs with the mini record in it."""

    query: str
    graphs: str
    user: str | None = None
    process: subprocess.Popen[bytes] | None = None


@cache
def store() -> Store:
    return open_snapshot(snapshots() / "current")


def launch(command: list[str], port: int, ready: str) -> subprocess.Popen[bytes]:
    log = scratch() / f"other-{port}.log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, cwd=scratch())

    def stop() -> None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()

    atexit.register(stop)
    wait_for(ready, process, log, 60)
    return process


@cache
def oxigraph() -> Server:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(OXIGRAPH), "serve", "--location", str(scratch() / "oxigraph"), "--bind", f"127.0.0.1:{port}"]
    launch(command, port, url + "/query?query=ASK%7B%7D")
    server = Server(url + "/query", url + "/store")
    load(server)
    return server


@cache
def virtuoso() -> Server:
    if VIRTUOSO is None:
        pytest.skip("Virtuoso is not installed (Debian package virtuoso-opensource)")
    port = free_port()
    folder = scratch() / f"virtuoso-{port}"
    folder.mkdir()
    text = (DATA / "virtuoso.ini").read_text("utf-8")
    text = text.replace("@FOLDER@", str(folder)).replace("@PORT@", str(port)).replace("@SQL@", str(free_port()))
    (folder / "virtuoso.ini").write_text(text, "utf-8")
    url = f"http://127.0.0.1:{port}"
    process = launch([VIRTUOSO, "-f", "-c", str(folder / "virtuoso.ini")], port, url + "/sparql?query=ASK%7B%7D")
    server = Server(url + "/sparql", url + "/sparql-graph-crud-auth", "dba", process)
    load(server)
    return server


def load(server: Server) -> None:
    """By the command, as its users do; the password of a fresh Virtuoso is dba."""
    command = [sys.executable, "-m", "kg", "publish", server.graphs, *(("--user", server.user) if server.user else ())]
    environ = {**os.environ, "KG_SNAPSHOTS": str(snapshots()), "KG_PASSWORD": "dba"}
    done = subprocess.run(command, cwd=ROOT, env=environ, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "graphs" in done.stderr


def ours(text: str) -> list[str]:
    body = io.BytesIO()
    run(store(), Request(text, trusted=True), body)
    return rows(json.loads(body.getvalue()))


def theirs(server: Server, text: str, timeout: int = 60) -> list[str]:
    return rows(json.loads(RemoteEngine(server.query, timeout).run(Request(text, trusted=True)).body.read()))


def replace_virtuoso() -> None:
    """Stop the server, which a query that does not end keeps from answering others; the next test has a new one."""
    process = virtuoso().process
    assert process is not None
    process.kill()
    virtuoso.cache_clear()


@pytest.mark.parametrize("slug", QUERIES)
def test_oxigraph_gives_the_same_rows(slug: str) -> None:
    assert theirs(oxigraph(), QUERIES[slug].text) == ours(QUERIES[slug].text)


@pytest.mark.parametrize("slug", QUERIES)
def test_virtuoso_gives_the_same_rows(slug: str) -> None:
    expected = ours(QUERIES[slug].text)
    try:
        same = theirs(virtuoso(), QUERIES[slug].text, 20 if slug in BY_PLAN else 60) == expected
    except (DeadlineError, EngineDownError, QueryError) as error:
        if isinstance(error, DeadlineError):
            replace_virtuoso()
        same = slug in BY_PLAN and isinstance(error, BY_PLAN[slug])
    assert same


@pytest.mark.parametrize("engine", [oxigraph, virtuoso], ids=["oxigraph", "virtuoso"])
def test_graphs_arrive_whole(engine) -> None:  # type: ignore[no-untyped-def]
    server = engine()
    there = GraphStore(server.graphs, server.user, "dba")
    for name in (GRAPH.accepted.value, PREFIXES["graph"] + "sources", PREFIXES["graph"] + "rulings"):
        expected = {quad.triple for quad in store().quads_for_pattern(None, None, None, NamedNode(name))}
        assert len({quad.triple for quad in there.get(name)}) == len(expected)
    again = publish(store(), there)
    assert again.removed == ()
    assert again.triples == len(store())


@pytest.mark.parametrize("failures", [2, 9])
def test_what_fails_in_the_store_is_sent_again(failures: int) -> None:
    """As Virtuoso fails when it is locked by itself; a store that goes on failing is told of."""
    statuses = iter([500] * failures + [204] * 9)
    received: list[bytes] = []

    class Failing(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(next(statuses))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Failing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        there = GraphStore(f"http://127.0.0.1:{server.server_port}/store")
        quad = Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o"), NamedNode("urn:g"))
        if failures == 9:
            with pytest.raises(UsageError, match="500"):
                there.put("urn:g", [quad])
        else:
            there.put("urn:g", [quad])
        server.shutdown()
    assert len(received) == min(failures, 3) + 1
    assert set(received) == {b"<urn:s> <urn:p> <urn:o> .\n"}


def test_an_assertion_that_is_no_more_is_removed() -> None:
    there = GraphStore(oxigraph().graphs)
    name = PREFIXES["assertion"] + "gone.1"
    sources = list(store().quads_for_pattern(None, None, None, NamedNode(PREFIXES["graph"] + "sources")))
    passage = next(quad for quad in sources if quad.predicate.value.endswith("inPassage"))
    there.put(name, sources[:3])
    more = [*sources, Quad(NamedNode(name), passage.predicate, passage.object)]
    there.put(PREFIXES["graph"] + "sources", more)
    assert publish(store(), there).removed == (name,)
    assert there.get(name) == []


@cache
def remote_site() -> Site:
    return start("--engine", oxigraph().query)


def test_the_same_site_over_another_engine() -> None:
    other = remote_site()
    assert other.get("/ready").status_code == 200
    for path in ("/query/instruments.csv", "/query/targets.rows", "/query/instruments.json?country=uz"):
        assert sorted(other.get(path).text) == sorted(site().get(path).text), path
    for path in ("/id/kz-law-on-ai.nq", "/ontology/Law.nt", "/graph/registry.nt", "/download/ca-ai-policy.ttl"):
        assert other.get(path).text == site().get(path).text, path
    assert other.get("/query/instruments?country=atlantis").status_code == 400
    assert other.get("/id/nobody").status_code == 404
    assert f"<{other.sparql}>" in other.get("/sparql").text


def test_queries_of_strangers_over_another_engine() -> None:
    other = remote_site()
    count = "SELECT (COUNT(*) AS ?n) { ?s a aip:Law }"
    assert other.ask(count).json()["results"] == site().ask(count).json()["results"]
    assert other.ask("ASK { GRAPH graph:registry { ?s a aip:Law } }").json()["boolean"] is True
    assert other.ask("SELECT * { SERVICE <http://127.0.0.1:1/> {} }").status_code == 400
    assert other.ask("SELECT * { ?s ?p }").status_code == 400
    turtle = other.ask("DESCRIBE id:kz", headers={"Accept": "text/turtle"})
    assert turtle.headers["Content-Type"].startswith("text/turtle")
    assert "Northland" in turtle.text


def test_an_engine_that_is_not_there() -> None:
    nobody = RemoteEngine(f"http://127.0.0.1:{free_port()}/sparql", 2)
    with pytest.raises(EngineDownError):
        nobody.run(Request("ASK {}"))


def test_a_store_asked_from_afar() -> None:
    far = RemoteStore(RemoteEngine(oxigraph().query, 30))
    country = NamedNode(PREFIXES["id"] + "kz")
    for pattern in ((country, None, None, None), (None, None, country, GRAPH.accepted)):
        assert set(far.quads_for_pattern(*pattern)) == set(store().quads_for_pattern(*pattern))
    assert far.contains_named_graph(GRAPH.accepted)
    assert not far.contains_named_graph(NamedNode("urn:nothing"))
    assert set(far.named_graphs()) == set(store().named_graphs())


@pytest.mark.parametrize("slug", QUERIES)
def test_leaving_out_what_restricts_nothing_changes_no_row(slug: str) -> None:
    text = QUERIES[slug].text
    assert ours(without_undef(text)) == ours(text)


def test_prefixes_are_declared_once() -> None:
    assert with_prefixes("ASK { ?s a aip:Law }").count("PREFIX") == 1
    declared = "PREFIX aip: <urn:a> ASK { ?s a aip:Law ; rdfs:label ?l }"
    assert with_prefixes(declared).count("PREFIX aip:") == 1
    assert with_prefixes(declared).startswith("PREFIX rdfs:")
