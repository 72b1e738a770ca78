"""The five countries side by side: what there is, when it came, how far, which rank, what is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flask import render_template, request, url_for
from pyoxigraph import NamedNode

from kg.labels import Term
from kg.namespaces import PREFIXES, local_name
from web.answers.canned import Row, ask
from web.views.html import caching
from web.views.html.terms import COUNTRIES
from web.views.html.tracker import STATES

_GROUPS = {
    "instruments": "Law Code Decree Resolution Strategy Concept Programme Plan Agreement Draft Provision",
    "bodies": "Ministry Agency AdvisoryCouncil ResearchCentre TechPark",
    "assets": "ComputeFacility DataCentre DataPlatform LanguageModel Laboratory EducationProgramme",
    "aims": "Target Milestone Objective Commitment",
}
_QUESTION = {"instruments": "instruments", "bodies": "bodies", "assets": "assets"}


@dataclass(frozen=True)
class Line:
    """A line of a table with a cell for each country; ``None`` where the graph knows nothing."""

    head: Term
    cells: tuple[Row | None, ...]


@caching.page
def compare() -> str:
    """The countries that are asked for by ``?c=``, all five if none is."""
    codes = [code for code in COUNTRIES if code in request.args.getlist("c")] or list(COUNTRIES)
    nodes = [NamedNode(PREFIXES["id"] + code) for code in codes]
    profile = ask("country-profile")
    return render_template(
        "pages/compare.html",
        codes=codes,
        countries=nodes,
        every=[(code, NamedNode(PREFIXES["id"] + code)) for code in COUNTRIES],
        kinds=_kinds(nodes),
        dates=_lines((row for row in profile if row.text("query") == "instruments" and "date" in row), "figure", nodes),
        states=_states(nodes),
        ranks=_lines((row for row in profile if row.text("query") == "index-ranks"), "figure", nodes),
        topics=_lines(ask("topic-coverage"), "topic", nodes),
        listed=listed,
    )


def _lines(rows: Iterable[Row], head: str, countries: list[NamedNode]) -> list[Line]:
    """A line for each value of the head, in the order in which it comes."""
    cells: dict[Term, dict[Term, Row]] = {}
    for row in rows:
        if head in row and "country" in row:
            cells.setdefault(row[head], {})[row["country"]] = row
    return [Line(value, tuple(found.get(country) for country in countries)) for value, found in cells.items()]


def _kinds(countries: list[NamedNode]) -> list[tuple[str, list[Line]]]:
    """How many of each kind, by groups of kinds."""
    lines = {local_name(str(getattr(line.head, "value", ""))): line for line in _rows_of_kinds(countries)}
    return [(group, [lines[kind] for kind in kinds.split() if kind in lines]) for group, kinds in _GROUPS.items()]


def _rows_of_kinds(countries: list[NamedNode]) -> list[Line]:
    return _lines(ask("comparison"), "kind", countries)


def _states(countries: list[NamedNode]) -> list[tuple[NamedNode, list[int]]]:
    """How many wordings of aims are in each state."""
    counted = Counter((row.get("country"), row.get("state")) for row in ask("targets"))
    states = [NamedNode(f"{PREFIXES['concept']}state-{state}") for state in STATES]
    return [(state, [counted[country, state] for country in countries]) for state in states]


def listed(group: str, kind: Term, country: Term) -> str:
    """Where the things that a cell counts are listed."""
    code, name = (local_name(str(getattr(term, "value", ""))) for term in (country, kind))
    if group == "aims":
        return url_for("pages.targets", country=code, kind=name)
    if name == "Provision":
        return url_for("query_api.answer", slug="provisions")
    return url_for("query_api.answer", slug=_QUESTION[group], country=code, kind=name)
