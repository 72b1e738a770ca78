"""Read-only SPARQL: the same checks, engine and limits as the endpoint has, and fewer rows."""

import json
from collections.abc import Mapping
from typing import Any

from web.answers import tables
from web.answers.adhoc import query_request
from web.answers.formats import GRAPHS, RESULTS
from web.answers.service import answer_service
from web.engine import query_limits
from web.engine.admission import AdmissionQueue
from web.engine.results import BusyError, TooLargeError
from web.snapshot import snapshot
from web.views.mcp import arguments
from web.views.mcp.arguments import Json

MAX_ROWS = 500
MAX_BYTES = 200_000
"""Size of an answer that a model can still read."""
_SLOTS = AdmissionQueue("agents", 3)
"""Slots of their own, so that the threads that make pages are never all waiting for queries of agents."""


def sparql(given: Mapping[str, Any]) -> Json:
    """The answer to a query: rows, a truth value, or triples in Turtle.

    :raises RefusedError: if the query is beyond the limits, or an update
    :raises QueryError: if it is wrong
    :raises TooLargeError: if the answer is too large
    :raises BusyError: if too many queries of agents run
    """
    text = arguments.required(given, "query")
    scan = query_limits.check(text)
    is_graph = scan.form in ("CONSTRUCT", "DESCRIBE")
    form = GRAPHS[0] if is_graph else RESULTS[0]
    request = query_request(text, scan, form, MAX_ROWS)
    slot = _SLOTS.enter()
    if slot is None:
        raise BusyError("too many queries of agents run at once", hint="try again in a few seconds")
    with slot:
        _, answer = answer_service().adhoc(snapshot().name, request, form)
    if len(answer.body) > MAX_BYTES:
        raise TooLargeError("the answer is too large", hint="ask for fewer columns or rows, with LIMIT and OFFSET")
    if is_graph:
        return {"turtle": answer.body.decode()}
    document = json.loads(answer.body)
    if "boolean" in document:
        return {"boolean": document["boolean"]}
    rows = json.loads(tables.write(document, "rows"))
    return {"columns": document["head"]["vars"], "rows": rows, "total": len(rows)}
