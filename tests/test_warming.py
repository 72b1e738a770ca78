"""The pages that are made ahead: which, and who takes them."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kg.settings import Settings
from tests.explorer import application
from tests.served import ROOT, snapshots
from web.config import WebSettings
from web.site.app import create_app
from web.views.html.shared import caching

HEADERS = {"Accept": "text/html"}
ADDRESS = "http://graph.example"


def process(folder: Path) -> Flask:
    """The application as each process of a site has it."""
    graph = replace(Settings.default(ROOT), snapshots=snapshots())
    return create_app(WebSettings(graph, downloads=folder))


def read(app: Flask, address: str = ADDRESS) -> str:
    return app.test_client().get("/questions", base_url=address, headers=HEADERS).get_data(as_text=True)


def made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page made ahead and then marked, so that a test knows it."""
    monkeypatch.setattr(caching, "common_paths", lambda: ["/questions"])
    caching.make_ahead(process(folder), ADDRESS)
    (file,) = folder.glob(f"*/{caching.FOLDER}/*")
    assert zlib.decompress(file.read_bytes()).decode() == read(process(folder))
    file.write_bytes(zlib.compress(b"made ahead"))
    return file


def test_pages_to_make_ahead_are_there() -> None:
    with application().test_request_context("/"):
        paths = caching.common_paths()
    assert len(paths) > len(caching.COMMON_PATHS) + 2
    for path in paths:
        assert application().test_client().get(path, headers=HEADERS).status_code == 200, path


def test_other_processes_take_a_page_that_was_made_ahead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path, monkeypatch)
    assert read(process(tmp_path)) == "made ahead"
    assert "made ahead" not in read(process(tmp_path), "http://other.example")


def test_a_page_of_an_earlier_start_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be that of another version of the code."""
    file = made(tmp_path, monkeypatch)
    monkeypatch.setattr(caching, "STARTED", file.stat().st_mtime + 1)
    assert "made ahead" not in read(process(tmp_path))


def test_only_what_is_made_ahead_is_written(tmp_path: Path) -> None:
    read(process(tmp_path))
    assert not list(tmp_path.glob(f"*/{caching.FOLDER}/*"))
