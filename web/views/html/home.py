"""The first page: what this is, the five countries, what is due and overdue, what happened last, questions."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from flask import render_template, request

from web.answers.canned import Row, ask
from web.snapshot import snapshot
from web.views.html import caching
from web.views.html.figures import choices, figure
from web.views.html.terms import COUNTRIES, node
from web.views.html.worldmap import draw

SHOWN = 6
QUESTIONS = (
    *("targets", "status-on-date", "provisions-compared", "responsible", "index-ranks"),
    *("models", "disagreements", "silence"),
)


@caching.page
def home() -> str:
    """The first page."""
    today = datetime.date.today()
    shown = figure(request.args.get("figure", ""), today)
    day = today.isoformat()
    overdue = ask("overdue", asOf=day)
    queries = snapshot().queries
    return render_template(
        "pages/home.html",
        figure=shown,
        figures={slug: title for slug, (title, _maker) in choices().items()},
        drawing=draw(shown),
        countries=[(code, node(f"id:{code}")) for code in COUNTRIES],
        due=ask("due-soon", asOf=day, within="400")[:SHOWN],
        overdue=last_of_each(overdue),
        overdue_count=len(overdue),
        events=latest(today)[:8],
        questions=[queries[slug] for slug in QUESTIONS if slug in queries],
        count=len(queries),
    )


def last_of_each(rows: Sequence[Row], most: int = 2) -> list[Row]:
    """The rows that fell due last, a few of each country, so that no country hides the others."""
    found: list[Row] = []
    for row in sorted(rows, key=lambda row: (row.text("dueBy"), row.text("formulation")), reverse=True):
        if sum(row["country"] == other["country"] for other in found) < most:
            found.append(row)
    return found


def latest(day: datetime.date) -> list[Row]:
    """The events up to a day, the latest first."""
    rows = [row for row in ask("timeline") if row.text("earliest") <= day.isoformat()]
    return sorted(rows, key=lambda row: (row.text("earliest"), row.text("latest"), row.text("event")), reverse=True)
