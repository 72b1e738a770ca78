"""The outermost WSGI layer: access log, cached responses, and slots for whatever holds a thread.

Bodies being received, pages being made and large responses being taken by their clients have a number of slots each, so
that queries to the endpoint find a free thread whatever is requested of the rest of the site. Clients that neither send
nor take anything are cut off in ``web.site.slow_clients``.
"""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit

from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.wsgi import ClosingIterator, get_content_length, get_input_stream

from kg.errors import GraphError, SnapshotError
from web.engine.admission import AdmissionQueue, Slot
from web.engine.results import BusyError
from web.security import STRICT_TRANSPORT
from web.site import slow_clients
from web.site.access_log import record
from web.site.response import HttpResponse, ResponseCache, call

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
CACHED, MAX_QUERY = ("/sparql", "/query/"), 20_000
"""Beginnings of the paths whose responses are cached, and characters of the longest query string."""
NEGOTIATION = ("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_HOST", "wsgi.url_scheme", "SCRIPT_NAME")
FastPath = Callable[["WSGIEnvironment"], HttpResponse | None]
"""Answers a request that needs no framework; ``None`` from it means that the request does."""


class Middleware:
    """Wraps the application.

    :param snapshot_name: gives the name of the current snapshot, on which cached responses depend
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
        self.cache = ResponseCache(cache_size) if cache_size else None
        self.bodies = AdmissionQueue("bodies", 64)
        self.pages = AdmissionQueue("pages", 8, 32)
        self.streams = AdmissionQueue("streams", 32)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begin = time.perf_counter()
        try:
            response = self._respond(environ).conditional(environ)
            response, slot = self._admit(response, environ)
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
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        is_data = path.startswith(CACHED) and "text/html" not in environ.get("HTTP_ACCEPT", "")
        if self.cache is None or not is_data or environ["REQUEST_METHOD"] != "GET" or len(query) > MAX_QUERY:
            return self._make(environ)
        try:
            name = self.snapshot_name()
        except (SnapshotError, OSError):  # the application reports it
            return self._make(environ)
        key = (name, path, query, *(environ.get(header, "") for header in NEGOTIATION))
        return self.cache.respond(key, partial(self._make, environ))

    def _make(self, environ: WSGIEnvironment) -> HttpResponse:
        """The response, by the application once the body of the request is received and there is a slot."""
        fast = self.fast_path(environ)
        if fast is not None:
            return fast
        path = environ.get("PATH_INFO", "")
        slot = partial(_slot, self.pages, "requests for pages and files", WAIT_TIMEOUT)
        try:
            _check_address(environ)
            if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
                with _slot(self.bodies, "requests with a body"), slow_clients.receiving(environ.get("REMOTE_ADDR", "")):
                    body = _read_body(environ)
                    _check_form(environ, body)
                    _set_body(environ, body)
            with contextlib.nullcontext() if path in UNLIMITED or path.startswith("/static/") else slot():
                return call(self.application, environ)
        except (GraphError, HTTPException) as error:
            return self._fail(environ, error)

    def _fail(self, environ: WSGIEnvironment, error: Exception) -> HttpResponse:
        _set_body(environ, b"")
        environ[FAILED] = error
        return call(self.application, environ)

    def _admit(self, response: HttpResponse, environ: WSGIEnvironment) -> tuple[HttpResponse, Slot | None]:
        """The response, with a slot if it is large; where none is free, an error instead."""
        size = response.size()
        if (size is not None and size <= LARGE) or environ["REQUEST_METHOD"] == "HEAD":
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


def _read_body(environ: WSGIEnvironment) -> bytes:
    """The body of a request, no larger than ``MAX_BODY`` and complete."""
    stream = get_input_stream(environ, max_content_length=MAX_BODY)
    body = stream.read() + stream.read()  # the second raises the error where the first stopped at the limit
    if len(body) < (get_content_length(environ) or 0):
        raise BadRequest("The body of the request ended early.")
    return body


def _set_body(environ: WSGIEnvironment, body: bytes) -> None:
    environ.update({"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})
    environ.pop("HTTP_TRANSFER_ENCODING", None)


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


_FORM = "application/x-www-form-urlencoded"


def _check_address(environ: WSGIEnvironment) -> None:
    """Check that path and parameters of a request are UTF-8."""
    _check(environ.get("PATH_INFO", "").encode("latin-1"), "path")
    _check(unquote_to_bytes(environ.get("QUERY_STRING", "").encode("latin-1")), "query string")


def _check_form(environ: WSGIEnvironment, body: bytes) -> None:
    """Check that a form is UTF-8; compressed bodies are refused anyway."""
    if environ.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
        return
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() == _FORM:
        _check(unquote_to_bytes(body), "form")


def _check(text: bytes, part: str) -> None:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        near = text[max(0, error.start - 20) : error.start].decode("utf-8", "replace")
        where = f" after {near!r}" if near else ""
        raise BadRequest(f"The {part} is not valid UTF-8: byte 0x{text[error.start]:02X}{where}.") from error
