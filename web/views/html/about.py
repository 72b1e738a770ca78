"""About the data: how it is made, how far it reaches, how to cite and get it."""

from __future__ import annotations

import json

from flask import render_template

from web.answers.canned import ask
from web.snapshot import snapshot
from web.views.html import caching
from web.views.html.terms import COUNTRIES, node


@caching.page
def about() -> str:
    """How the data is made, coverage, licence, citation, downloads."""
    current = snapshot()
    coverage = {(row.text("country"), row.text("topic")): row for row in ask("topic-coverage")}
    topics = list(dict.fromkeys(row["topic"] for row in coverage.values()))
    return render_template(
        "pages/about.html",
        current=current,
        report=_report(),
        coverage=coverage,
        topics=topics,
        countries=[node(f"id:{code}") for code in COUNTRIES],
    )


def _report() -> dict[str, object]:
    """What the build counted."""
    try:
        found: dict[str, object] = json.loads((snapshot().path / "report.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found
