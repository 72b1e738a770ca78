"""Figures of the five countries that the map can show."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from flask_babel import gettext as _

from kg.namespaces import expand
from web.answers.canned import Row, ask
from web.locale import show_date, show_number
from web.views.html.terms import COUNTRIES, country_code


@dataclass(frozen=True)
class Figure:
    """A figure of each country.

    :param values: what the shades go by; ``None`` where it is not known
    :param texts: what is written on the map
    :param caption: what is counted and what is left out
    :param question: the canned query that lists what is counted
    :param low_is_more: whether the smaller value is the better, as of ranks and dates
    """

    slug: str
    title: str
    caption: str
    question: str
    values: dict[str, float | None]
    texts: dict[str, str] = field(default_factory=dict)
    low_is_more: bool = False

    def text(self, code: str) -> str:
        """What is written for a country."""
        value = self.values.get(code)
        return self.texts.get(code) or (_("not known") if value is None else show_number(value))


Maker = Callable[[datetime.date], Figure]


def choices() -> dict[str, tuple[str, Maker]]:
    """The figures there are: name and maker, in order."""
    return {
        "instruments": (_("Laws and policies"), _instruments),
        "targets": (_("Targets"), _targets),
        "overdue": (_("Overdue"), _overdue),
        "strategy": (_("First strategy"), _strategy),
        "law": (_("Law on AI"), _law),
        "readiness": (_("Readiness rank"), _readiness),
        "assets": (_("Assets"), _assets),
        "silence": (_("Silence"), _silence),
    }


def figure(slug: str, day: datetime.date) -> Figure:
    """A figure by its name; the first one for a name that is none."""
    known = choices()
    return known.get(slug, known["instruments"])[1](day)


def _counted(rows: Iterable[Row]) -> dict[str, float | None]:
    counts = Counter(country_code(row.get("country")) for row in rows)
    return {code: float(counts[code]) for code in COUNTRIES}


def _profile(name: str) -> dict[str, Row]:
    iri = expand(name)
    return {country_code(row["country"]): row for row in ask("country-profile") if row.text("figure") == iri}


def _numbers(name: str) -> dict[str, float | None]:
    rows = _profile(name)
    return {code: rows[code].number("value") if code in rows else 0.0 for code in COUNTRIES}


def _dated(name: str) -> tuple[dict[str, float | None], dict[str, str]]:
    rows = {code: row for code, row in _profile(name).items() if row.text("date")}
    values = {code: float(rows[code].text("date")[:4]) if code in rows else None for code in COUNTRIES}
    texts = {code: show_date(row.text("date")) for code, row in rows.items()}
    return values, texts


def _instruments(day: datetime.date) -> Figure:
    caption = _(
        "Laws, decrees, strategies, programmes, plans, agreements and drafts that touch on AI and have a source."
    )
    return Figure("instruments", _("Laws and policies"), caption, "instruments", _numbers("aip:Instrument"))


def _targets(day: datetime.date) -> Figure:
    caption = _(
        "Wordings of targets, milestones, objectives and commitments; drafts and plans of companies are left out."
    )
    return Figure("targets", _("Targets"), caption, "targets", _counted(ask("targets", asOf=day.isoformat())))


def _overdue(day: datetime.date) -> Figure:
    caption = _("Aims whose deadline has passed while no source shows that they were reached.")
    return Figure("overdue", _("Overdue"), caption, "overdue", _counted(ask("overdue", asOf=day.isoformat())))


def _strategy(day: datetime.date) -> Figure:
    values, texts = _dated("concept:figure-first-strategy")
    caption = _("When the first strategy, concept or programme on record was adopted.")
    return Figure("strategy", _("First strategy"), caption, "comparison", values, texts, True)


def _law(day: datetime.date) -> Figure:
    values, texts = _dated("concept:figure-first-law")
    texts = {code: texts.get(code, _("none found")) for code in COUNTRIES}
    caption = _("Since when a law that names artificial intelligence in its title is in force.")
    return Figure("law", _("Law on AI"), caption, "status-on-date", values, texts, True)


def _readiness(day: datetime.date) -> Figure:
    rows = _profile("id:int-metric-gairi-rank")
    values = {code: rows[code].number("value") if code in rows else None for code in COUNTRIES}
    texts = {code: f"{row.text('value')} ({row.text('date')})" for code, row in rows.items()}
    caption = _(
        "Rank in the Government AI Readiness Index of Oxford Insights, latest edition on record; less is better."
    )
    return Figure("readiness", _("Readiness rank"), caption, "index-ranks", values, texts, True)


def _assets(day: datetime.date) -> Figure:
    caption = _("Computing facilities, data centres, language models, services, programmes of education and the like.")
    return Figure("assets", _("Assets"), caption, "assets", _numbers("aip:Asset"))


def _silence(day: datetime.date) -> Figure:
    rows = [row for row in ask("topic-coverage") if row.text("result") == expand("concept:coverage-not-found")]
    caption = _(
        "Topics that we looked for in public sources without finding anything. It does not say that nothing is there."
    )
    return Figure("silence", _("Silence"), caption, "silence", _counted(rows))
