"""JSON Schemas of the canned queries, for the OpenAPI document and for agents: their parameters, and the rows of their
answers."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from pyoxigraph import QuerySolutions, Store

from kg.namespaces import shorten
from kg.query import CannedQuery, Parameter
from web.snapshot import Snapshot

Json = dict[str, Any]

MAX_CHOICES = 60
"""A parameter with more allowed values than that does not list them all."""


def parameter_entry(current: Snapshot, parameter: Parameter) -> Json:
    """A parameter of a canned query as OpenAPI describes one."""
    schema = parameter_schema(current, parameter)
    default, example = (_typed(parameter, schema, value) for value in (parameter.default, parameter.example))
    if default is not None:
        schema["default"] = default
    optional = {"description": parameter.description or None, "example": example}
    entry = {"name": parameter.name, "in": "query", "required": False, "schema": schema}
    return entry | {key: value for key, value in optional.items() if value is not None}


def parameter_schema(current: Snapshot, parameter: Parameter) -> Json:
    """The JSON Schema of the values of a parameter."""
    if parameter.kind == "integer":
        return {"type": "integer", "minimum": parameter.minimum, "maximum": parameter.maximum}
    if parameter.kind == "date":
        return {"anyOf": [{"type": "string", "format": "date"}, {"const": "today"}]}
    if parameter.kind == "text":
        return {"type": "string", "maxLength": parameter.maximum}
    names = allowed_values(current, parameter)
    if names:
        return {"type": "string", "enum": names}
    return {"type": "string", "description": f"the name of one of {len(current.choices(parameter))} things"}


def allowed_values(current: Snapshot, parameter: Parameter) -> list[str]:
    """The names of what a parameter may be, where these are few enough to list; else none."""
    if parameter.kind not in ("thing", "concept"):
        return []
    choices = current.choices(parameter)
    return [_short_name(shorten(iri)) for iri in choices] if len(choices) <= MAX_CHOICES else []


def _typed(parameter: Parameter, schema: Json, value: str | None) -> str | int | None:
    """A default or example as its schema has it; none that this graph does not know."""
    if value is None or parameter.kind == "integer":
        return None if value is None else int(value)
    name = _short_name(value)
    return name if name in schema.get("enum", [name]) else None


def _short_name(name: str) -> str:
    """The name of a thing as people write it in an address: ``kz``; the prefix of all other names tells what it is."""
    return name.removeprefix("id:")


def row_name(query: CannedQuery) -> str:
    """The name of the schema of a row: ``ActsLinksRow``."""
    return "".join(part.capitalize() for part in query.slug.split("-")) + "Row"


def row_schema(query: CannedQuery, columns: Mapping[str, Sequence[str]]) -> Json:
    """A row of a canned query in plain JSON: an object with every variable as a member.

    :param columns: names of variables by JSON type; all others are strings
    """
    solutions = cast(QuerySolutions, Store().query(query.text))
    names = [variable.value for variable in solutions.variables]
    members = {name: {"type": [*_types(name, columns), "null"]} for name in names}
    return {"type": "object", "required": names, "properties": members, "additionalProperties": False}


def _types(name: str, columns: Mapping[str, Sequence[str]]) -> list[str]:
    return [kind for kind, names in columns.items() if name in names] or ["string"]
