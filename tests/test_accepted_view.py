"""Queries that read the accepted view alone run over a store that holds nothing else, and find the same there."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, QueryBoolean, QueryTriples, Store

from kg.namespaces import PREFIXES
from kg.query import load_queries
from kg.terms import GRAPH
from tests.built import ROOT
from tests.served import snapshots
from web.config import WebSettings
from web.engine.doors import TwoDoors
from web.engine.protocol import ACCEPTED, ALL, Request
from web.engine.query_limits import check
from web.engine.results import EngineResult
from web.engine.shape import read_shape
from web.engine.shared_store import load, share, shared_store
from web.snapshot import Snapshot, open_local

LAWS = [NamedNode(PREFIXES["id"] + name) for name in ("kz", "uz")]
IRI = GRAPH.accepted.value
ALONE = [
    "ASK {}",
    "SELECT * { ?s ?p ?o }",
    "SELECT * { GRAPH graph:accepted { ?s ?p ?o } }",
    f"select * {{ graph <{IRI}> {{ ?s ?p ?o }} ?s a ?c }}",
    f"PREFIX g: <{PREFIXES['graph']}> CONSTRUCT WHERE {{ GRAPH g:accepted {{ ?s ?p ?o }} }}",
    f"SELECT (COUNT(*) AS ?n) {{ ?s a ?c FILTER EXISTS {{ GRAPH <{IRI}> {{ ?s rdfs:label ?GRAPH }} }} }}",
    "SELECT * { ?s rdfs:label 'GRAPH ?g { }' } # GRAPH ?g {",
]
OTHERS = [
    "SELECT * { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { GRAPH graph:sources { ?s ?p ?o } }",
    "SELECT * { GRAPH graph:accepted { ?s ?p ?o } GRAPH ?g { ?s ?p ?o } }",
    "SELECT * FROM graph:sources { ?s ?p ?o }",
    "SELECT * FROM NAMED graph:sources { GRAPH graph:accepted { ?s ?p ?o } }",
    "PREFIX graph: <urn:other/> SELECT * { GRAPH graph:accepted { ?s ?p ?o } }",
    f"PREFIX g: <{PREFIXES['graph']}> PREFIX g: <urn:other/> SELECT * {{ GRAPH g:accepted {{ ?s ?p ?o }} }}",
    "# begin\nPREFIX graph: <urn:other/> SELECT * { GRAPH graph:accepted { ?s ?p ?o } }",
    f"BASE <urn:other/> PREFIX graph: <urn:other/> SELECT * {{ GRAPH graph:accepted {{ ?s ?p ?o }} }} #{IRI}",
    "BASE <https://w3id.org/ca-ai-policy/graph/> SELECT * { GRAPH <accepted> { ?s ?p ?o } }",
    "SELECT * { \\u0047RAPH ?g { ?s ?p ?o } }",
    "SELECT * { GRAPH # c\n ?g { ?s ?p ?o } }",
    "SELECT * { { ?s ?p ?o FILTER NOT EXISTS { GRAPH $g { ?s ?p ?o } } } }",
    "SELECT * { ?a <'> ?b . GRAPH graph:accepted { ?s ?p 'x' } }",
    "DESCRIBE id:kz",
]


@cache
def mini() -> Snapshot:
    return open_local(WebSettings.from_environment({"KG_SNAPSHOTS": str(snapshots())}), None)


@cache
def accepted() -> Store:
    return load(mini().path)


@pytest.mark.parametrize("query", ALONE)
def test_the_accepted_view_alone(query: str) -> None:
    assert check(query).accepted_only
    assert Request(query, accepted_only=True).part == ACCEPTED


@pytest.mark.parametrize("query", OTHERS)
def test_other_graphs(query: str) -> None:
    assert not check(query).accepted_only


@pytest.mark.parametrize("more", [{"own_dataset": True}, {"default_graphs": ()}, {"named_graphs": (IRI,)}])
def test_a_dataset_of_the_request_may_be_another(more: dict[str, object]) -> None:
    assert Request("ASK {}", accepted_only=True, **more).part == ALL  # type: ignore[arg-type]


def test_the_store_in_memory_holds_the_accepted_view() -> None:
    assert set(accepted()) == set(mini().store.quads_for_pattern(None, None, None, GRAPH.accepted))


def answers(store: Store, query: str) -> object:
    results = store.query(query, prefixes=PREFIXES, default_graph=[NamedNode(IRI)])
    if isinstance(results, QueryBoolean):
        return bool(results)
    rows = results if isinstance(results, QueryTriples) else (tuple(row) for row in results)
    return sorted(map(str, rows))


@st.composite
def queries(draw: st.DrawFn) -> str:
    terms = st.sampled_from(["?s", "?o", "id:kz", "aip:Law", "?x"])
    paths = st.sampled_from(["a", "rdfs:label", "?p", "aip:of", "aip:country", "aip:of?", "^aip:of/rdfs:label"])
    graphs = st.sampled_from(["", "", "GRAPH graph:accepted", f"GRAPH <{IRI}>", "GRAPH ?g", "GRAPH graph:sources"])

    def group() -> str:
        return f"{{ {draw(graphs)} {{ {draw(terms)} {draw(paths)} {draw(terms)} }} }}"

    form = draw(st.sampled_from(["SELECT *", "ASK", "SELECT DISTINCT ?s", "CONSTRUCT { ?s ?p ?o }"]))
    between = draw(st.sampled_from(["", "OPTIONAL", "FILTER EXISTS", "FILTER NOT EXISTS", "MINUS", "UNION"]))
    return f"{form} {{ {group()} {between} {group()} }}"


@cache
def small() -> tuple[Store, Store]:
    """Few quads in several graphs, some triples in more than one of them; and those of the accepted view alone."""
    quads = [quad for law in LAWS for quad in mini().store.quads_for_pattern(law, None, None, None)]
    alone = [quad for quad in quads if quad.graph_name == GRAPH.accepted]
    assert 0 < len(alone) < len(quads) < 200
    both = Store(), Store()
    for store, some in zip(both, (quads, alone), strict=True):
        store.extend(some)
    return both


@settings(max_examples=300, deadline=None)
@given(queries())
def test_both_stores_give_the_same_answers(query: str) -> None:
    if check(query).accepted_only:
        everything, alone = small()
        assert answers(alone, query) == answers(everything, query)


@pytest.mark.parametrize("query", [*ALONE, *OTHERS])
def test_the_shape_of_a_query_agrees_with_its_scan(query: str) -> None:
    shape = read_shape(query)
    assert shape is None or shape.accepted_only == check(query).accepted_only


class NoWorkers:
    def run(self, request: Request, timeout: float | None = None) -> EngineResult:
        raise NotImplementedError


def test_the_first_door_looks_up_in_the_store_that_was_inherited() -> None:
    before = TwoDoors(NoWorkers(), mini).door(mini())
    share(mini().name, accepted())
    after = TwoDoors(NoWorkers(), mini).door(mini())
    alone, other = "SELECT * { id:kz rdfs:label ?l } ORDER BY ?l", "SELECT ?g ?l { GRAPH ?g { id:kz rdfs:label ?l } }"
    admitted = [door.admit(query) for door in (before, after) for query in (alone, other)]
    assert [one is not None and one.store is accepted() for one in admitted] == [False, False, True, False]
    bodies = {door.run(alone, "json", one) for door, one in ((before, admitted[0]), (after, admitted[2])) if one}
    assert len(bodies) == 1
    assert shared_store("another") is None


def test_canned_queries_of_both_kinds() -> None:
    texts = {slug: query.text for slug, query in load_queries(ROOT / "queries").items()}
    assert check(texts["status-on-date"]).accepted_only
    assert not check(texts["evidence"]).accepted_only
