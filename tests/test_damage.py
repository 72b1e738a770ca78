"""A damaged snapshot is never served: it is named with what to do, and the last intact one goes on serving."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from kg import snapshot
from kg.build import build
from kg.checksums import CHECKSUMS, verify_checksums
from kg.errors import SnapshotError
from kg.settings import Settings
from kg.store import open_snapshot
from tests.served import MINI, ROOT, free_port, running, scratch, snapshots
from web.config import WebSettings
from web.snapshot import open_local

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of snapshots with the mini record as the current one."""
    shutil.copytree(snapshots(), tmp_path / "build", symlinks=True)
    return tmp_path / "build"


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> Settings:
    shutil.copytree(MINI, tmp_path / "data")
    return replace(Settings.default(ROOT), data=tmp_path / "data", snapshots=folder)


def rebuild(settings: Settings, number: int = 1) -> Path:
    """A snapshot of other data."""
    with (settings.data / "editorial.ttl").open("a", encoding="utf-8") as file:
        file.write(f"id:kz-law-on-ai aip:topic concept:topic-{('health', 'finance', 'data')[number - 1]} .\n")
    return build(settings).snapshot


@cache
def other() -> Path:
    """A snapshot of other data, built once for all tests that only copy it."""
    settings = replace(Settings.default(ROOT), data=scratch() / "other-data", snapshots=scratch() / "other")
    shutil.copytree(MINI, settings.data)
    return rebuild(settings)


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def largest(folder: Path) -> Path:
    return max((folder / "store").glob("*.sst"), key=lambda path: path.stat().st_size)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "dataset cut": lambda folder: cut(folder / "dataset.nq"),
    "dataset changed": lambda folder: flip(folder / "dataset.nq"),
    "dataset empty": lambda folder: (folder / "dataset.nq").write_bytes(b""),
    "dataset gone": lambda folder: (folder / "dataset.nq").unlink(),
    "accepted view cut": lambda folder: cut(folder / "accepted.nt"),
    "store cut": lambda folder: cut(largest(folder)),
    "store changed": lambda folder: flip(largest(folder)),
    "store file gone": lambda folder: largest(folder).unlink(),
    "store gone": lambda folder: shutil.rmtree(folder / "store"),
    "store pointer": lambda folder: (folder / "store" / "CURRENT").write_text("nothing\n"),
    "report changed": lambda folder: flip(folder / "report.json"),
    "list gone": lambda folder: (folder / CHECKSUMS).unlink(),
    "list empty": lambda folder: (folder / CHECKSUMS).write_text(""),
    "list of the store changed": lambda folder: flip(folder / "store" / CHECKSUMS),
}


