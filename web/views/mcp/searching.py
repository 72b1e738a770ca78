"""Finding a thing by its name, or by words."""

from collections.abc import Mapping
from typing import Any

from web.answers import searching
from web.views.mcp import arguments
from web.views.mcp.arguments import Json

RESULTS, MAX_RESULTS = 10, 50


def search(given: Mapping[str, Any]) -> Json:
    """What a text names, and what else it finds.

    :raises ParameterError: if there is no such kind of thing
    """
    text, kind = arguments.required(given, "text"), arguments.text(given, "kind")
    return searching.search(text, kind, arguments.integer(given, "limit", RESULTS, 1, MAX_RESULTS))
