"""The encoding of a request: what it escapes by per cent is UTF-8 (RFC 3986, section 2.5; RFC 3987, section 3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from werkzeug.exceptions import BadRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_FORM = "application/x-www-form-urlencoded"


def check_address(environ: WSGIEnvironment) -> None:
    """Check the path and the parameters of a request.

    :raises BadRequest: if they are no UTF-8
    """
    _check(environ.get("PATH_INFO", "").encode("latin-1"), "path")
    _check(unquote_to_bytes(environ.get("QUERY_STRING", "").encode("latin-1")), "query string")


def check_form(environ: WSGIEnvironment, body: bytes) -> None:
    """Check the body of a request, if it is a form that is not compressed; compressed bodies are refused anyway.

    :raises BadRequest: if it is no UTF-8
    """
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
