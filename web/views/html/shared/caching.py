"""Pages are made once a snapshot and reader; browsers ask again only for what changed; common pages are made ahead."""

import datetime
import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import Flask, Response, request

from kg.namespaces import BASE, shorten
from kg.terms import AIP, RDF
from web.locale import language, theme
from web.memo import Kind
from web.snapshot import snapshot
from web.views.html.shared.lookup import countries, subjects

log = logging.getLogger("web")
MAX_CHARACTERS = 24 << 20
"""Characters of all cached pages together."""
YEAR = 365 * 24 * 3600
WARMUP_PATHS = (
    *("/", "/targets", "/search?q=a", "/timeline", "/compare", "/disagreements", "/network", "/new", "/sources"),
    *("/ontology", "/questions"),
)
"""Pages that ask what is asked often: queries, badges, names, the index of the search."""
TRIES, PAUSE = 40, 0.5
"""How often and after how many seconds a page is asked for again while the engine is still starting."""
P = ParamSpec("P")
T = TypeVar("T")


def _size(page: object) -> int:
    return len(page) if isinstance(page, str) else MAX_CHARACTERS + 1


_PAGES: Kind[object] = Kind("pages", max_size=MAX_CHARACTERS, size_of=_size)


def cached_page(view: Callable[P, T]) -> Callable[P, T]:
    """A view whose page depends on the snapshot, the address, the reader's choices and the day alone."""

    @wraps(view)
    def cached(*args: P.args, **kwargs: P.kwargs) -> T:
        # One page may be made by way of another, so the view is part of the key.
        key = view, request.root_url, request.full_path, language(), theme(), datetime.date.today()
        return cast(T, snapshot().memo.get(_PAGES, key, lambda: view(*args, **kwargs)))

    return cached


def register(app: Flask) -> None:
    """Set cache headers; make common pages whenever a snapshot is opened, if the site has an engine of its own."""
    app.after_request(_set_cache_headers)
    if app.config["WEB"].engine is not None:
        app.extensions["snapshot"].on_change = lambda: warm_up(app)


def _set_cache_headers(response: Response) -> Response:
    """A page is asked for again only if it changed; a file whose address holds its version is kept for a year."""
    if request.endpoint == "static" and ("v" in request.args or request.path.endswith(".woff2")):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif response.mimetype == "text/html" and response.status_code == 200 and "ETag" not in response.headers:
        response.headers.setdefault("Cache-Control", "private, max-age=0, must-revalidate")
        response.add_etag()
        return cast(Response, response.make_conditional(request))
    return response


def warmup_paths() -> list[str]:
    """Pages to make ahead: common ones, the first country, and a law with the proof of its class."""
    paths = [*WARMUP_PATHS, *(f"/country/{country.code}" for country in countries()[:1])]
    for law in subjects(RDF.type, AIP.Law)[:1]:
        name = shorten(law.value)
        paths += [f"/{law.value.removeprefix(BASE)}", f"/evidence?s={name}&p=rdf:type&o=aip:Instrument"]
    return paths


def warm_up(app: Flask) -> None:
    """Make common pages once, for what stays of them in memory; a page that fails is left to its first reader."""
    with app.test_request_context("/"):
        paths = warmup_paths()
    for path in paths:
        for _try in range(TRIES):
            # Under the prefix of the site, as parts of pages with their addresses stay in memory.
            base = app.config["WEB"].base_url
            with app.test_request_context(path, base_url=base, headers={"Accept": "text/html"}):
                status = app.full_dispatch_request().status_code
            if status != 503:
                break
            time.sleep(PAUSE)
        if status >= 400:
            log.info("%s answers %s while warming up", path, status)
