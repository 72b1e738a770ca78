"""The build on the mini country: what it makes, what it refuses, and that it never leaves half a graph."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg import snapshot
from kg.build import BuildReport, build, validate_data
from kg.errors import DataError, DisagreementError, ShapeError, SnapshotError, SyntaxDataError, UsageError
from kg.namespaces import expand
from kg.pipeline import STEPS, Files, StepTimer, entailed_graph
from kg.settings import Settings
from kg.snapshot import new_folder
from kg.store import open_snapshot
from kg.terms import GRAPH
from kg.validate import validate
from tests.served import MINI, ROOT, snapshots


def node(name: str) -> NamedNode:
    return NamedNode(expand(name))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The real ontology and queries over a copy of the mini country that a test may spoil."""
    shutil.copytree(MINI, tmp_path / "data")
    return replace(Settings.default(ROOT), data=tmp_path / "data", snapshots=tmp_path / "build")


@pytest.fixture
def before(settings: Settings) -> Path:
    """The current snapshot of the settings: that of the mini record."""
    shutil.copytree(snapshots(), settings.snapshots, symlinks=True)
    return settings.current.resolve()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[BuildReport, Store]:
    folder = tmp_path_factory.mktemp("built")
    report = build(replace(Settings.default(ROOT), data=MINI, snapshots=folder))
    return report, open_snapshot(folder / "current")


def edit(settings: Settings, file: str, change: Callable[[str], str]) -> Path:
    path = settings.data / file
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    return path


def accepted(store: Store, subject: str, predicate: str) -> set[str]:
    quads = store.quads_for_pattern(node(subject), node(predicate), None, GRAPH.accepted)
    return {quad.object.value for quad in quads if isinstance(quad.object, Literal | NamedNode)}


def test_every_graph_is_there(built: tuple[BuildReport, Store]) -> None:
    graphs = {str(graph)[1:-1] for graph in built[1].named_graphs()}
    assert graphs >= {
        GRAPH.accepted.value,
        GRAPH.catalogue.value,
        GRAPH.concepts.value,
        GRAPH.coverage.value,
        GRAPH.editorial.value,
        GRAPH.inferred.value,
        GRAPH.ontology.value,
        GRAPH.queries.value,
        GRAPH.registry.value,
        GRAPH.rulings.value,
        GRAPH.shapes.value,
        GRAPH.sources.value,
        expand("assertion:gazette-law.1"),
    }
    assert not any(quad for quad in built[1] if "_:" in (str(quad.subject)[:2], str(quad.object)[:2]))


def test_the_report_counts_what_is_there(built: tuple[BuildReport, Store]) -> None:
    report, store = built
    sources = GRAPH.sources
    assertions = [q.subject for q in store.quads_for_pattern(None, node("rdf:type"), node("aip:Assertion"), sources)]
    claims = [quad for name in assertions for quad in store.quads_for_pattern(None, None, None, name)]
    inferred = list(store.quads_for_pattern(None, None, None, GRAPH.inferred))
    assert report.counts["assertions"] == len(assertions) > 5
    assert report.counts["claims"] == len(claims) > 100
    assert report.counts["inferred"] == len(inferred) > 100
    assert report.counts["quads"] == len(store)
    assert report.counts["sources"] == len(list(store.quads_for_pattern(None, node("rdf:type"), node("aip:Source"))))
    assert report.counts["rejected"] == 6  # one value, and five claims of a node
    assert report.counts["disputed"] == 2
    assert report.counts["things"] > 40
    assert tuple(report.seconds) == STEPS
    assert report.warnings == ()


def test_the_report_lies_beside_the_data(built: tuple[BuildReport, Store]) -> None:
    report, store = built
    written = json.loads((report.snapshot / "report.json").read_text("utf-8"))
    assert written["counts"] == report.counts
    assert written["snapshot"] == report.snapshot.name
    lines = (report.snapshot / "dataset.nq").read_bytes().splitlines()
    assert lines == sorted(lines)
    assert set(parse(path=report.snapshot / "dataset.nq", format=RdfFormat.N_QUADS)) == set(store)


