"""The first page, the page about the data, and the reader's choice of language and theme."""

import datetime
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kg.terms import Term
from web.answers.arguments import OF_EVERY_ADDRESS, one_of, single
from web.answers.canned import Row, ask
from web.answers.dataset import schema_dataset
from web.snapshot import snapshot
from web.views.html.figures import draw_map, figures, overdue_targets
from web.views.html.shared.caching import YEAR, cached_page
from web.views.html.shared.life_cycle import latest_events
from web.views.html.shared.lookup import countries

MAX_DUE, MAX_EVENTS, OVERDUE_PER_COUNTRY = 6, 8, 2
QUESTIONS = (
    *("targets", "status-on-date", "office-holders", "provisions-compared", "responsible", "index-ranks"),
    *("models", "disagreements", "silence"),
)


@cached_page
def home() -> str:
    """What this is, the map, what is due and overdue, the latest events, questions."""
    today = datetime.date.today()
    overdue = overdue_targets(today.isoformat())
    by_slug, queries = figures(today.isoformat()), snapshot().queries
    return render_template(
        "pages/home.html",
        dataset=schema_dataset(snapshot()),
        figure=by_slug[one_of("figure", list(by_slug)) or next(iter(by_slug))],
        today=today.isoformat(),
        spans=_spans(today),
        figures=by_slug,
        map=draw_map(),
        countries=countries(),
        due=ask("due-soon", asOf=today.isoformat(), within="400", focus="focus-ai")[:MAX_DUE],
        overdue=_latest_of_each_country(overdue),
        overdue_count=len(overdue),
        events=latest_events(today)[:MAX_EVENTS],
        questions=[queries[slug] for slug in QUESTIONS if slug in queries],
        count=len(queries),
    )


def _spans(today: datetime.date) -> list[tuple[str, str]]:
    """Spans from today on in which a deadline may fall: the last day and the name of each, the usual one first."""
    spans = ((183, _("half a year")), (92, _("three months")), (365, _("a year")))
    return [((today + datetime.timedelta(days=days)).isoformat(), str(name)) for days, name in spans]


def _latest_of_each_country(rows: Sequence[Row]) -> list[Row]:
    """The rows that fell due last, a few of each country, so that no country hides the others."""
    counts: Counter[Term] = Counter()
    latest = []
    for row in sorted(rows, key=lambda row: (row.text("dueBy"), row.text("formulation")), reverse=True):
        counts[row["country"]] += 1
        if counts[row["country"]] <= OVERDUE_PER_COUNTRY:
            latest.append(row)
    return latest


@cached_page
def about() -> str:
    """How the data is made, coverage, licence, citation, downloads."""
    coverage = {(row["country"], row["topic"]): row for row in ask("topic-coverage")}
    topics = list(dict.fromkeys(topic for _country, topic in coverage))
    report = _build_report()
    return render_template(
        "pages/about.html",
        dataset=schema_dataset(snapshot()),
        report=report,
        coverage=coverage,
        topics=topics,
        countries=countries(),
    )


def _build_report() -> dict[str, Any]:
    """What the build counted."""
    try:
        return dict(json.loads((snapshot().path / "report.json").read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def preferences() -> Response:
    """Remember a choice in a cookie, nothing else, and go back to the page it was made on."""
    response = redirect(_previous_page(), 303)
    for key in OF_EVERY_ADDRESS:
        if chosen := single(key):
            response.set_cookie(key, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
    response.headers["Cache-Control"] = "no-store"
    return response


def _previous_page() -> str:
    """The page to return to: one of ours, without the choice that its address may hold."""
    parts = urlsplit(request.args.get("back", ""))
    path = parts.path
    if parts.scheme or parts.netloc or not path.startswith("/") or path.startswith(("//", "/\\")):
        return url_for("pages.home")
    query = [(key, value) for key, value in parse_qsl(parts.query) if key not in OF_EVERY_ADDRESS]
    return request.script_root + path + (f"?{urlencode(query)}" if query else "")
