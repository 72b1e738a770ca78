"""The response of a WSGI application as a value, and a cache of such values."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from cachetools import LRUCache
from werkzeug.sansio.http import is_resource_modified

from web.answers.conditional import CODING
from web.metrics import CACHE

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

OF_CONTENT = ("content-length", "content-type", "content-encoding", "content-disposition", "content-range")
"""Headers of a body, which 304 has none of."""
MAX_CACHED, OVERHEAD = 2 << 20, 2000
"""Bytes of the largest body that is cached, and of its headers and key, roughly."""
REPEATED = CACHE.labels("repeated")


class HttpResponse(NamedTuple):
    """A response; where all of the body is in memory, it is a list."""

    status: str
    headers: list[tuple[str, str]]
    body: Iterable[bytes]

    def header(self, name: str) -> str:
        """The value of a header, by its name in lower case; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def size(self) -> int | None:
        """The bytes of the body, where they are known."""
        if isinstance(self.body, list):
            return sum(map(len, self.body))
        length = self.header("content-length")
        return int(length) if length.isdigit() else None

    def conditional(self, environ: WSGIEnvironment) -> HttpResponse:
        """The response to a request that may say what the client has already (RFC 9110, section 13)."""
        tags, since = environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_IF_MODIFIED_SINCE")
        if (tags or since) is None or self.status[:3] != "200" or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self
        tag, modified = CODING.sub("", self.header("etag")) or None, self.header("last-modified")
        if is_resource_modified(None, None, since, CODING.sub("", tags or ""), None, tag, None, modified):
            return self
        self.close()
        remaining = [(name, value) for name, value in self.headers if name.lower() not in OF_CONTENT]
        return HttpResponse("304 NOT MODIFIED", remaining, [])

    def read(self) -> bytes:
        """The complete body."""
        try:
            return b"".join(self.body)
        finally:
            self.close()

    def close(self) -> None:
        """Release what the body holds."""
        if hasattr(self.body, "close"):
            self.body.close()


def call(application: WSGIApplication, environ: WSGIEnvironment) -> HttpResponse:
    """The response of an application that starts it before it returns the body, as Flask does."""
    started: list[Any] = []

    def start_response(*status_and_headers: Any) -> Callable[[bytes], object]:
        started[:] = status_and_headers
        return lambda data: None

    body = application(environ, start_response)
    return HttpResponse(started[0], started[1], body)


class ResponseCache:
    """Responses as they were sent: a repeated request is answered before the framework builds anything.

    :param max_bytes: of all responses; 0 turns the cache off
    """

    def __init__(self, max_bytes: int) -> None:
        self.responses: LRUCache[Hashable, HttpResponse] = LRUCache(max_bytes, getsizeof=_size)
        self.lock = threading.Lock()

    def respond(self, key: Hashable, make: Callable[[], HttpResponse]) -> HttpResponse:
        """The response of a key, or the one that ``make`` gives, which is cached if anybody may have it."""
        with self.lock:
            response = self.responses.get(key)
        if response is not None:
            REPEATED.inc()
            return response
        response = make()
        is_public = response.header("cache-control").startswith("public") and response.header("etag")
        if response.status[:3] == "200" and is_public and (response.size() or MAX_CACHED + 1) <= MAX_CACHED:
            response = response._replace(body=[response.read()])
            with self.lock, contextlib.suppress(ValueError):  # it may be larger than the whole cache
                self.responses[key] = response
        return response


def _size(response: HttpResponse) -> int:
    return (response.size() or 0) + OVERHEAD