def test_a_ruling_decides_and_the_rejected_claim_stays_where_it_was_made(built: tuple[BuildReport, Store]) -> None:
    store = built[1]
    assert accepted(store, "id:kz-law-on-ai--signed-1", "aip:date") == {"2025-11-17"}
    said = store.quads_for_pattern(node("id:kz-law-on-ai--signed-1"), node("aip:date"), None)
    assert {q.object.value for q in said if isinstance(q.object, Literal)} == {"2025-11-15", "2025-11-17"}


def test_what_is_disputed_is_in_no_answer_and_breaks_no_shape(built: tuple[BuildReport, Store]) -> None:
    assert accepted(built[1], "id:int-metric-exports--uz-2024-1", "aip:value") == set()
    assert accepted(built[1], "id:int-metric-exports--uz-2024-1", "aip:unit") == {expand("concept:unit-usd")}


def test_a_finer_date_replaces_a_coarser_one(built: tuple[BuildReport, Store]) -> None:
    assert accepted(built[1], "id:uz-strategy-2030--adopted-1", "aip:date") == {"2024-10-14"}
    assert accepted(built[1], "id:uz-strategy-2030", "aip:adoptedOn") == {"2024-10-14"}


def test_dates_have_bounds(built: tuple[BuildReport, Store]) -> None:
    store = built[1]
    assert accepted(store, "id:kz-ai-concept--adopted-1", "aip:earliest") == {"2024-06-01"}
    assert accepted(store, "id:kz-ai-concept--adopted-1", "aip:latest") == {"2024-08-31"}
    assert accepted(store, "id:uz-target-labs-10--uz-strategy-2030-1", "aip:deadlineLatest") == {"2030-12-31"}
    assert accepted(store, "source:herald-plans", "aip:issuedLatest") == {"2026-03-31"}


def test_the_accepted_view_needs_no_other_graph_for_names(built: tuple[BuildReport, Store]) -> None:
    store = built[1]
    assert accepted(store, "concept:stage-signed", "skos:prefLabel") >= {"Signing", "Подписание"}
    assert accepted(store, "concept:stage-signed", "skos:inScheme") == {expand("concept:stages")}
    assert accepted(store, "aip:Law", "rdfs:label") >= {"Law"}
    assert accepted(store, "source:gazette-law", "dcterms:title") == {"Law on Thinking Machines"}
    assert len(accepted(store, "id:kz-law-on-ai--signed-1", "rdfs:label")) == 2
    assert expand("aip:Signing") in accepted(store, "id:kz-law-on-ai--signed-1", "rdf:type")


def test_what_is_inferred_was_said_by_nobody(built: tuple[BuildReport, Store]) -> None:
    store = built[1]
    inferred = {quad.triple for quad in store.quads_for_pattern(None, None, None, GRAPH.inferred)}
    view = {quad.triple for quad in store.quads_for_pattern(None, None, None, GRAPH.accepted)}
    registry = {quad.triple for quad in store.quads_for_pattern(None, None, None, GRAPH.registry)}
    assert inferred <= view
    assert registry <= view
    assert not inferred & registry


def test_the_same_files_give_the_same_snapshot(built: tuple[BuildReport, Store], settings: Settings) -> None:
    script = "import sys; from pathlib import Path; from dataclasses import replace\n"
    script += "from kg.settings import Settings; from kg.build import build\n"
    script += "print(build(replace(Settings.default(), data=Path(sys.argv[1]), snapshots=Path(sys.argv[2]))).snapshot)"
    for seed in ("1", "2"):
        command = [sys.executable, "-c", script, str(MINI), str(settings.snapshots)]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
        assert Path(run.stdout.strip()).name == built[0].snapshot.name


def test_progress_is_told_of_every_step(settings: Settings) -> None:
    told: list[tuple[str, int, int]] = []
    build(settings, lambda step, done, total: told.append((step, done, total)))
    assert [step for step, _, _ in told] == [*STEPS, "done"]
    assert [done for _, done, _ in told] == list(range(len(STEPS) + 1))
    assert {total for _, _, total in told} == {len(STEPS)}


def test_owlrl_builds_the_same_graph(built: tuple[BuildReport, Store], settings: Settings) -> None:
    assert build(settings, reasoner="owlrl").snapshot.name == built[0].snapshot.name


def test_pyshacl_builds_the_same_graph(built: tuple[BuildReport, Store], settings: Settings) -> None:
    assert build(settings, validator="pyshacl").snapshot.name == built[0].snapshot.name


