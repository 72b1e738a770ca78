"""The search as data, for programs and agents: what a text finds, with the names that match."""

from __future__ import annotations

from typing import Any

from pyoxigraph import NamedNode

from kg.errors import ParameterError
from kg.labels import label
from kg.namespaces import shorten
from web.search import GROUPS, MAX_CHARACTERS, Hit, index_of
from web.snapshot import snapshot

Json = dict[str, Any]


def search(text: str, kind: str, limit: int, offset: int = 0) -> Json:
    """The things that a text finds, the best first.

    :param kind: only things of that kind; empty for all
    :raises ParameterError: if there is no such kind
    """
    if kind and kind not in GROUPS:
        raise ParameterError("kind", kind[:40], "not a kind of thing", GROUPS)
    hits = [hit for hit in index_of(snapshot()).search(text[:MAX_CHARACTERS]) if kind in ("", hit.group)]
    return {"query": text, "total": len(hits), "offset": offset, "results": [_result(h) for h in hits[offset:][:limit]]}


def _result(hit: Hit) -> Json:
    name = label(snapshot().store, NamedNode(hit.iri))
    found = {"iri": hit.iri, "id": shorten(hit.iri), "kind": hit.group, "name": name}
    return found | ({"matched": hit.name} if hit.name != name else {})
