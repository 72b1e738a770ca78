"""What is worked out once and kept while a snapshot is current: pages, marks, life lines; what browsers may keep."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from cachetools import LRUCache
from flask import Response, request

from web.locale import language, theme
from web.snapshot import snapshot
from web.views.html import blueprint

LARGEST = 24 << 20
"""Characters of all kept pages together."""
MOST = 30_000
"""How many small things of one kind are kept."""
YEAR = 365 * 24 * 3600
P = ParamSpec("P")
T = TypeVar("T")
_lock = threading.Lock()


def page(view: Callable[P, T]) -> Callable[P, T]:
    """A view whose page depends on the snapshot, the address, the reader's choices and the day alone, and is kept."""

    @wraps(view)
    def kept(*args: P.args, **kwargs: P.kwargs) -> T:
        key = request.root_url, request.full_path, language(), theme(), datetime.date.today()
        pages: LRUCache[Hashable, str] = _of("pages", lambda: LRUCache(LARGEST, getsizeof=len))
        with _lock:
            known = pages.get(key)
        if known is not None:
            return cast(T, known)
        found = view(*args, **kwargs)
        if isinstance(found, str) and len(found) < LARGEST // 8:
            with _lock:
                pages[key] = found
        return found

    return kept


def once(kind: str, key: Hashable, make: Callable[[], T]) -> T:
    """Something small, made when it is first asked for.

    :param kind: what it is; each kind is kept apart
    """
    known: LRUCache[Hashable, T] = _of(kind, lambda: LRUCache(MOST))
    with _lock:
        if key in known:
            return known[key]
    made = make()
    with _lock:
        known[key] = made
    return made


def _of(kind: str, new: Callable[[], Any]) -> Any:
    cache, key = snapshot().cache, (__name__, kind)  # others keep things of their own there
    if key not in cache:
        with _lock:
            cache.setdefault(key, new())
    return cache[key]


@blueprint.after_app_request
def tell_browsers(response: Response) -> Response:
    """A page is asked for again only if it changed; a file whose address holds its version is kept for a year."""
    if request.endpoint == "static" and ("v" in request.args or request.path.endswith(".woff2")):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif response.mimetype == "text/html" and response.status_code == 200 and "ETag" not in response.headers:
        response.headers.setdefault("Cache-Control", "private, max-age=0, must-revalidate")
        response.add_etag()
        return cast(Response, response.make_conditional(request))
    return response
