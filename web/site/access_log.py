"""The access log: a line of JSON a request on standard output."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LONGEST = 1000
"""Characters of an address that the log shows."""


def line(environ: WSGIEnvironment, status: int, size: int, seconds: float) -> str:
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


def to_stdout(text: str) -> None:
    """Write a line of the access log."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
