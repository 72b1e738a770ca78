"""From a query to an HTTP answer: conditional, cached, whole before its first byte leaves."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass

from cachetools import LRUCache
from flask import Response, current_app, request, url_for

from web.engine.guard import Scan
from web.engine.pool import Answer
from web.engine.wire import Request
from web.negotiation import Format
from web.snapshot import snapshot

LARGEST_CACHED = 2 << 20


@dataclass(frozen=True)
class Stored:
    """An answer kept for the next who asks the same."""

    body: bytes
    capped: bool


class Cache:
    """Answers by snapshot, query and format; the least used go first. Sizes in bytes."""

    def __init__(self, size: int = 64 << 20) -> None:
        self.entries: LRUCache[str, Stored] = LRUCache(size, getsizeof=lambda stored: len(stored.body) + 200)
        self.lock = threading.Lock()

    def get(self, key: str) -> Stored | None:
        """The stored answer, if there is one."""
        with self.lock:
            found: Stored | None = self.entries.get(key)
            return found

    def put(self, key: str, stored: Stored) -> None:
        """Keep an answer, unless it is large."""
        if len(stored.body) <= LARGEST_CACHED:
            with self.lock:
                self.entries[key] = stored


def respond(query: Request, scan: Scan, form: Format, timeout: float | None = None) -> Response:
    """The answer to a query in a format.

    :raises QueryError: and the errors of the pool, which the error pages know
    """
    tag = etag(snapshot().name, query, form)
    if not scan.volatile and tag in request.if_none_match:
        return _finish(Response(status=304), tag, form, scan.volatile)
    cache: Cache = current_app.extensions["answers"]
    stored = None if scan.volatile else cache.get(tag)
    if stored is None:
        stored = _run(query, timeout)
        if not scan.volatile:
            cache.put(tag, stored)
    response = Response(stored.body, content_type=form.content_type)
    if stored.capped:
        response.headers["Row-Limit-Reached"] = str(current_app.config["WEB"].rows)
    return _finish(response, tag, form, scan.volatile)


def etag(name: str, query: Request, form: Format) -> str:
    """The entity tag: of the snapshot, the query with all it depends on, and the format."""
    return hashlib.sha256(b"\0".join([name.encode(), query.encode(), form.name.encode()])).hexdigest()[:32]


def _finish(response: Response, tag: str, form: Format, volatile: bool) -> Response:
    response.vary.add("Accept")
    if volatile:
        response.headers["Cache-Control"] = "no-store"
    else:
        response.set_etag(tag)
        response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
        response.last_modified = snapshot().modified
    return response


def _run(query: Request, timeout: float | None) -> Stored:
    answer: Answer = current_app.extensions["engine"].run(query, timeout)
    body = answer.body.read()
    rows = current_app.config["WEB"].rows
    capped = answer.kind == "solutions" and count_reaches(body, query.result_format, rows)
    return Stored(mark(body, query.result_format) if capped else body, capped)


def count_reaches(body: bytes, form: str, rows: int) -> bool:
    """Whether a result document has as many rows as the cap (then there may be more)."""
    if len(body) < rows * 2:
        return False
    if form == "json":
        return len(json.loads(body)["results"]["bindings"]) >= rows
    if form == "xml":
        return body.count(b"<result>") + body.count(b"<result/>") >= rows
    return body.count(b"\n") - 1 >= rows


def mark(body: bytes, form: str) -> bytes:
    """A result document that says in its head that it was cut; CSV and TSV have no place for it."""
    link = url_for("help.problem", name="row-limit", _external=True)
    if form == "json":
        return body.replace(b'{"head":{', b'{"head":{"link":[' + json.dumps(link).encode() + b"],", 1)
    if form == "xml":
        return body.replace(b"</head>", b'<link href="' + link.encode() + b'"/></head>', 1)
    return body
