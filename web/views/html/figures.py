"""Figures of the covered countries and the map that shows them."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from pyoxigraph import NamedNode

from kg.countries import Country
from kg.terms import AIP, CONCEPT
from web.answers.canned import Row, ask
from web.locale import show_date, show_number
from web.views.html.lookup import countries, covered_country, node

SHADES = 5
WIDTH, HEIGHT, MARGIN = 640, 420, 8
"""Measures of the map in its own units."""
Values = dict[str, float | None]
"""A number of each country by its code; ``None`` where it is not known."""


@dataclass(frozen=True)
class Figure:
    """A figure of each country.

    :param texts: what is written on the map in place of the number
    :param caption: what is counted and what is left out
    :param question: the canned query that lists what is counted
    :param low_is_more: whether the smaller value is the better, as of ranks and dates
    """

    title: str
    caption: str
    question: str
    values: Values
    texts: Mapping[str, str] = field(default_factory=dict)
    low_is_more: bool = False

    def text(self, code: str) -> str:
        """What is written for a country."""
        value = self.values.get(code)
        return self.texts.get(code) or (_("not known") if value is None else show_number(value))

    def shade(self, code: str) -> int:
        """The shade of a country by its place among the values, the better the darker; -1 if it is not known."""
        value = self.values.get(code)
        order = sorted({v for v in self.values.values() if v is not None}, reverse=self.low_is_more)
        return -1 if value is None else round(order.index(value) * (SHADES - 1) / max(len(order) - 1, 1))


FIGURES = ("instruments", "targets", "overdue", "strategy", "law", "readiness", "assets", "silence")


def figure_titles() -> dict[str, str]:
    """The names of all figures, in order."""
    titles = (_("Laws and policies"), _("Targets"), _("Overdue"), _("First strategy"), _("Law on AI"))
    return dict(zip(FIGURES, (*titles, _("Readiness rank"), _("Assets"), _("Silence")), strict=True))


def figure(slug: str, day: datetime.date) -> Figure:
    """A figure by its name; the first one for any other name."""
    slug = slug if slug in FIGURES else FIGURES[0]
    makers: dict[str, Callable[[str, str], Figure]] = {
        "targets": _targets,
        "overdue": _overdue,
        "strategy": _strategy,
        "law": _law,
        "readiness": _readiness,
        "assets": _assets,
        "silence": _silence,
    }
    return makers.get(slug, _instruments)(figure_titles()[slug], day.isoformat())


def _count(rows: Iterable[Row]) -> Values:
    counts = Counter(row.get("country") for row in rows)
    return {country.code: float(counts[country.iri]) for country in countries()}


def _profile(term: NamedNode) -> dict[str, Row]:
    """The rows of one figure of the canned query by country."""
    rows = ((covered_country(row.get("country")), row) for row in ask("country-profile") if row.get("figure") == term)
    return {country.code: row for country, row in rows if country}


def _numbers(term: NamedNode) -> Values:
    rows = _profile(term)
    zeros: Values = dict.fromkeys((country.code for country in countries()), 0.0)
    return zeros | {code: row.number("value") for code, row in rows.items()}


def _dates(term: NamedNode) -> tuple[Values, dict[str, str]]:
    """Years as numbers, and the dates as texts."""
    dates = {code: row.text("date") for code, row in _profile(term).items() if "date" in row}
    return {code: float(date[:4]) for code, date in dates.items()}, {c: show_date(date) for c, date in dates.items()}


def _instruments(title: str, day: str) -> Figure:
    caption = _("Laws, decrees, strategies, programmes, plans, agreements and drafts on AI that a source names.")
    return Figure(title, caption, "instruments", _numbers(AIP.Instrument))


def _targets(title: str, day: str) -> Figure:
    caption = _("Targets, milestones, objectives and commitments, without drafts and plans of companies.")
    return Figure(title, caption, "targets", _count(ask("targets", asOf=day)))


def _overdue(title: str, day: str) -> Figure:
    caption = _("Targets whose deadline has passed while no source shows that they were reached.")
    return Figure(title, caption, "overdue", _count(ask("overdue", asOf=day)))


def _strategy(title: str, day: str) -> Figure:
    caption = _("When the first strategy, concept or programme on record was adopted.")
    return Figure(title, caption, "comparison", *_dates(CONCEPT["figure-first-strategy"]), low_is_more=True)


def _law(title: str, day: str) -> Figure:
    values, texts = _dates(CONCEPT["figure-first-law"])
    texts = {country.code: texts.get(country.code, _("none found")) for country in countries()}
    caption = _("Since when a law that names artificial intelligence in its title is in force.")
    return Figure(title, caption, "status-on-date", values, texts, low_is_more=True)


def _readiness(title: str, day: str) -> Figure:
    rows = _profile(node("id:int-metric-gairi-rank"))
    texts = {code: f"{row.text('value')} ({row.text('date')})" for code, row in rows.items()}
    caption = _(
        "Rank in the Government AI Readiness Index of Oxford Insights, latest edition on record; a low rank is better."
    )
    values = {code: row.number("value") for code, row in rows.items()}
    return Figure(title, caption, "index-ranks", values, texts, low_is_more=True)


def _assets(title: str, day: str) -> Figure:
    caption = _("Computing facilities, data centres, language models, services, education programmes and the like.")
    return Figure(title, caption, "assets", _numbers(AIP.Asset))


def _silence(title: str, day: str) -> Figure:
    caption = _("Topics on which public sources were searched without a result; this does not say that nothing exists.")
    rows = [row for row in ask("topic-coverage") if row["result"] == CONCEPT["coverage-not-found"]]
    return Figure(title, caption, "silence", _count(rows))


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
