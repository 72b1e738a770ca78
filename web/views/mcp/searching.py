"""Finding a thing: first what the text names, by the measure of reconciliation, then what the search finds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.namespaces import PREFIXES
from web.answers import searching
from web.matching import matcher_of
from web.snapshot import snapshot
from web.views.mcp import arguments
from web.views.mcp.arguments import Json

RESULTS, MAX_RESULTS = 10, 50
MIN_NAMED = 0.7
"""Score from which on an entity counts as named by a text."""


def search(given: Mapping[str, Any]) -> Json:
    """What a text names, and what else it finds.

    :raises ParameterError: if there is no such kind of thing
    """
    text, kind = arguments.required(given, "text"), arguments.text(given, "kind")
    limit = arguments.integer(given, "limit", RESULTS, 1, MAX_RESULTS)
    found = searching.search(text, kind, limit)
    matches = [match for match in matcher_of(snapshot()).match(text, (), 3) if match.score >= MIN_NAMED and not kind]
    named = [
        {
            "iri": PREFIXES["id"] + match.entity.id,
            "id": f"id:{match.entity.id}",
            "kind": match.entity.kind,
            "name": match.entity.names[0].text,
            "certain": match.certain,
        }
        for match in matches
    ]
    return {"named": named} | found
