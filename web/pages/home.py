"""The first page."""

from __future__ import annotations

from flask import render_template

from web.pages import blueprint


@blueprint.get("/")
def home() -> str:
    """What this is, what is due, what happened."""
    return render_template("pages/home.html")
