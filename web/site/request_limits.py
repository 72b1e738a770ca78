"""What a request needs before its view runs: text in UTF-8, its whole body, a slot where pages are made.

Bodies being received and pages being made have a number of slots each, so that queries to the endpoint find a free
thread whatever is requested of the rest of the site.
"""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from flask import Flask, g, request
from werkzeug.exceptions import BadRequest

from kg.message import Message
from web.engine.admission import AdmissionQueue, Slot
from web.engine.results import BusyError
from web.site import slow_clients

MAX_BODY = 2 << 20
"""Bytes of the body of a request."""
WAIT_TIMEOUT = 5.0
"""Seconds a request waits for a slot where pages are made."""
UNLIMITED = ("/sparql", "/health", "/ready", "/metrics")
"""Paths that need no such slot; neither do static files."""
_FORM = "application/x-www-form-urlencoded"
_MANY_BODIES = Message("too many requests with a body at once")
_MANY_PAGES = Message("too many requests for pages and files at once")
_WRONG_PATH = Message("The path is not valid UTF-8: byte %(byte)s after %(near)s.")
_WRONG_QUERY = Message("The query string is not valid UTF-8: byte %(byte)s after %(near)s.")
_WRONG_FORM = Message("The form is not valid UTF-8: byte %(byte)s after %(near)s.")


def register(app: Flask) -> None:
    """Hold every request to the limits, and make no body larger than ``MAX_BODY``."""
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, MAX_FORM_MEMORY_SIZE=MAX_BODY)
    bodies, pages = AdmissionQueue("bodies", 64), AdmissionQueue("pages", 8, 32)

    def admit() -> None:
        _check_text(_WRONG_PATH, request.environ.get("PATH_INFO", "").encode("latin-1"))
        _check_text(_WRONG_QUERY, unquote_to_bytes(request.query_string))
        if "CONTENT_LENGTH" in request.environ or "HTTP_TRANSFER_ENCODING" in request.environ:
            with enter(bodies, _MANY_BODIES), slow_clients.receiving(request.remote_addr or ""):
                _read_body()
        if request.path not in UNLIMITED and request.endpoint != "static":
            g.slot = enter(pages, _MANY_PAGES, WAIT_TIMEOUT)

    def release(_: BaseException | None) -> None:
        if "slot" in g:
            g.pop("slot").leave()

    app.before_request(admit)
    app.teardown_request(release)


def enter(queue: AdmissionQueue, what: Message, timeout: float = 0.0) -> Slot:
    """A slot of a queue.

    :raises BusyError: if none is free in time
    """
    slot = queue.enter(timeout)
    if slot is None:
        raise BusyError(what, hint=Message("try again in a few seconds"))
    return slot


def _read_body() -> None:
    """Read the body of the request, which then has it; a form is checked, a compressed one is refused anyway."""
    body = request.get_data()
    request.stream.read()  # raises the error where the first stopped at the limit
    if len(body) < (request.content_length or 0):
        raise BadRequest(Message("The body of the request ended early."))
    if request.mimetype == _FORM and (request.content_encoding or "identity") == "identity":
        _check_text(_WRONG_FORM, unquote_to_bytes(body))


def _check_text(message: Message, text: bytes) -> None:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        near = text[max(0, error.start - 20) : error.start].decode("utf-8", "replace")
        byte = f"0x{text[error.start]:02X}"
        raise BadRequest(message.given(byte=byte, near=repr(near))) from error