def kg(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        cwd=ROOT,
        check=False,
        env={**os.environ, "KG_SNAPSHOTS": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_new_snapshot_is_intact(folder: Path) -> None:
    verify_checksums(folder / "current")
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--check", "--quiet", CHECKSUMS], cwd=folder / "current", check=True)


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_named_with_what_to_do(name: str, folder: Path) -> None:
    current = (folder / "current").resolve()
    DAMAGES[name](current)
    with pytest.raises(SnapshotError) as caught:
        verify_checksums(current)
    assert str(current) in caught.value.where
    assert "kg build" in str(caught.value.hint)
    assert not snapshot.is_intact(current)


@pytest.mark.parametrize("name", [name for name in DAMAGES if name.startswith("store")])
def test_the_command_refuses_a_damaged_store(name: str, folder: Path) -> None:
    DAMAGES[name]((folder / "current").resolve())
    done = kg("query", "instruments", "--format", "csv", folder=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert str((folder / "current" / "store").resolve()) in done.stderr
    assert "kg build" in done.stderr
    assert "Traceback" not in done.stderr
    with pytest.raises(SnapshotError):
        open_snapshot(folder / "current")


@pytest.mark.parametrize("name", ["dataset cut", "store changed"])
def test_a_build_replaces_a_damaged_snapshot(name: str, settings: Settings) -> None:
    before = settings.current.resolve()
    DAMAGES[name](before)
    after = build(settings).snapshot
    assert after != before
    assert settings.current.resolve() == after
    verify_checksums(after)
    assert build(settings).snapshot == after


@pytest.mark.parametrize("name", ["dataset cut", "accepted view cut", "store changed", "list gone"])
def test_nothing_intact_to_serve(name: str, folder: Path) -> None:
    DAMAGES[name]((folder / "current").resolve())
    done = kg("serve", "--port", str(free_port()), folder=folder)
    assert done.returncode == 1
    assert str((folder / "current").resolve()) in done.stderr
    assert "kg build" in done.stderr
    assert "Traceback" not in done.stderr


def count(site: object) -> int:
    response = site.ask(f"{COUNT} # {time.monotonic_ns()}")  # type: ignore[attr-defined]
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


@pytest.mark.server
@pytest.mark.parametrize("name", ["dataset cut", "dataset gone", "accepted view cut", "store cut"])
def test_the_last_intact_snapshot_goes_on_serving(name: str, settings: Settings) -> None:
    with running(folder=settings.snapshots) as own:
        first = own.get("/ready").text
        expected = count(own)
        # Damaged before it becomes the current one, so that the site sees nothing else of it.
        held = settings.current.resolve()
        fresh = other()
        shutil.copytree(fresh, settings.snapshots / fresh.name)
        DAMAGES[name](settings.snapshots / fresh.name)
        snapshot.publish(settings.snapshots, fresh.name)
        time.sleep(2)
        assert own.get("/ready").text == first
        assert held.name in first
        assert count(own) == expected
        assert own.get("/query/instruments.csv").status_code == 200
        log = own.log.read_text("utf-8")
        assert str(settings.snapshots / fresh.name) in log
        assert log.count("is not served") == 1
    with running(folder=settings.snapshots) as again:
        assert again.get("/ready").text == first
        assert count(again) == expected


@pytest.mark.server
def test_a_snapshot_without_a_file_of_the_accepted_view_is_served_from_disk(folder: Path) -> None:
    """One that an earlier version built."""
    current = (folder / "current").resolve()
    (current / "accepted.nt").unlink()
    snapshot.write_checksums(current)
    with running(folder=folder) as own:
        assert count(own) > 1000
        assert own.get("/query/instruments.csv").status_code == 200


@pytest.mark.server
def test_an_engine_that_dies_does_not_start_again_from_half_a_file(settings: Settings) -> None:
    first = settings.current.resolve()
    second = rebuild(settings)
    with running(folder=settings.snapshots) as own:
        assert second.name in own.get("/ready").text
        cut(second / "dataset.nq")
        os.kill(_engine(own.process.pid), signal.SIGKILL)
        until = time.monotonic() + 20
        while first.name not in own.get("/ready").text and time.monotonic() < until:
            time.sleep(0.2)
        assert first.name in own.get("/ready").text
        assert count(own) > 1000


def _engine(parent: int) -> int:
    """The child of a site that leads a session of its own."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text("utf-8").rsplit(")", 1)[1].split()
            if int(fields[1]) == parent and fields[3] == path.parent.name:
                return int(path.parent.name)
    raise AssertionError("there is no engine")


def test_snapshots_that_nobody_uses_are_removed(settings: Settings) -> None:
    first = settings.current.resolve()
    opened = open_local(WebSettings(settings), None)
    names = [rebuild(replace(settings, keep=1), number).name for number in (1, 2, 3)]
    left = {folder.name for folder in snapshot.newest_first(settings.snapshots)}
    assert left == {first.name, names[-1]}
    assert len(opened.store) > 0
    del opened
    gc.collect()
    assert snapshot.prune(settings.snapshots, 1) == [first.name]
    assert [folder.name for folder in snapshot.newest_first(settings.snapshots)] == [names[-1]]


def test_how_many_snapshots_stay_is_an_option(settings: Settings) -> None:
    rebuild(replace(settings, keep=5))
    rebuild(replace(settings, keep=5), 2)
    assert len(snapshot.newest_first(settings.snapshots)) == 3
    environ = {**os.environ, "KG_SNAPSHOTS": str(settings.snapshots), "KG_DATA": str(settings.data), "KG_KEEP": "1"}
    subprocess.run([sys.executable, "-m", "kg", "build", "--quiet"], cwd=ROOT, check=True, env=environ)
    assert [folder.name for folder in snapshot.newest_first(settings.snapshots)] == [settings.current.resolve().name]
