"""What is made ahead: pages and all downloads, by a process that ends."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from kg.settings import Settings
from tests.served import ROOT, snapshots
from web.config import WebSettings
from web.site import prepare

WAIT = 300
ADDRESS = "http://127.0.0.1:8000"


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split())


@pytest.mark.alone
def test_downloads_are_written_ahead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "POLL_INTERVAL", 0.05)
    graph = replace(Settings.default(ROOT), snapshots=snapshots())
    settings = WebSettings(graph, downloads=tmp_path / "downloads", disk_above=10**6)
    (link := tmp_path / "engine").symlink_to(f"{graph.current.resolve().name}.sock")
    with prepare.prepared(settings, link, ADDRESS):
        until = time.monotonic() + WAIT
        while not list(tmp_path.glob("downloads/**/*.gz")) and time.monotonic() < until:
            time.sleep(0.05)
    assert list(tmp_path.glob("downloads/**/*.gz"))
    assert list(tmp_path.glob("downloads/*/pages/*"))


def test_nothing_is_left_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the site stops in the middle."""
    started: list[list[str]] = []
    real = prepare.subprocess.Popen

    def popen(arguments: list[str], **options: object) -> object:
        started.append(arguments)
        return real(["sleep", "600"], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(prepare, "POLL_INTERVAL", 0.01)
    monkeypatch.setattr(prepare.subprocess, "Popen", popen)
    graph = replace(Settings.default(ROOT), snapshots=snapshots())
    settings = WebSettings(graph, downloads=tmp_path, disk_above=10**6)
    (link := tmp_path / "engine").symlink_to(f"{graph.current.resolve().name}.sock")
    before = children()
    with prepare.prepared(settings, link, ADDRESS):
        until = time.monotonic() + WAIT
        while not started and time.monotonic() < until:
            time.sleep(0.01)
    assert len(started) == 1
    assert started[0][-1] == ADDRESS
    assert children() <= before


def test_a_large_graph_is_left_to_who_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "POLL_INTERVAL", 0.01)
    started: list[bool] = []
    monkeypatch.setattr(prepare, "_prepare", lambda *_: started.append(True))
    graph = replace(Settings.default(ROOT), snapshots=snapshots())
    (link := tmp_path / "engine").symlink_to(f"{graph.current.resolve().name}.sock")
    seen = threading.Event()
    monkeypatch.setattr(prepare, "count_quads", lambda _: seen.set() or 10)
    with prepare.prepared(WebSettings(graph, downloads=tmp_path, disk_above=9), link, ADDRESS):
        assert seen.wait(WAIT)
    assert not started
