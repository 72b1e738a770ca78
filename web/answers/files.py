"""Files of a snapshot, written when they are first requested: the graph to download, its tables, each named graph."""

import base64
import contextlib
import gzip
import hashlib
import shutil
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Response, current_app, request, send_file
from pyoxigraph import NamedNode, Quad

from kg.export import export, published
from kg.formats import GraphFormat, TableFormat
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


class FileStore:
    """Writes the files of a snapshot, one at a time, and removes those of the one before the last.

    :param folder: where to; a temporary folder if not given
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.lock = threading.Lock()

    def get(self, current: Snapshot, form: GraphFormat | TableFormat, graph: NamedNode | None = None) -> File:
        """The file of a format, written if it is not there yet.

        :param graph: one named graph; all that the format publishes, if not given
        :raises BusyError: if another file takes long to write
        """
        name = form.file_name
        if graph is not None:
            name = f"{hashlib.sha256(graph.value.encode()).hexdigest()[:32]}.{name.rpartition('.')[2]}"
        path = self._root() / current.name / name
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
                fresh = path.with_suffix(".part")
                with file.path.open("rb") as plain, gzip.GzipFile(fresh, "wb", 6, mtime=0) as packed:
                    shutil.copyfileobj(plain, packed, 1 << 20)
                fresh.replace(path)
                _write_digest(path, digest)
        return replace(file, path=path, size=path.stat().st_size, digest=digest.read_text("ascii"))

    def written(self, current: Snapshot, form: GraphFormat | TableFormat) -> File | None:
        """The file of a format if it is there; nothing is written."""
        is_there = (self._root() / current.name / f"{form.file_name}.sha256").exists()
        return self.get(current, form) if is_there else None

    def _locked(
        self, current: Snapshot, form: GraphFormat | TableFormat, graph: NamedNode | None, path: Path, digest: Path
    ) -> None:
        with self._writing():
            if not digest.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                self._write(current, form, graph, path)
                _write_digest(path, digest)
                self._prune(keep=current.name)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        if not self.lock.acquire(timeout=WAIT_TIMEOUT):
            raise BusyError("the file is being written", hint="try again in a few seconds")
        try:
            yield
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

    def _root(self) -> Path:
        if self.folder is None:
            self.folder = Path(tempfile.mkdtemp(prefix="kg-downloads-"))
        return self.folder

    def _prune(self, keep: str) -> None:
        """A download that is under way keeps its open file, so removing the others does no harm."""
        others = [path for path in self._root().iterdir() if path.is_dir() and path.name not in (keep, *OTHERS)]
        for old in sorted(others, key=lambda path: path.stat().st_mtime)[:-1]:
            shutil.rmtree(old, ignore_errors=True)


def _write_digest(path: Path, digest: Path) -> None:
    """Write the checksum of a file, last and by renaming: where it is, both files are complete."""
    fresh = digest.with_suffix(".new")
    with path.open("rb") as file:
        fresh.write_text(hashlib.file_digest(file, "sha256").hexdigest(), "ascii")
    fresh.replace(digest)


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
    is_packed = isinstance(file.form, GraphFormat) and "Range" not in request.headers and accepts_gzip()
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


def accepts_gzip() -> bool:
    """Whether the client names gzip among the content codings that it takes."""
    return any(name in ("gzip", "x-gzip") and quality > 0 for name, quality in request.accept_encodings)


def check_digest(response: Response) -> Response:
    """Take back the digest of a file that was compressed on its way: that of the result is not known beforehand."""
    if response.headers.get("Content-Encoding", "gzip") != "gzip":
        response.headers.pop("Repr-Digest", None)
    return response
