"""Another SPARQL 1.1 endpoint in place of our engine, asked through SPARQLWrapper.

The site is the same: pages read through ``RemoteStore``, which answers the few calls they make of a store. That is how
the graph outgrows one machine; whoever runs that endpoint sets its limits.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import threading
import time
import urllib.error
from collections.abc import Iterator
from typing import Any, cast

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
    RdfFormat,
    Store,
    Triple,
    Variable,
    parse,
    parse_query_results,
    serialize,
)

from kg.catalogue import DATASET
from kg.errors import QueryError, SnapshotError
from kg.namespaces import GRAPH_ACCEPTED, GRAPH_CATALOGUE, PREFIXES
from kg.query import load_queries
from kg.results import RESULT_FORMATS
from web.config import WebSettings
from web.engine import query_limits
from web.engine.protocol import Request
from web.engine.results import Answer, BusyError, DeadlineError, EngineDownError, TooLargeError
from web.snapshot import Snapshot

Term = NamedNode | BlankNode | Literal | Triple
LARGEST = 64 << 20
LOOK_EVERY = 10.0
"""Seconds between two questions whether the other endpoint holds another snapshot."""
_STATE = f"SELECT ?p ?o {{ GRAPH <{GRAPH_CATALOGUE}> {{ <{DATASET}> ?p ?o }} }}"
_VALUES = re.compile(r"VALUES\s*\(([^)]*)\)\s*\{\s*\(([^\n]*)\)\s*\}")
# A sub-select that only names parameters.
_NAMING = re.compile(r"\{\s*SELECT\s+([^{}]*)\{\s*(VALUES\s*\([^)]*\)\s*\{\s*\([^\n]*\)\s*\})\s*\}\s*\}")
_ITEM = re.compile(r"\?\w+|\((?:[^()]|\([^()]*\))*\)")
_VARIABLE = re.compile(r"\?\w+")
_TERM = re.compile(r"""<[^>]*>|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^(?:<[^>]*>|[\w-]*:[\w.-]*))?|[^\s"<]+""")
_GRAPH = re.compile(r"\bGRAPH\b", re.IGNORECASE)
# Possessive, and from the beginning of a name: a long word that is none must not be tried from each of its letters.
_DECLARED = re.compile(r"\bPREFIX\s++([\w-]*+):", re.IGNORECASE)
_NAMED = re.compile(r"(?<![\w-])([A-Za-z][\w-]*+):")


class Remote:
    """Asks an endpoint.

    :param url: its address
    :param timeout: seconds to wait for an answer
    """

    def __init__(self, url: str, timeout: float = 30.0) -> None:
        self.url = url
        self.timeout = timeout

    def run(self, request: Request, timeout: float | None = None) -> Answer:
        """The whole answer to a request.

        :raises QueryError: if the other side says that the query is wrong
        :raises EngineDownError: if it does not answer, and the other errors of ``web.engine.results``
        """
        seconds = min(timeout or self.timeout, self.timeout)
        if query_limits.scan(request.query).form in ("CONSTRUCT", "DESCRIBE"):
            body = _regraphed(self._ask(request, "turtle", seconds), request.graph_format)
            return _whole("graph", body)
        body = self._ask(request, "json", seconds)
        results = parse_query_results(body, format=QueryResultsFormat.JSON)
        written = results.serialize(format=RESULT_FORMATS[request.result_format]) or b""
        return _whole("boolean" if isinstance(results, QueryBoolean) else "solutions", written)

    def select(self, text: str) -> dict[str, Any]:
        """The result document of a query of our own."""
        found: dict[str, Any] = json.loads(self._ask(Request(text, trusted=True), "json", self.timeout))
        return found

    def _ask(self, request: Request, form: str, seconds: float) -> bytes:
        from SPARQLWrapper import SPARQLExceptions, SPARQLWrapper

        wrapper = SPARQLWrapper(self.url, agent="ca-ai-policy")
        wrapper.setQuery(with_prefixes(without_undef(request.query) if request.trusted else request.query))
        wrapper.setMethod("POST")
        wrapper.setOnlyConneg(True)
        wrapper.setReturnFormat(form)
        wrapper.setTimeout(max(1, round(seconds)))
        for name, iri in _dataset(request):
            wrapper.addParameter(name, iri)
        try:
            body: bytes = wrapper.query().response.read(LARGEST + 1)
        except SPARQLExceptions.QueryBadFormed as error:
            raise QueryError(_told(error)) from error
        except SPARQLExceptions.SPARQLWrapperException as error:
            raise EngineDownError(f"the other endpoint failed: {_told(error)}") from error
        except urllib.error.HTTPError as error:
            raise _of_status(error) from error
        except TimeoutError as error:
            raise DeadlineError("the other endpoint took longer than it may", hint="ask for less") from error
        except OSError as error:
            raise EngineDownError("the other endpoint does not answer", hint="try again in a moment") from error
        if len(body) > LARGEST:
            raise TooLargeError(f"the answer is larger than {LARGEST >> 20} MB", hint="add a LIMIT")
        return body


