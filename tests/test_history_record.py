"""The periods of a whole snapshot: no two of one thing share a day, each leads to passages, the current values hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from pyoxigraph import Literal, NamedNode, Store

from kg.build import build
from kg.explain import Explainer
from kg.settings import Settings
from kg.store import open_snapshot
from kg.terms import AIP, CONCEPT, GRAPH, PROV, RDF, Term
from tests.served import MINI, MINI_DAY, RECORD_DAY, ROOT, record, scratch, snapshots

OF = {AIP.StatusPeriod: AIP.of, AIP.Incumbency: AIP.post, AIP.TargetState: AIP.formulation}
VALUES = {AIP.StatusPeriod: AIP.status, AIP.Incumbency: AIP.incumbent, AIP.TargetState: AIP.state}
CURRENT = {AIP.StatusPeriod: AIP.currentStatus, AIP.Incumbency: AIP.currentHolder, AIP.TargetState: AIP.currentState}


def mini() -> Store:
    """The invented record."""
    return open_snapshot(snapshots() / "current")


STORES = pytest.mark.parametrize(("store", "built"), [(mini, MINI_DAY), (record, RECORD_DAY)], ids=["mini", "record"])


def values(store: Store, subject: Term, predicate: NamedNode) -> list[Term]:
    return [q.object for q in store.quads_for_pattern(subject, predicate, None, GRAPH.inferred)]


def day(store: Store, period: NamedNode, bound: NamedNode) -> date | None:
    found = values(store, period, bound)
    return date.fromisoformat(found[0].value) if found and isinstance(found[0], Literal) else None


def periods(store: Store, class_: NamedNode) -> list[NamedNode]:
    quads = store.quads_for_pattern(None, RDF.type, class_, GRAPH.inferred)
    return sorted((q.subject for q in quads if isinstance(q.subject, NamedNode)), key=str)


def holds(store: Store, period: NamedNode, asked: date) -> bool:
    first, last = day(store, period, AIP.fromEarliest), day(store, period, AIP.untilLatest)
    return first is not None and first <= asked and (last is None or asked <= last)


@STORES
@pytest.mark.parametrize("class_", OF, ids=["statuses", "offices", "targets"])
def test_periods_of_one_thing_do_not_overlap(store: Callable[[], Store], built: date, class_: NamedNode) -> None:
    graph = store()
    by_thing = defaultdict(list)
    for period in periods(graph, class_):
        (thing,) = values(graph, period, OF[class_])
        several = list(graph.quads_for_pattern(thing, AIP.severalHolders, Literal(True), GRAPH.accepted))
        first, last = day(graph, period, AIP.fromEarliest), day(graph, period, AIP.untilLatest)
        assert first is not None
        assert last is None or first <= last
        if not several:
            by_thing[thing].append((first, last or date.max))
    assert by_thing
    for thing, spans in by_thing.items():
        for before, after in pairwise(sorted(spans)):
            assert before[1] < after[0], thing


@STORES
@pytest.mark.parametrize("class_", OF, ids=["statuses", "offices", "targets"])
def test_current_values_are_those_of_the_day_of_the_build(
    store: Callable[[], Store], built: date, class_: NamedNode
) -> None:
    graph = store()
    (stated,) = values(graph, NamedNode("https://w3id.org/ca-ai-policy/dataset"), AIP.asOf)
    assert stated == Literal(built.isoformat(), datatype=NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    holding = {
        (values(graph, period, OF[class_])[0], values(graph, period, VALUES[class_])[0])
        for period in periods(graph, class_)
        if holds(graph, period, built)
    }
    current = {(q.subject, q.object) for q in graph.quads_for_pattern(None, CURRENT[class_], None, GRAPH.inferred)}
    aims = {q.object for q in graph.quads_for_pattern(None, AIP.formulationOf, None, GRAPH.accepted)}
    assert {pair for pair in current if pair[0] not in aims} == holding


@STORES
def test_every_period_leads_to_passages(store: Callable[[], Store], built: date) -> None:
    graph = store()
    explainer = Explainer(graph)
    for class_, value in VALUES.items():
        for period in periods(graph, class_)[::9]:
            for quad in graph.quads_for_pattern(period, value, None, GRAPH.inferred):
                proof = explainer.explain(quad.triple)
                assert any(leaf.citations for leaf in proof.leaves()), period
            assert values(graph, period, PROV.wasDerivedFrom)
            assert values(graph, period, AIP.evidence)


@STORES
def test_every_short_cut_has_a_proof(store: Callable[[], Store], built: date) -> None:
    graph = store()
    explainer = Explainer(graph)
    for predicate in (*CURRENT.values(), AIP.readUntil, AIP.asOf, AIP.revises):
        for quad in sorted(graph.quads_for_pattern(None, predicate, None, GRAPH.inferred), key=str)[::9]:
            assert explainer.explain(quad.triple).summary


def test_two_builds_of_one_day_are_one_snapshot_and_of_another_day_another() -> None:
    here = replace(Settings.default(ROOT), data=MINI, snapshots=scratch() / "days")
    names = [build(here, day=asked).snapshot.name for asked in (MINI_DAY, MINI_DAY, date(2027, 1, 1))]
    assert names[0] == names[1] == (snapshots() / "current").resolve().name
    assert names[2] != names[0]


def test_a_status_of_the_record_is_answered_by_a_plain_triple() -> None:
    law = NamedNode("https://w3id.org/ca-ai-policy/id/kz-law-on-ai")
    assert [q.object for q in record().quads_for_pattern(law, AIP.currentStatus, None, GRAPH.accepted)] == [
        CONCEPT["status-in-force"]
    ]
