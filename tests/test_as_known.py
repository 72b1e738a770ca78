"""What had been entered by a day: the filter, the views, the command line, and the site."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import time
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import requests
from lxml import html
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.as_known import entry_day, known_dataset, make_view
from kg.entered import entry_days, known_by
from kg.errors import SnapshotError, UsageError
from kg.namespaces import expand
from kg.query import bind, choices_from, load_queries, run
from kg.results import Table
from kg.store import load, open_snapshot
from kg.terms import GRAPH, is_assertion
from tests.served import ROOT, Site, scratch, snapshots, start

QUERIES = load_queries(ROOT / "queries")
#: The record has entries of these days; the gazette's are of the first, the law's signing was ruled on the 24th.
DAYS = [date(2026, 11, day) for day in (20, 21, 22, 23, 24, 25)]


@cache
def mini() -> Store:
    return open_snapshot(snapshots() / "current")


@cache
def view(day: date) -> Store:
    return known_dataset(mini(), day)


def graphs(quads: object) -> set[str]:
    return {quad.graph_name.value for quad in quads if is_assertion(quad.graph_name)}  # type: ignore[attr-defined]


def rows(store: Store, slug: str, **values: str) -> list[dict[str, str]]:
    table = Table.read(run(store, bind(QUERIES[slug], values, choices_from(mini()))))  # type: ignore[arg-type]
    return [{k: getattr(v, "value", "") for k, v in row.items()} for row in table]


def test_the_days_of_entry_are_those_of_claims_rulings_and_searches() -> None:
    assert set(DAYS) <= set(entry_days(mini()))
    assert entry_day(mini(), date(2026, 11, 20)) == DAYS[0]
    assert entry_day(mini(), date(2030, 1, 1)) is None
    with pytest.raises(UsageError, match="nothing had been entered by 2020-01-01"):
        entry_day(mini(), date(2020, 1, 1))


def test_no_day_of_entry_is_before_the_first_claim() -> None:
    """A search that a source reports is older than the record itself."""
    search, month = NamedNode(expand("id:kg-coverage-older")), NamedNode(expand("xsd:gYearMonth"))
    date_of = Quad(search, NamedNode(expand("aip:date")), Literal("2020-05", datatype=month), GRAPH.coverage)
    earlier = load({*mini(), date_of})
    assert entry_days(earlier) == entry_days(mini())
    with pytest.raises(UsageError, match="nothing had been entered by 2020-06-01"):
        entry_day(earlier, date(2020, 6, 1))
    assert search in {quad.subject for quad in known_by(list(earlier), DAYS[0])}


def test_an_assertion_is_there_from_its_day_on() -> None:
    quads = mini().quads_for_pattern(None, NamedNode(expand("dcterms:created")), None, GRAPH.sources)
    created = {q.subject.value: date.fromisoformat(q.object.value) for q in quads}  # type: ignore[union-attr]
    for day in DAYS:
        assert graphs(known_by(list(mini()), day)) == {name for name, entered in created.items() if entered <= day}


def test_a_source_is_entered_with_its_first_assertion() -> None:
    def known_sources(store: Store) -> set[str]:
        quads = store.quads_for_pattern(
            None, NamedNode(expand("rdf:type")), NamedNode(expand("aip:Source")), GRAPH.sources
        )
        return {quad.subject.value for quad in quads}  # type: ignore[union-attr]

    assert known_sources(view(DAYS[0])) == {expand("source:gazette-law")}
    assert len(known_sources(mini())) == 6
    assert len(rows(view(DAYS[0]), "sources")) == 1


def test_what_only_later_assertions_name_is_not_in_the_registry_yet() -> None:
    law, bureau = (NamedNode(expand(f"id:{name}")) for name in ("kz-law-on-ai", "kg-bureau-of-engines"))
    assert any(view(DAYS[0]).quads_for_pattern(law, None, None, GRAPH.registry))
    assert not list(view(DAYS[0]).quads_for_pattern(bureau, None, None, GRAPH.accepted))
    assert any(mini().quads_for_pattern(bureau, None, None, GRAPH.registry))
    assert any(view(DAYS[0]).quads_for_pattern(NamedNode(expand("id:uz")), None, None, GRAPH.accepted))


def test_before_the_ruling_both_values_are_open() -> None:
    """The herald gives another day of signing than the gazette; the ruling between them came on the 24th."""
    signing, dated = NamedNode(expand("id:kz-law-on-ai--signed-1")), NamedNode(expand("aip:date"))

    def accepted(store: Store) -> set[str]:
        return {q.object.value for q in store.quads_for_pattern(signing, dated, None, GRAPH.accepted)}  # type: ignore[union-attr]

    def claimed(store: Store) -> set[str]:
        quads = store.quads_for_pattern(signing, dated, None, None)
        return {q.object.value for q in quads if is_assertion(q.graph_name)}  # type: ignore[union-attr]

    assert accepted(view(DAYS[0])) == {"2025-11-17"}
    both = next(day for day in DAYS if len(claimed(view(day))) == 2)
    assert both < date(2026, 11, 24)
    assert accepted(view(both)) == set()
    assert accepted(mini()) == {"2025-11-17"}


def test_a_view_of_the_last_day_is_the_snapshot_itself() -> None:
    """Worked out again from its own quads: the same claims are accepted, and the same follows."""
    last = entry_days(mini())[-1]
    again = known_dataset(mini(), last)
    for graph in (GRAPH.registry, GRAPH.sources, GRAPH.rulings, GRAPH.coverage, GRAPH.editorial):
        assert set(again.quads_for_pattern(None, None, None, graph)) == set(
            mini().quads_for_pattern(None, None, None, graph)
        )
    for slug in ("instruments", "bodies", "formulations", "events", "sources", "disagreements"):
        assert rows(again, slug, **as_of(slug)) == rows(mini(), slug, **as_of(slug)), slug


def as_of(slug: str) -> dict[str, str]:
    return {"asOf": "2026-11-25"} if any(p.name == "asOf" for p in QUERIES[slug].parameters) else {}


@pytest.mark.parametrize("slug", list(QUERIES))
def test_every_question_can_be_asked_of_an_earlier_day(slug: str) -> None:
    needed = {p.name: p.example for p in QUERIES[slug].parameters if p.name == "thing" and p.example and not p.default}
    run(view(DAYS[2]), bind(QUERIES[slug], needed, lambda p: {expand(p.example or ""): ""}))


def test_few_views_stay_and_one_is_made_at_a_time(tmp_path: Path) -> None:
    for day in DAYS[:3]:
        make_view((snapshots() / "current").resolve(), day, tmp_path, keep=2)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["2026-11-21", "2026-11-22"]
    hold = "import fcntl, sys, time; file = open(sys.argv[1], 'w'); fcntl.flock(file, fcntl.LOCK_EX); "
    hold += "print(1, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", hold, str(tmp_path / ".lock")], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline()
        with pytest.raises(SnapshotError, match="another view is being made"):
            make_view((snapshots() / "current").resolve(), DAYS[3], tmp_path)
        other.kill()


def kg(*arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "KG_SNAPSHOTS": str(snapshots())}
    command = [sys.executable, "-m", "kg", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=300)


def test_the_command_line_answers_as_of_then() -> None:
    done = kg("query", "sources", "--as-known", "2026-11-20", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert [row["sourceLabel"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["Law on Thinking Machines"]
    folder = Path(kg("as-known", "2026-11-20").stdout.strip())
    assert folder.name == "2026-11-20"
    assert kg("as-known", "2099-01-01").stdout.strip() == str((snapshots() / "current").resolve())
    early = kg("query", "sources", "--as-known", "2001-01-01")
    assert (early.returncode, early.stdout) == (2, "")
    assert "the first day is 2026-11-20" in early.stderr


@cache
def known_site() -> Site:
    return start(environ={"KG_CACHE": str(scratch() / "known-cache")})


def get(path: str, accept: str = "application/json") -> requests.Response:
    """The answer, once the view is made."""
    until = time.monotonic() + 240
    while True:
        response = known_site().get(path, headers={"Accept": accept})
        if response.status_code != 503 or time.monotonic() > until:
            return response
        assert "is being made" in response.text or response.headers.get("Retry-After")
        time.sleep(0.5)


@pytest.mark.server
def test_the_site_answers_in_every_format_as_of_then() -> None:
    first = known_site().get("/query/sources.rows?asKnown=2026-11-20")
    assert first.status_code == 503
    assert first.json()["type"].endswith("/help/problems/view-being-made")
    assert first.headers["Retry-After"] == "15"
    answer = get("/query/sources.rows?asKnown=2026-11-20")
    assert [row["sourceLabel"] for row in answer.json()] == ["Law on Thinking Machines"]
    assert answer.headers["As-Known"] == "2026-11-20"
    assert len(get("/query/sources.rows").json()) == 6
    table = get("/query/sources.csv?asKnown=2026-11-20", "text/csv").text
    assert len(list(csv.DictReader(io.StringIO(table)))) == 1
    page = html.fromstring(get("/query/sources?asKnown=2026-11-20", "text/html").text)
    assert "had been entered by 20 November 2026" in " ".join(page.text_content().split())
    assert page.xpath("//a[contains(@href, 'asKnown=2026-11-20')]")


@pytest.mark.server
def test_a_day_without_entries_is_answered_by_the_one_before() -> None:
    get("/query/sources.rows?asKnown=2026-11-20")
    law = get("/query/instruments.rows?asKnown=2026-11-20&asOf=2026-11-25")
    assert {row["instrument"] for row in law.json()} >= {expand("id:kz-law-on-ai")}
    assert "As-Known" not in get("/query/sources.rows?asKnown=2099-12-31").headers


@pytest.mark.server
@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("yesterday", "not a date"),
        ("2026-02-30", "not a date"),
        ("20261120", "not a date"),
        ("2001-01-01", "2026-11-20 or later"),
        ("2026-11-20&asKnown=2026-11-21", "more than once"),
    ],
)
def test_a_wrong_day_says_what_is_allowed(value: str, told: str) -> None:
    response = known_site().get(f"/query/sources.rows?asKnown={value}")
    assert response.status_code == 400
    assert told in response.text


def test_quads_of_one_graph_only_fall_out_by_their_own_day() -> None:
    """A registry entry that an early and a late assertion name stays."""
    thing, other = NamedNode(expand("id:uz-thing")), NamedNode(expand("id:uz-other"))
    label, created = NamedNode(expand("rdfs:label")), NamedNode(expand("dcterms:created"))
    early, late = (NamedNode(expand(f"assertion:a.{n}")) for n in (1, 2))
    day = [q.object for q in mini().quads_for_pattern(None, created, None, GRAPH.sources)]
    days = sorted(day, key=lambda term: term.value)  # type: ignore[union-attr]
    quads = [
        Quad(thing, label, thing, GRAPH.registry),
        Quad(other, label, other, GRAPH.registry),
        Quad(early, created, days[0], GRAPH.sources),
        Quad(late, created, days[-1], GRAPH.sources),
        Quad(thing, label, thing, early),
        Quad(thing, label, other, late),
    ]
    kept = known_by(quads, DAYS[0])
    assert kept == [quads[0], quads[2], quads[4]]
