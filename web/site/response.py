"""The response of a WSGI application as a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


class HttpResponse(NamedTuple):
    """A response; one that is cached has its body as a list."""

    status: str
    headers: list[tuple[str, str]]
    body: Iterable[bytes]

    def header(self, name: str) -> str:
        """The value of a header, by its name in lower case; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def size(self) -> int | None:
        """The bytes of the body, where they are known."""
        if isinstance(self.body, list):
            return sum(map(len, self.body))
        length = self.header("content-length")
        return int(length) if length.isdigit() else None

    def conditional(self, environ: WSGIEnvironment) -> HttpResponse:
        """The response to a request that may name the entity tag of what it has already (RFC 9110, section 13)."""
        known = environ.get("HTTP_IF_NONE_MATCH")
        if not known or self.status[:3] != "200" or not (tag := self.header("etag")) or tag not in known:
            return self
        headers = [pair for pair in self.headers if pair[0].lower() not in ("content-length", "content-type")]
        self.close()
        return HttpResponse("304 NOT MODIFIED", headers, [])

    def read(self) -> bytes:
        """The complete body."""
        try:
            return b"".join(self.body)
        finally:
            self.close()

    def close(self) -> None:
        """Release what the body holds."""
        if hasattr(self.body, "close"):
            self.body.close()


def call(application: WSGIApplication, environ: WSGIEnvironment) -> HttpResponse:
    """The response of an application that starts it before it returns the body, as Flask does."""
    started: list[Any] = []

    def start_response(*status_and_headers: Any) -> Callable[[bytes], object]:
        started[:] = status_and_headers
        return lambda data: None

    body = application(environ, start_response)
    return HttpResponse(started[0], started[1], body)
