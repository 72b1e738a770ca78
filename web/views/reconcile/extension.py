"""Data extension: the values of properties of entities that are matched already (section "Data Extension Service")."""

from typing import Any

from flask import Response, jsonify, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from web.answers import arguments
from web.matching import Entity
from web.views.reconcile.batch import read_object
from web.views.reconcile.schema import current_matcher, schema
from web.views.reconcile.values import values, written

MAX_IDS, MAX_PROPERTIES = 500, 20
MAX_PROPOSED = 100


def extend(text: str) -> dict[str, Any]:
    """The response to a data extension query.

    :param text: the query in JSON
    :raises BadRequest: if it is none, or asks for a property that there is not
    :raises RequestEntityTooLarge: if it asks for too much at once
    """
    query = read_object("extend", text)
    ids, wanted = _ids(query.get("ids")), _properties(query.get("properties"))
    matcher, known = current_matcher(), schema()
    entities = {id_: matcher.entities.get(id_.removeprefix("id:")) for id_ in ids}
    return {
        "meta": [{"id": id_, "name": known.properties[_short(id_)].name} for id_ in wanted],
        "rows": {id_: {name: _values(entity, _short(name)) for name in wanted} for id_, entity in entities.items()},
    }


def _short(property_id: str) -> str:
    return property_id.removeprefix("aip:")


def _values(entity: Entity | None, property_id: str) -> list[dict[str, Any]]:
    return [written(term) for term in values(entity, property_id)] if entity else []


def _ids(given: object) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(id_, str) for id_ in given):
        raise BadRequest("extend.ids is no list of identifiers.")
    if len(given) > MAX_IDS:
        raise RequestEntityTooLarge(f"Ask for {MAX_IDS} entities at most at once.")
    return given


def _properties(given: object) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(p, dict) and isinstance(p.get("id"), str) for p in given):
        raise BadRequest("extend.properties is no list of objects with an id.")
    if len(given) > MAX_PROPERTIES:
        raise RequestEntityTooLarge(f"Ask for {MAX_PROPERTIES} properties at most at once.")
    ids = [item["id"] for item in given]
    unknown = [id_ for id_ in ids if _short(id_) not in schema().properties]
    if unknown:
        raise BadRequest(f"There is no property {unknown[0][:60]!r}; /reconcile/properties?type=… lists them.")
    return ids


def propose() -> Response:
    """The properties that entities of a type have, the most frequent first."""
    type_ = arguments.single("type").rpartition("/")[2].removeprefix("aip:")
    limit = arguments.integer("limit", MAX_PROPOSED, 1, MAX_PROPOSED)
    known = schema()
    ids = [id_ for id_, _ in known.used[type_].most_common(limit)] if type_ in known.used else []
    properties = [
        {"id": id_, "name": known.properties[id_].name, "description": known.properties[id_].definition} for id_ in ids
    ]
    document: dict[str, Any] = {"type": arguments.single("type"), "properties": properties}
    return jsonify(document | ({"limit": limit} if "limit" in request.args else {}))
