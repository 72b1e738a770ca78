"""The pages that are made ahead, and when."""

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
from web.views.html.shared import caching

HEADERS = {"Accept": "text/html"}


def test_pages_to_make_ahead_are_there() -> None:
    with application().test_request_context("/"):
        paths = caching.warmup_paths()
    assert len(paths) > len(caching.WARMUP_PATHS) + 2
    for path in paths:
        assert application().test_client().get(path, headers=HEADERS).status_code == 200, path


def test_no_page_is_made_before_the_application_is_complete(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As if each thread ran to its end when it is started: a page that is made ahead must find all in place."""
    statuses = []
    monkeypatch.setattr(caching, "warm_up", lambda app: statuses.append(app.test_client().get("/health").status_code))
    start = Thread.start
    # Threads of a pool wait for work until the pool ends, so those are started as ever.
    monkeypatch.setattr(Thread, "start", lambda self: (start if "Pool" in self.name else Thread.run)(self))
    graph = replace(Settings.default(ROOT), snapshots=snapshots())
    create_app(WebSettings(graph, engine=tmp_path / "engine"))
    assert statuses == [200]


def test_a_new_snapshot_is_announced(tmp_path: Path) -> None:
    """The warm-up runs for each snapshot that replaces another, and for no other."""
    current = tmp_path / "current"
    current.symlink_to((snapshots() / "current").resolve())
    settings = WebSettings(replace(Settings.default(ROOT), snapshots=tmp_path))
    provider = SnapshotProvider(partial(open_local, settings))
    announced = Event()
    provider.on_change = announced.set
    first = provider.get().name
    provider.checked = -POLL_INTERVAL
    provider.get()
    assert not announced.wait(0.5)
    current.unlink()
    current.symlink_to((record() / "current").resolve())
    provider.checked = -POLL_INTERVAL
    provider.get()
    assert announced.wait(20)
    assert provider.get().name != first
