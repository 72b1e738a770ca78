"""What every request passes on its way in and out: a line in the access log, counters, places for what is slow, and
answers that are known already.

A repeated question for a cached answer is answered here, before the framework builds anything: the same bytes, at a
multiple of the speed. Pages and descriptions are made in this process, so only a few at a time are: questions to the
endpoint find a free thread whatever is asked of the rest of the site.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from cachetools import LRUCache
from prometheus_client import Counter, Histogram
from werkzeug.exceptions import HTTPException

from kg.errors import GraphError, SnapshotError
from web.engine.admission import AdmissionQueue
from web.engine.results import BusyError
from web.metrics import CACHE, REQUESTS, SECONDS
from web.site.access_log import line
from web.site.request_body import receive, replace_body
from web.site.response_stream import LARGE, Answer, Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FAILED = "kg.failed"
"""Where a request carries the error that it ended in before the application saw it; the application tells it."""
PARTS = (
    "sparql",
    "query",
    "id",
    "ontology",
    "concept",
    "source",
    "passage",
    "assertion",
    "graph",
    "download",
    "static",
)
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
WAIT_TIMEOUT = 5.0
"""Seconds a request waits for a place where pages are made."""
REPEATED = CACHE.labels("repeated")
_KEPT_PATHS = ("/sparql", "/query/")
_ALWAYS = ("/sparql", "/health", "/ready", "/metrics")
_DEPENDS_ON = ("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_HOST", "wsgi.url_scheme", "SCRIPT_NAME")


@dataclass(frozen=True)
class CachedResponse:
    """An answer as it went out."""

    headers: Headers
    body: bytes
    etag: str


class Middleware:
    """Logs and counts each request, and answers from memory what was answered before.

    :param current: gives the name of the current snapshot; a known answer of another one is forgotten
    :param size: bytes of known answers; 0 keeps none
    :param log: where the lines of the access log go; ``None`` for nowhere
    :param fast_path: answers what needs no framework; ``None`` from it means that a request does
    """

    def __init__(
        self,
        application: WSGIApplication,
        current: Callable[[], str],
        size: int,
        log: Callable[[str], object] | None = None,
        fast_path: Callable[[WSGIEnvironment], CachedResponse | None] | None = None,
    ) -> None:
        self.application = application
        self.fast_path = fast_path
        self.current = current
        self.known: LRUCache[tuple[str, ...], CachedResponse] = LRUCache(size, getsizeof=_size)
        self.lock = threading.Lock()
        self.log = log
        self.bodies = AdmissionQueue("bodies", 64)
        self.pages = AdmissionQueue("pages", 8, 32)
        self.streams = AdmissionQueue("streams", 32)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begin = time.perf_counter()
        key = self._key(environ)
        found = self._look_up(key)
        if found is not None:
            REPEATED.inc()
            return self._tell(found, environ, start_response, begin)
        fresh = self.fast_path(environ) if self.fast_path is not None else None
        if fresh is not None:
            if key is not None:
                self.keep(key, fresh.headers, fresh.body)
            return self._tell(fresh, environ, start_response, begin)
        answer = Answer(self, environ, start_response, begin, key)
        try:
            return answer.out(self._inside(environ, answer.start))
        except BaseException:
            answer.close()
            raise

    def _inside(self, environ: WSGIEnvironment, start: Callable[..., Any]) -> Iterable[bytes]:
        """What the application says, once the body has come in and there is a place."""
        try:
            receive(environ, self.bodies)
            place = self._place(environ)
        except (GraphError, HTTPException) as error:
            return self._failed(environ, start, error)
        with place:
            return self.application(environ, start)

    def _place(self, environ: WSGIEnvironment) -> contextlib.AbstractContextManager[object]:
        path = environ.get("PATH_INFO", "")
        if path in _ALWAYS or path.startswith("/static/"):
            return contextlib.nullcontext()
        place = self.pages.enter(WAIT_TIMEOUT)
        if place is None:
            raise BusyError("too many pages and files are asked for at once", hint="try again in a few seconds")
        return place

    def _failed(self, environ: WSGIEnvironment, start: Callable[..., Any], error: Exception) -> Iterable[bytes]:
        replace_body(environ)
        environ[FAILED] = error
        return self.application(environ, start)

    def refuse(self, environ: WSGIEnvironment, start: Callable[..., Any]) -> Iterable[bytes]:
        """The answer where there is no place for a large one."""
        error = BusyError("too many large answers are on their way", hint="try again in a few seconds")
        return self._failed(environ, start, error)

    def _key(self, environ: WSGIEnvironment) -> tuple[str, ...] | None:
        """All that the answer depends on, or ``None`` if it is not one that is kept."""
        path = environ.get("PATH_INFO", "")
        if not self.known.maxsize or environ["REQUEST_METHOD"] != "GET" or not path.startswith(_KEPT_PATHS):
            return None
        query = environ.get("QUERY_STRING", "")
        if len(query) > 20_000 or "text/html" in environ.get("HTTP_ACCEPT", ""):
            return None
        try:
            name = self.current()
        except (SnapshotError, OSError):  # the application says so
            return None
        return (name, path, query, *(str(environ.get(variable, "")) for variable in _DEPENDS_ON))

    def _look_up(self, key: tuple[str, ...] | None) -> CachedResponse | None:
        if key is None:
            return None
        with self.lock:
            return self.known.get(key)

    def _tell(
        self, known: CachedResponse, environ: WSGIEnvironment, start_response: StartResponse, begin: float
    ) -> Iterable[bytes]:
        if known.etag and known.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            headers = [pair for pair in known.headers if pair[0].lower() not in ("content-length", "content-type")]
            start_response("304 NOT MODIFIED", headers)
            self.note(environ, 304, 0, begin)
            return []
        if len(known.body) > LARGE:
            answer = Answer(self, environ, start_response, begin)
            answer.start("200 OK", list(known.headers))
            return answer.out([known.body])
        start_response("200 OK", list(known.headers))
        self.note(environ, 200, len(known.body), begin)
        return [known.body]

    def keep(self, key: tuple[str, ...], headers: Headers, body: bytes) -> None:
        """Remember an answer, if it says that it may be kept."""
        names = {name.lower(): value for name, value in headers}
        if "etag" not in names or "no-store" in names.get("cache-control", "") or "set-cookie" in names:
            return
        known = CachedResponse(headers, body, names["etag"])
        if _size(known) <= min(self.known.maxsize, 2 << 20):
            with self.lock:
                self.known[key] = known

    def note(self, environ: WSGIEnvironment, status: int, size: int, begin: float) -> None:
        """Count an answer and write its line."""
        seconds = time.perf_counter() - begin
        first = environ.get("PATH_INFO", "/").split("/", 2)[1:2]
        part = first[0] if first and first[0] in PARTS else "page"
        method = environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in METHODS else "other"
        answered, times = _counters(method, part, status)
        answered.inc()
        times.observe(seconds)
        if self.log is not None:
            self.log(line(environ, status, size, seconds))


@cache
def _counters(method: str, part: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, part, str(status)), SECONDS.labels(part)


def _size(known: CachedResponse) -> int:
    return len(known.body) + 2000
