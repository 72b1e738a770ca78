"""The response of a WSGI application as a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

FAILED = "kg.failed"
"""Where a request carries the error that it ended in outside the application, which reports it."""


class HttpResponse(NamedTuple):
    """A response; where all of the body is in memory, it is a list."""

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
