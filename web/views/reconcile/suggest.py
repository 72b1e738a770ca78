"""Auto-completion of entities, types and properties, and what is shown beside one (section "Suggest Services")."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, jsonify, make_response, render_template
from werkzeug.exceptions import NotFound

from kg.namespaces import PREFIXES
from kg.search.folding import fold
from web.addresses import address_of_iri
from web.answers import arguments
from web.matching import Entity
from web.views.reconcile.schema import Described, current_matcher, description_of, schema, types_of

PAGE, MAX_CURSOR = 10, 500
KINDS = ("entity", "type", "property")
_PREVIEW_POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors *"
"""A preview is shown within the page of a client; it loads our style sheet and no script."""


def suggest(kind: str) -> Response:
    """Entities, types or properties whose names or identifiers begin with ``prefix``, from ``cursor`` on."""
    prefix, cursor = arguments.single("prefix"), arguments.integer("cursor", 0, 0, MAX_CURSOR)
    if kind == "entity":
        items = [_entity(match.entity) for match in current_matcher().complete(prefix, cursor + PAGE)]
    else:
        known: Mapping[str, Described] = schema().types if kind == "type" else schema().properties
        items = [_described(item) for item in _completions(prefix, known.values())]
    return jsonify({"result": items[cursor : cursor + PAGE]})


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
    known = schema().types
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
        known: Mapping[str, Described] = schema().types if kind == "type" else schema().properties
        item = known.get(id_.removeprefix("aip:"))
        if item:
            return {"name": item.name, "description": item.definition, "names": [], "address": None}
    raise NotFound(f"There is no {kind} {id_[:80]!r}.")
