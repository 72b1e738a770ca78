"""The outermost WSGI layer: what is answered without Flask, which takes most of the time of an easy answer.

That is whatever was answered in the same words before, and plain ``GET /sparql?query=…`` with a bounded query, see
`web.engine.doors`. Of the headers and the format of an answer nothing is known here: they are those that Flask gave to
another query before.
"""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Hashable, Iterable
from contextlib import closing, suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import brotli
from cachetools import LRUCache
from flask import Flask, Response, request
from werkzeug.http import is_resource_modified, remove_entity_headers
from werkzeug.wsgi import ClosingIterator

from kg.errors import GraphError, SnapshotError
from web.answers.conditional import CODING, entity_tag
from web.answers.formats import RESULTS
from web.config import WebSettings
from web.engine.doors import TwoDoors
from web.engine.protocol import identity
from web.metrics import CACHE
from web.site.access_log import record
from web.site.request_limits import IS_LARGE, LARGE
from web.snapshot import Snapshot, SnapshotProvider

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CACHED = ("/sparql", "/query/")
"""Beginnings of the paths whose responses are cached."""
MAX_KEY, OVERHEAD = 4000, 2000
"""Characters of what a cached response depends on at most, and bytes that this and its headers take, roughly."""
MIN_COMPRESSED, PIECE = 500, 64 << 10
"""Bytes from which on a body is compressed, as in Flask-Compress, and those of a large one that are sent at once."""
KIND = ("PATH_INFO", "HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_HOST", "wsgi.url_scheme", "SCRIPT_NAME")
"""What a response depends on beside the query string and the snapshot."""
BEGIN, KEY = "kg.begin", "kg.key"
"""Where a request carries when it came, and all that its response depends on."""
REPEATED = CACHE.labels("repeated")
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
Headers = list[tuple[str, str]]
Answer = tuple[Headers, bytes]
"""The headers and the body of a response with status 200."""
_OF_ONE_BODY = ("Content-Length", "Content-Encoding", "ETag")
_FORMATS = {form.content_type: form for form in RESULTS}


