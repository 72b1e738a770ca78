"""The store of a site over another endpoint: pages read through it, so that the site is the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import cast

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
from kg.query import load_queries
from kg.releases.archive import find_releases
from kg.terms import GRAPH, Term
from web.config import WebSettings
from web.engine.protocol import Request
from web.engine.remote import RemoteEngine
from web.engine.results import BusyError, DeadlineError, EngineDownError
from web.memo import Kind, Memo
from web.snapshot import Snapshot

POLL_INTERVAL = 10.0
"""Seconds between two checks whether the endpoint holds another snapshot."""
_STATE = f"SELECT ?p ?o {{ GRAPH <{GRAPH.catalogue.value}> {{ <{DATASET}> ?p ?o }} }}"
_QUADS: Kind[list[Quad]] = Kind("quads of a pattern", 50_000, lambda quads: 1 + len(quads))


class RemoteStore:
    """The calls that pages make of a store, answered by an endpoint; quads are cached."""

    def __init__(self, engine: RemoteEngine) -> None:
        self.engine = engine
        self.memo = Memo()

    def quads_for_pattern(
        self, subject: Term | None, predicate: Term | None, value: Term | None, graph: object = None
    ) -> Iterator[Quad]:
        """The quads that match; ``None`` matches anything."""
        pattern = (subject, predicate, value, graph)
        quads = self.memo.get(_QUADS, pattern, lambda: self._quads(*pattern))
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
        solutions = self.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        return (row["g"] for row in cast(QuerySolutions, solutions))

    def contains_named_graph(self, name: NamedNode) -> bool:
        """Whether there is a graph of that name."""
        return bool(self.query(f"ASK {{ GRAPH {name} {{ ?s ?p ?o }} }}"))

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
    store = RemoteStore(RemoteEngine(settings.remote or "", settings.timeout))
    try:
        state = sorted((str(row["p"]), str(row["o"])) for row in cast(QuerySolutions, store.query(_STATE)))
    except (EngineDownError, DeadlineError, BusyError, QueryError) as error:
        raise SnapshotError(f"cannot query the remote endpoint: {error}", hint="check --engine") from error
    name = hashlib.sha256(repr((settings.remote, state)).encode()).hexdigest()[:16]
    if before is not None and before.name == name:
        return before
    releases = find_releases(settings.graph.releases)
    queries = load_queries(settings.graph.queries)
    return Snapshot(name, settings.graph.current, cast(Store, store), queries, releases=releases)
