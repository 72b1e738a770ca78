"""Files made when they are first requested: the graph of a snapshot to download, its tables, each named graph; and
those of releases, unpacked."""

import base64
import contextlib
import fcntl
import gzip
import hashlib
import shutil
import tempfile
import threading
import time
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from flask import Response, current_app, request, send_file
from pyoxigraph import NamedNode, Quad

from kg.errors import UsageError
from kg.export import export, published, replace_file
from kg.formats import GraphFormat, TableFormat
from kg.message import Message
from kg.releases.archive import Release
from kg.skolem import deskolemise
from kg.tabular.export import export_tables
from web.answers.conditional import is_current, not_modified
from web.engine.results import BusyError
from web.snapshot import Snapshot

RELEASES, VIEWS = OTHERS = ("releases", "as-known")
"""The folders of what does not belong to the current snapshot: files of releases, views of earlier days."""
WAIT_TIMEOUT = 5.0
"""Seconds a request waits while a file is written."""


@dataclass(frozen=True)
class File:
    """A file to hand out.

    :param digest: SHA-256 of its bytes, in hexadecimal
    """

    form: GraphFormat | TableFormat
    path: Path
    size: int
    digest: str


class FileFolder:
    """A folder of files that are made when they are first wanted.

    :param folder: where it is; a temporary one if not given
    :param name: a folder in that one
    """

    def __init__(self, folder: Path | None, name: str = "") -> None:
        self.folder, self.name = folder, name

    @cached_property
    def root(self) -> Path:
        """The folder, made when it is first used."""
        root = (self.folder or Path(tempfile.mkdtemp(prefix="kg-downloads-"))) / self.name
        root.mkdir(parents=True, exist_ok=True)
        return root

    def prune(self, keep: Container[str], most: int) -> None:
        """Remove all but the newest folders in it: a download that is under way keeps its open file.

        :param keep: those that stay in any case
        """
        others = [path for path in self.root.iterdir() if path.is_dir() and path.name not in keep]
        for old in sorted(others, key=lambda path: path.stat().st_mtime)[:-most]:
            shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def locked(self, timeout: float = WAIT_TIMEOUT) -> Iterator[None]:
        """Keep all other processes of the site out while something is made.

        :raises BusyError: if another one makes something and takes longer than so many seconds
        """
        with (self.root / ".lock").open("w") as file:
            until = time.monotonic() + timeout
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > until:
                        message = Message("what was asked for is being made")
                        raise BusyError(message, hint=Message("try again in a few seconds")) from None
                    time.sleep(0.05)
            yield


