"""The chart of a canned query as an image: drawn once for each snapshot, language and theme."""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext as _
from pyoxigraph import Literal
from werkzeug.exceptions import NotFound

from kg.query import CannedQuery, get_query
from kg.terms import Term
from web import charts
from web.answers.canned import Row, answer
from web.answers.conditional import conditional
from web.charts.data import Chart
from web.locale import language, show_date
from web.memo import Kind
from web.snapshot import snapshot
from web.ui_labels import heading, say
from web.views.html.lookup import countries
from web.views.html.terms import name as name_of

_TYPES = {"svg": "image/svg+xml; charset=utf-8", "png": "image/png"}
_CHARTS: Kind[bytes] = Kind("charts", max_size=16 << 20, size_of=len)


def chart(name: str) -> Response:
    """The chart of the answer to ``/chart/<slug>.svg?parameters``; ``title=1`` writes question and source into it."""
    slug, _dot, suffix = name.rpartition(".")
    if suffix not in _TYPES:
        raise NotFound("A chart is .svg or .png.")
    current = snapshot()
    query = get_query(current.queries, slug)
    result = answer(slug, **{p.name: request.args.get(p.name) for p in query.parameters})
    if not charts.can_draw(query.chart, len(result.rows)):
        raise NotFound("There is no chart of this answer.")
    theme = "dark" if request.args.get("theme") == "dark" else "light"
    titled = request.args.get("title", "") in ("1", "true")
    parts = result.text, language(), theme, str(titled), suffix

    def draw() -> bytes:
        svg = charts.to_svg(_chart(query, result.rows, theme, titled))
        return charts.to_png(svg) if suffix == "png" else svg.encode()

    return conditional(parts, _TYPES[suffix], lambda: current.memo.get(_CHARTS, parts, draw))


def _chart(query: CannedQuery, rows: tuple[Row, ...], theme: str, titled: bool) -> Chart:
    built = snapshot().modified
    date = show_date(built.date()) if built else ""
    note = _("Central Asia AI Policy Graph, CC BY 4.0; state of the graph: %(date)s", date=date)
    title, note = (query.title(language()), note) if titled else ("", "")
    order = tuple(country.iri for country in countries())
    return Chart(query.chart or {}, rows, _label, heading, order, theme, title, note)


def _label(term: Term) -> str:
    return say(term.value) if isinstance(term, Literal) else name_of(term).text
