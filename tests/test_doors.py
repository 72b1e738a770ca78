"""Two doors to the engine: which queries may run in a web process, and that those are cheap on the real record."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, QuerySolutions, Store

from kg.degrees import ACCEPTED, ANY, Degree, Degrees, read_degrees, write_degrees
from kg.errors import QueryError, SnapshotError
from kg.namespaces import PREFIXES
from kg.terms import GRAPH, RDF
from tests.built import ROOT, built
from tests.served import RECORD_DAY, record, snapshots
from web.config import WebSettings
from web.engine.bound import MAX_WORK, is_bounded, most_work
from web.engine.doors import FirstDoor, TwoDoors, normalised
from web.engine.protocol import Request
from web.engine.results import EngineResult
from web.engine.shape import read_shape
from web.engine.worker import prefixes_in
from web.snapshot import Snapshot, open_local

CORPUS = Path(__file__).parent / "data" / "doors" / "harmful.yaml"
MAX_SECONDS = 0.25
"""What a bounded query may take here; the bound is meant for a tenth of that on an idle machine."""
_REPEAT = re.compile(r"<<(.+?)\*(\d+)>>", re.DOTALL)
BOUNDED = [
    "ASK {}",
    "ASK WHERE { id:kz a aip:Country }",
    "SELECT * { id:kz ?p ?o }",
    "SELECT ?l WHERE { id:kz rdfs:label ?l . } LIMIT 5 OFFSET 1",
    "PREFIX x: <https://w3id.org/ca-ai-policy/id/> SELECT * { x:kz rdfs:label ?l ; aip:n ?n , 'a', 'b'@en, 1, true }",
    "SELECT DISTINCT ?p { GRAPH ?g { <https://w3id.org/ca-ai-policy/id/kz-law-on-ai> ?p ?o } } ORDER BY ?p DESC(?o)",
    'SELECT ?l { GRAPH graph:accepted { id:kz rdfs:label ?l } FILTER(LANG(?l) = "en" || !BOUND(?l)) }',
    "SELECT * { id:kz-law-on-ai rdfs:label ?l FILTER(?l IN ('a'@en, 'b'^^xsd:string)) FILTER CONTAINS(STR(?l), 'x') }",
    "SELECT ?g ?s { GRAPH ?g { id:kz ?p ?o } GRAPH graph:sources { ?g aip:inPassage ?x . ?x aip:inSource ?s } } # end",
    "SELECT * { id:kz-law-on-ai aip:of ?x OPTIONAL { ?x rdfs:label ?l } OPTIONAL { GRAPH ?g { ?x aip:of ?y } } }",
    "SELECT * { ?s aip:of id:kz-law-on-ai ; rdfs:label ?l }",
    "SELECT * { id:kz rdfs:label ?l . id:uz rdfs:label ?m . id:tj rdfs:label ?n }",
    "SELECT * { id:kz a aip:Country . id:uz ?q ?r }",
    "SELECT * { ?s rdfs:label 'Kazakhstan'@en }",
]


def harmful() -> list[str]:
    groups: dict[str, list[str]] = yaml.safe_load(CORPUS.read_text("utf-8"))
    queries = [query for group in groups.values() for query in group]
    return [_REPEAT.sub(lambda match: match[1] * int(match[2]), query) for query in queries]


@cache
def degrees() -> Degrees:
    """Those of the real record, as its build counted them."""
    counted = read_degrees(built(ROOT / "data", RECORD_DAY) / "current")
    assert counted is not None
    return counted


@cache
def door() -> FirstDoor:
    return FirstDoor("record", record(), degrees())


@pytest.mark.parametrize("query", BOUNDED)
def test_bounded(query: str) -> None:
    assert is_bounded(read_shape(query), degrees())
    assert door().admit(query) is not None


@pytest.mark.parametrize("query", harmful())
def test_harmful_queries_go_to_a_worker(query: str) -> None:
    assert door().admit(query) is None
    prologue = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("aip", "concept", "graph", "id", "rdfs"))
    assert door().admit(prologue + query) is None


def test_corpus_is_large() -> None:
    assert len(harmful()) >= 130


def test_the_bound_is_the_work_of_the_joins() -> None:
    some: Degrees = {
        ANY: {ANY: Degree(1000, 30, 300), "urn:p": Degree(500, 20, 200), "urn:q": Degree(400, 3, 40)},
        ACCEPTED: {ANY: Degree(500, 10, 100), "urn:p": Degree(200, 5, 50), "urn:q": Degree(100, 2, 4)},
    }

    def work(where: str) -> tuple[int, int] | None:
        shape = read_shape(f"SELECT * {{ {where} }}")
        assert shape is not None
        return most_work(shape, some)

    assert work("<urn:a> <urn:p> ?o") == (5 + 5, 5)
    assert work("GRAPH ?g { <urn:a> <urn:p> ?o }") == (20 + 20, 20)
    assert work("<urn:a> <urn:p> ?o . ?o <urn:q> ?r") == (5 + 10 + 10, 10)
    assert work("?s <urn:q> <urn:b>") == (4 + 4, 4)
    assert work("<urn:a> ?p ?o") == (10 + 10, 10)
    assert work("<urn:a> <urn:constant> ?o") == (10 + 10, 10)
    assert work("<urn:a> <urn:unknown> ?o") == (1 + 1, 1)
    assert work("<urn:a> <urn:p> ?o . <urn:b> <urn:q> ?r") == (5 + 5 + 2 + 10, 10)
    assert work("<urn:a> <urn:p> ?o OPTIONAL { ?o <urn:q> ?r } OPTIONAL { ?x <urn:q> ?o }") == (5 + 5 + 10 + 40, 40)
    # An optional variable may have no value, so it is no way into the next pattern.
    assert work("<urn:a> <urn:p> ?o OPTIONAL { ?o <urn:q> ?r } OPTIONAL { ?r <urn:q> ?t }") is None
    assert work("<urn:a> <urn:p> ?o OPTIONAL { <urn:b> <urn:q> ?r }") is None


def test_what_a_query_is_about_does_not_matter() -> None:
    space = PREFIXES["id"]
    assert normalised(f"ASK {{ <{space}a> ?p ?o }} # 1") == normalised(f"ASK {{ <{space}b.c> ?p ?o }} # 27")
    for text in (f"PREFIX id: <{space}> ASK {{}}", f"ASK {{ <{space}../x> ?p ?o }}", "ASK { ?s ?p 'a # b' }"):
        assert normalised(text) == text


TERMS = st.sampled_from(
    ["?a", "?b", "?c", "?d", "id:kz", "id:kz-law-on-ai", "id:uz", "concept:topic-data", "aip:Law", "aip:Country"]
)
PREDICATES = st.sampled_from(
    ["?p", "?q", "?a", "a", "rdfs:label", "aip:of", "aip:country", "aip:inPassage", "aip:inSource", "aip:topic"]
)
GRAPHS = st.sampled_from(["", "", "graph:accepted", "graph:sources", "graph:inferred", "?g", "?h", "?a"])


@st.composite
def queries(draw: st.DrawFn) -> str:
    """Queries of the simple language, bounded or not."""

    def triples(most: int) -> str:
        patterns = draw(st.lists(st.tuples(TERMS, PREDICATES, TERMS), min_size=1, max_size=most))
        inside = " . ".join(" ".join(pattern) for pattern in patterns)
        graph = draw(GRAPHS)
        return f"GRAPH {graph} {{ {inside} }}" if graph else inside + " ."

    required = [triples(3) for _ in range(draw(st.integers(1, 3)))]
    optional = [f"OPTIONAL {{ {triples(1)} }}" for _ in range(draw(st.integers(0, 2)))]
    order = draw(st.sampled_from(["", " ORDER BY ?a", " LIMIT 10", " ORDER BY DESC(?b) LIMIT 5"]))
    form = draw(st.sampled_from(["SELECT *", "SELECT DISTINCT ?a ?b", "SELECT ?p ?c", "ASK"]))
    where = " ".join([*required, *optional, draw(st.sampled_from(["", "FILTER(?a != ?b)", "FILTER(ISIRI(?a))"]))])
    return f"{form} {{ {where} }}{'' if form == 'ASK' else order}"


@settings(max_examples=400, deadline=None)
@given(queries())
def test_whatever_is_bounded_is_cheap_on_the_record(query: str) -> None:
    admitted = door().admit(query)
    if admitted is None:
        return
    shape = read_shape(query)
    assert shape is not None
    most = most_work(shape, degrees())
    assert most is not None
    assert most.quads <= MAX_WORK.quads
    begin = time.thread_time()
    results = record().query(query, prefixes=prefixes_in(query), default_graph=[GRAPH.accepted])
    rows = sum(1 for _ in results) if isinstance(results, QuerySolutions) else 0
    assert time.thread_time() - begin < MAX_SECONDS
    assert rows <= most.rows


def test_results_are_those_of_the_worker() -> None:
    query = "SELECT * { id:kz rdfs:label ?l } ORDER BY ?l"
    admitted = door().admit(query)
    assert admitted is not None
    assert admitted.prefixes == {"id": PREFIXES["id"], "rdfs": PREFIXES["rdfs"]}
    for name in ("json", "xml", "csv", "tsv"):
        assert b"Kazakhstan" in door().run(query, name, admitted)
    with pytest.raises(QueryError) as caught:
        door().run("SELECT * { id:kz unknown:p ?o }", "json", admitted)
    assert caught.value.line == 1  # type: ignore[attr-defined]


class Workers:
    """Counts what comes to the second door."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def run(self, request: Request, timeout: float | None = None) -> EngineResult:
        self.texts.append(request.query)
        raise NotImplementedError


