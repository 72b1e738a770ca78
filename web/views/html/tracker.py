"""The target tracker: every target formulation with its state, progress, deadline and evidence."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import render_template

from kg.errors import ParameterError
from kg.namespaces import local_name
from kg.terms import AIP, Term
from web.answers.arguments import as_of
from web.answers.canned import Row, ask
from web.ui_labels import TARGET_STATES
from web.views.html.shared.caching import cached_page
from web.views.html.shared.forms import Field, SubmittedQuery, submitted, with_status
from web.views.html.shared.lookup import named_nodes, objects
from web.views.html.shared.terms import name, sort_key

FACETS = ("country", "state", "topic", "body", "level", "kind", "dueBefore", "asOf")
_NARROWED = {"body": ("formulation", AIP.responsibleBody), "topic": ("target", AIP.topic)}
"""Facets whose choices are those that some formulation has: the column and the property."""


@dataclass(frozen=True)
class TargetRow:
    """One formulation as the table shows it.

    :param days: days that the deadline is past, negative if it is to come
    :param disputed: the thing under which a ruling on it is listed, if sources disagree
    """

    row: Row
    days: int | None
    disputed: Term | None


@cached_page
def targets() -> str | tuple[str, int]:
    """The tracker: facets, counts by state, the table."""
    query = submitted("targets")
    disputed = {row["subject"] for row in ask("disagreements") if "subject" in row}
    day = _day()
    page = render_template(
        "pages/tracker.html",
        submitted=query,
        fields=_fields(query),
        rows=[_target_row(row, disputed, day) for row in query.rows],
        states=_count_states(query),
        as_of=day,
    )
    return with_status(page, query.error)


def _target_row(row: Row, disputed: set[Term], day: datetime.date) -> TargetRow:
    due = row.text("dueBy")
    days = (day - datetime.date.fromisoformat(due)).days if due else None
    ruled = [term for term in (row.get("formulation"), row.get("target")) if term in disputed]
    return TargetRow(row, days, next(iter(ruled), None))


def _day() -> datetime.date:
    """The day the page is asked for; today where it is no date, which the form says."""
    try:
        return as_of()
    except ParameterError:
        return datetime.date.today()


def _count_states(query: SubmittedQuery) -> list[tuple[str, int]]:
    """How many formulations are in each state, whatever state is asked for."""
    if query.answer is None:
        return []
    others = {key: value for key, value in query.given.items() if key != "state"}
    counts = Counter(local_name(row.text("state")).removeprefix("state-") for row in ask("targets", **others))
    return [(state, counts[state]) for state in TARGET_STATES if counts[state]]


def _fields(query: SubmittedQuery) -> list[Field]:
    rows = ask("targets")
    return [_narrowed(replace(field, hint=""), rows) for field in query.fields(*FACETS)]


def _narrowed(field: Field, rows: Sequence[Row]) -> Field:
    """The field with only those choices that some formulation has."""
    if field.name not in _NARROWED:
        return field
    column, predicate = _NARROWED[field.name]
    things = set(named_nodes(row.get(column) for row in rows))
    values = set(named_nodes(value for thing in things for value in objects(thing, predicate)))
    options = {local_name(value.value): name(value).text for value in sorted(values, key=sort_key)}
    if field.value and not field.error:
        options.setdefault(field.value, dict(field.options).get(field.value, field.value))
    return replace(field, kind="select", options=tuple(options.items()))
