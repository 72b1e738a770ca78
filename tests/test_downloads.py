"""The files to download: written once, whole, and not by who only looks at their list."""

from __future__ import annotations

import gzip
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from kg.formats import GRAPH_FORMATS
from kg.settings import Settings
from kg.store import open_snapshot
from tests.served import ROOT, snapshots
from web.answers.files import FileStore
from web.config import WebSettings
from web.site.app import create_app
from web.snapshot import Snapshot, built


def test_the_list_of_downloads_writes_none() -> None:
    client = create_app(WebSettings(replace(Settings.default(ROOT), snapshots=snapshots()))).test_client()
    listing = client.get("/download/", headers={"Accept": "application/json"}).get_json()
    assert len(listing["files"]) == len(GRAPH_FORMATS)
    assert not any(entry["sha256"] for entry in (*listing["files"], *listing["tables"]))
    assert "ca-ai-policy.nq" in client.get("/download/", headers={"Accept": "text/html"}).get_data(as_text=True)


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no device that is always full")
def test_a_full_disk_is_no_fault_of_who_asks(tmp_path: Path) -> None:
    folder = tmp_path / (snapshots() / "current").resolve().name
    folder.mkdir()
    (folder / GRAPH_FORMATS["ntriples"].file_name).symlink_to("/dev/full")
    settings = WebSettings(replace(Settings.default(ROOT), snapshots=snapshots()), downloads=tmp_path)
    answer = create_app(settings).test_client().get("/download/ca-ai-policy.nt")
    assert answer.status_code == 500
    assert str(tmp_path) not in answer.get_data(as_text=True)


def test_several_processes_may_write_one_file(tmp_path: Path) -> None:
    """Each with a lock of its own, as the web processes and the one that writes ahead have."""
    path = (snapshots() / "current").resolve()
    current = Snapshot(path.name, path, open_snapshot(path), {}, built(path))
    form = GRAPH_FORMATS["nquads"]
    for turn in range(5):
        stores = [FileStore(tmp_path / str(turn)) for _ in range(4)]
        with ThreadPoolExecutor(len(stores)) as pool:
            packed = list(pool.map(lambda store: store.gzipped(store.get(current, form)), stores))
        for file in packed:
            assert hashlib.sha256(file.path.read_bytes()).hexdigest() == file.digest
            assert len(gzip.decompress(file.path.read_bytes())) == stores[0].get(current, form).size
        assert {left.name for left in file.path.parent.iterdir()} == {
            name + end for name in (form.file_name, form.file_name + ".gz") for end in ("", ".sha256")
        }