@cache
def mini() -> Snapshot:
    settings = WebSettings.from_environment({"KG_SNAPSHOTS": str(snapshots())})
    return open_local(settings, None)


def requests_for_workers() -> Iterator[Request]:
    text = "SELECT * { id:kz rdfs:label ?l }"
    yield Request(text, trusted=True)
    yield Request(text, uncapped=text, default_graphs=())
    yield Request(text, uncapped=text, own_dataset=True)
    yield Request(text)
    yield Request("SELECT * { ?s ?p ?o } LIMIT 9", uncapped="SELECT * { ?s ?p ?o }")


@pytest.mark.parametrize("request_", list(requests_for_workers()))
def test_another_dataset_and_a_trusted_query_go_to_a_worker(request_: Request) -> None:
    workers = Workers()
    with pytest.raises(NotImplementedError):
        TwoDoors(workers, mini).run(request_)
    assert workers.texts


def test_the_first_door() -> None:
    text = "SELECT * { id:kz rdfs:label ?l }"
    result = TwoDoors(Workers(), mini).run(Request(text + " LIMIT 9", uncapped=text))
    assert b"Northland" in result.body.read()
    assert result.snapshot == mini().name


def test_a_snapshot_without_degrees_lets_nothing_in() -> None:
    assert FirstDoor("old", Store(), None).admit("ASK {}") is None


def test_degrees_are_those_of_the_store(tmp_path: Path) -> None:
    store = record()
    of_law = {
        quad.subject for quad in store.quads_for_pattern(None, RDF.type, NamedNode(PREFIXES["aip"] + "Law"), None)
    }
    for subject in sorted(of_law, key=str)[:50]:
        assert len(list(store.quads_for_pattern(subject, None, None, None))) <= degrees()[ANY][ANY].of_subject
    for iri in (RDF.type.value, PREFIXES["aip"] + "country"):
        assert degrees()[ANY][iri].quads == len(list(store.quads_for_pattern(None, NamedNode(iri), None, None)))
    accepted = len(list(store.quads_for_pattern(None, None, None, GRAPH.accepted)))
    assert degrees()[ACCEPTED][ANY].quads == accepted
    write_degrees(tmp_path, degrees())
    assert read_degrees(tmp_path) == degrees()
    (tmp_path / "degrees.json").write_text("[", "utf-8")
    with pytest.raises(SnapshotError):
        read_degrees(tmp_path)
