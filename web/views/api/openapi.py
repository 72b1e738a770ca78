"""The API described: on a page for people, and as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0), which
is ``openapi.yaml`` with the canned queries."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, current_app, render_template

from kg.countries import covered_countries
from kg.formats import GRAPH_FORMATS
from kg.query import CannedQuery
from kg.tabular.export import available_formats
from kg.text_files import read_yaml
from kg.version import VERSION
from web.addresses import site_address
from web.answers.conditional import conditional
from web.answers.formats import GRAPHS, HTML, RESULTS, ROWS, SPARQL
from web.answers.schemas import Json, parameter_entry, row_name, row_schema
from web.engine.limits import Limits
from web.memo import Kind
from web.problems import PROBLEM_KINDS
from web.snapshot import Snapshot, snapshot
from web.views.api.queries import MAX_LIMIT, MAX_OFFSET, is_table, listed_choices

_DOCUMENTS: Kind[str] = Kind("OpenAPI documents", max_size=4)


def openapi() -> Response:
    """The query API and its neighbours as OpenAPI 3.1."""
    current, root = snapshot(), site_address()

    def write() -> str:
        return json.dumps(document(current, root), ensure_ascii=False, indent=1)

    return conditional(("openapi", root), "application/json", lambda: current.memo.get(_DOCUMENTS, root, write))


def documentation() -> str:
    """The API on one page for people."""
    return render_template(
        "api.html",
        queries=snapshot().queries.values(),
        settings=current_app.config["WEB"],
        limits=Limits(),
        listed_choices=listed_choices,
    )


def document(current: Snapshot, root: str) -> Json:
    """The OpenAPI document.

    :param root: the address of the site
    """
    parts: Json = _fill(template(), _values(current, root))
    shared, paths, queries = parts.pop("query"), parts["paths"], current.queries.values()
    parts["components"]["schemas"] |= {
        row_name(query): row_schema(query, shared["columns"]) for query in queries if query.form == "SELECT"
    }
    paths = {path: {method: _neighbour(one) for method, one in item.items()} for path, item in paths.items()}
    tags = {tag for query in queries for tag in query.tags} | {"queries", "data"}
    question_paths = {path: item for query in queries for path, item in _paths(current, query, shared).items()}
    return parts | {"tags": [{"name": tag} for tag in sorted(tags)], "paths": question_paths | paths}


def _paths(current: Snapshot, query: CannedQuery, shared: Json) -> Json:
    """The addresses of a canned query: in every format, and as rows alone, which a generated client gets typed."""
    operation, address = _query(current, query, shared), f"/query/{query.slug}"
    if query.form != "SELECT":
        return {address: {"get": operation}}
    names = ("format", "bom")
    parameters = [parameter for parameter in operation["parameters"] if parameter["name"] not in names]
    content = {ROWS.media_type: operation["responses"]["200"]["content"][ROWS.media_type]}
    answer = operation["responses"]["200"] | {"content": content}
    changed = {
        "operationId": f"{query.slug}-rows",
        "parameters": parameters,
        "responses": operation["responses"] | {"200": answer},
    }
    return {address: {"get": operation}, f"{address}.rows": {"get": operation | changed}}


def _neighbour(operation: Json) -> Json:
    """An operation that is no canned query, with what readers of OpenAPI expect of each."""
    return {"tags": ["data"], "description": operation["summary"] + "."} | operation


@cache
def template() -> Json:
    """The document with placeholders, as the file has it."""
    parts: Json = read_yaml(Path(__file__).with_suffix(".yaml"))
    return parts


def _values(current: Snapshot, root: str) -> Json:
    """What the placeholders of the template stand for."""
    return {
        "$version": VERSION,
        "$root": root.rstrip("/"),
        "$max_limit": MAX_LIMIT,
        "$max_offset": MAX_OFFSET,
        "$countries": [country.code for country in covered_countries(current.store)],
        "$files": [form.file_name for form in (*GRAPH_FORMATS.values(), *available_formats())],
        "$problems": "RFC 9457. Types: " + ", ".join(PROBLEM_KINDS),
        "$downloads": {form.media_type: {} for form in (*GRAPH_FORMATS.values(), *available_formats())},
        "$graphs": {form.media_type: {} for form in (*GRAPHS, HTML, SPARQL)},
        "$tables": _tables(),
    }


def _tables() -> Json:
    content: Json = {form.media_type: {} for form in (*RESULTS, *GRAPHS, ROWS, SPARQL, HTML)}
    content[RESULTS[0].media_type] = {
        "schema": {"type": "object", "required": ["head"], "properties": {"head": {"type": "object"}}}
    }
    content[ROWS.media_type] = {"schema": {"type": "boolean"}}
    return content


def _fill(part: Any, values: Json) -> Any:
    """A part of the template with its placeholders replaced."""
    if isinstance(part, dict):
        return {key: _fill(value, values) for key, value in part.items()}
    if isinstance(part, list):
        return [_fill(item, values) for item in part]
    return values.get(part, part) if isinstance(part, str) else part


def _query(current: Snapshot, query: CannedQuery, shared: Json) -> Json:
    answer, shared_parameters = shared["responses"]["200"], shared["parameters"]
    if query.form == "SELECT":
        rows = {"type": "array", "items": {"$ref": f"#/components/schemas/{row_name(query)}"}}
        answer = answer | {"content": answer["content"] | {ROWS.media_type: {"schema": rows}}}
    elif not is_table(query):
        answer = answer | {"content": {form.media_type: {} for form in (*GRAPHS, HTML, SPARQL)}}
        shared_parameters = shared_parameters[:2]
    return {
        "operationId": query.slug,
        "summary": query.summary,
        "description": query.description or query.summary,
        "tags": list(query.tags) or ["queries"],
        "parameters": [*(parameter_entry(current, p) for p in query.parameters), *shared_parameters],
        "responses": shared["responses"] | {"200": answer},
    }
