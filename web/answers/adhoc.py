"""From a query to an HTTP answer: conditional, cached, whole before its first byte leaves."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from cachetools import LRUCache
from flask import Response, current_app, request, url_for

from web.answers.formats import RESULTS, Format
from web.engine import Engine, query_limits
from web.engine.protocol import Request
from web.engine.scanner import Scan
from web.metrics import CACHE
from web.snapshot import snapshot

LARGEST_CACHED = 2 << 20
MAX_LOOKUP_LENGTH = 2000
"""Characters of a query that may take an express slot."""
HIT, MISS, SHARED = (CACHE.labels(outcome) for outcome in ("hit", "miss", "shared"))


@dataclass(frozen=True)
class Stored:
    """An answer kept for the next who asks the same.

    :param capped: whether it was cut at the row cap
    :param rows: how many rows the whole answer has, where that is told
    :param snapshot: the name of the snapshot that answered; empty for the current one
    """

    body: bytes
    capped: bool = False
    rows: int = 0
    snapshot: str = ""


class Cache:
    """Answers by snapshot, query and format; the least used go first.

    :param size: bytes of all together; 0 keeps none
    """

    def __init__(self, size: int = 64 << 20) -> None:
        self.entries: LRUCache[str, Stored] = LRUCache(size, getsizeof=lambda stored: len(stored.body) + 500)
        self.running: dict[str, Future[Stored]] = {}
        self.lock = threading.Lock()

    def get(self, key: str) -> Stored | None:
        """The stored answer, if there is one."""
        if not self.entries.maxsize:
            return None
        with self.lock:
            found: Stored | None = self.entries.get(key)
        (HIT if found else MISS).inc()
        return found

    def put(self, key: str, stored: Stored) -> None:
        """Keep an answer, unless it is large."""
        if len(stored.body) + 500 <= min(LARGEST_CACHED, self.entries.maxsize):
            with self.lock:
                self.entries[key] = stored

    def once(self, key: str, run: Callable[[], Stored]) -> Stored:
        """The outcome of ``run``; whoever asks for the same key while it runs waits for that outcome."""
        with self.lock:
            future = self.running.get(key)
            mine = future is None
            if future is None:
                future = self.running[key] = Future()
        if not mine:
            SHARED.inc()
            return future.result()
        try:
            future.set_result(run())
        except BaseException as error:
            future.set_exception(error)
        finally:
            with self.lock:
                del self.running[key]
        return future.result()


def query_request(text: str, scan: Scan, form: Format, rows: int) -> Request:
    """The request to the engine for a query over the accepted view and all named graphs.

    :param rows: how many rows the answer may have
    """
    return Request(
        query_limits.cap_rows(text, scan, rows),
        form.name if form in RESULTS else "json",
        form.media_type,
        own_dataset=scan.own_dataset,
        is_lookup=scan.is_lookup and len(text) <= MAX_LOOKUP_LENGTH,
        rows=rows,
        uncapped=text,
    )


def respond(query: Request, scan: Scan, form: Format, timeout: float | None = None) -> Response:
    """The answer to a query in a format.

    :raises QueryError: and the errors of the pool, which the error pages know
    """
    current = snapshot()
    tag = tag_of(current.name, query.identity, form.name)
    if scan.volatile:
        return finish(_response(_run(query, timeout), form), None, True)
    if unchanged(tag):
        return finish(Response(status=304), tag, False)
    cache: Cache = current_app.extensions["answers"]
    stored = cache.get(tag)
    if stored is None:
        stored = cache.once(f"{tag} {timeout}", lambda: _run(query, timeout))
        if stored.snapshot not in ("", current.name):
            # A new snapshot took over just now: the answer is right, but it is not this tag's.
            return finish(_response(stored, form), tag_of(stored.snapshot, query.identity, form.name), False)
        cache.put(tag, stored)
    return finish(_response(stored, form), tag, False)


def tag_of(*parts: str) -> str:
    """The entity tag: of the snapshot, the query with all it depends on, and the format."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def unchanged(tag: str) -> bool:
    """Whether the client has the answer of this tag already, compressed or not."""
    return any(f"{tag}{encoding}" in request.if_none_match for encoding in ("", ":br", ":gzip"))


def finish(response: Response, tag: str | None, volatile: bool) -> Response:
    """The answer with what caches need to know of it.

    :param tag: its entity tag
    :param volatile: whether the next answer may differ
    """
    response.vary.add("Accept")
    if volatile or tag is None:
        response.headers["Cache-Control"] = "no-store"
        return response
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.last_modified = snapshot().modified
    return response


def _response(stored: Stored, form: Format) -> Response:
    response = Response(stored.body, content_type=form.content_type)
    if stored.capped:
        response.headers["Row-Limit-Reached"] = str(current_app.config["WEB"].rows)
    return response


def _run(query: Request, timeout: float | None) -> Stored:
    link = url_for("help.problem", name="row-limit")
    return complete(current_app.extensions["engine"], query, current_app.config["WEB"].rows, link, timeout)


def complete(engine: Engine, query: Request, rows: int, link: str, timeout: float | None = None) -> Stored:
    """The whole answer of an engine, marked if it was cut.

    :param rows: how many rows an answer may have
    :param link: the page that says what being cut means
    """
    answer = engine.run(query, timeout)
    with answer.body:
        body = answer.body.read()
    if answer.kind == "solutions" and count_reaches(body, query.result_format, rows):
        return Stored(mark(body, query.result_format, link), True, snapshot=answer.snapshot)
    return Stored(body, answer.kind == "graph, cut", snapshot=answer.snapshot)


def count_reaches(body: bytes, form: str, rows: int) -> bool:
    """Whether a result document has as many rows as the cap (then there may be more)."""
    if len(body) < rows * 2:
        return False
    if form == "json":
        return len(json.loads(body)["results"]["bindings"]) >= rows
    if form == "xml":
        return body.count(b"<result>") + body.count(b"<result/>") >= rows
    return body.count(b"\n") - 1 >= rows


def mark(body: bytes, form: str, link: str) -> bytes:
    """A result document that says in its head that it was cut; CSV and TSV have no place for it."""
    if form == "json":
        return body.replace(b'{"head":{', b'{"head":{"link":[' + json.dumps(link).encode() + b"],", 1)
    if form == "xml":
        return body.replace(b"</head>", b'<link href="' + link.encode() + b'"/></head>', 1)
    return body
