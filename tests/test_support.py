"""The support of a node: the best assertion about it, and how many sources of different origin describe it."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg.explain import explain
from kg.namespaces import PREFIXES, expand
from kg.store import open_snapshot
from kg.support import add_support, support_of
from kg.terms import AIP, GRAPH
from tests.served import snapshots

HEADER = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
SOURCES = """
graph:sources {
  source:a a aip:Source . source:b a aip:Source ; aip:rewrites source:a . source:c a aip:Source .
  passage:a.1 aip:inSource source:a . passage:b.1 aip:inSource source:b . passage:c.1 aip:inSource source:c .
  assertion:a.1 aip:inPassage passage:a.1 ; aip:confidence concept:confidence-low .
  assertion:b.1 aip:inPassage passage:b.1 ; aip:confidence concept:confidence-medium .
  assertion:c.1 aip:inPassage passage:c.1 ; aip:confidence concept:confidence-medium .
}
"""
REJECTED = 'graph:rulings { id:r a aip:Ruling ; aip:onSubject id:e ; aip:onProperty aip:date ; aip:rejects "2020" }'
REJECTED_STEP = REJECTED.replace("aip:onSubject id:e", "aip:onSubject id:f")
CASES = {
    "one assertion": ("assertion:a.1 { id:e aip:date '2020' }", "assertion:a.1", 1),
    "a source that rewrites another adds no origin": (
        "assertion:a.1 { id:e aip:date '2020' } assertion:b.1 { id:e aip:date '2020' }",
        "assertion:b.1",
        1,
    ),
    "confidence comes before what is said": (
        "assertion:a.1 { id:e aip:date '2020' ; aip:by id:x ; aip:scope 'all' } assertion:c.1 { id:e aip:date '2020' }",
        "assertion:c.1",
        2,
    ),
    "of equal confidence the one that says most": (
        "assertion:b.1 { id:e aip:date '2020' } assertion:c.1 { id:e aip:date '2020' ; aip:by id:x }",
        "assertion:c.1",
        2,
    ),
    "of equal confidence the text of an act, though it says less": (
        "assertion:b.1 { id:e aip:date '2020' } assertion:c.1 { id:e aip:date '2020' ; aip:by id:x }"
        " graph:sources { source:b aip:sourceKind concept:law . source:c aip:sourceKind concept:news }"
        " graph:concepts { concept:law aip:rank 10 . concept:news aip:rank 80 }",
        "assertion:b.1",
        2,
    ),
    "of equal weight the first name": (
        "assertion:c.1 { id:e aip:date '2020' } assertion:b.1 { id:e aip:date '2020' }",
        "assertion:b.1",
        2,
    ),
    "what a ruling rejects is no support": (
        f"assertion:a.1 {{ id:e aip:date '2021' }} assertion:c.1 {{ id:e aip:date '2020' }} {REJECTED}",
        "assertion:a.1",
        1,
    ),
    "unless there is no other": (f"assertion:c.1 {{ id:e aip:date '2020' }} {REJECTED}", "assertion:c.1", 1),
    "a step of a thing describes it": (
        "assertion:a.1 { id:step aip:of id:e } assertion:c.1 { id:e aip:by id:x }",
        "assertion:c.1",
        2,
    ),
    "a contested step does not": (
        f"assertion:a.1 {{ id:f aip:date '2020' ; aip:of id:e }} assertion:c.1 {{ id:e aip:by id:x }} {REJECTED_STEP}",
        "assertion:c.1",
        1,
    ),
    "an assertion without a source is none": (
        "assertion:lost.1 { id:e aip:date '2020' ; aip:by id:x } assertion:a.1 { id:e aip:date '2020' }",
        "assertion:a.1",
        1,
    ),
}


def node(name: str) -> NamedNode:
    return NamedNode(expand(name))


def quads(text: str) -> list[Quad]:
    return list(parse(HEADER + SOURCES + text, format=RdfFormat.TRIG))


@pytest.mark.parametrize(("claims", "best", "origins"), CASES.values(), ids=CASES)
def test_support(claims: str, best: str, origins: int) -> None:
    support = support_of(quads(claims))[node("id:e")]
    assert (support.best, support.origin_count) == (node(best), origins)


def test_a_rejected_node_has_none() -> None:
    ruling = "graph:rulings { id:r a aip:Ruling ; aip:rejectsNode id:e }"
    assert add_support(quads(f"assertion:a.1 {{ id:e aip:date '2020' }} {ruling}")) == []


def test_the_build_writes_it_down_and_explains_it() -> None:
    store = open_snapshot(snapshots() / "current")
    law = node("id:kz-law-on-ai")
    for property_ in (AIP.evidence, AIP.originCount):
        (quad,) = store.quads_for_pattern(law, property_, None, GRAPH.accepted)
        proof = explain(store, quad.triple)
        assert proof.derived
        assert {leaf.rule for leaf in proof.leaves()} <= {"claim", "sources"}
    assert any(store.quads_for_pattern(law, AIP.evidence, None, GRAPH.inferred))


def test_every_described_node_is_supported() -> None:
    store = open_snapshot(snapshots() / "current")
    described = {q.subject for q in store.quads_for_pattern(None, AIP.ordinal, None, GRAPH.accepted)}
    supported = {q.subject for q in store.quads_for_pattern(None, AIP.originCount, None, GRAPH.accepted)}
    assert described <= supported
