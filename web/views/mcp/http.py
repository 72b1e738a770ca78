"""One request of the protocol over streamable HTTP, without sessions and answered in JSON
(https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http).

The application of the SDK runs in an event loop that lives as long as the request; what it calls runs in this thread,
so nothing goes on when the request is answered.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Response, abort, current_app, request
from werkzeug.exceptions import Forbidden

from kg.errors import UsageError
from kg.message import Message
from web.addresses import site_address
from web.views.mcp.card import require_agents

T = TypeVar("T")
AsgiEvent = dict[str, Any]
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MAX_BODY = 1 << 20
MARGIN = 30.0
"""Seconds a request may take beyond the time of a query."""


def mcp() -> Response:
    """The answer to one message of a client.

    :raises Forbidden: if a browser sends it for a page of another site
    :raises NotFound: if the library of the protocol is not installed
    """
    _check_origin(request.headers.get("Origin"))
    require_agents()
    import asyncio

    from web.views.mcp.server import make_server

    timeout = current_app.config["WEB"].timeout + MARGIN
    return asyncio.run(asyncio.wait_for(_respond(make_server(_here)), timeout))


async def _here(function: Callable[[], T]) -> T:
    return function()


def _check_origin(origin: str | None) -> None:
    """Refuse requests that a browser sends for a page of another site: its name may have been bound to this host."""
    base = current_app.config["WEB"].base_url
    given, own = urlsplit(origin or ""), urlsplit(base or site_address())
    is_own = base is not None and (given.scheme, given.netloc) == (own.scheme, own.netloc)
    is_local = given.hostname in LOOPBACK and own.hostname in LOOPBACK
    if origin is not None and not is_own and not is_local:
        raise Forbidden(Message("Pages of %(origin)s may not use this server.", origin=origin[:100]))


async def _respond(server: Any) -> Response:
    """The response of the SDK's application to the request of this context."""
    import asyncio

    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    body, sent = request.get_data(cache=False), list[AsgiEvent]()
    unread = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> AsgiEvent:
        if unread:
            return unread.pop()
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]  # the client stays

    async def send(message: AsgiEvent) -> None:
        sent.append(message)

    manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True, max_request_body_size=MAX_BODY)
    async with manager.run():
        await manager.handle_request(_scope(), receive, send)  # type: ignore[arg-type]  # messages are plain dicts
    return _response(sent)


def _scope() -> dict[str, Any]:
    """The request as ASGI describes one (https://asgi.readthedocs.io/en/latest/specs/www.html)."""
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": None,
        "server": None,
    }


def _response(sent: list[AsgiEvent]) -> Response:
    start = next((message for message in sent if message["type"] == "http.response.start"), None)
    if start is None:
        raise UsageError(Message("the message was not answered"))
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    names = {name.lower() for name, _ in start["headers"]}
    if start["status"] >= 400 and b"content-type" not in names:  # refused before it was read as a message
        abort(start["status"], body.decode() or None)
    response = Response(body, start["status"])
    response.headers.clear()
    for name, value in start["headers"]:
        if name.lower() != b"content-length":
            response.headers.add(name.decode("latin-1"), value.decode("latin-1"))
    response.headers["Cache-Control"] = "no-store"
    return response
