"""Checksums of the files of a snapshot, in the form of ``sha256sum``, so that a damaged one is never read."""

import hashlib
import mmap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kg.errors import SnapshotError

CHECKSUMS = "SHA256SUMS"
MAX_PIECE = 4 << 20
_UNCHECKED = {CHECKSUMS, "LOCK", "LOG"}
"""Files that say nothing: the list itself, and what the store writes to whoever runs it."""


def write_checksums(folder: Path) -> None:
    """List the checksums of the files of a folder, and of the lists in folders in it."""
    files = [path for path in folder.iterdir() if path.is_file() and path.name not in _UNCHECKED]
    files += folder.glob(f"*/{CHECKSUMS}")
    lines = [f"{_digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in sorted(files)]
    (folder / CHECKSUMS).write_text("".join(lines), "utf-8")


def verify_checksums(folder: Path) -> None:
    """Check the files of a folder against their list, and those of folders in it that have one.

    :raises SnapshotError: if a file is missing or damaged, or there is no list; names the file and what to do
    """
    expected = dict(_listed(folder))
    with ThreadPoolExecutor() as pool:
        digests = pool.map(_digest_or_none, (folder / name for name in expected))
    for (name, digest), actual in zip(expected.items(), digests, strict=True):
        if actual != digest:
            problem = "is missing" if actual is None else "is damaged: its checksum is not that of the build"
            raise _damaged(folder / name, problem)
    for name in expected:
        if name.endswith(f"/{CHECKSUMS}"):
            verify_checksums((folder / name).parent)


def _listed(folder: Path) -> Iterator[tuple[str, str]]:
    """The name and checksum of each file."""
    try:
        lines = (folder / CHECKSUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(folder / CHECKSUMS, "cannot be read") from error
    if not lines:
        raise _damaged(folder / CHECKSUMS, "is empty")
    for line in lines:
        digest, _, name = line.partition("  ")
        yield name, digest


def _damaged(path: Path, problem: str) -> SnapshotError:
    hint = "run: kg build (it makes a new snapshot beside this one, which can then be removed)"
    return SnapshotError(f"the snapshot cannot be read: {path.name} {problem}", path=path, hint=hint)


def _digest(path: Path) -> str:
    """The SHA-256 of a file, in large pieces: between two of them other threads of Python are waited for."""
    digest = hashlib.sha256()
    # Not allocated from the heap: as it is freed, the C library would begin to keep large blocks that are freed.
    with mmap.mmap(-1, MAX_PIECE) as piece, path.open("rb", buffering=0) as file:
        while size := file.readinto(piece):
            with memoryview(piece)[:size] as part:
                digest.update(part)
    return digest.hexdigest()


def _digest_or_none(path: Path) -> str | None:
    try:
        return _digest(path)
    except OSError:
        return None
