"""Responses cached as they were sent: a repeated request is answered before the framework builds anything."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from cachetools import LRUCache

from kg.errors import SnapshotError
from web.metrics import CACHE
from web.site.response import HttpResponse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PATHS = ("/sparql", "/query/")
NEGOTIATION = ("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_HOST", "wsgi.url_scheme", "SCRIPT_NAME")
MAX_RESPONSE, MAX_QUERY, OVERHEAD = 2 << 20, 20_000, 2000
"""Bytes of the largest response that is cached, of its query string, and of its headers and key, roughly."""
REPEATED = CACHE.labels("repeated")


class ResponseCache:
    """Responses to GET for queries.

    :param snapshot_name: gives the name of the current snapshot; responses of another one are not used
    :param max_bytes: of all responses; 0 turns the cache off
    """

    def __init__(self, snapshot_name: Callable[[], str], max_bytes: int) -> None:
        self.snapshot_name = snapshot_name
        self.responses: LRUCache[tuple[str, ...], HttpResponse] = LRUCache(max_bytes, getsizeof=_size)
        self.max_size = min(MAX_RESPONSE + OVERHEAD, max_bytes)
        self.lock = threading.Lock()

    def respond(self, environ: WSGIEnvironment, make: Callable[[WSGIEnvironment], HttpResponse]) -> HttpResponse:
        """The cached response to a request, or the one that ``make`` gives, which is cached if that is allowed."""
        key = self._key(environ)
        if key is None:
            return make(environ)
        with self.lock:
            response = self.responses.get(key)
        if response is not None:
            REPEATED.inc()
            return response
        response = make(environ)
        is_public = response.status[:3] == "200" and response.header("cache-control").startswith("public")
        if is_public and response.header("etag") and _size(response) <= self.max_size:
            response = response._replace(body=[response.read()])
            with self.lock:
                self.responses[key] = response
        return response

    def _key(self, environ: WSGIEnvironment) -> tuple[str, ...] | None:
        """All that the response depends on, or ``None`` if it is not to be cached."""
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        if not self.max_size or environ["REQUEST_METHOD"] != "GET" or not path.startswith(PATHS):
            return None
        if len(query) > MAX_QUERY or "text/html" in environ.get("HTTP_ACCEPT", ""):
            return None
        try:
            return (self.snapshot_name(), path, query, *(environ.get(name, "") for name in NEGOTIATION))
        except (SnapshotError, OSError):  # the application reports it
            return None


def _size(response: HttpResponse) -> int:
    size = response.size()
    return MAX_RESPONSE + OVERHEAD + 1 if size is None else size + OVERHEAD
