"""The editor for SPARQL."""

from __future__ import annotations

from flask import render_template

from web.pages import blueprint


@blueprint.get("/editor")
def editor() -> str:
    """A box for a query."""
    return render_template("pages/editor.html")
