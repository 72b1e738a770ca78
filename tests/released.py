"""Two releases of the mini record, made once for all processes: the second has another day and edited files."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from kg.releases.make import make_release
from kg.settings import Settings
from tests.built import ROOT, kept
from tests.served import MINI, snapshots

DAY = date(2026, 11, 25)
LATER = date(2027, 3, 1)
EDITS = {
    '"2025-11-17"^^xsd:date': '"2025-11-16"^^xsd:date',
    "aip:responsibleBody id:kz-ministry-of-machines": 'aip:actNumber "7-II"',
}
"""What is written in the law for what, in the second release."""


def settings(folder: Path, data: Path = MINI) -> Settings:
    """The real ontology and queries over some data, with a folder of releases."""
    return replace(Settings.default(ROOT), data=data, snapshots=folder / "build", releases=folder / "releases")


@cache
def releases() -> Path:
    """A folder with the releases 0.9.0 and 0.10.0 of the mini record; nobody may write into it."""
    how = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    return kept(snapshots(), f"released-{how}", _make) / "releases"


def _make(folder: Path) -> None:
    data = folder / "data"
    shutil.copytree(MINI, data)
    for version, day in (("0.9.0", DAY), ("0.10.0", LATER)):
        if version == "0.10.0":
            edit(data)
        make_release(settings(folder, data), version, day, commit="0" * 40, project=version)


def edit(data: Path) -> None:
    """Change a value, withdraw a ruling, add a statement, and write some lines otherwise."""
    law = data / "sources" / "kz" / "gazette-law.trig"
    text = law.read_text("utf-8")
    for old, new in EDITS.items():
        assert old in text
        text = text.replace(old, new)
    law.write_text(text, "utf-8")
    rulings = data / "rulings.ttl"
    text = rulings.read_text("utf-8")
    rulings.write_text("# Written otherwise\n" + text.replace('"2025-11-17"', '"2025-11-16"'), "utf-8")


def manifest(version: str) -> dict[str, object]:
    """The manifest of one of them."""
    content: dict[str, object] = json.loads((releases() / version / "manifest.json").read_text("utf-8"))
    return content