def test_an_unknown_engine_is_a_usage_error(settings: Settings) -> None:
    with pytest.raises(UsageError, match="hermit") as caught:
        build(settings, reasoner="hermit")
    assert "rules" in str(caught.value.hint)


def spoil_every_kind(text: str) -> str:
    """Mini data that break many shapes: no lines of a kind, a value twice, an order turned round."""
    return (
        text.replace("aip:targetValue 10 ;", "")
        .replace("aip:deadline", "aip:date '2031'^^xsd:gYear ; aip:deadline")
        .replace("aip:settingLevel concept:level-strategy ;", "")
    )


def test_both_validators_report_the_same_on_the_real_shapes(settings: Settings) -> None:
    edit(settings, "sources/uz/courier-strategy.trig", spoil_every_kind)
    files = Files.read(settings)
    view = [quad.triple for quad in files.data]
    fast, reference = (validate(view, files.shapes, files.axioms, engine) for engine in ("pyshifty", "pyshacl"))
    assert len(reference.results) > 20
    assert {replace(r, message="") for r in fast.results} == {replace(r, message="") for r in reference.results}


REFUSED = [
    ("sources/uz/courier-strategy.trig", "aip:ordinal 1 ;", "aip:ordinal 1", SyntaxDataError),
    ("sources/uz/courier-strategy.trig", "concept:stage-adopted", "concept:stage-adoptd", DataError),
    ("sources/kz/gazette-law.trig", "aip:issuedBy", "aip:isuedBy", DataError),
    ("rulings.ttl", "id:kz-law-on-ai--signed-1 ;", "id:kz-law-on-ai--in-force-1 ;", (DisagreementError, DataError)),
    ("sources/kz/herald-plans.trig", "aip:assessedBy id:int-publisher-herald ;", "", ShapeError),
]


@pytest.mark.parametrize(("file", "old", "new", "error"), REFUSED)
@pytest.mark.usefixtures("before")
def test_what_is_refused_leaves_the_old_snapshot(
    settings: Settings, file: str, old: str, new: str, error: type[Exception]
) -> None:
    before = settings.current.resolve()
    edit(settings, file, lambda text: text.replace(old, new, 1))
    with pytest.raises(error):
        build(settings)
    assert settings.current.resolve() == before
    with pytest.raises(error):
        validate_data(settings)


def without_ruling_on_signing(text: str) -> str:
    return text[: text.index("id:kz-ruling-signing")] + text[text.index("id:uz-ruling-exports") :]


def test_a_disagreement_shows_both_values_and_a_ruling_to_paste(settings: Settings) -> None:
    edit(settings, "rulings.ttl", without_ruling_on_signing)
    with pytest.raises(DisagreementError) as caught:
        build(settings)
    message = str(caught.value)
    assert "2025-11-15" in message
    assert "2025-11-17" in message
    assert "assertion:herald-plans.2" in message
    assert "aip:Ruling" in str(caught.value.hint)


def test_a_broken_shape_names_the_assertion(settings: Settings) -> None:
    path = "sources/kz/herald-plans.trig"
    edit(settings, path, lambda text: text.replace("aip:assessedBy id:int-publisher-herald ;", ""))
    with pytest.raises(ShapeError, match=r"assertion:herald-plans\.3") as caught:
        build(settings)
    assert "aip:assessedBy" in str(caught.value)


def test_validate_data_says_nothing_of_good_data(settings: Settings) -> None:
    assert validate_data(settings) == ()
    assert not settings.snapshots.exists()


def test_validating_one_file_looks_at_no_other(settings: Settings) -> None:
    bad = edit(settings, "sources/kz/gazette-law.trig", lambda text: text.replace("aip:issuedBy", "aip:isuedBy"))
    good = settings.data / "sources/uz/courier-strategy.trig"
    assert validate_data(settings, [good]) == ()
    with pytest.raises(DataError, match="isuedBy"):
        validate_data(settings, [bad])


def test_validating_one_file_reports_its_disagreements_only(settings: Settings) -> None:
    edit(settings, "rulings.ttl", without_ruling_on_signing)
    registry = settings.data / "registry/uz.ttl"
    assert validate_data(settings, [registry]) == ()
    with pytest.raises(DisagreementError):
        validate_data(settings, [settings.data / "sources/kz/herald-plans.trig"])


