"""The chart of a canned query as an image: drawn once for each snapshot, language and theme."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cachetools import LRUCache
from flask import Response, request
from flask_babel import gettext as _
from pyoxigraph import Literal
from werkzeug.exceptions import NotFound

from kg.labels import Term
from kg.query import get_query
from web import charts
from web.answers.canned import CannedAnswer, answer
from web.answers.conditional import conditional
from web.charts.data import Chart
from web.locale import language, show_date
from web.snapshot import Snapshot, snapshot
from web.ui_labels import heading, say, title_of
from web.views.html.terms import name

KEPT = 16 << 20
"""Bytes of drawn charts that are kept."""
_TYPES = {"svg": "image/svg+xml; charset=utf-8", "png": "image/png"}
_lock = threading.Lock()


def chart(name: str) -> Response:
    """The chart of the answer to ``/chart/<slug>.svg?parameters``; ``title=1`` writes question and source into it."""
    slug, _dot, suffix = name.rpartition(".")
    if suffix not in _TYPES:
        raise NotFound("A chart is .svg or .png.")
    current = snapshot()
    query = get_query(current.queries, slug)
    asked = {p.name: request.args.get(p.name) for p in query.parameters}
    found = answer(slug, **asked)
    if not charts.can_draw(query.chart, len(found.rows)):
        raise NotFound("There is no chart of this answer.")
    theme = "dark" if request.args.get("theme") == "dark" else "light"
    titled = request.args.get("title", "") in ("1", "true")
    parts = found.text, language(), theme, str(titled), suffix
    return conditional(
        parts,
        _TYPES[suffix],
        lambda: _kept(current, parts, suffix, lambda: _chart(current, slug, found, theme, titled)),
    )


def _kept(current: Snapshot, tag: tuple[str, ...], suffix: str, chart_of: Callable[[], Chart]) -> bytes:
    with _lock:
        known: LRUCache[tuple[str, ...], bytes] = current.cache.setdefault("charts", LRUCache(KEPT, getsizeof=len))
        body = known.get(tag)
    if body is None:
        svg = charts.to_svg(chart_of())
        body = charts.to_png(svg) if suffix == "png" else svg.encode()
        with _lock:
            if len(body) < KEPT:
                known[tag] = body
    return body


def _named(term: Term) -> str:
    return say(term.value) if isinstance(term, Literal) else str(name(term))


def _chart(current: Snapshot, slug: str, found: CannedAnswer, theme: str, titled: bool) -> Chart:
    query = current.queries[slug]
    note = ""
    if titled:
        built = show_date(current.modified.date()) if current.modified else ""
        note = _("Central Asia AI Policy Graph, CC BY 4.0; state of the graph: %(date)s", date=built)
    title = title_of(query, language()) if titled else ""
    return Chart(query.chart or {}, found.rows, _named, heading, theme, title, note)
