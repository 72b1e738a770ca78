"""Conditions and ranges as RFC 9110 wants them (sections 13 and 14); Werkzeug answers 416 to what is to be ignored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from werkzeug.http import is_resource_modified

from web.answers.conditional import CODING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_ONE_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


def register(app: Flask) -> None:
    """Compare each answer with what the request says that the client has, before it is compressed."""
    app.response_class = ConditionalResponse
    app.after_request(lambda response: response.make_conditional(request) if response.status_code == 200 else response)


class ConditionalResponse(Response):
    """A response that a client may have already, or of which it may ask for a part."""

    def make_conditional(self, request_or_environ: Any, *args: Any, **options: Any) -> Any:
        """As Werkzeug has it, for entity tags of every coding, and once the Range header is one that applies."""
        request.environ.pop("HTTP_IF_MATCH", None)  # for those who write
        if tags := request.environ.get("HTTP_IF_NONE_MATCH"):
            request.environ["HTTP_IF_NONE_MATCH"] = CODING.sub("", tags)
        length = options.get("complete_length")
        if length is not None:
            _set_range(request.environ, self._applicable_range(request.environ, length))
        return super().make_conditional(request_or_environ, *args, **options)

    def _applicable_range(self, environ: WSGIEnvironment, length: int) -> str | None:
        condition = environ.get("HTTP_IF_RANGE")
        etag, modified = self.headers.get("ETag"), self.headers.get("Last-Modified")
        is_other = condition is not None and condition not in (etag, modified)
        if environ["REQUEST_METHOD"] != "GET" or is_other or not is_resource_modified(environ, etag, None, modified):
            return None
        return byte_range(environ.get("HTTP_RANGE", ""), length)


def _set_range(environ: WSGIEnvironment, header: str | None) -> None:
    environ.pop("HTTP_RANGE", None)
    environ.pop("HTTP_IF_RANGE", None)
    if header:
        environ["HTTP_RANGE"] = header
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # a part is one of the file as it is, not of a compressed one


def byte_range(header: str, length: int) -> str | None:
    """The Range header that means the same and that Werkzeug understands; ``None`` for one to ignore.

    Ignored are other units than bytes, what is no range, and several ranges, which a server need not answer.

    :param length: bytes of the file
    """
    match = _ONE_RANGE.fullmatch(header)
    if match is None or match.group(1, 2) == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        # The last bytes: of none of them there is no part, of more than there are it is the whole file.
        count = int(last)
        return f"bytes={max(0, length - count)}-" if count else f"bytes={length}-"
    if last and int(last) < int(first):
        return None
    return f"bytes={first}-{last}"
