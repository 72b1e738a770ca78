"""The outermost WSGI layer: access log, cached responses, and slots for whatever holds a thread.

Bodies being received, pages being made and large responses being taken by their clients have a number of slots each, so
that queries to the endpoint find a free thread whatever is requested of the rest of the site. Clients that neither send
nor take anything are cut off in ``web.site.slow_clients``.
"""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge
from werkzeug.wsgi import ClosingIterator, LimitedStream, get_content_length

from kg.errors import GraphError
from web.engine.admission import AdmissionQueue, Slot
from web.engine.results import BusyError
from web.site import slow_clients
from web.site.access_log import record
from web.site.encoding import check_address, check_form
from web.site.response import HttpResponse, call
from web.site.response_cache import ResponseCache

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FAILED = "kg.failed"
"""Where a request carries the error that it ended in before the application saw it; the application reports it."""
MAX_BODY = 2 << 20
"""Bytes of the body of a request."""
LARGE, PIECE = 256 << 10, 64 << 10
"""Bytes beyond which a response is sent in pieces, of which each holds a thread until the client takes it."""
WAIT_TIMEOUT = 5.0
"""Seconds a request waits for a slot where pages are made."""
UNLIMITED = ("/sparql", "/health", "/ready", "/metrics")
"""Paths that need no such slot."""


class Middleware:
    """Wraps the application.

    :param fast_path: answers requests that need no framework; ``None`` from it means that a request does
    :param log: whether the access log is written
    """

    def __init__(
        self,
        application: WSGIApplication,
        cache: ResponseCache,
        fast_path: Callable[[WSGIEnvironment], HttpResponse | None],
        log: bool,
    ) -> None:
        self.application = application
        self.cache = cache
        self.fast_path = fast_path
        self.log = log
        self.bodies = AdmissionQueue("bodies", 64)
        self.pages = AdmissionQueue("pages", 8, 32)
        self.streams = AdmissionQueue("streams", 32)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begin = time.perf_counter()
        try:
            response = self.cache.respond(environ, self._respond).conditional(environ)
            response, slot = self._admit(response, environ)
        except BaseException:
            record(environ, 500, 0, begin, self.log)
            raise
        done = partial(record, environ, int(response.status[:3]), begin=begin, log=self.log)
        start_response(response.status, response.headers)
        if slot is not None:
            return _stream(response, slot, done)
        body = response.read()
        done(len(body))
        return [body]

    def _respond(self, environ: WSGIEnvironment) -> HttpResponse:
        return self.fast_path(environ) or self._call(environ)

    def _call(self, environ: WSGIEnvironment) -> HttpResponse:
        """The response of the application, once the body of the request is received and there is a slot."""
        try:
            check_address(environ)
            self._receive(environ)
            slot = self._page_slot(environ)
        except (GraphError, HTTPException) as error:
            return self._fail(environ, error)
        with slot:
            return call(self.application, environ)

    def _fail(self, environ: WSGIEnvironment, error: Exception) -> HttpResponse:
        _set_body(environ, b"")
        environ[FAILED] = error
        return call(self.application, environ)

    def _receive(self, environ: WSGIEnvironment) -> None:
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            with _slot(self.bodies, "requests with a body"), slow_clients.receiving(environ.get("REMOTE_ADDR", "")):
                body = read_body(environ)
                check_form(environ, body)
                _set_body(environ, body)

    def _page_slot(self, environ: WSGIEnvironment) -> contextlib.AbstractContextManager[object]:
        path = environ.get("PATH_INFO", "")
        if path in UNLIMITED or path.startswith("/static/"):
            return contextlib.nullcontext()
        return _slot(self.pages, "requests for pages and files", WAIT_TIMEOUT)

    def _admit(self, response: HttpResponse, environ: WSGIEnvironment) -> tuple[HttpResponse, Slot | None]:
        """The response, with a slot if it is large; where none is free, an error instead."""
        size = response.size()
        has_body = environ["REQUEST_METHOD"] != "HEAD" and response.status[:3] not in ("204", "304")
        if not has_body or (size is not None and size <= LARGE):
            return response, None
        try:
            return response, _slot(self.streams, "large answers")
        except BusyError as error:
            response.close()
            return self._fail(environ, error), None


def _slot(queue: AdmissionQueue, what: str, timeout: float = 0.0) -> Slot:
    slot = queue.enter(timeout)
    if slot is None:
        raise BusyError(f"too many {what} at once", hint="try again in a few seconds")
    return slot


def _stream(response: HttpResponse, slot: Slot, done: Callable[[int], None]) -> Iterable[bytes]:
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for part in response.body:
            sent += len(part)
            for start in range(0, len(part), PIECE):
                yield part[start : start + PIECE]

    return ClosingIterator(pieces(), [slot.leave, response.close, lambda: done(sent)])


def read_body(environ: WSGIEnvironment) -> bytes:
    """The body of a request.

    :raises RequestEntityTooLarge: if it is larger than ``MAX_BODY``
    :raises BadRequest: if it ends early
    """
    length = get_content_length(environ) or 0
    if length > MAX_BODY:
        raise RequestEntityTooLarge
    body = LimitedStream(environ["wsgi.input"], MAX_BODY + 1, is_max=True).read()
    if len(body) > MAX_BODY:
        raise RequestEntityTooLarge
    if len(body) < length:
        raise BadRequest("The body of the request ended early.")
    return body


def _set_body(environ: WSGIEnvironment, body: bytes) -> None:
    environ.update({"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})
    environ.pop("HTTP_TRANSFER_ENCODING", None)
