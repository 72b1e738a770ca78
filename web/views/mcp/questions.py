"""The canned queries as tools: one for each family of questions, with the parameters that their files declare."""

import json
from collections.abc import Mapping
from typing import Any

from pyoxigraph import NamedNode

from kg.errors import ParameterError
from kg.evidence import Citation, citation
from kg.groups import grouped
from kg.namespaces import PREFIXES, shorten
from kg.query import CannedQuery, bind, resolve
from kg.terms import is_assertion
from web.answers import tables
from web.answers.dataset import read_until
from web.answers.schemas import parameter_entry
from web.answers.service import answer_service
from web.snapshot import Snapshot, snapshot
from web.views.mcp import arguments
from web.views.mcp.arguments import Json

ROWS, MAX_ROWS, MAX_OFFSET = 30, 200, 100_000
"""How many rows an answer has, and may have, and how many may be left out before them."""
MAX_SOURCES = 60
"""Passages that are given in full with the rows that rest on them."""


def families(current: Snapshot) -> dict[str, list[CannedQuery]]:
    """The questions by the first of their tags, each family in the order of its names."""
    tables = [query for query in current.queries.values() if query.form == "SELECT"]
    by_topic = grouped((query.tags[0] if query.tags else "other", query) for query in tables)
    return dict(sorted(by_topic.items()))


def describe(queries: list[CannedQuery]) -> str:
    """What a tool says of the questions of a family."""
    lines = [f"{query.slug}: {query.summary} {query.description}".strip() for query in queries]
    return "Answers one of these questions, with the passages of sources that each row rests on.\n" + "\n".join(lines)


def schema(current: Snapshot, queries: list[CannedQuery]) -> Json:
    """The arguments of a family: the question, the parameters of all its questions, the part of the rows."""
    question: Json = {"type": "string", "enum": [query.slug for query in queries], "description": "which question"}
    if len(queries) == 1:
        question["default"] = queries[0].slug
    properties: Json = {"question": question} | _parameters(current, queries)
    properties |= {
        "limit": {"type": "integer", "minimum": 1, "maximum": MAX_ROWS, "default": ROWS, "description": "rows at most"},
        "offset": {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0, "description": "rows to skip"},
    }
    required = ["question"] if len(queries) > 1 else []
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _parameters(current: Snapshot, queries: list[CannedQuery]) -> Json:
    """The schemas of the parameters by name; one that several questions have says which."""
    schemas: Json = {}
    users: dict[str, list[str]] = {}
    for query in queries:
        for parameter in query.parameters:
            entry = parameter_entry(current, parameter)
            described = {"description": entry.get("description", "")}
            described |= {"examples": [entry["example"]]} if "example" in entry else {}
            schemas.setdefault(parameter.name, entry["schema"] | described)
            users.setdefault(parameter.name, []).append(query.slug)
    for name, slugs in users.items():
        if len(slugs) < len(queries):
            schemas[name]["description"] += f" (only for: {', '.join(slugs)})"
    return schemas


def ask(queries: list[CannedQuery], given: Mapping[str, Any]) -> Json:
    """The answer to a question of a family.

    :raises ParameterError: if an argument is not allowed; says what is
    :raises GraphError: the errors of ``web.engine.results``
    """
    known = {query.slug: query for query in queries}
    slug = arguments.text(given, "question", queries[0].slug if len(queries) == 1 else "")
    if slug not in known:
        raise ParameterError("question", slug[:80], _problem(slug), list(known))
    query, current = known[slug], snapshot()
    limit = arguments.integer(given, "limit", ROWS, 1, MAX_ROWS)
    offset = arguments.integer(given, "offset", 0, 0, MAX_OFFSET)
    values = {name: _value(name, value) for name, value in given.items() if name not in ("question", "limit", "offset")}
    document = json.loads(answer_service().canned(current.name, bind(query, values, current.choices)))
    rows = json.loads(tables.write(tables.part(document, offset, limit), "rows"))
    total = tables.count(document)
    evidence = dict.fromkeys(str(row["evidence"]) for row in rows if row.get("evidence"))
    assertions = [node for node in map(NamedNode, evidence) if is_assertion(node)]
    answer = {
        "question": query.summary,
        "query": PREFIXES["query"] + slug,
        "parameters": _resolved(current, query, values),
        "rows": rows,
        "total": total,
        "offset": offset,
        "sources": [written(citation(current.store, node)) for node in assertions[:MAX_SOURCES]],
        "readUntil": read_until(current),
    }
    return answer | ({"nextOffset": offset + limit} if offset + limit < total else {})


def _problem(slug: str) -> str:
    """What is wrong with a question that a tool has not; another may have it."""
    family = next((name for name, queries in families(snapshot()).items() if slug in {q.slug for q in queries}), None)
    return f"a question of ask_{family.replace('-', '_')}" if family else "not a question of this tool"


def _value(name: str, value: object) -> str:
    """A value as the text that the parameters of canned queries are given in."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ParameterError(name[:60], repr(value)[:80], "neither a text nor a whole number", ["a string", "a number"])
    return str(value)


def _resolved(current: Snapshot, query: CannedQuery, values: Mapping[str, str]) -> Json:
    """The parameters as they were understood, defaults among them."""
    terms = resolve(query, values, current.choices)
    return {
        name: shorten(term.value) if isinstance(term, NamedNode) else term.value
        for name, term in terms.items()
        if term is not None
    }


def written(one: Citation) -> Json:
    """A citation: the passage in our words, and where it stands."""
    fields = {
        "assertion": one.assertion,
        "source": one.source,
        "title": one.title,
        "publisher": one.publisher,
        "published": one.issued,
        "place": one.locator,
        "passage": one.paraphrase,
        "url": one.url,
        "confidence": one.confidence.rpartition("/")[2],
    }
    return {name: value for name, value in fields.items() if value}
