"""The search as JSON."""

from flask import Response, jsonify, request

from kg.errors import ParameterError
from web.answers import arguments, searching
from web.answers.conditional import entity_tag, is_current, not_modified, with_cache_headers
from web.snapshot import snapshot

RESULTS, MAX_RESULTS, MAX_OFFSET = 20, 100, 400
_PARAMETERS = ("q", "kind", "limit", "offset")


def search() -> Response:
    """What ``q`` names, and what else it finds.

    :raises ParameterError: if a parameter is unknown, or its value not allowed
    """
    for name in request.args:
        if name not in _PARAMETERS:
            raise ParameterError(name[:60], "", "no such parameter", _PARAMETERS)
    text, kind = arguments.single("q"), arguments.single("kind")
    if not text:
        raise ParameterError("q", "", "not given", ["a name or words"])
    limit = arguments.integer("limit", RESULTS, 1, MAX_RESULTS)
    offset = arguments.integer("offset", 0, 0, MAX_OFFSET)
    tag = entity_tag(snapshot().name, "search", text, kind, str(limit), str(offset))
    if is_current(tag):
        return not_modified(tag)
    return with_cache_headers(jsonify(searching.search(text, kind, limit, offset)), tag)
