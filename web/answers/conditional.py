"""What caches and clients learn of an answer: its entity tag, and that they have it already (RFC 9110, section 13)."""

import hashlib
import re
from collections.abc import Callable, Sequence

from flask import Response, request
from werkzeug.http import parse_etags

from web.snapshot import snapshot

CODING = re.compile('[:-](br|gzip|zstd|deflate)(?="|$)')
"""What Flask-Compress and reverse proxies add to the entity tag of an answer that they compress."""


def entity_tag(*parts: str) -> str:
    """The entity tag of all that an answer depends on: the snapshot, the query with its dataset, the format, …"""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def is_current(tag: str) -> bool:
    """Whether the client names the tag of an answer that it has already, compressed or not.

    All other conditions are those of a complete answer: `web.site.ranges` checks them.
    """
    known = parse_etags(CODING.sub("", request.headers.get("If-None-Match", "")))
    return request.method in ("GET", "HEAD") and not known.star_tag and known.contains_weak(tag)


def not_modified(tag: str) -> Response:
    """The answer to a client that has it already."""
    response = Response(status=304)
    del response.headers["Content-Type"]
    return with_cache_headers(response, tag)


def with_cache_headers(response: Response, tag: str | None) -> Response:
    """An answer with what caches need to know.

    :param tag: its entity tag; ``None`` if the next answer may differ, so that nobody keeps this one
    """
    response.vary.add("Accept")
    response.headers["Dataset-Version"] = snapshot().version
    if tag is None:
        response.headers["Cache-Control"] = "no-store"
        return response
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.last_modified = snapshot().modified
    return response


def conditional(parts: Sequence[str], content_type: str, write: Callable[[], str | bytes]) -> Response:
    """An answer made from the current snapshot alone, or 304 if the client has it.

    :param parts: what the answer depends on beside the snapshot
    """
    tag = entity_tag(snapshot().name, *parts)
    if is_current(tag):
        return not_modified(tag)
    return with_cache_headers(Response(write(), content_type=content_type), tag)
