"""Another SPARQL 1.1 endpoint instead of our engine, queried through SPARQLWrapper.

That is how the graph outgrows one machine; whoever runs that endpoint sets its limits.
"""

from __future__ import annotations

import io
import re
import urllib.error
from collections.abc import Iterator

from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results

from kg.errors import QueryError
from kg.export import get_format
from kg.message import Message
from kg.query import engine_says
from kg.results import write_results
from kg.terms import GRAPH
from kg.writers import write_triples
from web.engine.protocol import Request
from web.engine.remote_query import with_prefixes, without_undef
from web.engine.results import BusyError, DeadlineError, EngineDownError, EngineResult, TooLargeError, at_most
from web.engine.scanner import scan

MAX_BYTES = 64 << 20
_GRAPH = re.compile(r"\bGRAPH\b", re.IGNORECASE)


class RemoteEngine:
    """Runs queries at an endpoint.

    :param url: its address
    :param timeout: seconds to wait for an answer
    """

    def __init__(self, url: str, timeout: float = 30.0) -> None:
        self.url = url
        self.timeout = timeout

    def run(self, request: Request, timeout: float | None = None) -> EngineResult:
        """The complete result of a request.

        :raises QueryError: if the endpoint says that the query is wrong
        :raises EngineDownError: if it does not answer, and the other errors of ``web.engine.results``
        """
        seconds = min(timeout or self.timeout, self.timeout)
        if scan(request.query).form in ("CONSTRUCT", "DESCRIBE"):
            body = _serialized(self._fetch(request, "turtle", seconds), request)
            return EngineResult("graph", io.BytesIO(body))
        results = parse_query_results(self._fetch(request, "json", seconds), format=QueryResultsFormat.JSON)
        out = io.BytesIO()
        write_results(results, request.result_format, out)
        out.seek(0)
        return EngineResult("boolean" if isinstance(results, QueryBoolean) else "solutions", out)

    def _fetch(self, request: Request, form: str, seconds: float) -> bytes:
        from SPARQLWrapper import SPARQLExceptions, SPARQLWrapper

        wrapper = SPARQLWrapper(self.url, agent="ca-ai-policy")
        text = with_prefixes(without_undef(request.query) if request.trusted else request.query)
        wrapper.setQuery(f"BASE <{request.base}> {text}" if request.base else text)
        wrapper.setMethod("POST")
        wrapper.setOnlyConneg(True)
        wrapper.setReturnFormat(form)
        wrapper.setTimeout(max(1, round(seconds)))
        for name, iri in _dataset(request):
            wrapper.addParameter(name, iri)
        try:
            body: bytes = wrapper.query().response.read(MAX_BYTES + 1)
        except SPARQLExceptions.QueryBadFormed as error:
            raise QueryError(engine_says(_message(error))) from error
        except SPARQLExceptions.SPARQLWrapperException as error:
            raise EngineDownError(Message("the remote endpoint failed: %(words)s", words=_message(error))) from error
        except OSError as error:
            raise _engine_error(error) from error
        if len(body) > MAX_BYTES:
            message = Message("the answer is larger than %(size)s MB", size=MAX_BYTES >> 20)
            raise TooLargeError(message, hint=Message("add a LIMIT"))
        return body


def _engine_error(error: OSError) -> Exception:
    status = error.code if isinstance(error, urllib.error.HTTPError) else None
    if isinstance(error, TimeoutError) or status in (408, 504):
        message = Message("the query exceeded the time limit of the remote endpoint")
        return DeadlineError(message, hint=Message("ask for less"))
    if status in (429, 503):
        return BusyError(Message("the remote endpoint is busy"), hint=Message("try again in a few seconds"))
    silent = Message("the remote endpoint does not answer")
    message = Message("the remote endpoint answers %(status)s", status=str(status)) if status else silent
    return EngineDownError(message, hint=Message("try again in a moment"))


def _message(error: Exception) -> str:
    """The message of the endpoint, in one line of bounded length."""
    detail = error.args[0] if error.args else ""
    text = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
    return " ".join(text.split())[:500]


def _dataset(request: Request) -> Iterator[tuple[str, str]]:
    """The dataset to query: as given, else the accepted view where the query names no graph itself."""
    for iri in request.default_graphs or ():
        yield "default-graph-uri", iri
    for iri in request.named_graphs or ():
        yield "named-graph-uri", iri
    plain = request.default_graphs is None and not request.own_dataset and not request.trusted
    if plain and not _GRAPH.search(request.query):
        yield "default-graph-uri", GRAPH.accepted.value


def _serialized(turtle: bytes, request: Request) -> bytes:
    out = io.BytesIO()
    triples = (quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE))
    write_triples(at_most(triples, request.rows), get_format(request.graph_format), out)
    return out.getvalue()
