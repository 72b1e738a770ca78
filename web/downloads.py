"""The whole graph as files, with checksums; and each named graph by the Graph Store Protocol, read only
(https://www.w3.org/TR/sparql11-http-rdf-update/)."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, current_app, redirect, render_template, request, send_file, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as BaseResponse

from kg.export import export, published
from kg.formats import GRAPH_FORMATS, GraphFormat
from web.linked_data import graph_content
from web.negotiation import GRAPHS, HTML, ROWS, choose
from web.snapshot import Snapshot, node, snapshot

blueprint = Blueprint("downloads", __name__)

_BY_NAME = {form.file_name: form for form in GRAPH_FORMATS.values()}


@dataclass(frozen=True)
class File:
    """A file to download.

    :param digest: SHA-256 of its bytes, in hexadecimal
    """

    form: GraphFormat
    path: Path
    size: int
    digest: str


class Files:
    """Writes the files of a snapshot when they are first asked for, and removes those of the one before the last.

    :param folder: where to; a temporary folder if not given
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.lock = threading.Lock()

    def get(self, current: Snapshot, form: GraphFormat) -> File:
        """The file of a format, written whole if it was not there yet."""
        with self.lock:
            folder = self._root() / current.name
            path = folder / form.file_name
            if not path.exists():
                folder.mkdir(parents=True, exist_ok=True)
                export(published(current.store, form.name), form.name, path)
                self._prune(keep=current.name)
            digest = path.with_name(path.name + ".sha256")
            if not digest.exists():
                digest.write_text(_digest(path), "ascii")
            return File(form, path, path.stat().st_size, digest.read_text("ascii"))

    def _root(self) -> Path:
        if self.folder is None:
            self.folder = Path(tempfile.mkdtemp(prefix="kg-downloads-"))
        return self.folder

    def _prune(self, keep: str) -> None:
        """A download that is under way keeps its open file, so removing the others does no harm."""
        others = [path for path in self._root().iterdir() if path.is_dir() and path.name != keep]
        for old in sorted(others, key=lambda path: path.stat().st_mtime)[:-1]:
            shutil.rmtree(old, ignore_errors=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@blueprint.get("/download/<name>")
def download(name: str) -> Response:
    """The whole graph, or the accepted view, in one file; parts of it by Range."""
    if name not in _BY_NAME:
        raise NotFound(f"There is no such file; there are: {', '.join(_BY_NAME)}.")
    file = _files().get(snapshot(), _BY_NAME[name])
    response = send_file(
        file.path,
        mimetype=file.form.media_type,
        as_attachment=True,
        download_name=name,
        etag=file.digest,
        conditional=True,
        last_modified=snapshot().modified,
    )
    response.headers["Repr-Digest"] = f"sha-256=:{_base64(file.digest)}:"
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


def _base64(digest: str) -> str:
    import base64

    return base64.b64encode(bytes.fromhex(digest)).decode()


def _files() -> Files:
    files: Files = current_app.extensions["downloads"]
    return files


@blueprint.get("/data/<name>")
def data(name: str) -> BaseResponse:
    """The same by another name: the catalogue says ``download``, people say ``data``."""
    return redirect(url_for("downloads.download", name=name), 308)


@blueprint.get("/data/")
def listing() -> Response:
    """All downloads with size and checksum: a page, or JSON."""
    current = snapshot()
    files = [_files().get(current, form) for form in GRAPH_FORMATS.values()]
    if choose((ROWS, HTML), request.accept_mimetypes, request.args) == HTML:
        return Response(render_template("data.html", files=files, snapshot=current), content_type=HTML.content_type)
    listed = [
        {
            "url": url_for("downloads.download", name=file.form.file_name, _external=True),
            "mediaType": file.form.media_type,
            "holds": "all graphs" if file.form.whole else "the accepted view",
            "bytes": file.size,
            "sha256": file.digest,
        }
        for file in files
    ]
    body = json.dumps({"snapshot": current.name, "files": listed}, indent=1) + "\n"
    response = Response(body, content_type="application/json")
    response.vary.add("Accept")
    return response


@blueprint.get("/data/SHA256SUMS")
@blueprint.get("/download/SHA256SUMS")
def checksums() -> Response:
    """What ``sha256sum --check`` reads."""
    current = snapshot()
    lines = [f"{_files().get(current, form).digest}  {form.file_name}\n" for form in GRAPH_FORMATS.values()]
    return Response("".join(lines), content_type="text/plain; charset=utf-8")


@blueprint.get("/graph-store")
def graph_store() -> Response:
    """A named graph by ``?graph=IRI``, or the default graph by ``?default``."""
    form = choose(GRAPHS, request.accept_mimetypes, request.args)
    names = request.args.getlist("graph")
    if "default" in request.args and not names:
        return graph_content(None, form)
    if len(names) != 1 or "default" in request.args:
        raise BadRequest("Name exactly one graph: ?graph=<IRI>, or ?default for the accepted view.")
    name = node(names[0])
    if name is None:
        raise BadRequest(f"graph is no IRI: {names[0][:100]!r}")
    if not snapshot().store.contains_named_graph(name):
        raise NotFound(f"There is no graph {name.value[:200]}.")
    return graph_content(name, form)
