"""A country on one page, as of any date, and the covered countries side by side."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response

from kg.countries import Country
from kg.errors import ParameterError, UnknownThingError
from kg.identifiers import iris_of
from kg.message import Message
from kg.namespaces import local_name
from kg.terms import AIP, CONCEPT, Term
from web.answers.arguments import as_of
from web.answers.canned import Row, ask
from web.ui_labels import TARGET_STATES
from web.views.html.shared.caching import cached_page
from web.views.html.shared.description import describe
from web.views.html.shared.life_cycle import Step, draw_axis, latest_events, steps
from web.views.html.shared.links import identifier_links
from web.views.html.shared.lookup import countries, country_of, covered_country, named_nodes
from web.views.html.shared.related import drafts_and_acts

MAX_TARGETS, MAX_EVENTS = 12, 8
_URGENCY = tuple(CONCEPT[f"state-{state}"] for state in TARGET_STATES[:-2])
"""States in the order in which a reader of one country wants them."""
_KIND_ORDER: dict[Term | None, int] = {
    **{AIP.Strategy: 0, AIP.Concept: 0, AIP.Programme: 0, AIP.Plan: 0},
    **{AIP.Law: 1, AIP.Code: 1},
}
"""Kinds of instruments that are told first, in two groups."""
_LATE_KINDS: dict[Term | None, int] = {
    **{AIP.University: 1, AIP.ResearchCentre: 1},
    **{AIP.Company: 2, AIP.School: 3, AIP.Publisher: 4},
}
"""Kinds of bodies that are listed after the organs of state."""


@cached_page
def country(code: str) -> str | Response:
    """A country as of a date.

    :raises UnknownThingError: if it is not covered
    """
    by_code = {one.code: one for one in countries()}
    if code not in by_code and code.lower() in by_code:
        return redirect(url_for("pages.country", code=code.lower(), **request.args.to_dict(flat=False)), 301)  # type: ignore[arg-type]
    if code not in by_code:
        message = Message("no country %(code)s is covered; covered: %(codes)s", code=code[:40], codes=list(by_code))
        raise UnknownThingError(message)
    return _page(by_code[code], as_of())


def _page(one: Country, day: datetime.date) -> str:
    date = day.isoformat()
    instruments, targets = _instruments(one, date), _rows(one, "targets", asOf=date)
    lives = _life_cycles([row for _title, rows, is_open in instruments if is_open for row in rows])
    return render_template(
        "pages/country.html",
        code=one.code,
        thing=one.iri,
        about=describe(one.iri),
        identifier_links=identifier_links(one.iri),
        day=day,
        today=datetime.date.today(),
        firsts=_firsts(one, date),
        instruments=instruments,
        instrument_count=sum(len(rows) for _title, rows, _is_open in instruments),
        axis=draw_axis(lives, day),
        targets=_by_urgency(targets, day)[:MAX_TARGETS],
        states=Counter(row["state"] for row in targets if "state" in row),
        bodies=sorted(_rows(one, "bodies", asOf=date), key=_organs_of_state_first),
        holders=_rows(one, "office-holders", asOf=date),
        ranks=_ranks(_rows(one, "index-ranks"), day),
        assets=_rows(one, "assets", asOf=date),
        partners=_partners(one),
        coverage=_rows(one, "topic-coverage"),
        events=[row for row in latest_events(day) if row["country"] == one.iri][:MAX_EVENTS],
    )


def _rows(one: Country, slug: str, **values: str) -> list[Row]:
    """The rows of a country, out of those of all: one query serves all their pages."""
    return [row for row in ask(slug, **values) if row.get("country") == one.iri]


def _firsts(one: Country, day: str) -> dict[str, Row]:
    """The first strategy on AI and the first law on AI in force, of those that there were on a day."""
    figures: dict[Term, str] = {CONCEPT[f"figure-first-{kind}"]: kind for kind in ("strategy", "law")}
    rows = [row for row in _rows(one, "country-profile") if row.get("figure") in figures and "thing" in row]
    return {figures[row["figure"]]: row for row in rows if row.text("date").partition("/")[0] <= day}


def _instruments(one: Country, day: str) -> list[tuple[str, list[Row], bool]]:
    """The instruments by kind, each kind in the order of adoption, with a title and whether they are unfolded."""
    titles = (
        _("Strategies, concepts, programmes and plans"),
        _("Laws and codes"),
        _("Other acts, agreements and drafts"),
    )
    groups: list[list[Row]] = [[], [], []]
    for row in sorted(_rows(one, "instruments", asOf=day), key=_adoption):
        groups[_KIND_ORDER.get(row.get("kind"), 2)].append(row)
    return [(title, rows, place < 2) for place, (title, rows) in enumerate(zip(titles, groups, strict=True)) if rows]


def _adoption(row: Row) -> tuple[str, str]:
    dates = (row.text(column) for column in ("adopted", "signed", "inForce", "since"))
    return next(filter(None, dates), "9999"), row.text("instrument")


def _organs_of_state_first(row: Row) -> tuple[int, str]:
    return _LATE_KINDS.get(row.get("kind"), 0), row.text("kind")


def _life_cycles(instruments: Sequence[Row]) -> list[tuple[NamedNode, list[Step]]]:
    """The instruments with their steps, those that began first on top."""
    lives = [(thing, steps(thing)) for thing in named_nodes(row["instrument"] for row in instruments)]
    return sorted(lives, key=lambda life: (life[1][0].effective if life[1] else "", life[0].value))


def _by_urgency(targets: Sequence[Row], day: datetime.date) -> list[Row]:
    """Targets in the order of urgency: by state, of each what was or is due nearest; superseded ones are left out."""
    latest_first = sorted((row for row in targets if row.get("state") in _URGENCY), key=_due, reverse=True)
    past = [row for row in latest_first if _due(row) < day.isoformat()]
    to_come = [row for row in reversed(latest_first) if _due(row) >= day.isoformat()]
    return sorted([*past, *to_come], key=lambda row: _URGENCY.index(row["state"]))


def _due(row: Row) -> str:
    return row.text("dueBy") or "9999"


def _ranks(rows: Sequence[Row], day: datetime.date) -> dict[Term, dict[str, Row]]:
    """Ranks by index and year, up to a day; only places among all states of the world."""
    ranks: dict[Term, dict[str, Row]] = {}
    for row in rows:
        year = row.text("year") or row.text("edition")[:4]
        regional = row.text("metric").endswith("central-asia")
        if row.get("unit") == CONCEPT["unit-rank"] and not regional and year <= str(day.year):
            ranks.setdefault(row["metric"], {})[year] = row
    return ranks


def _partners(one: Country) -> dict[NamedNode, list[Row]]:
    """The partners of a country outside it, each with the things that join them."""
    partners: dict[NamedNode, list[Row]] = {}
    for row in _rows(one, "partnerships"):
        partner = row.get("partner")
        if isinstance(partner, NamedNode) and one not in (covered_country(partner), country_of(partner)):
            partners.setdefault(partner, []).append(row)
    return dict(sorted(partners.items(), key=lambda item: (-len(item[1]), item[0].value)))


@dataclass(frozen=True)
class TableRow:
    """A row of a table with a cell for each country; ``None`` where nothing is known."""

    head: Term
    cells: tuple[Row | None, ...]


_KIND_GROUPS = {
    "instruments": "Law Code Decree Resolution Strategy Concept Programme Plan Agreement Draft Provision",
    "bodies": "Ministry Agency AdvisoryCouncil ResearchCentre TechPark",
    "assets": "ComputeFacility DataCentre DataPlatform LanguageModel Laboratory EducationProgramme",
    "targets": "Target Milestone Objective Commitment",
}


def _selected() -> list[Country]:
    """The countries of ``?c=``, in their order.

    :raises ParameterError: if one of them is not covered
    """
    by_iri = {one.iri.value: one for one in countries()}
    wanted = set()
    for value in filter(None, request.args.getlist("c")):
        iri = next((iri for iri in iris_of(value, ("id",)) if iri in by_iri), None)
        if iri is None:
            raise ParameterError("c", value[:40], Message("not a covered country"), [one.code for one in countries()])
        wanted.add(iri)
    return [one for iri, one in by_iri.items() if iri in wanted]


@cached_page
def compare() -> str:
    """The countries that are asked for by ``?c=``, all if none is."""
    selected = _selected() or countries()
    profile = ask("country-profile")
    dates = (row for row in profile if row.text("query") == "instruments" and "date" in row)
    return render_template(
        "pages/compare.html",
        selected=selected,
        countries=countries(),
        drafts=drafts_and_acts(),
        kinds=_kinds(selected),
        dates=_table(dates, "figure", selected),
        states=_states(selected),
        ranks=_table((row for row in profile if row.text("query") == "index-ranks"), "figure", selected),
        topics=_table(ask("topic-coverage"), "topic", selected),
        list_address=_list_address,
    )


def _table(rows: Iterable[Row], head: str, selected: Sequence[Country]) -> list[TableRow]:
    """A row for each value of the head, in the order in which it comes."""
    cells: dict[Term, dict[Term, Row]] = {}
    for row in rows:
        if head in row and "country" in row:
            cells.setdefault(row[head], {})[row["country"]] = row
    return [TableRow(value, tuple(by_country.get(one.iri) for one in selected)) for value, by_country in cells.items()]


def _kinds(selected: Sequence[Country]) -> list[tuple[str, list[TableRow]]]:
    """How many of each kind, by groups of kinds."""
    rows = {row.head: row for row in _table(ask("comparison"), "kind", selected)}
    return [
        (group, [rows[AIP[kind]] for kind in kinds.split() if AIP[kind] in rows])
        for group, kinds in _KIND_GROUPS.items()
    ]


def _states(selected: Sequence[Country]) -> list[tuple[NamedNode, list[int]]]:
    """How many target formulations are in each state."""
    counts = Counter((row.get("country"), row.get("state")) for row in ask("targets"))
    states = [CONCEPT[f"state-{state}"] for state in TARGET_STATES]
    return [(state, [counts[one.iri, state] for one in selected]) for state in states]


def _list_address(group: str, kind: NamedNode, one: Country) -> str:
    """Where the things that a cell counts are listed."""
    name = local_name(kind.value)
    if group == "targets":
        return url_for("pages.targets", country=one.code, kind=name)
    if kind == AIP.Provision:
        return url_for("query_api.answer", slug="provisions")
    # The comparison counts what is about AI itself; the list of instruments has their foundations too.
    focus = "concept:focus-ai" if group == "instruments" else None
    return url_for("query_api.answer", slug=group, country=one.code, kind=name, focus=focus)
