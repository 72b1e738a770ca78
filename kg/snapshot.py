"""Snapshots: a folder each, named by what it holds; ``current`` is a link that is swapped in one rename.

A folder gets its name only when it is complete, so a build that is killed leaves the old snapshot serving.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from kg.checksums import verify_checksums, write_checksums
from kg.errors import SnapshotError
from kg.terms import GRAPH

DATASET = "dataset.nq"
ACCEPTED = "accepted.nt"
"""The accepted view of the dataset once more, by itself: the engine reads it in half the time."""
REPORT = "report.json"
_NAME = re.compile(r"[0-9a-f]{16}\Z")
_UNFINISHED = ".building-"
_COMPUTED = tuple(f" {graph} .\n".encode() for graph in (GRAPH.accepted, GRAPH.inferred, GRAPH.catalogue))


def new_name(snapshots: Path, lines: Sequence[bytes], version: str) -> str:
    """The name under which a snapshot is or will be: another one where what bears it is damaged.

    That one stays where it is, since it may be the current one until the new one is complete.
    """
    name = snapshot_name(lines, version)
    while (snapshots / name).exists() and not is_intact(snapshots / name):
        name = snapshot_name([name.encode()], version)
    return name


def snapshot_name(lines: Sequence[bytes], version: str) -> str:
    """The name of a snapshot: the hash of its sorted N-Quads and of the version of the code."""
    digest = hashlib.sha256(version.encode())
    digest.update(b"".join(lines))
    return digest.hexdigest()[:16]


def write_dataset(folder: Path, lines: Sequence[bytes]) -> Path:
    """Write the quads of a snapshot; returns the file with all of them.

    :param lines: sorted N-Quads
    """
    dataset = folder / DATASET
    dataset.write_bytes(b"".join(lines))
    end = f" {GRAPH.accepted} .\n".encode()
    (folder / ACCEPTED).write_bytes(b"".join(line[: -len(end)] + b" .\n" for line in lines if line.endswith(end)))
    return dataset


def hash_inputs(lines: Iterable[bytes]) -> str:
    """The SHA-256 of the quads that were read from files, so that two builds of the same data know each other.

    What depends on the day of a build is left out: the accepted view, what is inferred, and the catalogue.

    :param lines: all quads of the dataset as sorted N-Quads
    """
    digest = hashlib.sha256()
    for line in lines:
        if not line.endswith(_COMPUTED):
            digest.update(line)
    return digest.hexdigest()


@contextmanager
def exclusive(folder: Path, otherwise: str) -> Iterator[None]:
    """Keep every other process that asks for it out of a folder; one that dies lets go by dying.

    :param otherwise: what to say if another one is there
    :raises SnapshotError: if another one is there
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SnapshotError(otherwise, path=folder, hint="wait until it ends") from error
        yield


@contextmanager
def lock(snapshots: Path) -> Iterator[None]:
    """Keep every other build out, and remove what a build that died has left.

    :raises SnapshotError: if another build is running
    """
    with exclusive(snapshots, "another build is running"):
        for left in snapshots.glob(_UNFINISHED + "*"):
            shutil.rmtree(left)
        yield


@contextmanager
def new_folder(snapshots: Path, name: str) -> Iterator[Path]:
    """A folder to write a snapshot into; it gets its name when the block ends well, else it is removed.

    :raises SnapshotError: if it cannot be written, as on a full disk
    """
    unfinished = snapshots / (_UNFINISHED + name)
    unfinished.mkdir()
    try:
        yield unfinished
        write_checksums(unfinished)
        _to_disk(unfinished)
        unfinished.rename(snapshots / name)
    except OSError as error:  # a full disk says of itself neither where it is nor what would help
        shutil.rmtree(unfinished, ignore_errors=True)
        hint = "make room there, or name another folder in KG_SNAPSHOTS"
        message = f"the snapshot cannot be written: {error.strerror or error}"
        raise SnapshotError(message, path=snapshots, hint=hint) from error
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


def is_intact(folder: Path) -> bool:
    """Whether nothing of a snapshot is missing or damaged."""
    try:
        verify_checksums(folder)
    except SnapshotError:
        return False
    return True


def hold(folder: Path) -> IO[bytes]:
    """Keep a snapshot from being removed, until what is returned is closed or its process ends.

    :raises SnapshotError: if there is none
    """
    try:
        file = (folder / REPORT).open("rb")
    except OSError as error:
        raise SnapshotError("there is no snapshot yet", path=folder, hint="run: kg build") from error
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def publish(snapshots: Path, name: str) -> Path:
    """Make a snapshot the current one, in one rename; returns its folder."""
    folder = snapshots / name
    os.utime(folder)
    link = snapshots / ".current"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.replace(snapshots / "current")
    return folder


def newest_first(snapshots: Path) -> list[Path]:
    """The folders of all snapshots: the current one, then the others by the time they were last made current."""
    folders = [path for path in snapshots.glob("*") if _NAME.match(path.name) and path.is_dir()]
    current = (snapshots / "current").resolve()
    return sorted(folders, key=lambda path: (path == current, path.stat().st_mtime), reverse=True)


def prune(snapshots: Path, keep: int) -> list[str]:
    """Remove all but the newest snapshots and those in use; returns the names of those removed.

    :param keep: how many stay; the current one always does
    """
    removed = []
    for folder in newest_first(snapshots)[max(1, keep) :]:
        with contextlib.suppress(BlockingIOError), _unused(folder):
            shutil.rmtree(folder)
            removed.append(folder.name)
    return removed


@contextmanager
def _unused(folder: Path) -> Iterator[None]:
    """A snapshot that nobody holds, nor can hold meanwhile.

    :raises BlockingIOError: if somebody does
    """
    report = folder / REPORT
    if not report.exists():
        yield
        return
    with report.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