class Middleware:
    """Wraps the application, whose responses it caches and records as the last that is done with them.

    :param doors: the engine, if it runs bounded queries in this process
    """

    def __init__(self, app: Flask, provider: SnapshotProvider, doors: TwoDoors | None, settings: WebSettings) -> None:
        self.application, self.provider, self.doors, self.log = app.wsgi_app, provider, doors, settings.access_log
        self.cache: LRUCache[Hashable, Answer] = LRUCache(settings.cache_size // 4, lambda one: len(one[1]) + OVERHEAD)
        self.headers: LRUCache[Hashable, Headers] = LRUCache(500)
        self.lock = threading.Lock()
        app.after_request(self._finish)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[BEGIN] = begin = time.perf_counter()
        answer = self._quick_answer(environ)
        if answer is None:
            return self._by_application(environ, start_response)
        status, (headers, body) = "200 OK", answer
        if any(name in environ for name in CONDITIONS) and not _is_modified(environ, headers):
            status, headers, body = "304 NOT MODIFIED", headers.copy(), b""
            remove_entity_headers(headers)
        start_response(status, headers)
        record(environ, int(status[:3]), len(body), begin, self.log)
        return [body]

    def _quick_answer(self, environ: WSGIEnvironment) -> Answer | None:
        """The answer to a request for data, where the cache has it or it is soon made."""
        is_page = "text/html" in environ.get("HTTP_ACCEPT", "") or environ.get("HTTP_SEC_FETCH_DEST") == "document"
        if environ["REQUEST_METHOD"] != "GET" or is_page or not environ["PATH_INFO"].startswith(CACHED):
            return None
        try:
            current = self.provider.get()
        except (SnapshotError, OSError):  # the application reports it
            return None
        query, kind = environ["QUERY_STRING"], (current.name, *(environ.get(name, "") for name in KIND))
        if len(query) + sum(map(len, kind)) > MAX_KEY:
            return None
        with self.lock:
            answer, headers = self.cache.get((query, kind)), self.headers.get(kind)
        if answer is not None:
            REPEATED.inc()
        elif headers and self.doors and (answer := bounded_answer(environ, self.doors, current, headers)):
            self._keep((query, kind), answer)
        else:
            environ[KEY] = query, kind
        return answer

    def _keep(self, key: Hashable, answer: Answer) -> None:
        if len(answer[1]) + OVERHEAD <= self.cache.maxsize:
            with self.lock:
                self.cache[key] = answer

    def _by_application(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The body; Granian sends a list by itself, and keeps the thread with anything else until the client has it."""
        if not _is_host(environ.get("HTTP_HOST", "")):
            environ["HTTP_HOST"] = ""  # which the application refuses; of the other it could not even say so
        parts: Any = self.application(environ, start_response)
        if IS_LARGE in environ:
            pieces = (part[at : at + PIECE] for part in parts for at in range(0, len(part), PIECE))
            return ClosingIterator(pieces, parts.close)
        with closing(parts):
            return [b"".join(parts)]

    def _finish(self, response: Response) -> Response:
        """Cache a response of Flask that all may have, and record it when it is sent."""
        environ, size = request.environ, response.content_length or 0
        response.headers.pop("Date", None)  # Granian tells when it is sent
        is_public = response.status_code == 200 and response.cache_control.public and "ETag" in response.headers
        if KEY in environ and IS_LARGE not in environ and is_public:
            headers = response.get_wsgi_headers(environ).to_wsgi_list()
            self._keep(environ[KEY], (headers, response.get_data()))
            if plain_query(environ) and response.content_type in _FORMATS:
                with self.lock:
                    self.headers[environ[KEY][1]] = [one for one in headers if one[0] not in _OF_ONE_BODY]
        if BEGIN in environ:  # else it is made ahead
            response.call_on_close(partial(record, environ, response.status_code, size, environ[BEGIN], self.log))
        return response


def _is_host(text: str) -> bool:
    """Whether a name can be one in the Domain Name System, with labels of 1 to 63 characters."""
    try:
        return bool(text.partition(":")[0].encode("idna"))
    except UnicodeError:
        return False


def _is_modified(environ: WSGIEnvironment, headers: Headers) -> bool:
    """Whether a client has another answer, or the same in whatever coding; a condition for those who write is none."""
    of_answer, tags = dict(headers), CODING.sub("", environ.get("HTTP_IF_NONE_MATCH", ""))
    conditions = environ | {"HTTP_IF_NONE_MATCH": tags, "HTTP_IF_MATCH": ""}
    return is_resource_modified(conditions, CODING.sub("", of_answer["ETag"]), None, of_answer.get("Last-Modified"))


def bounded_answer(environ: WSGIEnvironment, doors: TwoDoors, current: Snapshot, headers: Headers) -> Answer | None:
    """The answer to a plain request with a bounded query, or ``None``, also if something is wrong with it.

    :param headers: those of answers to other queries, in otherwise equal requests
    """
    text, door, form = plain_query(environ), doors.door(current), _FORMATS[dict(headers)["Content-Type"]]
    admitted = door.admit(text) if text else None
    if not text or not admitted:
        return None
    with suppress(GraphError):
        body, encoding = _compressed(door.run(text, form.name, admitted), environ.get("HTTP_ACCEPT_ENCODING", ""))
        tag = entity_tag(current.name, identity(text, form.name, form.media_type), form.name)
        if encoding:
            tag, headers = f"{tag}:{encoding}", [*headers, ("Content-Encoding", encoding)]
        if len(body) <= LARGE:
            return [*headers, ("Content-Length", str(len(body))), ("ETag", f'"{tag}"')], body
    return None


def plain_query(environ: WSGIEnvironment) -> str | None:
    """The query of a request for its answer that has no other parameter."""
    parameters: str = environ["QUERY_STRING"]
    is_plain = environ["PATH_INFO"] == "/sparql" and parameters.startswith("query=")
    if is_plain and "&" not in parameters and "\\" not in parameters:
        with suppress(UnicodeError):
            # The codec of Python literals reads \xHH in one call, urllib each %HH in Python.
            escaped = parameters[6:].replace("+", " ").replace("%", "\\x").encode("ascii")
            return escaped.decode("unicode_escape").encode("latin-1").decode("utf-8")
    return None


def _compressed(body: bytes, accepted: str) -> tuple[bytes, str]:
    names = {name.strip().lower() for name in accepted.split(",")} if len(body) >= MIN_COMPRESSED else ()
    if "br" in names:
        return brotli.compress(body, quality=4), "br"
    return (gzip.compress(body, 6, mtime=0), "gzip") if "gzip" in names else (body, "")


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
