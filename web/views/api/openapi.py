"""The OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0), made from the headers of the canned queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg import __version__
from kg.countries import covered_countries
from kg.formats import GRAPH_FORMATS
from kg.namespaces import shorten
from kg.query import CannedQuery, Parameter
from web.answers.formats import GRAPHS, RESULTS
from web.problems import PROBLEM_KINDS
from web.snapshot import Snapshot

Json = dict[str, Any]

MOST_CHOICES = 60
"""A parameter with more allowed values than that does not list them all."""

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}, "text/html": {}}


def document(current: Snapshot, root: str) -> Json:
    """The whole document.

    :param root: the address of the site
    """
    paths: dict[str, Json] = {
        f"/query/{query.slug}": {"get": _query(current, query)} for query in current.queries.values()
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Central Asia AI Policy Graph",
            "version": __version__,
            "summary": "Questions about AI policy in Central Asia, each answer with its evidence.",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": root.rstrip("/")}],
        "paths": paths | _neighbours(current),
        "components": {"schemas": {"Problem": _problem_schema()}, "responses": _responses()},
    }


def _query(current: Snapshot, query: CannedQuery) -> Json:
    select = query.form in ("SELECT", "ASK")
    return {
        "operationId": query.slug,
        "summary": query.summary,
        "description": query.description or query.summary,
        "tags": list(query.tags) or ["queries"],
        "parameters": [
            *(_parameter(current, p) for p in query.parameters),
            *(_reserved() if select else _reserved()[:1]),
        ],
        "responses": {
            "200": {
                "description": "The answer.",
                "headers": {"ETag": _header("Names snapshot and question."), "Row-Count": _header("Rows in all.")},
                "content": _tables() if select else _graphs(),
            },
            **_refs("400", "404", "406", "503"),
        },
    }


def _header(description: str) -> Json:
    return {"description": description, "schema": {"type": "string"}}


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
    choices = current.choices(parameter)
    names = [shorten(iri) for iri in choices]
    if 0 < len(names) <= MOST_CHOICES:
        return {"type": "string", "enum": names}
    return {"type": "string", "description": f"the name of one of {len(names)} things"}


def _reserved() -> list[Json]:
    formats = ["json", "rows", "csv", "excel", "tsv", "xml", "sparql", "turtle", "ntriples", "jsonld", "rdfxml"]
    return [
        _in_query("format", {"type": "string", "enum": formats}, "the format, in place of Accept"),
        _in_query("limit", {"type": "integer", "minimum": 1, "maximum": 100_000}, "how many rows at most"),
        _in_query("offset", {"type": "integer", "minimum": 0, "maximum": 10_000_000}, "how many rows to leave out"),
        _in_query("bom", {"type": "string", "enum": ["0", "1"]}, "CSV that a spreadsheet opens by double click"),
    ]


def _in_query(name: str, schema: Json, description: str) -> Json:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _tables() -> Json:
    content: Json = {form.media_type: {} for form in (*RESULTS, *GRAPHS[:4])}
    content["application/sparql-results+json"] = {"schema": {"type": "object", "required": ["head"]}}
    content["application/json"] = {"schema": {"type": ["array", "boolean"], "items": {"type": "object"}}}
    content["application/sparql-query"] = {}
    content["text/html"] = {}
    return content


def _graphs() -> Json:
    return {form.media_type: {} for form in GRAPHS} | {"text/html": {}, "application/sparql-query": {}}


def _neighbours(current: Snapshot) -> dict[str, Json]:
    text = {"schema": {"type": "string"}}
    listed = {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}, "text/html": {}}
    files = {"application/json": {"schema": {"type": "object", "required": ["files"]}}, "text/html": {}}
    return {
        "/query/": {"get": _get("queries", "All canned queries", listed, ("406", "503"))},
        "/id/{name}": {
            "get": _named("thing", "A thing", [country.code for country in covered_countries(current.store)])
        },
        "/graph/{name}": {"get": _named("graph", "A named graph", ["accepted", "registry", "sources", "ontology"])},
        "/graph-store": {
            "get": _get("graphStore", "A named graph by its IRI", _graphs(), ("400", "404", "406", "503"))
            | {"parameters": [_in_query("graph", {"type": "string"}, "the IRI of the graph")]}
        },
        "/data/": {"get": _get("downloads", "The downloads with their checksums", files, ("406", "503"))},
        "/download/{file}": {"get": _file()},
        "/.well-known/void": {"get": _get("void", "VoID and DCAT", _graphs(), ("400", "406", "503"))},
        "/dataset.schema.json": {"get": _get("dataset", "schema.org Dataset", {"application/ld+json": {}}, ("503",))},
        "/health": {"get": _get("health", "Whether it is up", {"text/plain": text}, ())},
        "/ready": {"get": _get("ready", "Whether it can answer", {"text/plain": text}, ("503",))},
        "/metrics": {"get": _get("metrics", "Counters", {"text/plain": text}, ())},
    }


def _get(name: str, summary: str, content: Json, problems: Iterable[str]) -> Json:
    ok = {"description": summary + ".", "content": content}
    return {"operationId": name, "summary": summary, "responses": {"200": ok, **_refs(*problems)}}


def _named(name: str, summary: str, examples: list[str]) -> Json:
    place = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "examples": examples}}
    return _get(name, summary, _graphs(), ("400", "404", "406", "503")) | {"parameters": [place]}


def _file() -> Json:
    names = [form.file_name for form in GRAPH_FORMATS.values()]
    place = {"name": "file", "in": "path", "required": True, "schema": {"type": "string", "enum": names}}
    content: Json = {form.media_type: {} for form in GRAPH_FORMATS.values()}
    return _get("download", "The whole graph as a file", content, ("404", "503")) | {"parameters": [place]}


def _refs(*statuses: str) -> Json:
    return {status: {"$ref": f"#/components/responses/{status}"} for status in statuses}


def _responses() -> Json:
    told = {"400": "The request is wrong; the detail says where.", "404": "Nothing is there."}
    told |= {"406": "No acceptable format.", "503": "Busy, or no snapshot yet; see Retry-After."}
    return {status: {"description": text, "content": _PROBLEM} for status, text in told.items()}


def _problem_schema() -> Json:
    return {
        "type": "object",
        "description": "RFC 9457. Types: " + ", ".join(PROBLEM_KINDS),
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "hint": {"type": "string"},
            "parameter": {"type": "string"},
            "allowed": {"type": "array", "items": {"type": "string"}},
            "line": {"type": "integer"},
            "column": {"type": ["integer", "null"]},
        },
    }
