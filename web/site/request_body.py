"""Bodies of requests: read whole before the application is asked, up to a size, only so many at a time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from werkzeug.exceptions import BadRequest

from web.engine.admission import AdmissionQueue
from web.engine.results import BusyError
from web.site.slow_clients import reading

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LARGEST_BODY = 2 << 20


def receive(environ: WSGIEnvironment, queue: AdmissionQueue) -> None:
    """Put the whole body into the request.

    :param queue: slots for bodies being received: a slow client holds a thread, and not all threads may be held
    :raises BusyError: if none is free
    :raises BadRequest: if the body ends early
    """
    if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
        return
    place = queue.enter()
    if place is None:
        raise BusyError("too many requests are being sent at once", hint="try again in a few seconds")
    with place, reading(environ.get("REMOTE_ADDR", "")):
        data = _read(environ)
    replace_body(environ, data)
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def replace_body(environ: WSGIEnvironment, data: bytes = b"") -> None:
    """Make the request have this body."""
    environ.update({"wsgi.input": io.BytesIO(data), "CONTENT_LENGTH": str(len(data))})


def _read(environ: WSGIEnvironment) -> bytes:
    """The body, or so much of it that the application sees it is too large."""
    promised = environ.get("CONTENT_LENGTH") or ""
    length = int(promised) if promised.isascii() and promised.isdigit() else None
    if length is not None and length > LARGEST_BODY:
        return bytes(LARGEST_BODY + 1)  # nothing of it need be read
    parts = bytearray()
    while len(parts) <= LARGEST_BODY and (length is None or len(parts) < length):
        left = (LARGEST_BODY + 1 if length is None else length) - len(parts)
        part = environ["wsgi.input"].read(min(left, 1 << 16))
        if not part:
            break
        parts += part
    if length is not None and len(parts) < length:
        raise BadRequest("The body of the request ended early.")
    return bytes(parts)
