"""Who says so."""

from __future__ import annotations

from flask import render_template

from web.pages import blueprint


@blueprint.get("/evidence")
def evidence() -> str:
    """The sources of a statement."""
    return render_template("pages/evidence.html")
