"""Search for names."""

from __future__ import annotations

from flask import render_template, request

from web.pages import blueprint
from web.pages.asking import ask

MOST = 50


@blueprint.get("/search")
def search() -> str:
    """Things whose name holds the words asked for."""
    asked = request.args.get("q", "").strip()[:200]
    rows = ask("identifiers") if asked else ()
    found = [row for row in rows if asked.casefold() in " ".join(map(row.text, row)).casefold()]
    return render_template("pages/search.html", asked=asked, rows=found[:MOST], count=len(found))
