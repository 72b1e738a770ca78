"""A plain ``GET /sparql?query=…`` answered without the framework: the same bytes and headers at a fraction of the cost.

Anything that is not plain (other parameters, a condition, no acceptable format, a refused query) is left to
``web.views.sparql.endpoint``. The query itself runs where all queries of strangers run: in the engine, a look-up in its
express lane.
"""

from __future__ import annotations

import binascii
import gzip
import re
from functools import lru_cache
from typing import TYPE_CHECKING

import brotli
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date, parse_accept_header

from kg.errors import GraphError
from web.answers.adhoc import query_request
from web.answers.cache import CachedAnswer
from web.answers.formats import GRAPHS, RESULTS, Format, choose
from web.answers.service import AnswerService
from web.engine import query_limits
from web.security import EVERYWHERE
from web.site.middleware import FAILED, CachedResponse
from web.site.response_stream import Headers
from web.snapshot import Snapshot, SnapshotProvider

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MIN_COMPRESSED = 500


class FastPath:
    """Answers plain queries.

    :param provider: gives the current snapshot
    """

    def __init__(self, provider: SnapshotProvider, service: AnswerService) -> None:
        self.provider = provider
        self.service = service

    def answer(self, environ: WSGIEnvironment) -> CachedResponse | None:
        """The answer, or ``None`` if this is no plain query; leaves the error of a query that ran in the request."""
        text = plain_query(environ)
        if text is None:
            return None
        try:
            scan = query_limits.check(text)
            form = _format(scan.form in ("CONSTRUCT", "DESCRIBE"), environ.get("HTTP_ACCEPT", ""))
            current = self.provider.get()
        except (GraphError, HTTPException):
            return None
        if scan.volatile:
            return None
        request = query_request(text, scan, form, self.service.max_rows)
        link = environ.get("SCRIPT_NAME", "") + "/help/problems/row-limit"
        try:
            tag, answer = self.service.adhoc(current.name, request, form, link)
        except (GraphError, OSError) as error:  # the application tells it
            environ[FAILED] = error
            return None
        return self._response(answer, tag, form, current, environ)

    def _response(
        self, answer: CachedAnswer, tag: str, form: Format, current: Snapshot, environ: WSGIEnvironment
    ) -> CachedResponse:
        body, encoding = _compressed(answer.body, environ.get("HTTP_ACCEPT_ENCODING", ""))
        etag = f'"{tag}:{encoding}"' if encoding else f'"{tag}"'
        headers: Headers = [
            ("Content-Type", form.content_type),
            ("Content-Length", str(len(body))),
            ("ETag", etag),
            ("Cache-Control", "public, max-age=0, must-revalidate"),
            ("Vary", "Accept, Accept-Encoding"),
            *EVERYWHERE,
        ]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        if current.modified:
            headers.append(("Last-Modified", _date(current.modified)))
        if answer.capped:
            headers.append(("Row-Limit-Reached", str(self.service.max_rows)))
        return CachedResponse(headers, body, etag)


def plain_query(environ: WSGIEnvironment) -> str | None:
    """The query of a plain request: one parameter, no condition."""
    if environ["REQUEST_METHOD"] != "GET" or environ.get("PATH_INFO") != "/sparql":
        return None
    if environ.get("HTTP_SEC_FETCH_DEST") == "document":  # a person; web.views.sparql.endpoint shows the editor
        return None
    parameters = environ.get("QUERY_STRING", "")
    if not parameters.startswith("query=") or "&" in parameters or "HTTP_IF_NONE_MATCH" in environ:
        return None
    try:
        text = decoded(parameters[6:])
    except ValueError:
        return None
    return text if text.strip() and "q=" not in environ.get("HTTP_ACCEPT_ENCODING", "") else None


def decoded(value: str) -> str:
    """A percent-encoded value as text, as ``urllib.parse.unquote_plus`` has it at a tenth of the time.

    The standard library has a quick decoder for another spelling of the same, quoted-printable.

    :raises ValueError: if a percent sign is not followed by two hexadecimal digits, or the bytes are not UTF-8
    """
    if _NO_ESCAPE.search(value):
        raise ValueError("a percent sign without two hexadecimal digits")
    quoted = value.replace("+", " ").replace("=", "=3D").replace("%", "=")
    return binascii.a2b_qp(quoted.encode("ascii")).decode()


_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_date = lru_cache(maxsize=8)(http_date)


@lru_cache(maxsize=512)
def _format(graph: bool, accept: str) -> Format:
    return choose(GRAPHS if graph else RESULTS, parse_accept_header(accept, MIMEAccept), {})


def _compressed(body: bytes, accepted: str) -> tuple[bytes, str]:
    if len(body) < MIN_COMPRESSED or not accepted:
        return body, ""
    names = {name.strip().lower() for name in accepted.split(",")}
    if "br" in names:
        return brotli.compress(body, quality=4), "br"
    return (gzip.compress(body, 5, mtime=0), "gzip") if "gzip" in names else (body, "")
