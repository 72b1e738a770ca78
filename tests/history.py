"""Short ways to write down steps, tenures and formulations for the tests of the history."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pyoxigraph import Literal

from kg.dates import bounds, datatype_for
from kg.history.model import Basis, Evidence, Formulation, Measurement, Moment, Period, Span, Step, Tenure, Value

RANKS = {
    "proposed": 10,
    "announced": 20,
    "in-preparation": 40,
    "before-parliament": 80,
    "adopted": 100,
    "signed": 110,
    "in-force": 140,
    "applied": 150,
    "established": 160,
    "under-construction": 170,
    "in-operation": 190,
    "completed": 250,
    "cancelled": 260,
    "abolished": 270,
    "repealed": 280,
}


def span(text: str) -> Span:
    """The span of a date as data write it."""
    datatype = datatype_for(text)
    assert datatype is not None, text
    return Span(*bounds(text, datatype))


def moment(text: str, known_by: str | None = None) -> Moment:
    """A date, and the day of the last source that states it."""
    when = span(text)
    return Moment(when.known_by(span(known_by).last) if known_by else when, Literal(text))


def event(status: str, when: str, name: str = "") -> Step:
    """An event that leaves a thing in a status."""
    origin = name or f"{status}-event"
    return Step(f"status-{status}", moment(when), Basis.EVENT, RANKS[status], (origin,), origin)


def report(status: str, when: str, name: str = "") -> Step:
    """What a source says of the status of a thing."""
    origin = name or f"{status}-report"
    return Step(f"status-{status}", moment(when), Basis.REPORT, 0, (origin,), origin)


def expected(status: str, when: str) -> Step:
    """An event that lies after every source that states it."""
    origin = f"{status}-expected"
    return Step(f"status-{status}", moment(when), Basis.EXPECTED, RANKS[status], (origin,), origin)


def successor(status: str, when: str, basis: Basis = Basis.SUCCESSOR) -> Step:
    """What a successor brought about."""
    return Step(f"status-{status}", moment(when), basis, 1000, ("successor-event", "successor"), "successor")


def shown(period: Period) -> str:
    """A period in one line: value, first days, last day, basis."""
    first, last = period.start.span
    begun = f"{first}" if first == last else f"{first}..{last}"
    value = period.value.split("-", 1)[1] if period.value.startswith(("status-", "state-")) else period.value
    basis = period.basis.value.removeprefix("basis-")
    return f"{value} {begun} to {period.until_latest or 'now'}" + (f" ({basis})" if basis != "event" else "")


def tenure(
    person: str,
    begun: str | None = None,
    ended: str | None = None,
    *seen: str,
    post: str = "minister",
    ordinal: int = 1,
    acting: bool = False,
    known_by: str | None = None,
) -> Tenure:
    """What sources say of a person in a post."""
    return Tenure(
        f"{post}--{person}-{ordinal}",
        post,
        person,
        ordinal,
        moment(begun, known_by) if begun else None,
        moment(ended, known_by) if ended else None,
        tuple(moment(day, known_by) for day in seen),
        acting,
    )


def formulation(
    comparator: str = "at-least",
    value: int | None = 100,
    deadline: str | None = "2025",
    set_on: str = "2024-01-01",
    *,
    baseline: int | None = None,
    higher: bool | None = True,
) -> Formulation:
    """A target formulation in pieces."""
    return Formulation(
        "formulation",
        moment(set_on),
        span(deadline) if deadline else None,
        f"comparator-{comparator}" if comparator else "",
        None if value is None else Decimal(value),
        "unit-count",
        None if baseline is None else Decimal(baseline),
        higher,
    )


def seen(value: int, when: str, qualifier: str = "", reach: str = "same", unit: str = "unit-count") -> Measurement:
    """An observed value."""
    name = f"seen-{value}-{when}"
    qualified = f"qualifier-{qualifier}" if qualifier else ""
    return Measurement(name, span(when), Value(Decimal(value), unit, qualified, reach))


def evidence(*measurements: Measurement) -> Evidence:
    """Measurements alone."""
    return Evidence(measurements)


def day(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)
