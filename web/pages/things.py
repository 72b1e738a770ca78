"""A page for every thing."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from web.pages.terms import node


def page(iri: str) -> Response | str:
    """The page of a thing."""
    return render_template("pages/thing.html", thing=node(iri))
