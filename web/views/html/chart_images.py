"""The chart of an answer: as an image, and as a page that other sites may show in a frame."""

from dataclasses import replace

from flask import Response, make_response, render_template
from flask_babel import gettext as _
from pyoxigraph import Literal
from werkzeug.exceptions import NotFound

from kg.message import Message
from kg.query import CannedQuery, get_query
from kg.terms import Term
from web import charts
from web.addresses import address_of
from web.answers.arguments import flag, refuse_unknown, single, value_of
from web.answers.canned import CannedAnswer, Row, answer
from web.answers.conditional import conditional
from web.charts.data import Chart
from web.locale import language, show_date
from web.memo import Kind
from web.security import POLICY
from web.snapshot import snapshot
from web.ui_labels import heading
from web.views.html.shared.lookup import countries, sources_read_until
from web.views.html.shared.terms import name as term_name

_TYPES = {"svg": "image/svg+xml; charset=utf-8", "png": "image/png"}
_CHARTS: Kind[bytes] = Kind("charts", max_size=16 << 20, size_of=len)
FRAME_POLICY = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""The policy of the one page that other sites may show in a frame; it has no form, no script and no cookie."""


def chart(name: str) -> Response:
    """The chart of the answer to ``/chart/<slug>.svg?parameters``; ``title=1`` writes question and source into it,
    ``narrow=1`` draws it as wide as a phone."""
    slug, _dot, suffix = name.rpartition(".")
    if suffix not in _TYPES:
        raise NotFound(Message("A chart is .svg or .png."))
    current = snapshot()
    query, result, _given = _drawable(slug, "title", "narrow")
    theme, titled = "dark" if single("theme") == "dark" else "light", flag("title")
    narrow = flag("narrow")
    parts = result.text, language(), theme, str(titled), str(narrow), suffix

    def draw() -> bytes:
        svg = charts.to_svg(replace(_chart(query, result.rows, theme, titled), is_narrow=narrow))
        return charts.to_png(svg) if suffix == "png" else svg.encode()

    return conditional(parts, _TYPES[suffix], lambda: current.memo.get(_CHARTS, parts, draw))


def embed(slug: str) -> Response:
    """The chart with its title, source and link, to be shown in a frame of another site."""
    query, _result, given = _drawable(slug)
    page = render_template(
        "pages/embed.html",
        query=query,
        given=given,
        title=query.title(language()),
        theme=single("theme") or "auto",
        permalink=address_of("query_api.answer", slug=slug, lang=language(), **given),
        until=sources_read_until(given),
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    return response


def _drawable(slug: str, *others: str) -> tuple[CannedQuery, CannedAnswer, dict[str, str]]:
    """The query, its answer and the given parameters.

    :param others: parameters of the address that are not those of the query
    :raises NotFound: if there is nothing to draw
    :raises ParameterError: if a parameter is unknown, or its value not allowed
    """
    query = get_query(snapshot().queries, slug)
    refuse_unknown(*(parameter.name for parameter in query.parameters), *others)
    given = {parameter.name: value for parameter in query.parameters if (value := value_of(parameter))}
    result = answer(slug, **given)
    if not charts.can_draw(query.chart, len(result.rows)):
        raise NotFound(Message("There is no chart of this answer."))
    return query, result, given


def _chart(query: CannedQuery, rows: tuple[Row, ...], theme: str, titled: bool) -> Chart:
    built = snapshot().modified
    date = show_date(built.date()) if built else ""
    note = _("Central Asia AI Policy Graph, CC BY 4.0; state of the graph: %(date)s", date=date)
    title, note = (query.title(language()), note) if titled else ("", "")
    order = {country.iri: country.order for country in countries()}
    return Chart(query.chart or {}, rows, _label, heading, order, theme, title, note)


def _label(term: Term) -> str:
    return term.value if isinstance(term, Literal) else term_name(term).text
