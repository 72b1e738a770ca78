"""Figures of the covered countries and the map that shows them."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from pyoxigraph import NamedNode

from kg.countries import Country
from kg.terms import AIP, CONCEPT
from web.answers.canned import Row, ask
from web.locale import show_date, show_number
from web.views.html.shared.lookup import countries, covered_country, node

SHADES = 5
WIDTH, HEIGHT, MARGIN = 640, 420, 8
"""Measures of the map in its own units."""
_AI = "focus-ai"
"""The focus of what is counted here: artificial intelligence itself, without its foundations."""
Cells = dict[str, tuple[float | None, str]]
"""The number of each country by its code, ``None`` where it is not known, and what is written for it."""


@dataclass(frozen=True)
class Figure:
    """A figure of each country.

    :param caption: what is counted and what is left out
    :param question: the canned query that lists what is counted
    :param read: reads the cells
    :param low_is_more: whether the smaller value is the better, as of ranks and dates
    """

    title: str
    caption: str
    question: str
    read: Callable[[], Cells]
    low_is_more: bool = False

    @cached_property
    def cells(self) -> Cells:
        """The numbers and texts of the countries of which something is known."""
        return self.read()

    def text(self, code: str) -> str:
        """What is written for a country."""
        return self.cells.get(code, (None, ""))[1] or str(_("not known"))

    def shade(self, code: str) -> int:
        """The shade of a country by its place among the values, the better the darker; -1 if it is not known."""
        value = self.cells.get(code, (None, ""))[0]
        order = sorted({v for v, _text in self.cells.values() if v is not None}, reverse=self.low_is_more)
        return -1 if value is None else round(order.index(value) * (SHADES - 1) / max(len(order) - 1, 1))


def figures(day: str) -> dict[str, Figure]:
    """The figures as of a day; the cells of one are read when it is shown."""
    return {
        "strategy": Figure(
            _("First strategy"),
            _("When the first strategy, concept or programme on AI itself was adopted."),
            "comparison",
            lambda: _dates(CONCEPT["figure-first-strategy"]),
            low_is_more=True,
        ),
        "law": Figure(
            _("Law on AI"),
            _("Since when the first law on AI itself is in force."),
            "status-on-date",
            lambda: _dates(CONCEPT["figure-first-law"], _("none found")),
            low_is_more=True,
        ),
        "readiness": Figure(
            _("Readiness rank"),
            _("Rank in the Government AI Readiness Index of Oxford Insights, latest edition; a low rank is better."),
            "index-ranks",
            _readiness,
            low_is_more=True,
        ),
        **_more_figures(day),
    }


def _more_figures(day: str) -> dict[str, Figure]:
    return {
        "instruments": Figure(
            _("Laws and policies"),
            _("Laws, decrees, strategies, programmes, plans, agreements and drafts on AI that a source names."),
            "instruments",
            lambda: _numbers(AIP.Instrument),
        ),
        "targets": Figure(
            _("Targets"),
            _("Targets, milestones, objectives and commitments on AI itself, without drafts and plans of companies."),
            "targets",
            lambda: _count(ask("targets", asOf=day, focus=_AI)),
        ),
        "overdue": Figure(
            _("Overdue"),
            _("Targets on AI itself whose outcome was looked for after the deadline without finding any evidence."),
            "overdue",
            lambda: _count(overdue_targets(day)),
        ),
        "assets": Figure(
            _("Assets"),
            _("Computing facilities, data centres, language models, services, education programmes and the like."),
            "assets",
            lambda: _numbers(AIP.Asset),
        ),
        "silence": Figure(
            _("Not found"),
            _("Topics on which public sources were searched without a result; this does not say that nothing exists."),
            "silence",
            lambda: _count(row for row in ask("topic-coverage") if row["result"] == CONCEPT["coverage-not-found"]),
        ),
    }


def overdue_targets(day: str) -> list[Row]:
    """The targets on AI that are overdue without evidence; those that nobody looked up since the deadline are not."""
    return [row for row in ask("overdue", asOf=day, focus=_AI) if row["state"] == CONCEPT["state-overdue"]]


def _count(rows: Iterable[Row]) -> Cells:
    counts = Counter(row.get("country") for row in rows)
    return {one.code: (float(counts[one.iri]), show_number(counts[one.iri])) for one in countries()}


def _profile(term: NamedNode) -> dict[str, Row]:
    """The rows of one figure of the canned query by country."""
    rows = ((covered_country(row.get("country")), row) for row in ask("country-profile") if row.get("figure") == term)
    return {country.code: row for country, row in rows if country}


def _numbers(term: NamedNode) -> Cells:
    zeros: Cells = {one.code: (0.0, "0") for one in countries()}
    return zeros | {code: (row.number("value"), show_number(row.text("value"))) for code, row in _profile(term).items()}


def _dates(term: NamedNode, otherwise: str = "") -> Cells:
    """The year as a number, the date as text."""
    unknown: Cells = {one.code: (None, otherwise) for one in countries()}
    dates = {code: row.text("date") for code, row in _profile(term).items() if "date" in row}
    return unknown | {code: (float(date[:4]), show_date(date)) for code, date in dates.items()}


def _readiness() -> Cells:
    rows = _profile(node("id:int-metric-gairi-rank"))
    return {code: (row.number("value"), f"{row.text('value')} ({row.text('date')})") for code, row in rows.items()}


@dataclass(frozen=True)
class Shape:
    """A country on the map.

    :param path: its outline in the units of the atlas
    :param x: where its name is written, in the units of the map
    """

    country: Country
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Map:
    """The outlines of the covered countries and how they are moved and scaled to fit."""

    shapes: tuple[Shape, ...]
    transform: str
    width: int = WIDTH
    height: int = HEIGHT


def draw_map() -> Map | None:
    """The map of the covered countries; ``None`` where the outlines were not built: the table must do."""
    atlas = _atlas(Path(current_app.static_folder or "") / "dist" / "countries.json")
    outlines = [(country, atlas[country.numeric]) for country in countries() if country.numeric in atlas]
    if not outlines:
        return None
    boxes = [outline["box"] for _country, outline in outlines]
    left, top = (min(box[0][axis] for box in boxes) for axis in (0, 1))
    right, bottom = (max(box[1][axis] for box in boxes) for axis in (0, 1))
    scale = min((WIDTH - 2 * MARGIN) / (right - left), (HEIGHT - 2 * MARGIN) / (bottom - top))
    x0, y0 = WIDTH / 2 - scale * (left + right) / 2, HEIGHT / 2 - scale * (top + bottom) / 2
    shapes = [
        Shape(country, one["path"], round(x0 + scale * one["centre"][0]), round(y0 + scale * one["centre"][1]))
        for country, one in outlines
    ]
    return Map(tuple(shapes), f"translate({x0:.1f} {y0:.1f}) scale({scale:.4f})")


@cache
def _atlas(path: Path) -> dict[str, Any]:
    """The outlines of countries by ISO 3166-1 numeric code, as `web/frontend/build.mjs` wrote them."""
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}