def test_a_file_outside_the_data_is_a_usage_error(settings: Settings, tmp_path: Path) -> None:
    stray = tmp_path / "stray.ttl"
    stray.write_text("")
    with pytest.raises(UsageError, match="no place"):
        validate_data(settings, [stray])


def test_two_builds_at_once_are_refused(settings: Settings) -> None:
    with snapshot.lock(settings.snapshots), pytest.raises(SnapshotError, match="another build"):
        build(settings)
    assert build(settings).snapshot.is_dir()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no device that is always full")
def test_a_full_disk_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    def fill() -> None:
        with new_folder(tmp_path, "0123456789abcdef"):
            Path("/dev/full").write_text("x", "utf-8")

    with pytest.raises(SnapshotError, match="cannot be written: No space left on device") as caught:
        fill()
    assert str(tmp_path) in str(caught.value)
    assert "make room" in str(caught.value.hint)
    assert list(tmp_path.iterdir()) == []


def test_only_the_last_snapshots_are_kept_and_the_current_always(settings: Settings) -> None:
    names = []
    for number in range(settings.keep + 2):
        edit(settings, "editorial.ttl", lambda text: text + f"id:kz-law-on-ai aip:topic {TOPICS[number]} .\n")  # noqa: B023
        names.append(build(settings).snapshot.name)
    kept = {path.name for path in settings.snapshots.iterdir() if len(path.name) == 16}
    assert kept == set(names[-settings.keep :])
    assert settings.current.resolve().name == names[-1]
    assert not list(settings.snapshots.glob(".building-*"))


TOPICS = [
    "concept:topic-ethics-rights",
    "concept:topic-privacy",
    "concept:topic-health",
    "concept:topic-data",
    "concept:topic-finance",
]


def test_an_old_snapshot_becomes_current_again(settings: Settings) -> None:
    first = build(settings).snapshot
    edit(settings, "editorial.ttl", lambda text: text + f"id:kz-law-on-ai aip:topic {TOPICS[0]} .\n")
    assert build(settings).snapshot != first
    edit(settings, "editorial.ttl", lambda text: text.removesuffix(f"id:kz-law-on-ai aip:topic {TOPICS[0]} .\n"))
    assert build(settings).snapshot == settings.current.resolve() == first


BUILD = "import sys; from pathlib import Path; from dataclasses import replace\n"
BUILD += "from kg.settings import Settings; from kg.build import build\n"
BUILD += "build(replace(Settings.default(), data=Path(sys.argv[1]), snapshots=Path(sys.argv[2])),"
BUILD += " lambda step, done, total: print(step, flush=True))"


@pytest.mark.slow
def test_a_killed_build_leaves_the_old_snapshot_serving(settings: Settings, before: Path) -> None:
    whole = set(open_snapshot(settings.current))
    edit(settings, "editorial.ttl", lambda text: text + f"id:kz-law-on-ai aip:topic {TOPICS[0]} .\n")
    chance = random.Random(7)
    finished = 0
    for step in ("read", "reason", "assemble", "store", "store", "store", "store"):
        process = subprocess.Popen(
            [sys.executable, "-c", BUILD, str(settings.data), str(settings.snapshots)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        with process.stdout as output:
            assert any(line.strip() == step for line in output)
            time.sleep(chance.uniform(0, 0.25))
            process.send_signal(signal.SIGKILL)
        process.wait()
        finished += settings.current.resolve() != before
        store = set(open_snapshot(settings.current))
        assert store == whole or finished
        assert (settings.current / "report.json").is_file()
        for folder in settings.snapshots.glob("[0-9a-f]" * 16):
            assert (folder / "report.json").is_file()
    after = build(settings).snapshot
    assert after != before
    assert not list(settings.snapshots.glob(".building-*"))
    extra = {quad for quad in set(open_snapshot(settings.current)) - whole if quad.graph_name == GRAPH.editorial}
    assert extra == {Quad(node("id:kz-law-on-ai"), node("aip:topic"), node(TOPICS[0]), GRAPH.editorial)}


def test_steps_are_timed_without_a_listener(settings: Settings) -> None:
    watch = StepTimer()
    entailed_graph(Files.read(settings), watch)
    assert list(watch.seconds) == ["accept", "reason", "history", "check"]
