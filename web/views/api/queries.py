"""Every canned query at an address of its own: ``/query/<slug>`` with its parameters, in every format."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from kg.errors import ParameterError
from kg.namespaces import PREFIXES, shorten
from kg.query import CannedQuery, Parameter, bind, get_query
from web.answers import tables
from web.answers.adhoc import Cache, Stored, finish, tag_of, unchanged
from web.answers.description import exists
from web.answers.formats import EXCEL, GRAPHS, HTML, RESULTS, ROWS, SPARQL, Format, by_name, choose
from web.engine.protocol import Request
from web.engine.scanner import Limits
from web.snapshot import Snapshot, snapshot
from web.views.api.openapi import document as openapi_document
from web.views.html.page_registry import page

blueprint = Blueprint("query_api", __name__)

RESERVED = ("format", "limit", "offset", "bom", "lang", "theme")
"""Parameters of an address that are not those of the query."""
LARGEST_PAGE = 100_000
_ASKED = (*RESULTS, ROWS, EXCEL, SPARQL)
_BUILT = tuple(form for form in GRAPHS if form.name not in ("trig", "nquads"))
_SUFFIXES = {form.suffix: form for form in (*_ASKED, *GRAPHS, HTML)}


@dataclass(frozen=True)
class Slice:
    """Which of the rows are wanted.

    :param limit: ``None`` for all that follow
    """

    offset: int = 0
    limit: int | None = None


@blueprint.get("/query/")
def listing() -> BaseResponse:
    """All canned queries with their parameters, as JSON; for a browser the page of questions."""
    if page("questions") and choose((ROWS, HTML), request.accept_mimetypes, request.args) == HTML:
        return redirect(url_for("pages.questions"))
    response = jsonify([describe(query) for query in snapshot().queries.values()])
    response.vary.add("Accept")
    return response


def describe(query: CannedQuery) -> dict[str, object]:
    """A canned query as a JSON object."""
    parameters = [
        {
            "name": p.name,
            "type": p.kind,
            "description": p.description,
            "default": p.default,
            "example": p.example,
            "of": p.cls or p.scheme,
            "choices": listed_choices(p) or None,
        }
        for p in query.parameters
    ]
    return {
        "slug": query.slug,
        "iri": PREFIXES["query"] + query.slug,
        "url": url_for("query_api.answer", slug=query.slug, _external=True),
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": parameters,
    }


def listed_choices(parameter: Parameter) -> list[str]:
    """The allowed values as prefixed names, where they are few; none where they are all of a class or scheme."""
    few = parameter.choices or parameter.choices_from
    return [shorten(iri) for iri in snapshot().choices(parameter)] if few else []


@blueprint.get("/query/<slug>")
def answer(slug: str) -> BaseResponse:
    """The answer to a canned query in the format asked for; for a browser its page; as Turtle, what it is."""
    from web.views.linked_data.resources import describe_thing, resource

    slug, suffix = _split(slug)
    if slug not in snapshot().queries and exists(snapshot().store, NamedNode(PREFIXES["query"] + quote(slug))):
        return resource("query", slug)  # a parameter of a query, say
    query = get_query(snapshot().queries, slug)
    form = _format(query, suffix)
    if form == HTML:
        return make_response((page("question") or _no_page)(slug))
    if form in GRAPHS and query.form in ("SELECT", "ASK"):
        return describe_thing(PREFIXES["query"] + slug, form)
    text = bind(query, _values(query), snapshot().choices)
    if form == SPARQL:
        return finish(Response(text, content_type=SPARQL.content_type), tag_of(snapshot().name, text), False)
    return _respond(text, form, _slice())


def _no_page(slug: str) -> Response:
    raise BadRequest("There is no page for people here; ask for format=json.")


def _split(slug: str) -> tuple[str, Format | None]:
    """The name of the query and the format its suffix means, if it has one."""
    name, dot, suffix = slug.rpartition(".")
    if dot and suffix in _SUFFIXES:
        return name, _SUFFIXES[suffix]
    return slug, None


def _format(query: CannedQuery, suffix: Format | None) -> Format:
    """The format of the answer: the suffix says, else ``format=``, else Accept."""
    answers = (*_ASKED, *_BUILT) if query.form in ("SELECT", "ASK") else (*_BUILT, SPARQL)
    offered = (*answers, HTML) if page("question") else answers
    if suffix is not None:
        form = by_name(offered, suffix.name)
    else:
        form = choose(offered, request.accept_mimetypes, request.args)
    if form == RESULTS[0] and suffix is None and "format" not in request.args and _plain_json():
        form = ROWS
    bom = request.args.get("bom", "")
    if bom not in ("", "0", "1", "true", "false"):
        raise ParameterError("bom", bom[:40], "not a truth value", ["0", "1"])
    return EXCEL if form.name == "csv" and bom in ("1", "true") else form


def _plain_json() -> bool:
    """Whether the client asks for JSON and names no SPARQL format: it gets plain objects."""
    named = set(request.accept_mimetypes.values())
    return "application/json" in named and "application/sparql-results+json" not in named


def _values(query: CannedQuery) -> dict[str, str]:
    """The given values of the query's parameters, each at most once."""
    given = {}
    for name, values in request.args.lists():
        if name in RESERVED:
            continue
        query.parameter(name)
        if len(set(values)) > 1:
            raise ParameterError(name, ", ".join(values)[:80], "given more than once")
        given[name] = values[0]
    return given


