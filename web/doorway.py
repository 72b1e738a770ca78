"""What every request passes on its way in and out: where the site is mounted, a line in the access log, counters, and
answers that are known already.

A repeated question for a cached answer is answered here, before the framework builds anything: the same bytes, at a
multiple of the speed.
"""

from __future__ import annotations

import io
import json
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cachetools import LRUCache
from prometheus_client import Counter, Histogram

from kg.errors import SnapshotError
from web.metrics import CACHE, REQUESTS, SECONDS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]
PARTS = (
    "sparql",
    "query",
    "id",
    "ontology",
    "concept",
    "source",
    "passage",
    "assertion",
    "graph",
    "download",
    "static",
)
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_KEPT_PATHS = ("/sparql", "/query/")
_DEPENDS_ON = ("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_HOST", "wsgi.url_scheme", "SCRIPT_NAME")
READERS = 48
"""Requests whose body may be coming in at once: who sends slowly holds a thread, and not all may be held."""
LARGEST_BODY = 2 << 20
REPEATED = CACHE.labels("repeated")
PLAIN = "text/plain; charset=utf-8"
LONGEST = 1000
"""Characters of an address that the log shows."""


class Mounted:
    """Makes the application see the address that people use, whatever a proxy in between made of it.

    :param base_url: that address
    """

    def __init__(self, application: WSGIApplication, base_url: str) -> None:
        self.application = application
        parts = urlsplit(base_url)
        self.seen = {"wsgi.url_scheme": parts.scheme, "HTTP_HOST": parts.netloc}
        self.prefix = parts.path.rstrip("/")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if self.prefix and (path == self.prefix or path.startswith(self.prefix + "/")):
            environ["PATH_INFO"] = path[len(self.prefix) :] or "/"
        environ.update(self.seen, SCRIPT_NAME=self.prefix)
        return self.application(environ, start_response)


@dataclass(frozen=True)
class Known:
    """An answer as it went out."""

    headers: Headers
    body: bytes
    etag: str


