"""Reconciliation queries: a batch as it is sent, checked, and its candidates (section "Reconciliation Queries")."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from kg.message import Message
from web.answers.arguments import searchable
from web.engine.results import DeadlineError
from web.matching import Match
from web.views.reconcile.schema import agrees, current_matcher, description_of, types_of

BATCH_SIZE = 50
"""Queries of one batch."""
MAX_CANDIDATES, CANDIDATES = 50, 10
"""How many candidates a query may ask for, and has if it does not say."""
MAX_PROPERTIES = 10
TIMEOUT = 10.0
"""Seconds a batch may take."""
_FIELDS = ("query", "type", "limit", "properties", "type_strict")
_IN_NAME = 0.7
"""How much of the score is the name's, where properties are given too."""


@dataclass(frozen=True)
class Query:
    """A reconciliation query.

    :param text: empty where only properties are given
    :param strict: "all" if an entity must have every type, else any of them will do
    """

    text: str
    types: tuple[str, ...]
    limit: int
    properties: tuple[tuple[str, list[str]], ...]
    strict: str


def answer(text: str) -> dict[str, Any]:
    """The result batch of a query batch.

    :param text: the batch in JSON
    :raises BadRequest: if it is no query batch; says where
    :raises ParameterError: if a query is too long to be searched for
    :raises RequestEntityTooLarge: if it has more queries than `BATCH_SIZE`
    :raises DeadlineError: if it takes longer than `TIMEOUT`
    """
    queries = {key: _query(key, value) for key, value in read_object("queries", text).items()}
    if len(queries) > BATCH_SIZE:
        message = Message(
            "A batch has %(most)s queries at most, and this one has %(count)s.", most=BATCH_SIZE, count=len(queries)
        )
        raise RequestEntityTooLarge(message)
    until, results = time.monotonic() + TIMEOUT, {}
    for key, query in queries.items():
        if time.monotonic() > until:
            message = Message("the batch took more than %(seconds)s s", seconds=round(TIMEOUT))
            raise DeadlineError(message, hint=Message("send fewer queries in a batch"))
        results[key] = {"result": [_written(match, features) for match, features in _candidates(query)]}
    return results


def read_object(parameter: str, text: str) -> dict[str, Any]:
    """A parameter that is a JSON object.

    :raises BadRequest: if it is not
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(
            Message("%(parameter)s is no JSON: %(error)s", parameter=parameter, error=str(error))
        ) from error
    if not isinstance(document, dict):
        raise BadRequest(Message("%(where)s is no JSON object.", where=parameter))
    return document


def _query(key: str, given: object) -> Query:
    """A query of a batch, checked."""
    where = f"queries[{key[:40]!r}]"
    if not isinstance(given, dict):
        raise BadRequest(Message("%(where)s is no JSON object.", where=where))
    unknown = sorted(given.keys() - set(_FIELDS))
    if unknown:
        template = Message("%(where)s has the unknown field %(field)s; there are: %(names)s.")
        raise BadRequest(template.given(where=where, field=repr(unknown[0][:40]), names=list(_FIELDS)))
    text, limit = given.get("query", ""), given.get("limit", CANDIDATES)
    if not isinstance(text, str):
        raise BadRequest(Message("%(where)s is no text.", where=f"{where}.query"))
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit < 1:
        raise BadRequest(Message("%(where)s is no positive number.", where=f"{where}.limit"))
    searchable(text.strip(), f"{where}.query")
    types = given.get("type") or []
    types = [types] if isinstance(types, str) else types
    if not isinstance(types, list) or not all(isinstance(type_, str) for type_ in types):
        raise BadRequest(Message("%(where)s is neither a type nor a list of types.", where=f"{where}.type"))
    properties = _properties(where, given.get("properties") or [])
    if not text.strip() and not properties:
        raise BadRequest(Message("%(where)s has neither a query nor properties.", where=where))
    names = tuple(type_.rpartition("/")[2].removeprefix("aip:") for type_ in types if type_)
    return Query(text, names, int(min(limit, MAX_CANDIDATES)), properties, str(given.get("type_strict", "any")))


def _properties(where: str, given: object) -> tuple[tuple[str, list[str]], ...]:
    if not isinstance(given, list) or len(given) > MAX_PROPERTIES:
        template = Message("%(where)s is no list of at most %(count)s properties.")
        raise BadRequest(template.given(where=f"{where}.properties", count=MAX_PROPERTIES))
    properties = []
    for item in given:
        if not isinstance(item, dict) or not isinstance(item.get("pid"), str) or "v" not in item:
            raise BadRequest(Message("%(where)s: each is an object with pid and v.", where=f"{where}.properties"))
        wanted = item["v"] if isinstance(item["v"], list) else [item["v"]]
        properties.append((item["pid"].removeprefix("aip:"), [_text(value) for value in wanted]))
    return tuple(properties)


def _text(value: object) -> str:
    """A property value as text: that of an entity is its identifier."""
    if isinstance(value, Mapping):
        value = value.get("id", "")
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _candidates(query: Query) -> list[tuple[Match, dict[str, bool | float]]]:
    matcher = current_matcher()
    required = query.types if query.strict == "all" else ()
    more = MAX_CANDIDATES if required or query.properties else query.limit
    if query.text.strip():
        matches = matcher.match(query.text, query.types, more)
    else:
        matches = [
            Match(entity, 0.0, entity.names[0].text)
            for entity in matcher.entities.values()
            if not query.types or entity.classes & set(query.types)
        ]
    candidates = [_with_properties(match, query) for match in matches if match.entity.classes.issuperset(required)]
    if not query.text.strip():
        candidates = [(match, features) for match, features in candidates if any(features.values())]
    candidates.sort(key=lambda candidate: -candidate[0].score)
    return candidates[: query.limit]


def _with_properties(match: Match, query: Query) -> tuple[Match, dict[str, bool | float]]:
    """A candidate with its features: how alike the names are, and which properties agree."""
    features: dict[str, bool | float] = {"name": round(match.score * 100, 1)} if query.text.strip() else {}
    if not query.properties:
        return match, features
    agreed = {property_id: agrees(match.entity, property_id, wanted) for property_id, wanted in query.properties}
    share = sum(agreed.values()) / len(agreed)
    score = _IN_NAME * match.score + (1 - _IN_NAME) * share if query.text.strip() else share
    certain = match.certain and share == 1
    return Match(match.entity, score, match.name, certain), features | agreed


def _written(match: Match, features: Mapping[str, bool | float]) -> dict[str, Any]:
    entity = match.entity
    return {
        "id": entity.id,
        "name": entity.names[0].text,
        "description": description_of(entity),
        "type": types_of(entity),
        "score": round(match.score * 100, 1),
        "match": match.certain,
        "features": [{"id": name, "value": value} for name, value in features.items()],
    }
