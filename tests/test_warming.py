"""What is worked out in advance, and when."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest

from kg.settings import Settings
from tests.explorer import application, record
from tests.served import ROOT, snapshots
from web.config import WebSettings
from web.site.app import create_app
from web.snapshot import POLL_INTERVAL, SnapshotProvider, open_local
from web.views.html import cache_warmup
from web.views.html.cache_warmup import PATHS

HEADERS = {"Accept": "text/html"}


@pytest.mark.parametrize("path", PATHS)
def test_what_is_asked_in_advance_is_there(path: str) -> None:
    assert application().test_client().get(path, headers=HEADERS).status_code == 200


def test_nothing_is_asked_before_the_application_is_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As if each thread that is started ran to its end at once: what is asked in advance must find all in place."""
    asked = []
    monkeypatch.setattr(cache_warmup, "warm", lambda app: asked.append(app.test_client().get("/health").status_code))
    monkeypatch.setattr(Thread, "start", Thread.run)
    graph = replace(Settings.default(ROOT), snapshots=snapshots())
    create_app(WebSettings(graph, engine=tmp_path / "engine"))
    assert asked == [200]


def test_a_new_snapshot_is_told(tmp_path: Path) -> None:
    """Whoever works things out in advance hears of each snapshot that takes the place of another, and of no other."""
    current = tmp_path / "current"
    current.symlink_to((snapshots() / "current").resolve())
    settings = WebSettings(replace(Settings.default(ROOT), snapshots=tmp_path))
    provider = SnapshotProvider(partial(open_local, settings))
    told = Event()
    provider.on_change = told.set
    first = provider.get().name
    provider.checked = -POLL_INTERVAL
    provider.get()
    assert not told.wait(0.5)
    current.unlink()
    current.symlink_to((record() / "current").resolve())
    provider.checked = -POLL_INTERVAL
    provider.get()
    assert told.wait(20)
    assert provider.get().name != first