class FileStore(FileFolder):
    """Writes the files of a snapshot, one at a time, and removes those of the one before the last."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__(folder)
        self.lock = threading.Lock()

    def get(self, current: Snapshot, form: GraphFormat | TableFormat, graph: NamedNode | None = None) -> File:
        """The file of a format, written if it is not there yet.

        :param graph: one named graph; all that the format publishes, if not given
        :raises BusyError: if another file takes long to write
        """
        name = form.file_name
        if graph is not None:
            name = f"{hashlib.sha256(graph.value.encode()).hexdigest()[:32]}.{name.rpartition('.')[2]}"
        path = self.root / current.name / name
        digest = path.with_name(name + ".sha256")
        if not digest.exists():
            self._locked(current, form, graph, path, digest)
        return File(form, path, path.stat().st_size, digest.read_text("ascii"))

    def gzipped(self, file: File) -> File:
        """The same file compressed, written if it is not there yet.

        :raises BusyError: if another file takes long to write
        """
        path = file.path.with_name(file.path.name + ".gz")
        digest = path.with_name(path.name + ".sha256")
        with self._writing():
            if not digest.exists():
                replace_file(path, gzip.compress(file.path.read_bytes(), 6, mtime=0))
                _write_digest(path, digest)
        return replace(file, path=path, size=path.stat().st_size, digest=digest.read_text("ascii"))

    def written(self, current: Snapshot, form: GraphFormat | TableFormat) -> File | None:
        """The file of a format if it is there; nothing is written."""
        is_there = (self.root / current.name / f"{form.file_name}.sha256").exists()
        return self.get(current, form) if is_there else None

    def _locked(
        self, current: Snapshot, form: GraphFormat | TableFormat, graph: NamedNode | None, path: Path, digest: Path
    ) -> None:
        with self._writing():
            if not digest.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                self._write(current, form, graph, path)
                _write_digest(path, digest)
                self.prune((current.name, *OTHERS), 1)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        if not self.lock.acquire(timeout=WAIT_TIMEOUT):
            raise BusyError(Message("the file is being written"), hint=Message("try again in a few seconds"))
        try:
            yield
        except UsageError as error:  # who asks has named no file: that this one cannot be written is the server's fault
            raise OSError(str(error)) from error
        finally:
            self.lock.release()

    def _write(self, current: Snapshot, form: GraphFormat | TableFormat, graph: NamedNode | None, path: Path) -> None:
        if isinstance(form, TableFormat):
            export_tables(current.store, form.name, path)
        elif graph is None:
            export(published(current.store, form.name), form.name, path)
        else:
            quads = current.store.quads_for_pattern(None, None, None, graph)
            export(deskolemise(Quad(*quad.triple) for quad in quads), form.name, path)


def _write_digest(path: Path, digest: Path) -> None:
    """Write the checksum of a file, last and by renaming: where it is, both files are complete."""
    with path.open("rb") as file:
        replace_file(digest, hashlib.file_digest(file, "sha256").hexdigest().encode("ascii"))


def file_store() -> FileStore:
    """The one of this application."""
    store: FileStore = current_app.extensions["downloads"]
    return store


def send(current: Snapshot, file: File, content_type: str, name: str | None = None) -> Response:
    """A file as an answer, compressed for who takes that; parts of it by Range.

    The digest is that of what is sent, its content coding included (RFC 9530, section 3.1).

    :param name: under what name a browser saves it; shown in the browser if not given
    """
    tag = file.digest
    if is_current(tag):
        return not_modified(tag)
    takes_gzip = any(name in ("gzip", "x-gzip") and quality > 0 for name, quality in request.accept_encodings)
    is_packed = isinstance(file.form, GraphFormat) and "Range" not in request.headers and takes_gzip
    if is_packed:
        file, tag = file_store().gzipped(file), f"{tag}:gzip"
    response = send_file(
        file.path,
        mimetype=file.form.media_type,
        as_attachment=name is not None,
        download_name=name,
        etag=tag,
        conditional=True,
        last_modified=current.modified,
    )
    response.content_type = content_type
    response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(file.digest)).decode()}:"
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def check_digest(response: Response) -> Response:
    """Take back the digest of a file that was compressed on its way: that of the result is not known beforehand."""
    if response.headers.get("Content-Encoding", "gzip") != "gzip":
        response.headers.pop("Repr-Digest", None)
    return response


MAX_KEPT = 3
"""Releases whose files stay unpacked."""


class ReleaseFiles(FileFolder):
    """Unpacks the files of releases, one at a time in all processes of the site, and keeps those of a few."""

    def get(self, release: Release, name: str) -> Path:
        """A file of a release, unpacked and checked when it is first wanted.

        :raises BusyError: if another file takes long to write
        :raises UsageError: if there is no such file
        :raises SnapshotError: if its bytes would not be those that were released
        """
        path = self.root / release.version / name
        if not path.exists():
            release.check_name(name)
            with self.locked():
                if not path.exists():
                    path.parent.mkdir(exist_ok=True)
                    fresh = path.with_name(f".{name}")
                    fresh.write_bytes(release.read(name))
                    fresh.replace(path)
                    self.prune((release.version,), MAX_KEPT - 1)
        return path


def release_files() -> ReleaseFiles:
    """Those of this application."""
    files: ReleaseFiles = current_app.extensions["releases"]
    return files
