"""The questions: every canned query with its answer."""

from __future__ import annotations

from flask import render_template

from kg.query import get_query
from web.pages import blueprint
from web.pages.listing import listing
from web.reader import language
from web.snapshot import snapshot


@blueprint.get("/questions")
def questions() -> str:
    """All questions."""
    return render_template("pages/questions.html", queries=snapshot().queries.values())


def page(slug: str) -> str:
    """One question with the answer to its defaults."""
    query = get_query(snapshot().queries, slug)
    return listing(slug, query.summary_ru if language() == "ru" and query.summary_ru else query.summary)
