"""The endpoint of the service: its manifest, reconciliation queries and data extension queries."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import BadRequest, NotFound, RequestEntityTooLarge

from kg import __version__
from kg.message import Message
from kg.namespaces import PREFIXES
from kg.search.folding import fold
from web.addresses import address_of, address_of_iri, site_address
from web.answers import arguments
from web.matching import Entity
from web.views.reconcile.batch import BATCH_SIZE, answer, read_object
from web.views.reconcile.schema import (
    Described,
    current_matcher,
    description_of,
    properties,
    types,
    types_of,
    usage,
    values,
    written,
)

PAGE, MAX_CURSOR = 10, 500
KINDS = ("entity", "type", "property")
_PREVIEW_POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors *"
"""A preview is shown within the page of a client; it loads our style sheet and no script."""


def suggest(kind: str) -> Response:
    """Entities, types or properties whose names or identifiers begin with ``prefix``, from ``cursor`` on."""
    prefix = arguments.searchable(arguments.single("prefix"), "prefix")
    cursor = arguments.integer("cursor", 0, 0, MAX_CURSOR)
    if kind == "entity":
        items = [_entity(match.entity) for match in current_matcher().complete(prefix, cursor + PAGE)]
    else:
        items = [_described(item) for item in _completions(prefix, _known(kind).values())]
    return jsonify({"result": items[cursor : cursor + PAGE]})


def _known(kind: str) -> Mapping[str, Described]:
    return types() if kind == "type" else properties()


def _completions(prefix: str, items: Iterable[Described]) -> list[Described]:
    """The items with a word that begins so, those whose name or identifier does first."""
    start = " ".join(fold(prefix.removeprefix("aip:")))

    def rank(item: Described) -> tuple[bool, str]:
        return not any(name.startswith(start) for name in _names(item)), item.name

    matching = [item for item in items if any(f" {name}".find(f" {start}") >= 0 for name in _names(item))]
    return sorted(matching, key=rank)


def _names(item: Described) -> tuple[str, str]:
    return " ".join(fold(item.name)), " ".join(fold(item.id))


def _entity(entity: Entity) -> dict[str, Any]:
    return {
        "id": entity.id,
        "name": entity.names[0].text,
        "description": description_of(entity),
        "notable": types_of(entity)[:1],
    }


def _described(item: Described) -> dict[str, Any]:
    known = types()
    broader = [{"id": id_, "name": known[id_].name} for id_ in item.broader if id_ in known]
    return {"id": item.id, "name": item.name, "description": item.definition} | (
        {"broader": broader} if broader else {}
    )


def flyout(kind: str) -> Response:
    """A few words of HTML about an entity, type or property."""
    id_ = arguments.single("id")
    return jsonify({"id": id_, "html": render_template("reconcile/flyout.html", **_shown(kind, id_))})


def preview() -> Response:
    """A small page about an entity, for the frame of a client."""
    response = make_response(render_template("reconcile/preview.html", **_shown("entity", arguments.single("id"))))
    response.headers["Content-Security-Policy"] = _PREVIEW_POLICY
    return response


def _shown(kind: str, id_: str) -> dict[str, Any]:
    """What is shown of a thing.

    :raises NotFound: if there is none
    """
    if kind == "entity":
        entity = current_matcher().entities.get(id_.removeprefix("id:"))
        if entity:
            other = [name for name in entity.names[1:] if name.text != entity.names[0].text]
            address = address_of_iri(PREFIXES["id"] + entity.id)
            text = description_of(entity)
            return {"name": entity.names[0].text, "description": text, "names": other, "address": address}
    else:
        item = _known(kind).get(id_.removeprefix("aip:"))
        if item:
            return {"name": item.name, "description": item.definition, "names": [], "address": None}
    raise NotFound(Message("Nothing here is called %(name)s.", name=repr(id_[:80])))


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
    matcher, known = current_matcher(), properties()
    entities = {id_: matcher.entities.get(id_.removeprefix("id:")) for id_ in ids}
    return {
        "meta": [{"id": id_, "name": known[_short(id_)].name} for id_ in wanted],
        "rows": {id_: {name: _values(entity, _short(name)) for name in wanted} for id_, entity in entities.items()},
    }


def _short(property_id: str) -> str:
    return property_id.removeprefix("aip:")


def _values(entity: Entity | None, property_id: str) -> list[dict[str, Any]]:
    return [written(term) for term in values(entity, property_id)] if entity else []


def _ids(given: object) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(id_, str) for id_ in given):
        raise BadRequest(Message("extend.ids is no list of identifiers."))
    if len(given) > MAX_IDS:
        raise RequestEntityTooLarge(Message("Ask for %(count)s entities at most at once.", count=MAX_IDS))
    return given


def _properties(given: object) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(p, dict) and isinstance(p.get("id"), str) for p in given):
        raise BadRequest(Message("extend.properties is no list of objects with an id."))
    if len(given) > MAX_PROPERTIES:
        raise RequestEntityTooLarge(Message("Ask for %(count)s properties at most at once.", count=MAX_PROPERTIES))
    ids = [item["id"] for item in given]
    unknown = [id_ for id_ in ids if _short(id_) not in properties()]
    if unknown:
        name = repr(unknown[0][:60])
        raise BadRequest(Message("There is no property %(name)s; /reconcile/properties?type=… lists them.", name=name))
    return ids


def propose() -> Response:
    """The properties that entities of a type have, the most frequent first."""
    type_ = arguments.single("type").rpartition("/")[2].removeprefix("aip:")
    limit = arguments.integer("limit", MAX_PROPOSED, 1, MAX_PROPOSED)
    known, used = properties(), usage()
    ids = [id_ for id_, _ in used[type_].most_common(limit)] if type_ in used else []
    proposed = [{"id": id_, "name": known[id_].name, "description": known[id_].definition} for id_ in ids]
    document: dict[str, Any] = {"type": arguments.single("type"), "properties": proposed}
    return jsonify(document | ({"limit": limit} if "limit" in request.args else {}))


DEFAULT_TYPES = ("Body", "Person", "Instrument", "Country")
PREVIEW_SIZE = (430, 220)
"""Pixels of the frame of a preview: width and height."""


def reconcile() -> Response:
    """The answer to ``queries`` or ``extend``, in the address or in a form; the manifest where there is neither.

    :raises BadRequest: if both are given, one twice, or a POST has none
    """
    queries, extension = (_parameter(name) for name in ("queries", "extend"))
    if queries is not None and extension is not None:
        raise BadRequest(Message("Send queries or extend, not both."))
    if queries is not None:
        return jsonify(answer(queries))
    if extension is not None:
        return jsonify(extend(extension))
    if request.method == "POST":
        raise BadRequest(Message("Send queries=… or extend=… as application/x-www-form-urlencoded."))
    return jsonify(manifest())


def _parameter(name: str) -> str | None:
    given = request.values.getlist(name)
    if len(given) > 1:
        raise BadRequest(Message("%(parameter)s is given more than once.", parameter=name))
    return given[0] if given else None


def manifest() -> dict[str, Any]:
    """What the service offers (section "Service Manifest")."""
    known, root = types(), site_address().rstrip("/")
    width, height = PREVIEW_SIZE
    return {
        "versions": ["0.2"],
        "name": "Central Asia AI Policy Graph",
        "identifierSpace": PREFIXES["id"],
        "schemaSpace": PREFIXES["aip"],
        "defaultTypes": [{"id": id_, "name": known[id_].name} for id_ in DEFAULT_TYPES if id_ in known],
        "documentation": address_of("query_api.documentation"),
        "logo": address_of("static", filename="icon-192.png"),
        "serviceVersion": __version__,
        "batchSize": BATCH_SIZE,
        "view": {"url": f"{root}/id/{{{{id}}}}"},
        "preview": {"url": f"{address_of('reconcile.preview')}?id={{{{id}}}}", "width": width, "height": height},
        "suggest": {kind: _suggest(root, kind) for kind in KINDS},
        "extend": {"propose_properties": {"service_url": root, "service_path": "/reconcile/properties"}},
    }


def _suggest(root: str, kind: str) -> dict[str, str]:
    return {
        "service_url": root,
        "service_path": f"/reconcile/suggest/{kind}",
        "flyout_service_url": root,
        "flyout_service_path": f"/reconcile/flyout/{kind}?id=${{id}}",
    }
