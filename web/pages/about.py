"""About the data."""

from __future__ import annotations

from flask import render_template

from web.pages import blueprint


@blueprint.get("/about")
def about() -> str:
    """How the data is made."""
    return render_template("pages/about.html")


@blueprint.get("/ontology")
def ontology() -> str:
    """The ontology for readers."""
    return render_template("pages/ontology.html")
