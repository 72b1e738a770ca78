"""The application factory; nothing is read at import."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from flask import Flask, Request
from flask_compress import Compress
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import cached_property

from web import locale, security
from web.answers.as_known import ViewMaker
from web.answers.cache import AnswerCache
from web.answers.files import RELEASES, FileStore, ReleaseFiles, check_digest
from web.answers.formats import GRAPHS, HTML, RESULTS, ROWS
from web.answers.service import AnswerService
from web.config import WebSettings
from web.engine import Engine
from web.engine.admission import Capacity, split_capacity
from web.engine.bound import MAX_WORK
from web.engine.doors import TwoDoors
from web.engine.local import LocalEngine
from web.engine.pool import WorkerPool
from web.engine.remote import RemoteEngine
from web.engine.remote_store import POLL_INTERVAL, open_remote
from web.site import errors, ranges, request_limits, routes
from web.site.middleware import Middleware, at_base_url
from web.snapshot import SnapshotProvider, open_local
from web.views.html import template_helpers
from web.views.html.shared import caching

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

COMPRESSED = [
    *(form.media_type for form in (*RESULTS, *GRAPHS, HTML, ROWS)),
    *("application/problem+json", "application/xml", "image/svg+xml", "text/css", "text/javascript", "text/plain"),
]


class LenientRequest(Request):
    """A request whose Accept header is understood as old Java writes it too: ``*; q=.2`` for ``*/*;q=0.2``."""

    @cached_property
    def accept_mimetypes(self) -> MIMEAccept:
        """The media types that the client accepts."""
        header = re.sub(r"(^|,)\s*\*\s*(?=[,;]|$)", r"\1*/*", self.headers.get("Accept", ""))
        return parse_accept_header(re.sub(r"(;\s*q=)\.", r"\g<1>0.", header), MIMEAccept)


def create_app(settings: WebSettings | None = None) -> Flask:
    """The site over the current snapshot.

    :param settings: from the environment if not given
    """
    settings = settings or WebSettings.from_environment()
    app = Flask("web", static_folder="static", template_folder="templates")
    app.request_class = LenientRequest
    app.config.update(WEB=settings)
    app.config.update(COMPRESS_MIMETYPES=COMPRESSED, COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=4)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the provider of Flask has it
    provider = SnapshotProvider(partial(open_local, settings))
    if settings.remote:
        provider = SnapshotProvider(partial(open_remote, settings), POLL_INTERVAL)
    engine = _engine(app, settings, provider)
    service = AnswerService(engine, AnswerCache(settings.cache_size * 3 // 4))
    downloads = FileStore(settings.downloads)
    app.extensions |= {"snapshot": provider, "engine": engine, "answers": service, "downloads": downloads}
    app.extensions |= {
        "releases": ReleaseFiles(settings.downloads, RELEASES),
        "as_known": ViewMaker(settings.downloads),
    }
    app.wsgi_app = _wrapped(app, settings, provider, engine)  # type: ignore[assignment, method-assign]
    # What is registered last is first done with a response, and the middleware's own part last of all.
    for module in (routes, locale, template_helpers, caching, errors, security, request_limits):
        module.register(app)
    app.after_request(check_digest)  # before the compression is registered, so that it runs after that
    Compress(app)
    ranges.register(app)
    return app


def _engine(app: Flask, settings: WebSettings, provider: SnapshotProvider) -> Engine:
    if settings.remote:
        return RemoteEngine(settings.remote, settings.timeout)
    if settings.engine:
        capacity = split_capacity(Capacity(deadline=settings.timeout), settings.workers)
        workers = app.extensions["workers"] = WorkerPool(settings.engine, capacity)
        return TwoDoors(workers, provider.get)
    return LocalEngine(lambda: provider.get().store)


def _wrapped(app: Flask, settings: WebSettings, provider: SnapshotProvider, engine: Engine) -> WSGIApplication:
    doors = engine if isinstance(engine, TwoDoors) and settings.rows >= MAX_WORK.rows else None
    wrapped = Middleware(app, provider, doors, settings)
    if not settings.base_url:
        return wrapped
    # A base URL says that there is a proxy; only then is it believed what it says of the client.
    return at_base_url(ProxyFix(wrapped, x_for=1, x_proto=0, x_host=0), settings.base_url)
