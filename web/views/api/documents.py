"""The API described: as an OpenAPI document for programs, on one page for people."""

from __future__ import annotations

import json

from flask import Response, current_app, render_template

from web.addresses import site_address
from web.answers.conditional import conditional
from web.engine.scanner import Limits
from web.snapshot import snapshot
from web.views.api.openapi import document
from web.views.api.queries import listed_choices


def openapi() -> Response:
    """The query API and its neighbours as OpenAPI 3.1."""
    root = site_address()
    return conditional(
        ("openapi", root),
        "application/json",
        lambda: json.dumps(document(snapshot(), root), ensure_ascii=False, indent=1),
    )


def documentation() -> str:
    """The API on one page for people."""
    return render_template(
        "api.html",
        queries=snapshot().queries.values(),
        settings=current_app.config["WEB"],
        limits=Limits(),
        listed_choices=listed_choices,
    )
