"""The search as data, for programs and agents: what a text names, and what else it finds."""

from typing import Any

from pyoxigraph import NamedNode

from kg.errors import ParameterError
from kg.graph import label
from kg.message import Message
from kg.namespaces import PREFIXES, shorten
from kg.search.kinds import KINDS
from web.matching import Match, matcher_of
from web.search import Filter, Hit, index_of
from web.snapshot import snapshot

Json = dict[str, Any]
MIN_NAMED, MAX_NAMED = 0.7, 3
"""Score from which on an entity counts as named by a text, and how many may be."""


def search(text: str, kind: str, limit: int, offset: int = 0) -> Json:
    """The entities that a text names, by the measure of reconciliation, and the things that it finds, the best first.

    :param kind: only things of that kind; empty for all
    :raises ParameterError: if there is no such kind
    """
    if kind and kind not in KINDS:
        raise ParameterError("kind", kind[:40], Message("not a kind of thing"), KINDS)
    hits = index_of(snapshot()).search(text, Filter(frozenset({kind} if kind else ())))
    matches = matcher_of(snapshot()).match(text, (), MAX_NAMED) if not kind and not offset else []
    return {
        "query": text,
        "total": len(hits),
        "offset": offset,
        "named": [_named(match) for match in matches if match.score >= MIN_NAMED],
        "results": [_result(hit) for hit in hits[offset : offset + limit]],
    }


def _named(match: Match) -> Json:
    entity = match.entity
    return {
        "iri": PREFIXES["id"] + entity.id,
        "id": f"id:{entity.id}",
        "type": entity.kind,
        "name": entity.names[0].text,
        "score": round(match.score * 100, 1),
        "certain": match.certain,
    }


def _result(hit: Hit) -> Json:
    name = label(snapshot().store, NamedNode(hit.iri))
    result = {"iri": hit.iri, "id": shorten(hit.iri), "kind": hit.group, "name": name}
    result |= {"matched": hit.name} if hit.name != name else {}
    return result | ({"text": hit.text} if hit.text else {})
