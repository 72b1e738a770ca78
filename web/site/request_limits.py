"""What a request may hold: its body is read first, pages are made by few at once, large responses are sent to few.

Each has a number of slots, so that queries to the endpoint find a free thread whatever is requested of the rest of the
site. Clients that send or take nothing are cut off in `web.site.slow_clients`.
"""

from __future__ import annotations

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest

from kg.message import Message
from web.answers.arguments import check_fields, check_text
from web.engine.admission import AdmissionQueue, Slot
from web.engine.results import BusyError
from web.site import errors, slow_clients

MAX_BODY = 2 << 20
"""Bytes of the body of a request."""
LARGE, IS_LARGE = 256 << 10, "kg.large"
"""Bytes beyond which a response holds a thread until the client has taken it, and where a request carries that."""
WAIT_TIMEOUT = 5.0
"""Seconds a request waits for a slot where pages are made."""
UNLIMITED = ("/sparql", "/health", "/ready", "/metrics")
"""Paths that need no such slot; neither do static files."""
_FORM = "application/x-www-form-urlencoded"


def register(app: Flask) -> None:
    """Hold every request to the limits, and make no body larger than ``MAX_BODY``."""
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, MAX_FORM_MEMORY_SIZE=MAX_BODY)
    bodies, pages, streams = AdmissionQueue("bodies", 64), AdmissionQueue("pages", 8, 32), AdmissionQueue("streams", 32)

    def admit() -> None:
        check_text(Message("The path"), request.environ.get("PATH_INFO", "").encode("latin-1"))
        check_fields(Message("Parameter “%(name)s”"), request.query_string)
        if "CONTENT_LENGTH" in request.environ or "HTTP_TRANSFER_ENCODING" in request.environ:
            with _enter(bodies, Message("too many requests with a body at once")):
                _read_body()
        if request.path not in UNLIMITED and request.endpoint != "static":
            g.slot = _enter(pages, Message("too many requests for pages and files at once"), WAIT_TIMEOUT)

    def admit_large(response: Response) -> Response:
        response.direct_passthrough = False  # it would pass by what is done when a response is closed
        is_whole = response.is_sequence or request.endpoint == "static"
        if is_whole and "Content-Length" not in response.headers:
            response.content_length = response.calculate_content_length() or 0
        if response.headers.get("Content-Length", LARGE + 1, int) <= LARGE or request.method == "HEAD":
            return response
        try:
            response.call_on_close(_enter(streams, Message("too many large answers at once")).leave)
        except BusyError as error:
            response.close()
            return app.make_response(errors.respond(error))
        request.environ[IS_LARGE] = True
        return response

    app.before_request(admit)
    app.after_request(admit_large)
    app.teardown_request(lambda _: g.slot.leave() if "slot" in g else None)


def _enter(queue: AdmissionQueue, what: Message, timeout: float = 0.0) -> Slot:
    slot = queue.enter(timeout)
    if slot is None:
        raise BusyError(what, hint=Message("try again in a few seconds"))
    return slot


def _read_body() -> None:
    """Read the body of the request, which then has it; a form is checked, a compressed one is refused anyway."""
    with slow_clients.receiving(request.remote_addr or ""):
        body = request.get_data()
        request.stream.read()  # raises the error where the first stopped at the limit
    if len(body) < (request.content_length or 0):
        raise BadRequest(Message("The body of the request ended early."))
    if request.mimetype == _FORM and (request.content_encoding or "identity") == "identity":
        check_fields(Message("Parameter “%(name)s” of the body"), body)
