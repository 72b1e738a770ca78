"""The whole graph as files, with checksums; and each named graph by the Graph Store Protocol, read only
(https://www.w3.org/TR/sparql11-http-rdf-update/)."""

from __future__ import annotations

import json

from flask import Response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as BaseResponse

from kg.formats import GRAPH_FORMATS
from kg.terms import GRAPH
from web.addresses import address_of
from web.answers.files import File, file_store, send
from web.answers.formats import GRAPHS, choose
from web.snapshot import node, snapshot
from web.views.linked_data.resources import graph_content

_BY_NAME = {form.file_name: form for form in GRAPH_FORMATS.values()}


def download(name: str) -> Response:
    """The whole graph, or the accepted view, in one file; parts of it by Range."""
    if name not in _BY_NAME:
        raise NotFound(f"There is no such file; there are: {', '.join(_BY_NAME)}.")
    form, current = _BY_NAME[name], snapshot()
    return send(current, file_store().get(current, form), f"{form.media_type}; charset=utf-8", name)


def data(name: str) -> BaseResponse:
    """The same by another name: the catalogue says ``download``, people say ``data``."""
    return redirect(url_for("downloads.download", name=name), 308)


def _files() -> list[File]:
    return [file_store().get(snapshot(), form) for form in GRAPH_FORMATS.values()]


def page() -> str:
    """All downloads with size and checksum, for people."""
    return render_template("data.html", files=_files(), snapshot=snapshot())


def listing() -> Response:
    """All downloads with size and checksum, as JSON."""
    files = [
        {
            "url": address_of("downloads.download", name=file.form.file_name),
            "mediaType": file.form.media_type,
            "holds": "all graphs" if file.form.has_named_graphs else "the accepted view",
            "bytes": file.size,
            "sha256": file.digest,
        }
        for file in _files()
    ]
    body = json.dumps({"snapshot": snapshot().name, "files": files}, indent=1) + "\n"
    response = Response(body, content_type="application/json")
    response.vary.add("Accept")
    return response


def checksums() -> Response:
    """What ``sha256sum --check`` reads."""
    lines = [f"{file.digest}  {file.form.file_name}\n" for file in _files()]
    return Response("".join(lines), content_type="text/plain; charset=utf-8")


def graph_store() -> Response:
    """A named graph by ``?graph=IRI``, or the default graph by ``?default``."""
    form = choose(GRAPHS, request.accept_mimetypes, request.args)
    names = request.args.getlist("graph")
    if "default" in request.args and not names:
        return graph_content(GRAPH.accepted, form)
    if len(names) != 1 or "default" in request.args:
        raise BadRequest("Name exactly one graph: ?graph=<IRI>, or ?default for the accepted view.")
    graph = node(names[0])
    if graph is None:
        raise BadRequest(f"graph is no IRI: {names[0][:100]!r}")
    if not snapshot().store.contains_named_graph(graph):
        raise NotFound(f"There is no graph {graph.value[:200]}.")
    return graph_content(graph, form)
