"""The search as data, for programs and agents: what a text finds, with the names that match."""

from __future__ import annotations

from typing import Any

from pyoxigraph import NamedNode

from kg.errors import ParameterError
from kg.labels import label
from kg.namespaces import shorten
from kg.search.kinds import KINDS
from web.search import Filter, Hit, index_of
from web.snapshot import snapshot

Json = dict[str, Any]


def search(text: str, kind: str, limit: int, offset: int = 0) -> Json:
    """The things that a text finds, the best first.

    :param kind: only things of that kind; empty for all
    :raises ParameterError: if there is no such kind
    """
    if kind and kind not in KINDS:
        raise ParameterError("kind", kind[:40], "not a kind of thing", KINDS)
    hits = index_of(snapshot()).search(text, Filter(frozenset({kind} if kind else ())))
    return {"query": text, "total": len(hits), "offset": offset, "results": [_result(h) for h in hits[offset:][:limit]]}


def _result(hit: Hit) -> Json:
    name = label(snapshot().store, NamedNode(hit.iri))
    found = {"iri": hit.iri, "id": shorten(hit.iri), "kind": hit.group, "name": name}
    found |= {"matched": hit.name} if hit.name != name else {}
    return found | ({"text": hit.text} if hit.text else {})
