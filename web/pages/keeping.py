"""Whole pages kept while the snapshot is current: what one reader saw, the next gets at once."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from cachetools import LRUCache
from flask import make_response, request
from werkzeug.wrappers import Response

from web.reader import language, theme
from web.snapshot import snapshot

P = ParamSpec("P")
SIZE = 24 << 20
"""Bytes of all pages that are kept together."""
_lock = threading.Lock()


def kept(view: Callable[P, str | tuple[str, int]]) -> Callable[P, Response]:
    """A view whose page depends on the snapshot, the address, the reader's choices and the day, and on nothing else."""

    @wraps(view)
    def keeping(*args: P.args, **kwargs: P.kwargs) -> Response:
        pages = _pages()
        key = (request.host_url, request.full_path, language(), theme(), datetime.date.today().isoformat())
        with _lock:
            found = pages.get(key)
        if found is None:
            page = view(*args, **kwargs)
            if not isinstance(page, str):  # an error is not worth keeping
                return make_response(page)
            found = page.encode()
            with _lock:
                if len(found) < SIZE // 20:
                    pages[key] = found
        return Response(found, content_type="text/html; charset=utf-8")

    return keeping


def _pages() -> LRUCache[tuple[str, ...], bytes]:
    cache = snapshot().cache
    with _lock:
        if "pages" not in cache:
            cache["pages"] = LRUCache(SIZE, getsizeof=lambda page: len(page) + 300)
        pages: LRUCache[tuple[str, ...], bytes] = cache["pages"]
        return pages