def _of_status(error: urllib.error.HTTPError) -> Exception:
    if error.code in (408, 504):
        return DeadlineError("the other endpoint took longer than it may", hint="ask for less")
    if error.code in (429, 503):
        return BusyError("the other endpoint is full", hint="try again in a few seconds")
    return EngineDownError(f"the other endpoint answers {error.code}", hint="try again in a moment")


def _told(error: Exception) -> str:
    """What the other side says of an error, in one line of bounded length."""
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(text.split())[:500]


def _dataset(request: Request) -> Iterator[tuple[str, str]]:
    """The dataset to ask over: as given, else the accepted view where the query names no graph itself."""
    for iri in request.default_graphs or ():
        yield "default-graph-uri", iri
    for iri in request.named_graphs or ():
        yield "named-graph-uri", iri
    plain = request.default_graphs is None and not request.own_dataset and not request.trusted
    if plain and not _GRAPH.search(request.query):
        yield "default-graph-uri", GRAPH_ACCEPTED


def with_prefixes(text: str) -> str:
    """The query with those of our prefixes that it uses and does not declare, all before its first line."""
    declared = {match.lower() for match in _DECLARED.findall(text)}
    used = {match for match in _NAMED.findall(text) if match in PREFIXES and match not in declared}
    return " ".join([*(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in sorted(used)), text])


def without_undef(text: str) -> str:
    """A canned query without the parameters that restrict nothing: they are neither in its VALUES line nor handed on
    by the sub-select that holds it.

    The meaning is the same, and Virtuoso 7.2.5 finds nothing where a variable is UNDEF, or joins on one that a
    sub-select leaves unbound.
    """
    found = _VALUES.search(text)
    if found is None:
        return text
    names, terms = found[1].split(), _TERM.findall(found[2])
    if len(names) != len(terms):
        return text
    bound = {name: term for name, term in zip(names, terms, strict=True) if term != "UNDEF"}
    line = f"VALUES ({' '.join(bound)}) {{ ({' '.join(bound.values())}) }}" if bound else ""
    before, after = text[: found.start()], text[found.end() :]
    opening = before.rfind("SELECT")
    if not before[:opening].rstrip().endswith("{"):
        return before + line + after
    return before[:opening] + _sub_select(before[opening:] + line + after, set(names) - set(bound))


def _sub_select(text: str, unbound: set[str]) -> str:
    """A text that begins with a sub-select, which no longer hands on those variables if it does not bind them."""
    head, rest = text.split("{", 1)
    end = _closing(rest)
    body, tail = rest[:end], rest[end:]
    idle = {name for name in unbound if not re.search(rf"\{name}\b", body)}
    items = _ITEM.findall(head)
    gone = [item for item in items if idle & set(_VARIABLE.findall(item)[:1])]
    if not body.strip() and len(gone) == len(items):
        return tail[tail.find("}", 1) :]
    for item in gone:
        head = head.replace(item, "", 1)
    group, rest = tail[: tail.find("}", 1)], tail[tail.find("}", 1) :]
    for name in idle:
        group = re.sub(rf"\{name}\b", "", group)
    return f"{head}{{{body}{group}{rest}"


def _closing(text: str) -> int:
    """Where the bracket that is open before a text closes; strings may hold brackets."""
    depth = 1
    for match in re.finditer(r"""[{}]|"(?:[^"\\]|\\.)*"|<[^<>\s]*>""", text):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.start()
    return len(text)


