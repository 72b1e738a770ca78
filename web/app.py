"""The application factory: one blueprint a concern, nothing read at import."""

from __future__ import annotations

from flask import Flask

from web.config import WebSettings


def create_app(settings: WebSettings | None = None) -> Flask:
    """The site over the current snapshot.

    :param settings: from the environment if not given
    """
    from web import answers, errors, linked_data, ops, pages, query_api, security, sparql
    from web.engine.pool import Lanes, Pool
    from web.snapshot import Holder

    settings = settings or WebSettings.from_environment()
    app = Flask(__name__, static_folder="static", template_folder="templates")
    app.config.update(WEB=settings, MAX_CONTENT_LENGTH=2 << 20, MAX_FORM_MEMORY_SIZE=2 << 20)
    app.extensions["snapshot"] = Holder(settings.graph)
    app.extensions["answers"] = answers.Cache()
    if settings.engine:
        app.extensions["engine"] = Pool(settings.engine, Lanes(deadline=settings.timeout))
    for module in (sparql, query_api, linked_data, ops, pages):
        app.register_blueprint(module.blueprint)
    errors.register(app)
    security.register(app)
    return app
