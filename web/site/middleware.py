"""The outermost WSGI layer: access log, fast path, responses that are sent again, slots for large ones.

A large response holds a thread until its client has taken it. Clients that take nothing are cut off in
``web.site.slow_clients``; what a request itself may hold is in ``web.site.request_limits``.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cachetools import LRUCache
from werkzeug.wsgi import ClosingIterator

from kg.errors import SnapshotError
from kg.message import Message
from web.engine.admission import AdmissionQueue, Slot
from web.engine.results import BusyError
from web.metrics import CACHE
from web.security import STRICT_TRANSPORT
from web.site.access_log import record
from web.site.request_limits import enter
from web.site.response import FAILED, HttpResponse, call

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LARGE, PIECE = 256 << 10, 64 << 10
"""Bytes beyond which a response is sent in pieces, of which each holds a thread until the client takes it."""
CACHED, MAX_QUERY = ("/sparql", "/query/"), 20_000
"""Beginnings of the paths whose responses are cached, and characters of the longest query string."""
MAX_CACHED, OVERHEAD = 2 << 20, 2000
"""Bytes of the largest body that is cached, and of its headers and key, roughly."""
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
NEGOTIATION = ("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_HOST", "wsgi.url_scheme", "SCRIPT_NAME")
REPEATED = CACHE.labels("repeated")
FastPath = Callable[["WSGIEnvironment"], HttpResponse | None]
"""Answers a request that needs no framework; ``None`` from it means that the request does."""


class Middleware:
    """Wraps the application.

    :param snapshot_name: gives the name of the current snapshot, on which cached responses depend
    :param cache_size: bytes of all responses that are cached; 0 caches none
    :param log: whether the access log is written
    """

    def __init__(
        self,
        application: WSGIApplication,
        snapshot_name: Callable[[], str],
        cache_size: int,
        fast_path: FastPath,
        log: bool,
    ) -> None:
        self.application, self.fast_path, self.log = application, fast_path, log
        self.snapshot_name = snapshot_name
        self.cache: LRUCache[Hashable, HttpResponse] = LRUCache(cache_size, lambda one: (one.size() or 0) + OVERHEAD)
        self.lock = threading.Lock()
        self.streams = AdmissionQueue("streams", 32)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begin = time.perf_counter()
        try:
            response, slot = self._admit(self._respond(environ), environ)
        except BaseException:
            record(environ, 500, 0, begin, self.log)
            raise
        is_secure = environ.get("wsgi.url_scheme") == "https"
        start_response(response.status, [*response.headers, STRICT_TRANSPORT] if is_secure else response.headers)
        done = partial(record, environ, int(response.status[:3]), response.size() or 0, begin, self.log)
        if slot is None:
            body = response.read()
            done()
            return [body]
        pieces = (part[at : at + PIECE] for part in response.body for at in range(0, len(part), PIECE))
        return ClosingIterator(pieces, [slot.leave, response.close, done])

    def _respond(self, environ: WSGIEnvironment) -> HttpResponse:
        """The response, from the cache where all that it depends on was the same before."""
        if environ["REQUEST_METHOD"] != "GET" or any(name in environ for name in CONDITIONS):
            return call(self.application, environ)
        key = self._key(environ) if self.cache.maxsize else None
        if key is None:
            return self._make(environ)
        with self.lock:
            response = self.cache.get(key)
        if response is not None:
            REPEATED.inc()
            return response
        response = self._make(environ)
        is_public = response.header("cache-control").startswith("public") and response.header("etag")
        if response.status[:3] == "200" and is_public and (response.size() or MAX_CACHED + 1) <= MAX_CACHED:
            response = response._replace(body=[response.read()])
            with self.lock, contextlib.suppress(ValueError):  # it may be larger than the whole cache
                self.cache[key] = response
        return response

    def _key(self, environ: WSGIEnvironment) -> Hashable | None:
        """All that the response to a request for data depends on; ``None`` for other requests."""
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        if not path.startswith(CACHED) or "text/html" in environ.get("HTTP_ACCEPT", "") or len(query) > MAX_QUERY:
            return None
        with contextlib.suppress(SnapshotError, OSError):  # the application reports it
            return (self.snapshot_name(), path, query, *(environ.get(header, "") for header in NEGOTIATION))
        return None

    def _make(self, environ: WSGIEnvironment) -> HttpResponse:
        return self.fast_path(environ) or call(self.application, environ)

    def _admit(self, response: HttpResponse, environ: WSGIEnvironment) -> tuple[HttpResponse, Slot | None]:
        """The response, with a slot if it is large; where none is free, an error instead."""
        size = response.size()
        if (size is not None and size <= LARGE) or environ["REQUEST_METHOD"] == "HEAD":
            return response, None
        try:
            return response, enter(self.streams, Message("too many large answers at once"))
        except BusyError as error:
            response.close()
            environ[FAILED] = error
            return call(self.application, environ), None


def at_base_url(application: WSGIApplication, base_url: str) -> WSGIApplication:
    """The application as it is reached at an address, whatever a proxy in between makes of it.

    A proxy may pass a path on with the prefix or without it. Where the prefix is a name of ours too (``/graph``), the
    header X-Forwarded-Prefix says that it has been removed.
    """
    parts = urlsplit(base_url)
    prefix = parts.path.rstrip("/")
    public = {"wsgi.url_scheme": parts.scheme, "HTTP_HOST": parts.netloc, "SCRIPT_NAME": prefix}

    def wrapped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        removed = environ.get("HTTP_X_FORWARDED_PREFIX", "").rstrip("/") == prefix
        if prefix and not removed and f"{path}/".startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return application(environ | public, start_response)

    return wrapped