def _slice() -> Slice:
    offset = whole_number("offset", 0, 0, 10_000_000)
    return Slice(offset or 0, whole_number("limit", None, 1, LARGEST_PAGE))


def whole_number(name: str, default: int | None, least: int, most: int) -> int | None:
    """A parameter of the address that is a whole number in a range.

    :raises ParameterError: if it is not
    """
    text = request.args.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise ParameterError(name, text[:40], "not a whole number in range", [f"from {least} to {most}"])
    return int(text)


def _respond(text: str, form: Format, wanted: Slice) -> Response:
    """The answer as HTTP: known by its tag, kept, in parts if asked for."""
    current = snapshot()
    tag = tag_of(current.name, text, form.name, str(wanted))
    if unchanged(tag):
        return finish(Response(status=304), tag, False)
    cache: Cache = current_app.extensions["answers"]
    stored = cache.get(tag)
    if stored is None:
        stored = _written(current, text, form, wanted)
        cache.put(tag, stored)
    response = Response(stored.body, content_type=form.content_type)
    if form not in GRAPHS:
        _paged(response, stored.rows, wanted)
    return finish(response, tag, False)


def _written(current: Snapshot, text: str, form: Format, wanted: Slice) -> Stored:
    if form in GRAPHS:
        return Stored(tables.write_graph(whole(current, text, "application/n-triples"), form.name))
    document = json.loads(whole(current, text))
    rows = tables.count(document)
    return Stored(tables.write(tables.part(document, wanted.offset, wanted.limit), form.name), rows=rows)


def whole(current: Snapshot, text: str, graph_format: str = "text/turtle") -> bytes:
    """The whole answer to a bound canned query, kept by snapshot: results as JSON, a graph in the format given."""
    cache: Cache = current_app.extensions["answers"]
    tag = tag_of(current.name, text, "whole", graph_format)
    stored = cache.get(tag)
    if stored is None:
        found = current_app.extensions["engine"].run(Request(text, graph_format=graph_format, trusted=True))
        stored = Stored(found.body.read())
        if found.snapshot in ("", current.name):
            cache.put(tag, stored)
    return stored.body


def _paged(response: Response, rows: int, wanted: Slice) -> None:
    """Say how many rows there are in all and where the other parts are (RFC 8288)."""
    response.headers["Row-Count"] = str(rows)
    if wanted.limit is None:
        return
    last = max(0, (rows - 1) // wanted.limit * wanted.limit)
    places = {"first": 0, "prev": wanted.offset - wanted.limit, "next": wanted.offset + wanted.limit, "last": last}
    for relation, offset in places.items():
        if 0 <= offset < max(rows, 1) and not (relation == "prev" and offset < 0):
            response.headers.add("Link", f'<{_address(offset)}>; rel="{relation}"')


def _address(offset: int) -> str:
    arguments: dict[str, Any] = request.args.to_dict(flat=False) | {"offset": [str(offset)]}
    view: dict[str, Any] = request.view_args or {}
    return url_for("query_api.answer", **(arguments | view), _external=True)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The query API and its neighbours as OpenAPI 3.1."""
    current = snapshot()
    tag = tag_of(current.name, "openapi", request.root_url)
    body = json.dumps(openapi_document(current, request.root_url), ensure_ascii=False, indent=1)
    return finish(Response(body, content_type="application/json"), tag, False)


@blueprint.get("/api/")
def documentation() -> str:
    """The API on one page for people."""
    settings, limits = current_app.config["WEB"], Limits()
    return render_template(
        "api.html", queries=snapshot().queries.values(), settings=settings, limits=limits, listed_choices=listed_choices
    )