def _regraphed(turtle: bytes, media_type: str) -> bytes:
    form = RdfFormat.from_media_type(media_type) or RdfFormat.TURTLE
    triples = (quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE))
    return serialize(triples, format=form) or b""


def _whole(kind: str, body: bytes) -> Answer:
    return Answer(kind, io.BytesIO(body), len(body), "")


class RemoteStore:
    """What pages and descriptions ask of a store, asked of an endpoint. What was asked once is kept.

    :param remote: the endpoint
    """

    def __init__(self, remote: Remote, keep: int = 50_000) -> None:
        self.remote = remote
        self.kept: LRUCache[object, list[Quad]] = LRUCache(keep, getsizeof=lambda quads: 1 + len(quads))
        self.lock = threading.Lock()

    def quads_for_pattern(
        self, subject: Term | None, predicate: Term | None, value: Term | None, graph: object = None
    ) -> Iterator[Quad]:
        """The quads that match; ``None`` matches anything."""
        pattern = (subject, predicate, value, graph)
        with self.lock:
            known = self.kept.get(pattern)
        if known is None:
            known = self._quads(*pattern)
            if len(known) < self.kept.maxsize:
                with self.lock:
                    self.kept[pattern] = known
        return iter(known)

    def _quads(self, *pattern: object) -> list[Quad]:
        if any(isinstance(term, BlankNode | DefaultGraph) for term in pattern) or isinstance(pattern[0], Literal):
            return []
        s, p, o, g = (
            name if term is None else str(term) for name, term in zip(("?s", "?p", "?o", "?g"), pattern, strict=True)
        )
        found = self.remote.run(Request(f"SELECT * {{ GRAPH {g} {{ {s} {p} {o} }} }}", trusted=True))
        solutions = parse_query_results(found.body.read(), format=QueryResultsFormat.JSON)
        return list(_matches(cast(QuerySolutions, solutions), pattern))

    def query(self, query: str, **_: object) -> QuerySolutions | QueryBoolean:
        """Run a canned SELECT or ASK query."""
        found = self.remote.run(Request(query, trusted=True))
        return parse_query_results(found.body.read(), format=QueryResultsFormat.JSON)

    def named_graphs(self) -> Iterator[NamedNode]:
        """The names of all graphs."""
        document = self.remote.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        return (NamedNode(row["g"]["value"]) for row in document["results"]["bindings"])

    def contains_named_graph(self, name: NamedNode) -> bool:
        """Whether there is a graph of that name."""
        return bool(self.remote.select(f"ASK {{ GRAPH {name} {{ ?s ?p ?o }} }}")["boolean"])

    def __contains__(self, quad: Quad) -> bool:
        return any(True for _ in self.quads_for_pattern(*quad))

    def __iter__(self) -> Iterator[Quad]:
        return self.quads_for_pattern(None, None, None, None)


def _matches(solutions: QuerySolutions, pattern: tuple[object, ...]) -> Iterator[Quad]:
    asked = {variable.value for variable in solutions.variables}
    for solution in solutions:
        terms = [
            solution[Variable(name)] if name in asked else term for name, term in zip("spog", pattern, strict=True)
        ]
        yield Quad(*terms)  # type: ignore[arg-type]  # the pattern holds terms where it holds no variable


def open_remote(settings: WebSettings, before: Snapshot | None) -> Snapshot:
    """What the other endpoint holds now, named by what its catalogue says of the dataset.

    :param before: what was open until now
    :raises SnapshotError: if the endpoint does not answer
    """
    if before is not None and time.monotonic() - before.cache.get("asked", 0.0) < LOOK_EVERY:
        return before
    remote = Remote(settings.remote or "", settings.timeout)
    try:
        rows = remote.select(_STATE)["results"]["bindings"]
    except (EngineDownError, DeadlineError, BusyError, QueryError) as error:
        raise SnapshotError(f"the other endpoint cannot be asked: {error}", hint="look at --engine") from error
    state = sorted((row["p"]["value"], row["o"]["value"]) for row in rows)
    name = hashlib.sha256(repr((settings.remote, state)).encode()).hexdigest()[:16]
    current = before
    if current is None or current.name != name:
        store = cast(Store, RemoteStore(remote))
        current = Snapshot(name, settings.graph.current, store, load_queries(settings.graph.queries))
    current.cache["asked"] = time.monotonic()
    return current
