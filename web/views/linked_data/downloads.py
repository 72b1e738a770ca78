"""The whole graph as files, with checksums; and each named graph by the Graph Store Protocol, read only
(https://www.w3.org/TR/sparql11-http-rdf-update/)."""

from __future__ import annotations

import json

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as BaseResponse

from kg.formats import GRAPH_FORMATS
from web.answers.files import send, the_files
from web.answers.formats import GRAPHS, HTML, ROWS, choose
from web.snapshot import node, snapshot
from web.views.linked_data.resources import graph_content

blueprint = Blueprint("downloads", __name__)

_BY_NAME = {form.file_name: form for form in GRAPH_FORMATS.values()}


@blueprint.get("/download/<name>")
def download(name: str) -> Response:
    """The whole graph, or the accepted view, in one file; parts of it by Range."""
    if name not in _BY_NAME:
        raise NotFound(f"There is no such file; there are: {', '.join(_BY_NAME)}.")
    form, current = _BY_NAME[name], snapshot()
    return send(current, the_files().get(current, form), f"{form.media_type}; charset=utf-8", name)


@blueprint.get("/data/<name>")
def data(name: str) -> BaseResponse:
    """The same by another name: the catalogue says ``download``, people say ``data``."""
    return redirect(url_for("downloads.download", name=name), 308)


@blueprint.get("/data/")
def listing() -> Response:
    """All downloads with size and checksum: a page, or JSON."""
    current = snapshot()
    files = [the_files().get(current, form) for form in GRAPH_FORMATS.values()]
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
    lines = [f"{the_files().get(current, form).digest}  {form.file_name}\n" for form in GRAPH_FORMATS.values()]
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
