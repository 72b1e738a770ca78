"""The API described: on a page for people, and as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0), which
is ``openapi.yaml`` with the canned queries."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask import Response, current_app, render_template

from kg import __version__
from kg.countries import covered_countries
from kg.formats import GRAPH_FORMATS
from kg.namespaces import shorten
from kg.query import CannedQuery, Parameter
from kg.tabular.export import available_formats
from web.addresses import site_address
from web.answers.conditional import conditional
from web.answers.formats import GRAPHS, HTML, RESULTS, ROWS, SPARQL
from web.engine.scanner import Limits
from web.problems import PROBLEM_KINDS
from web.snapshot import Snapshot, snapshot
from web.views.api.queries import MAX_LIMIT, MAX_OFFSET, is_table, listed_choices

Json = dict[str, Any]

MAX_CHOICES = 60
"""A parameter with more allowed values than that does not list them all."""


def openapi() -> Response:
    """The query API and its neighbours as OpenAPI 3.1."""
    return conditional(
        ("openapi", site_address()),
        "application/json",
        lambda: json.dumps(document(snapshot(), site_address()), ensure_ascii=False, indent=1),
    )


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
    parts: Json = _fill(_template(), _values(current, root))
    shared, paths = parts.pop("query"), parts["paths"]
    queries = {f"/query/{query.slug}": {"get": _query(current, query, shared)} for query in current.queries.values()}
    return parts | {"paths": queries | paths}


@cache
def _template() -> Json:
    parts: Json = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    return parts


def _values(current: Snapshot, root: str) -> Json:
    """What the placeholders of the template stand for."""
    return {
        "$version": __version__,
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
    content[RESULTS[0].media_type] = {"schema": {"type": "object", "required": ["head"]}}
    content[ROWS.media_type] = {"schema": {"type": ["array", "boolean"], "items": {"type": "object"}}}
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
    if not is_table(query):
        answer = answer | {"content": {form.media_type: {} for form in (*GRAPHS, HTML, SPARQL)}}
        shared_parameters = shared_parameters[:1]
    return {
        "operationId": query.slug,
        "summary": query.summary,
        "description": query.description or query.summary,
        "tags": list(query.tags) or ["queries"],
        "parameters": [*(_parameter(current, p) for p in query.parameters), *shared_parameters],
        "responses": shared["responses"] | {"200": answer},
    }


def _parameter(current: Snapshot, parameter: Parameter) -> Json:
    schema = _schema(current, parameter)
    if parameter.default is not None:
        schema["default"] = parameter.default
    entry: Json = {"name": parameter.name, "in": "query", "required": False, "schema": schema}
    if parameter.description:
        entry["description"] = parameter.description
    if parameter.example is not None:
        entry["example"] = int(parameter.example) if parameter.kind == "integer" else parameter.example
    return entry


def _schema(current: Snapshot, parameter: Parameter) -> Json:
    if parameter.kind == "integer":
        return {"type": "integer", "minimum": parameter.minimum, "maximum": parameter.maximum}
    if parameter.kind == "date":
        return {"anyOf": [{"type": "string", "format": "date"}, {"const": "today"}]}
    if parameter.kind == "text":
        return {"type": "string", "maxLength": parameter.maximum}
    names = [shorten(iri) for iri in current.choices(parameter)]
    if 0 < len(names) <= MAX_CHOICES:
        return {"type": "string", "enum": names}
    return {"type": "string", "description": f"the name of one of {len(names)} things"}
