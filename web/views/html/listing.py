"""A canned query shown as a plain table: what a page is before it has a form of its own."""

from __future__ import annotations

from flask import render_template

from web.answers.canned import answer
from web.snapshot import snapshot

MOST = 200
"""Rows on one page; the whole answer is a download away."""


def listing(slug: str, title: str) -> str:
    """The answer to a canned query with its defaults."""
    found = answer(slug)
    shown = [name for name in found.variables if f"{name}Label" not in found.variables and name not in HIDDEN]
    query = snapshot().queries[slug]
    return render_template(
        "pages/listing.html", title=title, query=query, columns=shown, rows=found.rows[:MOST], count=len(found.rows)
    )


HIDDEN = ("evidence", "sources", "earliest", "latest")
