"""The target tracker: every target formulation with its state, progress, deadline and evidence."""

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from kg.errors import ParameterError
from kg.namespaces import local_name
from kg.terms import AIP, CONCEPT, Term
from kg.values import date_bounds
from web.answers.arguments import as_of
from web.answers.canned import Row, ask
from web.ui_labels import TARGET_STATES
from web.views.html.shared.caching import cached_page
from web.views.html.shared.forms import (
    Field,
    SubmittedQuery,
    asked_order,
    chosen_columns,
    page_start,
    submitted,
    this_address,
)
from web.views.html.shared.lookup import named_nodes, objects
from web.views.html.shared.terms import name, sort_key

FACETS = ("country", "state", "topic", "focus", "body", "level", "kind", "dueFrom", "dueBefore", "asOf")
PAGE_SIZE = 50
COLUMNS = ("country", "state", "due", "value", "reached", "responsible")
"""The columns beside the target itself, which may be left out."""
FAR = 100_000
"""Days: farther than any deadline."""
_SUPERSEDED = CONCEPT["state-superseded"]
_NARROWED = {"body": ("formulation", AIP.responsibleBody), "topic": ("target", AIP.topic)}
"""Facets whose choices are those that some formulation has: the column and the property."""


@dataclass(frozen=True)
class TargetRow:
    """One formulation as the table shows it.

    :param days: days that the deadline is past, negative if it is to come
    :param measured: days since the end of what the latest measurement speaks of
    :param disputed: the thing under which a ruling on it is listed, if sources disagree
    """

    row: Row
    days: int | None
    disputed: Term | None
    measured: int = FAR

    @property
    def distance(self) -> int:
        """Days between the day asked for and the deadline or the latest measurement, whichever is nearer."""
        return min(self.measured, FAR if self.days is None else abs(self.days))


@cached_page
def targets() -> str | tuple[str, int]:
    """The tracker: facets, counts by state, the table in the order and with the columns that the address asks for."""
    query = submitted("targets", "sort", "column", "page")
    disputed = {row["subject"] for row in ask("disagreements") if "subject" in row}
    day = _day()
    rows = [_target_row(row, disputed, day) for row in query.rows]
    order, start = asked_order(("target", *COLUMNS)), page_start(PAGE_SIZE, len(rows))
    return query.page(
        "pages/tracker.html",
        fields=_fields(query),
        rows=_sorted(rows, order)[start : start + PAGE_SIZE],
        count=len(rows),
        start=start,
        size=PAGE_SIZE,
        columns=_columns(),
        chosen=chosen_columns(COLUMNS),
        order=order,
        address=this_address,
        states=_count_states(query),
        as_of=day,
    )


def _columns() -> dict[str, str]:
    """The columns with their headings."""
    headings = (_("Country"), _("State"), _("Due"), _("Value"), _("Reached"), _("Responsible"))
    return dict(zip(COLUMNS, headings, strict=True))


def _sorted(rows: Sequence[TargetRow], order: str) -> list[TargetRow]:
    """The rows by a column (``-`` before its name: the other way round); else what is nearest to the day.

    Rows without a value of the column come last either way.
    """
    column, backwards = order.removeprefix("-"), order.startswith("-")
    keys: dict[str, Callable[[TargetRow], Any]] = {
        "target": lambda line: name(line.row["target"]).text.casefold(),
        "country": lambda line: name(line.row["country"]).text.casefold(),
        "state": lambda line: TARGET_STATES.index(local_name(line.row.text("state")).removeprefix("state-")),
        "due": lambda line: line.row.text("dueBy") or None,
        "value": lambda line: line.row.number("value"),
        "reached": lambda line: line.row.number("reached"),
        "responsible": lambda line: line.row.text("responsible").casefold() or None,
    }
    if column not in keys:
        return sorted(rows, key=lambda line: (line.row.get("state") == _SUPERSEDED, line.distance))
    known = [line for line in rows if keys[column](line) is not None]
    unknown = [line for line in rows if keys[column](line) is None]
    return sorted(known, key=keys[column], reverse=backwards) + unknown


def _target_row(row: Row, disputed: set[Term], day: datetime.date) -> TargetRow:
    due, observed = row.text("dueBy"), row.get("observed")
    span = date_bounds(observed) if observed is not None else None
    days = (day - datetime.date.fromisoformat(due)).days if due else None
    age = abs((day - span[1]).days) if span else FAR
    ruled = [term for term in (row.get("formulation"), row.get("target")) if term in disputed]
    return TargetRow(row, days, next(iter(ruled), None), age)


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
