"""Snapshots that tests only read: built once for each content, kept on disk, shared by all processes and runs."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path

from kg.build import build
from kg.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOTS = ROOT / "build" / "tests"
ENGINES = ("pyoxigraph", "pyshifty", "rdflib")
#: After this many seconds without a use, a folder is removed.
UNUSED_AFTER = 24 * 3600


@cache
def built(data: Path, day: date) -> Path:
    """A folder of snapshots whose current one is built from a folder of data, for a day; nobody may write into it."""
    digest = hashlib.sha256(f"{day} {[version(name) for name in ENGINES]}".encode())
    for folder in (ROOT / "kg", ROOT / "ontology", ROOT / "queries", data):
        for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"):
            digest.update(f"{file.relative_to(folder)} {hashlib.sha256(file.read_bytes()).hexdigest()} ".encode())
    place = SNAPSHOTS / digest.hexdigest()[:16]
    with alone_at(place):
        place.mkdir(exist_ok=True)
        (place / "used").touch()
        if not (place / "current").exists():
            remove_unused()
            build(replace(Settings.default(ROOT), data=data, snapshots=place), day=day)
    return place


def kept(place: Path, name: str, make: Callable[[Path], object]) -> Path:
    """A file or folder made from a snapshot of such a folder, once for all processes; nobody may write into it.

    :param make: writes it to the path that it is handed
    """
    with alone_at(place):
        if not (place / name).exists():
            unfinished = place / f".{name}"
            shutil.rmtree(unfinished, ignore_errors=True)
            make(unfinished)
            unfinished.rename(place / name)
    return place / name


@contextmanager
def alone_at(place: Path) -> Iterator[None]:
    """One process at a time for one folder; the others wait."""
    SNAPSHOTS.mkdir(parents=True, exist_ok=True)
    with place.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def remove_unused() -> None:
    """Remove what no run of the last day used."""
    for folder in (path for path in SNAPSHOTS.iterdir() if path.is_dir()):
        used = folder / "used"
        if time.time() - (used if used.exists() else folder).stat().st_mtime > UNUSED_AFTER:
            shutil.rmtree(folder)
            folder.with_suffix(".lock").unlink(missing_ok=True)
