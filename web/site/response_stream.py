"""One answer on its way out: a small one at once, a large one in pieces and only so many of those at a time.

A piece waits until the client takes it, so a client that reads slowly holds a thread; that is why large answers have
places. A client that takes nothing at all is let go by the socket (``web.site.slow_clients``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from web.engine.admission import AdmissionQueue, Slot

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Headers = list[tuple[str, str]]
LARGE = 256 << 10
"""Bytes from which on an answer goes out in pieces."""
PIECE = 64 << 10


class Door(Protocol):
    """What an answer needs of the doorway."""

    streams: AdmissionQueue

    def keep(self, key: tuple[str, ...], headers: Headers, body: bytes) -> None:
        """Remember an answer that may be kept."""

    def note(self, environ: WSGIEnvironment, status: int, size: int, begin: float) -> None:
        """Count an answer and log it."""

    def refuse(self, environ: WSGIEnvironment, start: Callable[..., Any]) -> Iterable[bytes]:
        """The answer where there is no place for a large one."""


class Answer:
    """One answer: counted when it is over, kept if it may be.

    :param begin: when its request came, of ``time.perf_counter``
    :param key: under what it may be kept
    """

    def __init__(
        self,
        door: Door,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        begin: float,
        key: tuple[str, ...] | None = None,
    ) -> None:
        self.door, self.environ, self.begin, self.key = door, environ, begin, key
        self.start_response = start_response
        self.line, self.headers, self.size = "500 INTERNAL SERVER ERROR", Headers(), 0
        self.body: Iterable[bytes] = ()
        self.slot: Slot | None = None
        self.over = False

    def start(self, line: str, headers: Headers, _: object = None) -> Callable[[bytes], object]:
        """The ``start_response`` that the application calls; what it says is passed on once the body is known."""
        self.line, self.headers = line, headers
        return lambda data: None

    def out(self, body: Iterable[bytes]) -> Iterable[bytes]:
        """The body as it goes out."""
        self.body = body
        self._keep()
        if not self._small():
            self.slot = self.door.streams.enter()
            if self.slot is None:
                self._close_body()
                self.body = self.door.refuse(self.environ, self.start)
        self.start_response(self.line, self.headers)
        return self if self.slot else [self._whole()]

    def _keep(self) -> None:
        if self.key is None or self.line[:3] != "200" or self._length() is None:
            return
        whole = b"".join(self.body)
        self._close_body()
        self.body = [whole]
        self.door.keep(self.key, list(self.headers), whole)

    def _length(self) -> int | None:
        told = next((value for name, value in self.headers if name.lower() == "content-length"), "")
        return int(told) if told.isdigit() else None

    def _small(self) -> bool:
        if self.environ["REQUEST_METHOD"] == "HEAD" or self.line[:3] in ("204", "304"):
            return True
        length = self._length()
        return length is not None and length <= LARGE

    def _whole(self) -> bytes:
        whole = b"".join(self.body)
        self.size = len(whole)
        self.close()
        return whole

    def __iter__(self) -> Iterator[bytes]:
        try:
            for part in self.body:
                self.size += len(part)
                for start in range(0, len(part), PIECE):
                    yield part[start : start + PIECE]
        finally:
            self.close()

    def close(self) -> None:
        """The answer is out, or the client is gone."""
        if self.over:
            return
        self.over = True
        if self.slot:
            self.slot.leave()
        self._close_body()
        self.door.note(self.environ, int(self.line[:3]), self.size, self.begin)

    def _close_body(self) -> None:
        if hasattr(self.body, "close"):
            self.body.close()
