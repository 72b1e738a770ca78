"""What many pages need is worked out before a reader asks: in the background, whenever a snapshot is opened."""

from __future__ import annotations

import logging
import time

from flask import Flask
from flask.blueprints import BlueprintSetupState

from web.snapshot import SnapshotProvider
from web.views.html import blueprint

log = logging.getLogger("web")
PATHS = (
    *("/", "/country/kz", "/id/kz-law-on-ai", "/id/kz-law-on-ai?lang=ru", "/targets", "/search?q=a", "/timeline"),
    *("/compare", "/disagreements", "/network", "/new", "/sources", "/ontology", "/questions"),
    *("/id/uz-target-labs-10", "/evidence?s=id:kz-law-on-ai&p=rdf:type&o=aip:Instrument"),
)
"""Pages that between them ask all that is asked often: queries, marks, names, the index of the search."""
TRIES, PAUSE = 40, 0.5
"""How often and after how many seconds a page is asked for again while the engine is still starting."""


def warm(app: Flask) -> None:
    """Make the pages once, for what stays of it in memory; a page that fails is left to its first reader."""
    for path in PATHS:
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


@blueprint.record_once
def _register(state: BlueprintSetupState) -> None:
    """Warm up at the start and after each new snapshot; a site without an engine of its own asks nothing unasked."""
    app, provider = state.app, state.app.extensions["snapshot"]
    assert isinstance(app, Flask)  # noqa: S101
    assert isinstance(provider, SnapshotProvider)  # noqa: S101  the application puts it there before its pages
    if app.config["WEB"].engine is not None:
        provider.on_change = lambda: warm(app)