class Doorway:
    """Logs and counts each request, and answers from memory what was answered before.

    :param current: gives the name of the current snapshot; a known answer of another one is forgotten
    :param size: bytes of known answers; 0 keeps none
    :param log: where the lines of the access log go; ``None`` for nowhere
    :param shortcut: answers what needs no framework; ``None`` from it means that a request does
    """

    def __init__(
        self,
        application: WSGIApplication,
        current: Callable[[], str],
        size: int,
        log: Callable[[str], object] | None = None,
        shortcut: Callable[[WSGIEnvironment], Known | None] | None = None,
    ) -> None:
        self.application = application
        self.shortcut = shortcut
        self.current = current
        self.known: LRUCache[tuple[str, ...], Known] = LRUCache(size, getsizeof=_size)
        self.lock = threading.Lock()
        self.readers = threading.BoundedSemaphore(READERS)
        self.log = log

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begin = time.perf_counter()
        key = self._key(environ)
        found = self._look_up(key)
        if found is not None:
            return self._repeat(found, environ, start_response, begin)
        fresh = self.shortcut(environ) if self.shortcut is not None else None
        if fresh is not None:
            return self._tell(fresh, key, environ, start_response, begin)
        answer = _Answer(self, environ, start_response, begin, key)
        try:
            body = self._inside(environ, answer.start)
        except BaseException:
            answer.close()
            raise
        return answer.take(body)

    def _inside(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """What the application says, once the body has come in."""
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
            return self.application(environ, start_response)
        if not self.readers.acquire(blocking=False):
            start_response("503 SERVICE UNAVAILABLE", [("Retry-After", "5"), ("Content-Type", PLAIN)])
            return [b"Too many requests are being sent at once. Try again in a few seconds.\n"]
        try:
            data = _read(environ)
        finally:
            self.readers.release()
        environ.update({"wsgi.input": io.BytesIO(data), "CONTENT_LENGTH": str(len(data))})
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return self.application(environ, start_response)

    def _key(self, environ: WSGIEnvironment) -> tuple[str, ...] | None:
        """All that the answer depends on, or ``None`` if it is not one that is kept."""
        path = environ.get("PATH_INFO", "")
        if not self.known.maxsize or environ["REQUEST_METHOD"] != "GET" or not path.startswith(_KEPT_PATHS):
            return None
        query = environ.get("QUERY_STRING", "")
        if len(query) > 20_000 or "text/html" in environ.get("HTTP_ACCEPT", ""):
            return None
        try:
            name = self.current()
        except (SnapshotError, OSError):  # the application says so
            return None
        return (name, path, query, *(str(environ.get(variable, "")) for variable in _DEPENDS_ON))

    def _look_up(self, key: tuple[str, ...] | None) -> Known | None:
        if key is None:
            return None
        with self.lock:
            return self.known.get(key)

    def _repeat(
        self, known: Known, environ: WSGIEnvironment, start_response: StartResponse, begin: float
    ) -> Iterable[bytes]:
        REPEATED.inc()
        if known.etag and known.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            headers = [pair for pair in known.headers if pair[0].lower() not in ("content-length", "content-type")]
            start_response("304 NOT MODIFIED", headers)
            self.note(environ, 304, 0, begin)
            return []
        start_response("200 OK", list(known.headers))
        self.note(environ, 200, len(known.body), begin)
        return [known.body]

    def _tell(
        self,
        fresh: Known,
        key: tuple[str, ...] | None,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        begin: float,
    ) -> Iterable[bytes]:
        if key is not None:
            self.keep(key, fresh.headers, fresh.body)
        start_response("200 OK", list(fresh.headers))
        self.note(environ, 200, len(fresh.body), begin)
        return [fresh.body]

    def keep(self, key: tuple[str, ...], headers: Headers, body: bytes) -> None:
        """Remember an answer, if it says that it may be kept."""
        names = {name.lower(): value for name, value in headers}
        if "etag" not in names or "no-store" in names.get("cache-control", "") or "set-cookie" in names:
            return
        known = Known(headers, body, names["etag"])
        if _size(known) <= min(self.known.maxsize, 2 << 20):
            with self.lock:
                self.known[key] = known

    def note(self, environ: WSGIEnvironment, status: int, size: int, begin: float) -> None:
        """Count an answer and write its line."""
        seconds = time.perf_counter() - begin
        first = environ.get("PATH_INFO", "/").split("/", 2)[1:2]
        part = first[0] if first and first[0] in PARTS else "page"
        method = environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in METHODS else "other"
        answered, times = _counters(method, part, status)
        answered.inc()
        times.observe(seconds)
        if self.log is not None:
            self.log(_line(environ, status, size, seconds))


@cache
def _counters(method: str, part: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, part, str(status)), SECONDS.labels(part)


def _read(environ: WSGIEnvironment) -> bytes:
    """The body, or so much of it that the application sees it is too large."""
    promised = environ.get("CONTENT_LENGTH") or str(LARGEST_BODY + 1)
    left = min(int(promised), LARGEST_BODY + 1) if promised.isascii() and promised.isdigit() else 0
    if left > LARGEST_BODY and environ.get("CONTENT_LENGTH"):
        return bytes(left)  # nothing of it need be read
    parts = []
    while left > 0:
        part = environ["wsgi.input"].read(min(left, 1 << 16))
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _size(known: Known) -> int:
    return len(known.body) + 2000


def _line(environ: WSGIEnvironment, status: int, size: int, seconds: float) -> str:
    """One line of JSON; whatever a client sends stays inside its string."""
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    query = environ.get("QUERY_STRING", "")
    fields: dict[str, Any] = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "client": environ.get("REMOTE_ADDR", ""),
        "method": environ["REQUEST_METHOD"][:20],
        "path": f"{path}?{query}"[:LONGEST] if query else path[:LONGEST],
        "status": status,
        "bytes": size,
        "ms": round(seconds * 1000, 1),
        "agent": environ.get("HTTP_USER_AGENT", "")[:200],
        "referrer": environ.get("HTTP_REFERER", "")[:200],
    }
    return json.dumps(fields)


def to_stdout(line: str) -> None:
    """Write a line of the access log."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class _Answer:
    """One answer on its way out: counted when it is over, kept if it may be."""

    def __init__(
        self,
        door: Doorway,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        begin: float,
        key: tuple[str, ...] | None,
    ) -> None:
        self.door, self.environ, self.begin, self.key = door, environ, begin, key
        self.start_response = start_response
        self.status, self.size = 500, 0
        self.headers: Headers = []
        self.over = False
        self.body: Iterable[bytes] = ()

    def start(self, status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        """The ``start_response`` that the application calls."""
        self.status, self.headers = int(status[:3]), headers
        return self.start_response(status, headers, exc_info) if exc_info else self.start_response(status, headers)

    def take(self, body: Iterable[bytes]) -> Iterable[bytes]:
        """The body: in one piece where it may be kept, else counted as it goes."""
        self.body = body
        if self.key is None or self.status != 200 or "content-length" not in {n.lower() for n, _ in self.headers}:
            return self
        whole = b"".join(body)
        self.size = len(whole)
        self.door.keep(self.key, list(self.headers), whole)
        self.close()
        return [whole]

    def __iter__(self) -> Iterator[bytes]:
        for part in self.body:
            self.size += len(part)
            yield part

    def close(self) -> None:
        """The answer is out, or the client is gone."""
        if self.over:
            return
        self.over = True
        if hasattr(self.body, "close"):
            self.body.close()
        self.door.note(self.environ, self.status, self.size, self.begin)
