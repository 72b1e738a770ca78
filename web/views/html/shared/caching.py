"""Pages are made once a snapshot and reader; browsers ask again only for what changed; common pages are made ahead."""

import contextlib
import datetime
import hashlib
import logging
import time
import zlib
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from flask import Flask, Response, current_app, request

from kg.export import replace_file
from kg.namespaces import BASE, shorten
from kg.terms import AIP, RDF
from web.answers.files import file_store
from web.locale import language, theme
from web.memo import Kind
from web.snapshot import snapshot
from web.views.html.shared.lookup import countries, subjects

log = logging.getLogger("web")
MAX_BYTES = 8 << 20
"""Bytes of all cached pages together, compressed."""
YEAR = 365 * 24 * 3600
STARTED = time.time()
"""When the site started: its processes are forked from the one that imports this first."""
AHEAD, FOLDER = "MAKES_PAGES_AHEAD", "pages"
"""The setting of a process that makes pages for others, and where they are among the files of a snapshot."""
COMMON_PATHS = (
    *("/", "/targets", "/timeline", "/compare", "/disagreements", "/network", "/new", "/sources", "/ontology"),
    *("/questions",),
)
P = ParamSpec("P")
T = TypeVar("T")


def _size(page: object) -> int:
    return len(page) if isinstance(page, bytes) else MAX_BYTES + 1


_PAGES: Kind[object] = Kind("pages", max_size=MAX_BYTES, size_of=_size)


def cached_page(view: Callable[P, T]) -> Callable[P, T]:
    """A view whose page depends on the snapshot, the address, the reader's choices and the day alone."""

    @wraps(view)
    def cached(*args: P.args, **kwargs: P.kwargs) -> T:
        # One page may be made by way of another, so the view is part of the key.
        name, day = f"{view.__module__}.{view.__qualname__}", datetime.date.today().isoformat()
        key = name, request.root_url, request.full_path, language(), theme(), day
        page = snapshot().memo.get(_PAGES, key, lambda: _made_ahead(key) or _packed(key, view(*args, **kwargs)))
        return cast(T, zlib.decompress(page).decode() if isinstance(page, bytes) else page)

    return cached


def _packed(key: Sequence[str], page: object) -> object:
    """A page compressed, and written for the other processes if this one makes pages ahead; else what the view gave."""
    if not isinstance(page, str):
        return page
    packed = zlib.compress(page.encode(), 1)
    if current_app.config.get(AHEAD):
        file = _file(key)
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, packed)
    return packed


def _made_ahead(key: Sequence[str]) -> bytes | None:
    """A page that was made ahead since the site started: older ones are those of another version of the code."""
    with contextlib.suppress(OSError):
        file = _file(key)
        return file.read_bytes() if file.stat().st_mtime >= STARTED else None
    return None


def _file(key: Sequence[str]) -> Path:
    digest = hashlib.sha256("\0".join(key).encode("utf-8", "surrogatepass")).hexdigest()
    return file_store().root / snapshot().name / FOLDER / digest


def register(app: Flask) -> None:
    """Set cache headers."""
    app.after_request(_set_cache_headers)


def _set_cache_headers(response: Response) -> Response:
    """A page is asked for again only if it changed; a file whose address holds its version is kept for a year."""
    is_static = request.endpoint == "static" and response.status_code < 400
    if is_static and ("v" in request.args or request.path.endswith(".woff2")):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif response.mimetype == "text/html" and response.status_code == 200 and "ETag" not in response.headers:
        response.headers.setdefault("Cache-Control", "private, max-age=0, must-revalidate")
        response.add_etag()
        return cast(Response, response.make_conditional(request))
    return response


def common_paths() -> list[str]:
    """Pages to make ahead: common ones, the countries, a law with the proof of its class, what changed lately."""
    paths = [*COMMON_PATHS, *(f"/country/{country.code}" for country in countries())]
    for law in subjects(RDF.type, AIP.Law)[:1]:
        name = shorten(law.value)
        paths += [f"/{law.value.removeprefix(BASE)}", f"/evidence?s={name}&p=rdf:type&o=aip:Instrument"]
    return paths + ["/diff"] * bool(snapshot().releases)


def make_ahead(app: Flask, base_url: str) -> None:
    """Make common pages, as they are at an address of the site, and write them for its web processes."""
    app.config[AHEAD] = True
    with app.test_request_context("/"):
        paths = common_paths()
    for path in paths:
        request_of_page = app.test_request_context(path, base_url=base_url, headers={"Accept": "text/html"})
        with request_of_page, app.full_dispatch_request() as response:
            if response.status_code >= 400:
                log.warning("%s answers %s when it is made ahead", path, response.status_code)
