"""The target tracker: every wording of an aim with its state, progress, deadline, and who says so."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import render_template
from pyoxigraph import NamedNode

from kg.errors import ParameterError
from kg.labels import Term
from kg.namespaces import local_name
from web.answers.arguments import as_of
from web.answers.canned import Row, ask
from web.views.html import caching
from web.views.html.facts import objects
from web.views.html.forms import Asked, Field, asked
from web.views.html.terms import name

FACETS = ("country", "state", "topic", "body", "level", "kind", "dueBefore", "asOf")
STATES = ("overdue", "missed", "open", "on-course", "met", "superseded", "not-computable")
"""The states in the order in which they want attention."""


@dataclass(frozen=True)
class Line:
    """One wording as the table shows it.

    :param share: how much of the way is made, from 0 to 1, if that can be told
    :param days: days that the deadline is past, negative if it is to come
    :param ruled: the thing under which a ruling on it is listed, if sources disagree
    """

    row: Row
    responsible: tuple[Term, ...]
    share: float | None
    days: int | None
    ruled: Term | None


@caching.page
def targets() -> str | tuple[str, int]:
    """The tracker: facets, counts by state, the table."""
    found = asked("targets")
    ruled, day = _ruled(), _day()
    lines = [_line(row, ruled, day) for row in found.answer.rows] if found.answer else []
    page = render_template(
        "pages/tracker.html",
        found=found,
        fields=_fields(found),
        lines=lines,
        states=_states(found),
        today=day,
    )
    return (page, 400) if found.error else page


def _line(row: Row, ruled: set[Term], day: datetime.date) -> Line:
    formulation, target = row.get("formulation"), row.get("target")
    who = objects(formulation, "aip:responsibleBody") if isinstance(formulation, NamedNode) else []
    listed = next((thing for thing in (formulation, target) if thing in ruled), None)
    return Line(row, tuple(who), share(row), _days(row, day), listed)


def share(row: Row) -> float | None:
    """How much of the way from the baseline to the value is made; of a place in a ranking only with a baseline."""
    aim, reached, baseline = row.number("value"), row.number("reached"), row.number("baseline")
    if aim is None or reached is None:
        return None
    if row.text("comparator").endswith("times-baseline"):
        if not baseline:
            return None
        aim *= baseline
    if baseline is not None and aim != baseline:
        return min(1.0, max(0.0, (reached - baseline) / (aim - baseline)))
    if row.text("unit").endswith("unit-rank") or aim <= 0:
        return None
    return min(1.0, max(0.0, reached / aim))


def _days(row: Row, day: datetime.date) -> int | None:
    text = row.text("dueBy")
    return (day - datetime.date.fromisoformat(text)).days if text else None


def _day() -> datetime.date:
    """The day the page is asked for; today where it is no date, which the form says."""
    try:
        return as_of()
    except ParameterError:
        return datetime.date.today()


def _ruled() -> set[Term]:
    """What is ruled on, since sources disagree."""
    return {row["subject"] for row in ask("disagreements") if "subject" in row}


def _states(found: Asked) -> list[tuple[str, int]]:
    """How many wordings are in each state, whatever state is asked for."""
    if found.answer is None:
        return []
    rest = {key: value for key, value in found.given.items() if key != "state"}
    counted = Counter(local_name(row.text("state")).removeprefix("state-") for row in ask("targets", **rest))
    return [(state, counted[state]) for state in STATES if counted[state]]


def _fields(found: Asked) -> list[Field]:
    """The facets, with only those choices that some wording has."""
    every = ask("targets")
    return [replace(_narrowed(field, every), hint="") for field in found.fields(*FACETS)]


def _narrowed(field: Field, rows: Sequence[Row]) -> Field:
    used = {"body": ("formulation", "aip:responsibleBody"), "topic": ("target", "aip:topic")}
    if field.name in used:
        subject, predicate = used[field.name]
        nodes = {row.get(subject) for row in rows}
        values = {value for thing in nodes if isinstance(thing, NamedNode) for value in objects(thing, predicate)}
        named = sorted((str(name(value)), local_name(str(getattr(value, "value", "")))) for value in values)
        options = tuple((short, text) for text, short in named)
        known = {short for short, _ in options}
        if field.value and field.value not in known and not field.error:
            options = (*options, (field.value, dict(field.options).get(field.value, field.value)))
        return Field(field.name, field.label, "select", field.hint, field.value, options, field.error)
    return field
