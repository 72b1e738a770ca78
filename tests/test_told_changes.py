"""Changes in a file: what is read there is what was compared, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.diff import compare
from kg.releases.archive import find_release
from kg.settings import Settings
from tests.explorer import application
from tests.released import releases
from tests.served import ROOT
from web.answers import changes
from web.answers.told_changes import read_changes, write_changes
from web.engine.results import EngineDownError
from web.messages import languages


def test_what_is_read_is_what_was_compared(tmp_path: Path) -> None:
    before, after = (find_release(releases(), version) for version in ("0.9.0", "0.10.0"))
    write_changes(before.folder, after.folder, tmp_path / "changes.json")
    told = read_changes(tmp_path / "changes.json")
    assert [one.change for one in told] == compare(before.open(), after.open())
    assert told
    assert all(set(one.texts) == set(languages()) for one in told)


def test_a_comparison_that_fails_is_told(tmp_path: Path) -> None:
    with application().test_request_context("/"), pytest.raises(EngineDownError, match="could not be compared"):
        changes._compare(Settings.default(ROOT).data, Settings.default(ROOT).queries, tmp_path / "changes.json")
