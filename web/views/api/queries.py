"""Every canned query at an address of its own, ``/query/<slug>``, in every format; and the search as JSON."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Response, jsonify, request
from pyoxigraph import NamedNode

from kg.errors import ParameterError
from kg.message import Message
from kg.namespaces import PREFIXES, shorten
from kg.query import CannedQuery, Parameter, bind, get_query
from web.addresses import address_of
from web.answers import arguments, searching, tables
from web.answers.as_known import PARAMETER as AS_KNOWN
from web.answers.as_known import ask_view, asked_view
from web.answers.cache import CachedAnswer
from web.answers.conditional import conditional, entity_tag, is_current, not_modified, with_cache_headers
from web.answers.description import describe, exists
from web.answers.formats import EXCEL, GRAPHS, HTML, RESULTS, ROWS, SPARQL, Format, by_suffix, choose
from web.answers.service import answer_service
from web.snapshot import snapshot

RESERVED = ("format", "limit", "offset", "bom", AS_KNOWN)
"""Parameters of an address that are not those of the query."""
MAX_LIMIT, MAX_OFFSET = 100_000, 10_000_000
_TABLES = (*RESULTS, ROWS, EXCEL, SPARQL)
_SUFFIXES = (*_TABLES, *GRAPHS, HTML)


def listing() -> Response:
    """All canned queries with their parameters, as JSON."""
    response = jsonify([_listed(query) for query in snapshot().queries.values()])
    response.vary.add("Accept")
    return response


def _listed(query: CannedQuery) -> dict[str, object]:
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
        "url": address_of("query_api.answer", slug=query.slug),
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": parameters,
    }


def listed_choices(parameter: Parameter) -> list[str]:
    """The allowed values as prefixed names, where they are few; none where they are all of a class or scheme."""
    few = parameter.choices or parameter.choices_from
    return [shorten(iri) for iri in snapshot().choices(parameter)] if few else []


def is_parameter(name: str) -> bool:
    """Whether a name below ``/query/`` is no query but a resource of the graph, such as a parameter of a query."""
    name, _ = by_suffix(name, _SUFFIXES)
    return name not in snapshot().queries and exists(snapshot().store, NamedNode(PREFIXES["query"] + quote(name)))


def negotiate(slug: str) -> tuple[str, Format]:
    """The slug of the query that an address means, and the format: by suffix, else ``format=``, else Accept.

    :raises UnknownQueryError: if there is no such query
    """
    slug, suffix = by_suffix(slug, _SUFFIXES)
    query = get_query(snapshot().queries, slug)
    offered = (*_TABLES, *GRAPHS, HTML) if is_table(query) else (*GRAPHS, SPARQL, HTML)
    form = choose(offered, request.accept_mimetypes, request.args, suffix)
    if form == RESULTS[0] and suffix is None and not request.args.get("format") and _accepts_plain_json():
        form = ROWS
    return slug, EXCEL if arguments.flag("bom") and form.name == "csv" else form


def is_table(query: CannedQuery) -> bool:
    """Whether the answer to a canned query is a table (or a truth value), not a graph."""
    return query.form in ("SELECT", "ASK")


def _accepts_plain_json() -> bool:
    """Whether the client asks for JSON and names no SPARQL format: it gets plain objects."""
    named = set(request.accept_mimetypes.values())
    return "application/json" in named and "application/sparql-results+json" not in named


def answer(slug: str, form: Format) -> Response:
    """The answer to a canned query; in a graph format, what a query for a table is."""
    current = snapshot()
    query = current.queries[slug]
    if form in GRAPHS and is_table(query):
        return describe(PREFIXES["query"] + slug, form)
    arguments.refuse_unknown(*(parameter.name for parameter in query.parameters), *RESERVED)
    given = {p.name: arguments.value_of(p) for p in query.parameters if p.name in request.args}
    text, view = bind(query, given, current.choices), asked_view()
    if form == SPARQL:
        return conditional((text,), SPARQL.content_type, lambda: text)
    offset, limit = arguments.integer("offset", 0, 0, MAX_OFFSET), arguments.integer("limit", None, 1, MAX_LIMIT)
    tag = entity_tag(current.name, text, form.name, f"{offset} {limit} {view.day if view else ''}".rstrip())
    if is_current(tag):
        return not_modified(tag)

    def ask(graph_format: str) -> bytes:
        if view is not None:
            return ask_view(view, text, graph_format)
        return answer_service().canned(current.name, text, graph_format)

    cached = answer_service().cache.get(tag, current.name, lambda: _written(ask, form, offset, limit))
    headers = {"Content-Disposition": form.disposition(slug)}
    response = Response(cached.body, headers=headers, content_type=form.content_type)
    if view:
        response.headers["As-Known"] = view.day.isoformat()
    if form not in GRAPHS:
        _add_links(response, cached.rows, offset, limit)
    return with_cache_headers(response, tag)


def _written(ask: Callable[[str], bytes], form: Format, offset: int, limit: int | None) -> CachedAnswer:
    if form in GRAPHS:
        return CachedAnswer(tables.write_graph(ask("application/n-triples"), form.name))
    document = json.loads(ask("text/turtle"))
    part = tables.part(document, offset, limit)
    return CachedAnswer(tables.write(part, form.name), rows=tables.count(document))


def _add_links(response: Response, rows: int, offset: int, limit: int | None) -> None:
    """Say how many rows there are in all and where the other pages are (RFC 8288)."""
    response.headers["Row-Count"] = str(rows)
    if limit is None:
        return
    last = max(0, (rows - 1) // limit * limit)
    pages = {"first": 0, "prev": offset - limit, "next": offset + limit, "last": last}
    for relation, start in pages.items():
        if 0 <= start < max(rows, 1):
            response.headers.add("Link", f'<{_address(start)}>; rel="{relation}"')


def _address(offset: int) -> str:
    arguments: dict[str, Any] = request.args.to_dict(flat=False) | {"offset": [str(offset)]}
    return address_of("query_api.answer", **(arguments | (request.view_args or {})))


HITS, MAX_HITS, LAST_HIT = 20, 100, 400


def search() -> Response:
    """What ``q`` names, and what else it finds.

    :raises ParameterError: if a parameter is unknown, or its value not allowed
    """
    text, kind = arguments.searchable(arguments.single("q"), "q"), arguments.single("kind")
    if not text:
        raise ParameterError("q", "", Message("not given"), [Message("a name or words")])
    limit = arguments.integer("limit", HITS, 1, MAX_HITS)
    offset = arguments.integer("offset", 0, 0, LAST_HIT)
    tag = entity_tag(snapshot().name, "search", text, kind, str(limit), str(offset))
    if is_current(tag):
        return not_modified(tag)
    return with_cache_headers(jsonify(searching.search(text, kind, limit, offset)), tag)
