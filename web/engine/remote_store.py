"""The store of a site over another endpoint: pages read through it, so that the site is the same."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from typing import cast

from cachetools import LRUCache
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    Variable,
    parse_query_results,
)

from kg.catalogue import DATASET
from kg.errors import QueryError, SnapshotError
from kg.namespaces import GRAPH_CATALOGUE
from kg.query import load_queries
from kg.terms import Term
from web.config import WebSettings
from web.engine.protocol import Request
from web.engine.remote import RemoteEngine
from web.engine.results import BusyError, DeadlineError, EngineDownError
from web.snapshot import Snapshot

POLL_INTERVAL = 10.0
"""Seconds between two checks whether the endpoint holds another snapshot."""
_STATE = f"SELECT ?p ?o {{ GRAPH <{GRAPH_CATALOGUE}> {{ <{DATASET}> ?p ?o }} }}"


class RemoteStore:
    """The calls that pages make of a store, answered by an endpoint; results are cached.

    :param max_quads: how many quads are cached
    """

    def __init__(self, engine: RemoteEngine, max_quads: int = 50_000) -> None:
        self.engine = engine
        self.cache: LRUCache[object, list[Quad]] = LRUCache(max_quads, getsizeof=lambda quads: 1 + len(quads))
        self.lock = threading.Lock()

    def quads_for_pattern(
        self, subject: Term | None, predicate: Term | None, value: Term | None, graph: object = None
    ) -> Iterator[Quad]:
        """The quads that match; ``None`` matches anything."""
        pattern = (subject, predicate, value, graph)
        with self.lock:
            quads = self.cache.get(pattern)
        if quads is None:
            quads = self._quads(*pattern)
            if len(quads) < self.cache.maxsize:
                with self.lock:
                    self.cache[pattern] = quads
        return iter(quads)

    def _quads(self, *pattern: object) -> list[Quad]:
        if any(isinstance(term, BlankNode | DefaultGraph) for term in pattern) or isinstance(pattern[0], Literal):
            return []
        names = ("?s", "?p", "?o", "?g")
        s, p, o, g = (name if term is None else str(term) for name, term in zip(names, pattern, strict=True))
        solutions = self.query(f"SELECT * {{ GRAPH {g} {{ {s} {p} {o} }} }}")
        return list(_matches(cast(QuerySolutions, solutions), pattern))

    def query(self, query: str, **_: object) -> QuerySolutions | QueryBoolean:
        """Run a canned SELECT or ASK query."""
        result = self.engine.run(Request(query, trusted=True))
        return parse_query_results(result.body.read(), format=QueryResultsFormat.JSON)

    def named_graphs(self) -> Iterator[NamedNode]:
        """The names of all graphs."""
        document = self.engine.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        return (NamedNode(row["g"]["value"]) for row in document["results"]["bindings"])

    def contains_named_graph(self, name: NamedNode) -> bool:
        """Whether there is a graph of that name."""
        return bool(self.engine.select(f"ASK {{ GRAPH {name} {{ ?s ?p ?o }} }}")["boolean"])

    def __contains__(self, quad: Quad) -> bool:
        return any(True for _ in self.quads_for_pattern(*quad))

    def __iter__(self) -> Iterator[Quad]:
        return self.quads_for_pattern(None, None, None, None)


def _matches(solutions: QuerySolutions, pattern: tuple[object, ...]) -> Iterator[Quad]:
    free = {variable.value for variable in solutions.variables}
    for solution in solutions:
        terms = [solution[Variable(name)] if name in free else term for name, term in zip("spog", pattern, strict=True)]
        yield Quad(*terms)  # type: ignore[arg-type]  # the pattern holds terms where it holds no variable


def open_remote(settings: WebSettings, before: Snapshot | None) -> Snapshot:
    """What the endpoint of the settings holds now, named by what its catalogue says of the dataset.

    :param before: what was open until now
    :raises SnapshotError: if the endpoint does not answer
    """
    engine = RemoteEngine(settings.remote or "", settings.timeout)
    try:
        rows = engine.select(_STATE)["results"]["bindings"]
    except (EngineDownError, DeadlineError, BusyError, QueryError) as error:
        raise SnapshotError(f"cannot query the remote endpoint: {error}", hint="check --engine") from error
    state = sorted((row["p"]["value"], row["o"]["value"]) for row in rows)
    name = hashlib.sha256(repr((settings.remote, state)).encode()).hexdigest()[:16]
    if before is not None and before.name == name:
        return before
    store = cast(Store, RemoteStore(engine))
    return Snapshot(name, settings.graph.current, store, load_queries(settings.graph.queries))
