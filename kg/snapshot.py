"""Snapshots: a folder each, named by what it holds; ``current`` is a link that is swapped in one rename.

A folder gets its name only when it is complete, so a build that is killed leaves the old snapshot serving.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kg.errors import SnapshotError

DATASET = "dataset.nq"
REPORT = "report.json"
KEEP = 3
_NAME = re.compile(r"[0-9a-f]{16}\Z")
_UNFINISHED = ".building-"


def snapshot_name(lines: Sequence[bytes], version: str) -> str:
    """The name of a snapshot: the hash of its sorted N-Quads and of the version of the code."""
    digest = hashlib.sha256(version.encode())
    for line in lines:
        digest.update(line)
    return digest.hexdigest()[:16]


@contextmanager
def lock(snapshots: Path) -> Iterator[None]:
    """Keep every other build out; a build that dies lets go by dying.

    :raises SnapshotError: if another build is running
    """
    snapshots.mkdir(parents=True, exist_ok=True)
    with (snapshots / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SnapshotError("another build is running", path=snapshots, hint="wait until it ends") from error
        for left in snapshots.glob(_UNFINISHED + "*"):
            shutil.rmtree(left)
        yield


@contextmanager
def new_folder(snapshots: Path, name: str) -> Iterator[Path]:
    """A folder to write a snapshot into; it gets its name when the block ends well, else it is removed."""
    unfinished = snapshots / (_UNFINISHED + name)
    unfinished.mkdir()
    try:
        yield unfinished
        _to_disk(unfinished)
        unfinished.rename(snapshots / name)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _to_disk(folder: Path) -> None:
    """Everything in a folder safe on disk, so that a name never stands for less after a power cut."""
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def exists(snapshots: Path, name: str) -> bool:
    """Whether there is a complete snapshot of that name."""
    return (snapshots / name / REPORT).is_file()


def publish(snapshots: Path, name: str) -> Path:
    """Make a snapshot the current one, in one rename; returns its folder."""
    folder = snapshots / name
    os.utime(folder)
    link = snapshots / ".current"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.replace(snapshots / "current")
    return folder


def prune(snapshots: Path, keep: int = KEEP) -> list[str]:
    """Remove all but the newest snapshots; returns the names of those removed.

    The last ones stay: a server that has not yet looked still reads one of them.
    """
    folders = [path for path in snapshots.iterdir() if _NAME.match(path.name) and path.is_dir()]
    current = (snapshots / "current").resolve()
    folders.sort(key=lambda path: (path == current, path.stat().st_mtime), reverse=True)
    for folder in folders[keep:]:
        shutil.rmtree(folder)
    return [folder.name for folder in folders[keep:]]
