"""Looking one thing up (by its name or by words, what is said of it, who says so, and why it holds), and read-only
SPARQL with the checks, engine and limits of the endpoint, and fewer rows."""

import json
from collections.abc import Mapping
from itertools import islice
from typing import Any

from pyoxigraph import NamedNode, Triple

from kg.errors import UnknownThingError
from kg.evidence import Claim, dependent_nodes
from kg.evidence import evidence as claims_of
from kg.explain import Proof, render
from kg.graph import label, labels, objects
from kg.groups import grouped
from kg.message import Message
from kg.namespaces import shorten
from kg.terms import GRAPH, Term
from web.answers import searching, tables
from web.answers.arguments import searchable
from web.answers.dataset import read_until
from web.answers.formats import GRAPHS, RESULTS
from web.answers.service import answer_service, query_request
from web.answers.statements import explain as prove
from web.answers.statements import find_property, find_thing, find_value
from web.engine import query_limits
from web.engine.admission import AdmissionQueue
from web.engine.results import BusyError, TooLargeError
from web.snapshot import snapshot
from web.views.mcp import arguments
from web.views.mcp.arguments import Json
from web.views.mcp.questions import written

CLAIMS, MAX_CLAIMS = 30, 100
MAX_STATEMENTS = 300
MAX_PROOF_LINES = 200


def describe(given: Mapping[str, Any]) -> Json:
    """What the accepted view says of a thing.

    :raises UnknownThingError: if the graph does not know it
    """
    current, thing = snapshot(), find_thing("thing", arguments.required(given, "thing"))
    quads = sorted(current.store.quads_for_pattern(thing, None, None, GRAPH.accepted), key=str)
    statements = grouped((shorten(quad.predicate.value), _shown(quad.object)) for quad in quads[:MAX_STATEMENTS])
    about = [shorten(node.value) for node in dependent_nodes(current.store, thing)]
    return {
        "thing": thing.value,
        "names": labels(current.store, thing),
        "statements": statements,
        "left_out": max(0, len(quads) - MAX_STATEMENTS),
        "about_it": about[:MAX_STATEMENTS],
        "readUntil": read_until(current),
    }


def _shown(term: Term) -> str:
    """A value with its name: ``Law on AI (id:NAME)``."""
    if not isinstance(term, NamedNode):
        return str(getattr(term, "value", term))
    name, short = label(snapshot().store, term), shorten(term.value)
    return short if name == short else f"{name} ({short})"


def evidence(given: Mapping[str, Any]) -> Json:
    """Who says what of a thing and of its events, tenures and measurements, accepted or not.

    :raises UnknownThingError: if the graph does not know the thing
    :raises ParameterError: if there is no such property
    """
    current, thing = snapshot(), find_thing("thing", arguments.required(given, "thing"))
    limit = arguments.integer(given, "limit", CLAIMS, 1, MAX_CLAIMS)
    offset = arguments.integer(given, "offset", 0, 0, 100_000)
    name = arguments.text(given, "property")
    wanted = find_property("property", thing, name) if name else None
    nodes = [thing, *dependent_nodes(current.store, thing)]
    claims = [one for node in nodes for one in claims_of(current.store, node) if wanted in (None, one.predicate)]
    answer = {
        "thing": thing.value,
        "claims": [_claim(one) for one in claims[offset : offset + limit]],
        "total": len(claims),
        "offset": offset,
        "readUntil": read_until(current),
    }
    if wanted and not claims:
        answer["hint"] = f"no source claims {shorten(wanted.value)} as such; if it was worked out, explain proves it"
    return answer | ({"nextOffset": offset + limit} if offset + limit < len(claims) else {})


def _claim(one: Claim) -> Json:
    return {
        "subject": shorten(one.subject.value),
        "property": shorten(one.predicate.value),
        "value": _shown(one.object),
        "accepted": one.accepted,
        "independentSources": one.origins,
        "sources": [written(cited) for cited in one.citations],
        "rulings": [{"resolution": shorten(r.resolution), "reason": r.reason} for r in one.rulings],
    }


def explain(given: Mapping[str, Any]) -> Json:
    """Why a statement holds: the proof, down to the passages it rests on.

    :raises UnknownThingError: if the graph does not say so
    :raises GraphError: if no proof is found in time
    """
    thing = find_thing("thing", arguments.required(given, "thing"))
    predicate = find_property("property", thing, arguments.required(given, "property"))
    value = _meant(thing, predicate, arguments.text(given, "value"))
    proof = prove(Triple(thing, predicate, value))
    lines = render(proof, snapshot().store)
    return {
        "statement": f"{shorten(thing.value)} {shorten(predicate.value)} {_shown(value)}",
        "proof": ["  " * depth + line for depth, line in lines[:MAX_PROOF_LINES]],
        "left_out": max(0, len(lines) - MAX_PROOF_LINES),
        "sources": _sources(proof),
        "readUntil": read_until(snapshot()),
    }


def _sources(proof: Proof) -> list[Json]:
    cited = (one for leaf in proof.leaves() for one in leaf.citations)
    return [written(one) for one in islice(dict.fromkeys(cited), MAX_CLAIMS)]


def _meant(thing: NamedNode, predicate: NamedNode, text: str) -> Term:
    """The value of a statement: one that the graph has and that is written so, else a term; without a text, the first.

    :raises UnknownThingError: if the thing has no such property
    """
    if text:
        return find_value("value", thing, predicate, text)
    values = objects(snapshot().store, thing, predicate)
    if not values:
        raise UnknownThingError(f"{shorten(thing.value)} has no {shorten(predicate.value)} in the accepted view")
    return values[0]


HITS, MAX_HITS = 10, 50


def search(given: Mapping[str, Any]) -> Json:
    """What a text names, and what else it finds.

    :raises ParameterError: if the text is too long, or there is no such kind of thing
    """
    text, kind = searchable(arguments.required(given, "text"), "text"), arguments.text(given, "kind")
    return searching.search(text, kind, arguments.integer(given, "limit", HITS, 1, MAX_HITS))


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
        raise BusyError(Message("too many queries of agents run at once"), hint=Message("try again in a few seconds"))
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
