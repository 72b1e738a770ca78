"""The application factory: one blueprint a concern, nothing read at import."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from functools import partial

from flask import Flask
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from kg.errors import SnapshotError
from web.config import WebSettings
from web.engine import Engine
from web.engine.admission import Capacity, split_capacity
from web.engine.local import LocalEngine
from web.engine.pool import WorkerPool
from web.engine.remote import RemoteEngine
from web.engine.remote_store import POLL_INTERVAL, open_remote
from web.site.access_log import to_stdout
from web.site.base_url import Mounted
from web.site.middleware import Middleware
from web.site.request_body import LARGEST_BODY
from web.snapshot import SnapshotProvider, open_local

COMPRESSED = [
    "application/json",
    "application/ld+json",
    "application/n-quads",
    "application/n-triples",
    "application/problem+json",
    "application/rdf+xml",
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "application/trig",
    "application/xml",
    "image/svg+xml",
    "text/css",
    "text/csv",
    "text/html",
    "text/javascript",
    "text/plain",
    "text/tab-separated-values",
    "text/turtle",
]


def create_app(settings: WebSettings | None = None) -> Flask:
    """The site over the current snapshot.

    :param settings: from the environment if not given
    """
    from web import locale, security
    from web.site import errors, routes
    from web.views import html

    settings = settings or WebSettings.from_environment()
    app = Flask("web", static_folder="static", template_folder="templates")
    app.config.update(WEB=settings, MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY)
    app.config.update(COMPRESS_MIMETYPES=COMPRESSED, COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=4)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the provider of Flask has it
    _add_extensions(app, settings)
    app.register_blueprint(html.blueprint)
    routes.register(app)
    locale.register(app)
    errors.register(app)
    security.register(app)
    Compress(app)
    # Last of all: a page that is worked out in the background is a request, and only a whole application answers one.
    threading.Thread(target=_open, args=(app.extensions["snapshot"],), daemon=True).start()
    return app


def preload() -> None:
    """Import all that an application needs: web processes forked later share the time and the memory that it takes."""
    from web.site import fast_path, routes  # noqa: F401


def _add_extensions(app: Flask, settings: WebSettings) -> None:
    from web.answers.cache import AnswerCache
    from web.answers.files import FileStore
    from web.answers.service import AnswerService
    from web.site.fast_path import FastPath

    app.extensions["snapshot"] = provider = _provider(settings)
    app.extensions["engine"] = _engine(settings, provider)
    cache = AnswerCache(settings.answers * 3 // 4)
    app.extensions["answers"] = service = AnswerService(app.extensions["engine"], cache, settings.rows)
    app.extensions["downloads"] = FileStore(settings.cache)
    fast_path = FastPath(provider, service)
    known = Middleware(
        app.wsgi_app, lambda: provider.get().name, settings.answers // 4, _log(settings), fast_path.answer
    )
    app.wsgi_app = known  # type: ignore[method-assign]
    if settings.base_url:
        # Only who says where a proxy puts the site has one: what it says of the client is believed then, else never.
        mounted = Mounted(ProxyFix(known, x_for=1, x_proto=0, x_host=0), settings.base_url)
        app.wsgi_app = mounted  # type: ignore[method-assign]


def _provider(settings: WebSettings) -> SnapshotProvider:
    if settings.remote:
        return SnapshotProvider(partial(open_remote, settings), POLL_INTERVAL)
    return SnapshotProvider(partial(open_local, settings))


def _engine(settings: WebSettings, provider: SnapshotProvider) -> Engine:
    if settings.remote:
        return RemoteEngine(settings.remote, settings.timeout)
    if settings.engine:
        return WorkerPool(settings.engine, split_capacity(Capacity(deadline=settings.timeout), settings.workers))
    return LocalEngine(lambda: provider.get().store)


def _open(provider: SnapshotProvider) -> None:
    """Open the snapshot before the first request needs it, and compute in advance what many pages need."""
    with contextlib.suppress(SnapshotError):
        provider.get()
        provider.on_change()


def _log(settings: WebSettings) -> Callable[[str], object] | None:
    return to_stdout if settings.access_log else None
