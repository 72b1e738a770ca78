"""A country on one page."""

from __future__ import annotations

from flask import render_template

from kg.errors import UnknownThingError
from web.pages import blueprint
from web.pages.terms import COUNTRIES, node


@blueprint.get("/country/<code>")
def country(code: str) -> str:
    """A country as of a date."""
    if code not in COUNTRIES:
        raise UnknownThingError(f"there is no country {code[:40]} here", hint="kz, uz, kg, tj or tm")
    return render_template("pages/country.html", code=code, country=node(f"id:{code}"))
