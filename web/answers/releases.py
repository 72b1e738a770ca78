"""The files of the releases that this site serves, unpacked when they are first wanted."""

import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app

from kg.releases.archive import Release
from web.answers.files import RELEASES
from web.engine.results import BusyError

WAIT_TIMEOUT = 5.0
"""Seconds a request waits while a file is written, by whatever process."""
MAX_KEPT = 3
"""Releases whose files stay unpacked."""


class ReleaseFiles:
    """Unpacks the files of releases, one at a time in all processes of the site, and keeps those of a few.

    :param folder: where to; a temporary folder if not given
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def get(self, release: Release, name: str) -> Path:
        """A file of a release, unpacked and checked when it is first wanted.

        :raises BusyError: if another file takes long to write
        :raises UsageError: if there is no such file
        :raises SnapshotError: if its bytes would not be those that were released
        """
        path = self._root() / release.version / name
        if not path.exists():
            release.check_name(name)
            with self._locked():
                if not path.exists():
                    path.parent.mkdir(exist_ok=True)
                    fresh = path.with_name(f".{name}")
                    fresh.write_bytes(release.read(name))
                    fresh.replace(path)
                    self._prune(release.version)
        return path

    def _root(self) -> Path:
        if self.folder is None:
            self.folder = Path(tempfile.mkdtemp(prefix="kg-downloads-"))
        root = self.folder / RELEASES
        root.mkdir(parents=True, exist_ok=True)
        return root

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._root() / ".lock").open("w") as file:
            until = time.monotonic() + WAIT_TIMEOUT
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > until:
                        raise BusyError("the file is being written", hint="try again in a few seconds") from None
                    time.sleep(0.05)
            yield

    def _prune(self, keep: str) -> None:
        """A download that is under way keeps its open file, so removing the others does no harm."""
        others = [path for path in self._root().iterdir() if path.is_dir() and path.name != keep]
        for old in sorted(others, key=lambda path: path.stat().st_mtime)[: -MAX_KEPT + 1]:
            shutil.rmtree(old, ignore_errors=True)


def release_files() -> ReleaseFiles:
    """Those of this application."""
    files: ReleaseFiles = current_app.extensions["releases"]
    return files
