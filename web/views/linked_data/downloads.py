"""The whole graph and its tables as files, with checksums; and each named graph by the Graph Store Protocol, read only
(https://www.w3.org/TR/sparql11-http-rdf-update/)."""

from collections.abc import Iterable

from flask import Response, current_app, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as BaseResponse

from kg.crosswalk import FILE_NAME, MEDIA_TYPE, sssom
from kg.formats import GRAPH_FORMATS, FileFormat, GraphFormat, TableFormat
from kg.identifiers import iris_of
from kg.message import Message
from kg.tabular.export import available_formats
from kg.tabular.schema import load_tables
from kg.terms import GRAPH
from kg.text_files import to_json
from web.addresses import address_of
from web.answers.conditional import conditional
from web.answers.dataset import schema_dataset
from web.answers.files import File, file_store, send
from web.answers.formats import GRAPHS, choose
from web.snapshot import snapshot
from web.views.linked_data.resources import graph_content

_FORMATS: list[GraphFormat | TableFormat] = [*GRAPH_FORMATS.values(), *available_formats()]
_BY_NAME = {form.file_name: form for form in _FORMATS}


def download(name: str) -> Response:
    """The whole graph, the accepted view or its tables in one file; parts of it by Range."""
    if name not in _BY_NAME:
        raise NotFound(Message("There is no such file; there are: %(names)s.", names=list(_BY_NAME)))
    form, current = _BY_NAME[name], snapshot()
    charset = "; charset=utf-8" if isinstance(form, GraphFormat) else ""
    return send(current, file_store().get(current, form), form.media_type + charset, name)


def data(name: str) -> BaseResponse:
    """The same by another name: the catalogue says ``download``, people say ``data``."""
    return redirect(url_for("downloads.download", name=name), 308)


def _files(formats: Iterable[GraphFormat | TableFormat]) -> list[tuple[FileFormat, File | None]]:
    """Formats, each with its file if that was written: to write all of them takes too long for a page."""
    return [(form, file_store().written(snapshot(), form)) for form in formats]


def page() -> str:
    """All downloads with size and checksum, for people."""
    dataset = schema_dataset(snapshot())
    files, tables = _files(GRAPH_FORMATS.values()), _files(available_formats())
    return render_template("data.html", files=files, tables=tables, snapshot=snapshot(), dataset=dataset)


def dictionary() -> str:
    """What each table and field of the downloads means, from the description that makes them."""
    tables = load_tables(queries=current_app.config["WEB"].graph.queries)
    return render_template("pages/dictionary.html", tables=tables.values(), names=set(tables))


def listing() -> Response:
    """All downloads with size and checksum, as JSON."""
    files = [_listed(form, file) for form, file in _files(GRAPH_FORMATS.values())]
    tables = [_listed(form, file) for form, file in _files(available_formats())]
    document = {"snapshot": snapshot().name, "files": files, "tables": tables}
    document["crosswalk"] = address_of("downloads.crosswalk")
    response = Response(to_json(document), content_type="application/json")
    response.vary.add("Accept")
    return response


def _listed(form: FileFormat, file: File | None) -> dict[str, object]:
    holds = "the accepted view and all statements as tables"
    if isinstance(form, GraphFormat):
        holds = "all graphs" if form.has_named_graphs else "the accepted view"
    return {
        "url": address_of("downloads.download", name=form.file_name),
        "mediaType": form.media_type,
        "holds": holds,
        "bytes": file and file.size,
        "sha256": file and file.digest,
    }


def checksums() -> Response:
    """What ``sha256sum --check`` reads: the graph in every format, and the tables that were written."""
    files = [file_store().get(snapshot(), form) for form in GRAPH_FORMATS.values()]
    files += [file for _, file in _files(available_formats()) if file]
    lines = [f"{file.digest}  {file.form.file_name}\n" for file in files]
    return Response("".join(lines), content_type="text/plain; charset=utf-8")


def crosswalk() -> Response:
    """The links to other vocabularies as SSSOM/TSV."""
    content_type = f"{MEDIA_TYPE}; charset=utf-8"
    response = conditional(("crosswalk",), content_type, lambda: sssom(snapshot().store))
    response.headers["Content-Disposition"] = f"attachment; filename={FILE_NAME}"
    return response


def graph_store() -> Response:
    """A named graph by ``?graph=IRI``, or the default graph by ``?default``."""
    form = choose(GRAPHS, request.accept_mimetypes, request.args)
    names = request.args.getlist("graph")
    if "default" in request.args and not names:
        return graph_content(GRAPH.accepted, form)
    if len(names) != 1 or "default" in request.args:
        raise BadRequest(Message("Name exactly one graph: ?graph=<IRI>, or ?default for the accepted view."))
    readings = [NamedNode(iri) for iri in iris_of(names[0], ("graph", "assertion"))]
    if not readings:
        raise BadRequest(Message("%(parameter)s is no IRI: %(value)s", parameter="graph", value=repr(names[0][:100])))
    graph = next(filter(snapshot().store.contains_named_graph, readings), None)
    if graph is None:
        raise NotFound(Message("There is no graph %(iri)s.", iri=readings[0].value[:200]))
    return graph_content(graph, form)
