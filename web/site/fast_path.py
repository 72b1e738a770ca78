"""A plain ``GET /sparql?query=…`` answered without the framework: the same bytes and headers at a fraction of the cost.

Whatever is not plain (other parameters, no acceptable format, a refused query) is left to
``web.views.sparql.endpoint``. The query runs where all untrusted queries run: see `web.engine.doors`.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import TYPE_CHECKING

import brotli
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date, parse_accept_header

from kg.errors import GraphError
from web.answers.conditional import entity_tag
from web.answers.formats import GRAPHS, RESULTS, Format, choose
from web.answers.service import AnswerService, query_request
from web.engine import query_limits
from web.engine.bound import MAX_WORK
from web.engine.doors import TwoDoors
from web.engine.protocol import identity
from web.security import EVERYWHERE
from web.site.response import FAILED, HttpResponse
from web.snapshot import Snapshot, SnapshotProvider

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MIN_COMPRESSED = 500
"""Bytes from which on a body is compressed, as in Flask-Compress."""
Answer = tuple[Format, str, bytes]
"""The format, the entity tag and the body."""
_date = lru_cache(maxsize=8)(http_date)


class FastPath:
    """Answers plain queries.

    :param provider: gives the current snapshot
    """

    def __init__(self, provider: SnapshotProvider, service: AnswerService) -> None:
        self.provider = provider
        self.service = service
        engine = service.engine
        self.doors = engine if isinstance(engine, TwoDoors) and service.max_rows >= MAX_WORK.rows else None

    def answer(self, environ: WSGIEnvironment) -> HttpResponse | None:
        """The response, or ``None`` if this is no plain query; the error of a query that ran is left in the request."""
        try:
            text = plain_query(environ)
            if text is None:
                return None
            current, accept = self.provider.get(), environ.get("HTTP_ACCEPT", "")
            answer = self._bounded(text, current, accept) or self._by_worker(text, current, accept, environ)
        except (GraphError, HTTPException, UnicodeError):
            return None
        if answer is None:
            return None
        form, tag, body = answer
        headers = list(_headers(form))
        if len(body) >= MIN_COMPRESSED and "HTTP_ACCEPT_ENCODING" in environ:
            body, encoding = _compressed(body, environ["HTTP_ACCEPT_ENCODING"])
            tag += encoding and f":{encoding}"
            headers += [("Content-Encoding", encoding)] if encoding else []
        headers += [("Content-Length", str(len(body))), ("ETag", f'"{tag}"'), ("Dataset-Version", current.version)]
        headers += [("Last-Modified", _date(current.modified))] if current.modified else []
        return HttpResponse("200 OK", headers, [body])

    def _bounded(self, text: str, current: Snapshot, accept: str) -> Answer | None:
        """The answer to a bounded query, which no cache needs to keep."""
        door = self.doors.door(current) if self.doors else None
        admitted = door.admit(text) if door else None
        if door is None or admitted is None:
            return None
        form = _format(False, accept)
        tag = entity_tag(current.name, identity(text, form.name, form.media_type), form.name)
        return form, tag, door.run(text, form.name, admitted)

    def _by_worker(self, text: str, current: Snapshot, accept: str, environ: WSGIEnvironment) -> Answer | None:
        """The answer to a query that is not bounded; ``None`` if only the application can make the request for it."""
        scan = query_limits.check(text)
        if scan.volatile or text[:1] == "\ufeff" or query_limits.may_be_relative(text):
            return None
        form = _format(scan.form in ("CONSTRUCT", "DESCRIBE"), accept)
        request = query_request(text, scan, form, self.service.max_rows)
        try:
            tag, answer = self.service.adhoc(current.name, request, form)
        except (GraphError, OSError) as error:  # the application reports it
            environ[FAILED] = error
            return None
        return form, tag, answer.body


def plain_query(environ: WSGIEnvironment) -> str | None:
    """The query of a plain request: one parameter, not from a person who follows a link in a browser.

    :raises UnicodeError: if it is not UTF-8
    """
    parameters: str = environ.get("QUERY_STRING", "")
    plain = (
        environ.get("PATH_INFO") == "/sparql"
        and parameters.startswith("query=")
        and "&" not in parameters
        and "\\" not in parameters
        and environ.get("HTTP_SEC_FETCH_DEST") != "document"
        and "q=" not in environ.get("HTTP_ACCEPT_ENCODING", "")
    )
    if not plain:
        return None
    # The codec of Python literals reads \xHH in one call, urllib each %HH in Python.
    escaped = parameters[6:].replace("+", " ").replace("%", "\\x").encode("ascii")
    return escaped.decode("unicode_escape").encode("latin-1").decode("utf-8")


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
    names = {name.strip().lower() for name in accepted.split(",")}
    if "br" in names:
        return brotli.compress(body, quality=4), "br"
    return (gzip.compress(body, 5, mtime=0), "gzip") if "gzip" in names else (body, "")
