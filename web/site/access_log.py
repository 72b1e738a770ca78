"""What is recorded of each request: metrics, and a line of JSON on standard output."""

from __future__ import annotations

import json
import time
from functools import cache
from typing import TYPE_CHECKING

from prometheus_client import Counter, Histogram

from web.metrics import REQUESTS, SECONDS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

RESOURCES = ("id", "ontology", "concept", "source", "passage", "assertion", "graph")
PARTS = {*RESOURCES, "sparql", "query", "download", "static"}
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
MAX_PATH, MAX_HEADER = 1000, 200
"""Characters of an address and of a header that the log shows."""


def record(environ: WSGIEnvironment, status: int, size: int, begin: float, log: bool) -> None:
    """Count a response and log it.

    :param begin: when its request came, of ``time.perf_counter``
    """
    seconds = time.perf_counter() - begin
    first = environ.get("PATH_INFO", "/").split("/", 2)[1:2]
    part = first[0] if first and first[0] in PARTS else "page"
    method = environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in METHODS else "other"
    requests, duration = _metrics(method, part, status)
    requests.inc()
    duration.observe(seconds)
    if log:
        print(log_line(environ, status, size, seconds), flush=True)  # noqa: T201


@cache
def _metrics(method: str, part: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, part, str(status)), SECONDS.labels(part)


def log_line(environ: WSGIEnvironment, status: int, size: int, seconds: float) -> str:
    """One line of JSON; whatever a client sends stays inside its string."""
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    query = environ.get("QUERY_STRING", "")
    fields = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "client": environ.get("REMOTE_ADDR", ""),
        "method": environ["REQUEST_METHOD"][:20],
        "path": (f"{path}?{query}" if query else path)[:MAX_PATH],
        "status": status,
        "bytes": size,
        "ms": round(seconds * 1000, 1),
        "agent": environ.get("HTTP_USER_AGENT", "")[:MAX_HEADER],
        "referrer": environ.get("HTTP_REFERER", "")[:MAX_HEADER],
    }
    return json.dumps(fields)
