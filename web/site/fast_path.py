"""A plain ``GET /sparql?query=…`` answered without the framework: the same bytes and headers at a fraction of the cost.

Whatever is not plain (other parameters, a condition, no acceptable format, a refused query) is left to
``web.views.sparql.endpoint``. The query itself runs where all untrusted queries run: in the engine. One that is known
to be bounded (`web.engine.doors`) is not scanned again.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

import brotli
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date, parse_accept_header

from kg.errors import GraphError
from web.answers.adhoc import query_request
from web.answers.formats import GRAPHS, RESULTS, Format, choose
from web.answers.service import AnswerService
from web.engine import query_limits
from web.engine.doors import TwoDoors, first_door
from web.engine.protocol import Request
from web.security import EVERYWHERE
from web.site.middleware import FAILED
from web.site.response import HttpResponse
from web.snapshot import Snapshot, SnapshotProvider

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MIN_COMPRESSED = 500
"""Bytes from which on a body is compressed, as in Flask-Compress."""
MAX_PROLOGUE = 4000
"""Characters of the encoded beginning of a query that is remembered decoded."""
_date = lru_cache(maxsize=8)(http_date)


class FastPath:
    """Answers plain queries.

    :param provider: gives the current snapshot
    """

    def __init__(self, provider: SnapshotProvider, service: AnswerService) -> None:
        self.provider = provider
        self.service = service
        self.bounded = isinstance(service.engine, TwoDoors)

    def answer(self, environ: WSGIEnvironment) -> HttpResponse | None:
        """The response, or ``None`` if this is no plain query; the error of a query that ran is left in the request."""
        try:
            text = plain_query(environ)
            if text is None:
                return None
            current = self.provider.get()
            request, form = self._request(text, current, environ.get("HTTP_ACCEPT", ""))
        except (GraphError, HTTPException, UnicodeDecodeError):
            return None
        if request is None:
            return None
        try:
            tag, answer = self.service.adhoc(current.name, request, form)
        except (GraphError, OSError) as error:  # the application reports it
            environ[FAILED] = error
            return None
        body, encoding = _compressed(answer.body, environ.get("HTTP_ACCEPT_ENCODING", ""))
        etag = f'"{tag}:{encoding}"' if encoding else f'"{tag}"'
        optional = {
            "Content-Encoding": encoding,
            "Last-Modified": _date(current.modified) if current.modified else "",
        }
        headers = [
            ("Content-Length", str(len(body))),
            ("ETag", etag),
            ("Dataset-Version", current.version),
            *_headers(form),
            *(pair for pair in optional.items() if pair[1]),
        ]
        return HttpResponse("200 OK", headers, [body])

    def _request(self, text: str, current: Snapshot, accept: str) -> tuple[Request | None, Format]:
        """The request to the engine, ``None`` if only the application can make it, and the format of the answer."""
        if self.bounded and first_door(current).prefixes(text) is not None:
            form = _format(False, accept)
            return Request(text, form.name, form.media_type, rows=self.service.max_rows, uncapped=text), form
        scan = query_limits.check(text)
        needs_request = scan.volatile or text[:1] == "\ufeff" or query_limits.may_be_relative(text)
        form = _format(scan.form in ("CONSTRUCT", "DESCRIBE"), accept)
        return None if needs_request else query_request(text, scan, form, self.service.max_rows), form


def plain_query(environ: WSGIEnvironment) -> str | None:
    """The query of a plain request: one parameter, no condition, not from a person who follows a link in a browser.

    :raises UnicodeDecodeError: if it is not UTF-8
    """
    parameters = environ.get("QUERY_STRING", "")
    plain = (
        environ.get("PATH_INFO") == "/sparql"
        and environ["REQUEST_METHOD"] == "GET"
        and parameters.startswith("query=")
        and "&" not in parameters
        and "HTTP_IF_NONE_MATCH" not in environ
        and environ.get("HTTP_SEC_FETCH_DEST") != "document"
        and "q=" not in environ.get("HTTP_ACCEPT_ENCODING", "")
    )
    return _decoded(parameters[6:]) if plain else None


def _decoded(text: str) -> str:
    """A parameter without its percent-encoding.

    Up to the first curly bracket most queries of a client are the same, and this is much of what a look-up costs.

    :raises UnicodeDecodeError: if it is not UTF-8
    """
    begin, bracket, rest = text.partition("%7B")
    decoded = _decoded_prologue(begin) if len(begin) <= MAX_PROLOGUE else unquote_plus(begin, errors="strict")
    return decoded + unquote_plus(bracket + rest, errors="strict")


@lru_cache(maxsize=500)
def _decoded_prologue(text: str) -> str:
    return unquote_plus(text, errors="strict")


@lru_cache(maxsize=20)
def _headers(form: Format) -> tuple[tuple[str, str], ...]:
    """The headers that all answers in a format have."""
    return (
        ("Content-Type", form.content_type),
        ("Content-Disposition", form.disposition("results")),
        ("Cache-Control", "public, max-age=0, must-revalidate"),
        ("Vary", "Accept, Accept-Encoding"),
        *EVERYWHERE,
    )


@lru_cache(maxsize=512)
def _format(graph: bool, accept: str) -> Format:
    return choose(GRAPHS if graph else RESULTS, parse_accept_header(accept, MIMEAccept), {})


def _compressed(body: bytes, accepted: str) -> tuple[bytes, str]:
    names = {name.strip().lower() for name in accepted.split(",")} if len(body) >= MIN_COMPRESSED else set()
    if "br" in names:
        return brotli.compress(body, quality=4), "br"
    return (gzip.compress(body, 5, mtime=0), "gzip") if "gzip" in names else (body, "")
