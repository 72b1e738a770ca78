"""Range requests as RFC 9110, section 14, wants them; Werkzeug answers 416 to what is to be ignored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import Response, request
from werkzeug.http import is_resource_modified

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_ONE_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class RangedResponse(Response):
    """A response of which a client may ask for a part."""

    def make_conditional(self, request_or_environ: Any, *args: Any, **options: Any) -> Any:
        """As Werkzeug has it, once the Range header of the request is one that applies."""
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
