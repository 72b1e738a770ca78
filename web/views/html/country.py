"""A country on one page, as of any date."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response

from kg.errors import UnknownThingError
from kg.labels import Term
from web.answers.arguments import as_of
from web.answers.canned import Row, ask
from web.views.html import axis, caching
from web.views.html.home import latest
from web.views.html.lifeline import Step, steps
from web.views.html.statements import describe
from web.views.html.template_helpers import country_of
from web.views.html.terms import COUNTRIES, country_code, node

PRESSING = ("state-overdue", "state-open", "state-on-course", "state-missed", "state-met")
"""States in the order in which a reader wants them."""
SHOWN = 12


@caching.page
def country(code: str) -> str | Response:
    """A country as of a date.

    :raises UnknownThingError: if it is none of the five
    """
    if code not in COUNTRIES and code.lower() in COUNTRIES:
        return redirect(url_for("pages.country", code=code.lower(), **request.args.to_dict()), 301)  # type: ignore[arg-type]
    if code not in COUNTRIES:
        raise UnknownThingError(f"there is no country called {code[:40]} here", hint="kz, uz, kg, tj or tm")
    day, thing = as_of(), node(f"id:{code}")
    on_day = day.isoformat()
    instruments, targets = of(code, "instruments", asOf=on_day), of(code, "targets", asOf=on_day)
    lives = _lives(instruments)
    return render_template(
        "pages/country.html",
        code=code,
        thing=thing,
        about=describe(thing),
        day=day,
        today=datetime.date.today(),
        instruments=sorted(instruments, key=_begun, reverse=True),
        lines=axis.draw(lives, day),
        undated=[one for one, line in lives if not any(s.earliest for s in line)],
        targets=pressing(targets),
        states=Counter(row["state"] for row in targets if "state" in row),
        shown=SHOWN,
        bodies=_busy(of(code, "bodies", asOf=on_day)),
        holders=of(code, "office-holders", asOf=on_day),
        ranks=ranks(of(code, "index-ranks"), day),
        assets=of(code, "assets", asOf=on_day),
        partners=partners(of(code, "partnerships"), code),
        coverage=of(code, "topic-coverage"),
        events=[row for row in latest(day) if country_code(row["country"]) == code][:10],
    )


def of(code: str, slug: str, **values: str) -> list[Row]:
    """The rows of a country, out of those of all five: one query serves five pages."""
    return [row for row in ask(slug, **values) if country_code(row.get("country")) == code]


def _lives(instruments: Sequence[Row]) -> list[tuple[NamedNode, list[Step]]]:
    """The instruments with their steps, those that began first on top."""
    things = [row["instrument"] for row in instruments]
    lives = [(thing, steps(thing)) for thing in things if isinstance(thing, NamedNode)]
    return sorted(lives, key=lambda life: (life[1][0].known if life[1] else "", life[0].value))


def _begun(row: Row) -> tuple[str, str]:
    return row.text("since"), row.text("instrument")


def pressing(targets: Sequence[Row]) -> list[Row]:
    """Targets in the order of urgency: overdue first, then what is due next; superseded ones are left out."""
    order = {state: place for place, state in enumerate(PRESSING)}
    known = [(order.get(row.text("state").rpartition("/")[2]), row) for row in targets]
    wanted = [(place, row) for place, row in known if place is not None]
    return [row for _, row in sorted(wanted, key=lambda pair: (pair[0], pair[1].text("dueBy") or "9999"))]


def _busy(bodies: Sequence[Row]) -> list[Row]:
    """Bodies that a source says something of, organs of state before companies and schools."""
    late = {"Company": 2, "School": 3, "University": 1, "ResearchCentre": 1, "Publisher": 4}
    return sorted(bodies, key=lambda row: (late.get(row.text("kind").rpartition("/")[2], 0), row.text("kind")))


def ranks(rows: Sequence[Row], day: datetime.date) -> dict[Term, dict[str, Row]]:
    """Ranks by index and year, up to a day; only places among all states of the world."""
    found: dict[Term, dict[str, Row]] = {}
    for row in rows:
        year = row.text("year") or row.text("edition")[:4]
        among_few = row.text("metric").endswith("central-asia")
        if row.text("unit").endswith("unit-rank") and not among_few and year <= str(day.year):
            found.setdefault(row["metric"], {})[year] = row
    return found


def partners(rows: Sequence[Row], code: str) -> dict[Term, list[Row]]:
    """What a country does with whom outside: partners by name, each with the things that join them."""
    found: dict[Term, list[Row]] = {}
    for row in rows:
        partner = row.get("partner")
        if isinstance(partner, NamedNode) and code not in (country_code(partner), country_of(partner)):
            found.setdefault(partner, []).append(row)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), str(item[0]))))
