"""The periods of a status, rule by rule, from tables of steps; no two share a day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import Literal, RdfFormat, Store

from kg.history.model import Basis, Moment, Period, Span, Step
from kg.history.statuses import HARDNESS, moves, only_confirms, status_periods
from kg.history.successors import Link, successor_step
from kg.terms import RDF, SKOS
from tests.history import RANKS, day, event, expected, moment, report, shown, successor
from tests.ontology_files import ONTOLOGY

CASES: dict[str, tuple[list[Step], list[str]]] = {
    # Rule 1: events outrank reports.
    "an event begins a status": (
        [event("adopted", "2024-10-14")],
        ["adopted 2024-10-14 to now"],
    ),
    "a later report of the same status only confirms it (kg-digital-code)": (
        [event("in-force", "2026-02-06"), report("in-force", "2026-05-28")],
        ["in-force 2026-02-06 to now"],
    ),
    "a report that an adopted strategy is in force only confirms it (uz-ai-strategy-2030)": (
        [event("adopted", "2024-10-14"), report("in-force", "2025-10-22")],
        ["adopted 2024-10-14 to now"],
    ),
    "a law of which only the signing is dated is in force since the report at the latest": (
        [event("signed", "2025-06-01"), report("in-force", "2025-10-22")],
        ["signed 2025-06-01 to 2025-10-21", "in-force 2025-10-22 to now (report)"],
    ),
    "without an event a report dates the status at the latest": (
        [report("in-operation", "2025-03")],
        ["in-operation 2025-03-01..2025-03-31 to now (report)"],
    ),
    "a looser report never undoes a harder event (uz-datavolt-itpark-dc)": (
        [event("under-construction", "2024-05-02"), report("planned", "2025-10")],
        ["under-construction 2024-05-02 to now"],
    ),
    "a report that something goes on confirms it": (
        [event("in-operation", "2024-05-02"), report("active", "2025-10")],
        ["in-operation 2024-05-02 to now"],
    ),
    "a harder report begins a status": (
        [event("announced", "2024-05-02"), report("in-operation", "2025-10-01")],
        ["announced 2024-05-02 to 2025-09-30", "in-operation 2025-10-01 to now (report)"],
    ),
    "a report before the event that brought the status about was premature": (
        [event("signed", "2025-11-17"), report("in-force", "2025-12-01"), event("in-force", "2026-01-18")],
        ["signed 2025-11-17 to 2026-01-17", "in-force 2026-01-18 to now"],
    ),
    "a softer event does not undo a harder one": (
        [event("in-operation", "2024-01-10"), event("announced", "2025-01-10")],
        ["in-operation 2024-01-10 to now"],
    ),
    "an adopted bill is sent back to the other chamber": (
        [event("adopted", "2025-09-24"), event("before-parliament", "2025-10-16"), event("signed", "2025-11-17")],
        [
            "adopted 2025-09-24 to 2025-10-15",
            "before-parliament 2025-10-16 to 2025-11-16",
            "signed 2025-11-17 to now",
        ],
    ),
    "of two events of one day the later step decides": (
        [event("signed", "2025-07-11"), event("in-force", "2025-07-11")],
        ["in-force 2025-07-11 to now"],
    ),
    "what was suspended or completed may work again": (
        [event("in-operation", "2023-01-01"), report("suspended", "2024-01-01"), report("in-operation", "2025-01-01")],
        [
            "in-operation 2023-01-01 to 2023-12-31",
            "suspended 2024-01-01 to 2024-12-31 (report)",
            "in-operation 2025-01-01 to now (report)",
        ],
    ),
    "a report does not revive what has ended, an event does": (
        [event("abolished", "2023-01-01"), report("active", "2024-01-01"), event("established", "2025-01-01")],
        ["abolished 2023-01-01 to 2024-12-31", "established 2025-01-01 to now"],
    ),
    # Rule 2: successors end their predecessors.
    "a draft became law (uz-ai-bill-2025)": (
        [event("before-parliament", "2025-04-15"), successor("became-law", "2026-01-21")],
        ["before-parliament 2025-04-15 to 2026-01-20", "became-law 2026-01-21 to now (successor)"],
    ),
    "a draft without a step of its own became law": (
        [successor("became-law", "2024-07-24")],
        ["became-law 2024-07-24 to now (successor)"],
    ),
    "an end of its own outranks that by the successor": (
        [event("established", "2020"), event("abolished", "2025-09-18"), successor("replaced", "2025-09-01")],
        ["established 2020-01-01..2020-12-31 to 2025-09-17", "abolished 2025-09-18 to now"],
    ),
    # Rule 4: coarse dates are intervals.
    "a coarse date is possible from its first and certain from its last day": (
        [event("announced", "2024-09"), event("established", "2025")],
        ["announced 2024-09-01..2024-09-30 to 2024-12-31", "established 2025-01-01..2025-12-31 to now"],
    ),
    "a coarse harder step lies after a softer one inside it (kz-ministry-ai-digital-development)": (
        [event("established", "2025-09"), event("announced", "2025-09-08")],
        ["established 2025-09-08..2025-09-30 to now"],
    ),
    # Rule 5: what was still to come is expected.
    "an expected step is only expected": (
        [event("signed", "2026-01-09"), expected("in-force", "2026-07-11")],
        ["signed 2026-01-09 to 2026-07-10", "in-force 2026-07-11 to now (expected)"],
    ),
    "a report from that day or later confirms it": (
        [event("signed", "2025-11-17"), expected("in-force", "2026-01-18"), report("in-force", "2026-02-01")],
        ["signed 2025-11-17 to 2026-01-17", "in-force 2026-01-18 to now"],
    ),
    "a harder event confirms it": (
        [expected("established", "2025-01-01"), event("in-operation", "2025-06-01")],
        ["established 2025-01-01 to 2025-05-31", "in-operation 2025-06-01 to now"],
    ),
    "a later softer report shows that it was not taken": (
        [
            event("announced", "2024-01-01"),
            expected("in-operation", "2025-06-01"),
            report("in-preparation", "2025-09-01"),
        ],
        ["announced 2024-01-01 to 2025-08-31", "in-preparation 2025-09-01 to now (report)"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    steps, expected_periods = CASES[name]
    assert [shown(period) for period in status_periods(steps)] == expected_periods


@pytest.mark.parametrize("name", CASES)
def test_the_order_of_reading_does_not_matter(name: str) -> None:
    steps, _ = CASES[name]
    assert status_periods(steps[::-1]) == status_periods(steps)


def test_a_period_says_what_began_what_ended_and_what_confirms_it() -> None:
    steps = [event("signed", "2025-06-01"), event("in-force", "2025-07-01"), report("in-force", "2025-09")]
    first, second = status_periods(steps)
    assert (first.premises, first.ended_by, first.ended_on) == (
        ("signed-event",),
        "in-force-event",
        Literal("2025-07-01"),
    )
    assert second.premises == ("in-force-event", "in-force-report")
    assert (first.last_confirmed, second.last_confirmed) == (day("2025-06-01"), day("2025-09-01"))
    assert (second.until_latest, second.ended_by) == (None, "")


def is_certain(period: Period, asked: date) -> bool:
    """Whether it is known, and not only possible, that a period holds on a day."""
    begun = not period.is_expected and period.start.span.last <= asked
    return begun and (period.until_earliest is None or asked <= period.until_earliest)


def test_what_is_possible_is_not_certain() -> None:
    announced, established = status_periods([event("announced", "2024"), event("established", "2025")])
    assert [is_certain(announced, day(d)) for d in ("2024-06-01", "2024-12-31")] == [False, True]
    assert [is_certain(established, day(d)) for d in ("2025-06-01", "2025-12-31")] == [False, True]
    (foreseen,) = status_periods([expected("in-force", "2026-07-11")])
    assert not is_certain(foreseen, day("2027-01-01"))


#: The day after the period of a programme that its source states as a year.
OVER = Step("status-expired", Moment(Span(day("2026-01-01"), day("2026-01-01"))), Basis.TIME, 0, ("programme",))


@pytest.mark.parametrize(
    ("steps", "result"),
    [
        (
            [event("in-force", "2021")],
            ["in-force 2021-01-01..2021-12-31 to 2025-12-31", "expired 2026-01-01 to now (time)"],
        ),
        (
            [event("announced", "2021")],
            ["announced 2021-01-01..2021-12-31 to 2025-12-31", "expired 2026-01-01 to now (time)"],
        ),
        ([], ["expired 2026-01-01 to now (time)"]),
        (
            [report("active", "2024")],
            ["active 2024-01-01..2024-12-31 to 2025-12-31 (report)", "expired 2026-01-01 to now (time)"],
        ),
        ([event("adopted", "2021-05-01"), report("active", "2026-03")], ["adopted 2021-05-01 to now"]),
        (
            [event("adopted", "2021-05-01"), successor("replaced", "2025-04-01")],
            ["adopted 2021-05-01 to 2025-03-31", "replaced 2025-04-01 to now (successor)"],
        ),
        (
            [event("in-force", "2021-01-01"), event("completed", "2024-06-30")],
            ["in-force 2021-01-01 to 2024-06-29", "completed 2024-06-30 to now"],
        ),
        (
            [event("adopted", "2021-05-01"), report("suspended", "2024-01-01")],
            ["adopted 2021-05-01 to 2023-12-31", "suspended 2024-01-01 to now (report)"],
        ),
        ([event("adopted", "2026-02-01")], ["adopted 2026-02-01 to now"]),
        (
            [event("adopted", "2021-05-01"), expected("completed", "2026-06")],
            ["adopted 2021-05-01 to 2026-05-31", "completed 2026-06-01..2026-06-30 to now (expected)"],
        ),
    ],
    ids=[
        *("over", "announced and no more", "no step known", "only reported", "still going on", "replaced before"),
        *("completed before", "suspended before", "adopted afterwards", "expected to go on"),
    ],
)
def test_a_stated_end_of_the_period(steps: list[Step], result: list[str]) -> None:
    assert [shown(period) for period in status_periods(steps, OVER)] == result


def test_what_is_over_rests_on_its_stated_end_too() -> None:
    held, over = status_periods([event("adopted", "2021-05-01")], OVER)
    assert (held.ended_on, over.premises) == (over.start.stated, ("adopted-event", "programme"))
    assert is_certain(over, day("2026-01-01"))
    assert not over.holds_on(day("2025-12-31"))


SUCCESSIONS: dict[str, tuple[Link, list[Step], str, Basis]] = {
    "the signing of the act": (
        Link.BECOMES,
        [event("signed", "2026-01-21"), event("adopted", "2025-12-01")],
        "2026-01-21",
        Basis.SUCCESSOR,
    ),
    "its adoption, if no signing is known": (
        Link.BECOMES,
        [event("adopted", "2025-12")],
        "2025-12",
        Basis.SUCCESSOR,
    ),
    "the establishment of the new body": (
        Link.REPLACES,
        [event("announced", "2025-09-08"), event("established", "2025-09")],
        "2025-09",
        Basis.SUCCESSOR,
    ),
    "the entry into force of the new act": (
        Link.REPEALS,
        [event("signed", "2025-07-31"), event("in-force", "2026-02-06")],
        "2026-02-06",
        Basis.SUCCESSOR,
    ),
    "an event before an earlier report": (
        Link.REPLACES,
        [report("active", "2020"), event("in-operation", "2021")],
        "2021",
        Basis.SUCCESSOR,
    ),
    "a report, if no event is known": (Link.REPLACES, [report("established", "2021")], "2021", Basis.REPORT),
    "an expected step, as expected": (Link.REPEALS, [expected("in-force", "2027-01-01")], "2027-01-01", Basis.EXPECTED),
    "the source of the link, if nothing is known of the successor": (Link.REPLACES, [], "2024-03-03", Basis.REPORT),
}


@pytest.mark.parametrize("name", SUCCESSIONS)
def test_a_successor_ends_a_thing_by(name: str) -> None:
    link, steps, when, basis = SUCCESSIONS[name]
    step = successor_step(link, "new", steps, moment("2024-03-03"))
    assert step is not None
    assert (step.status, step.span, step.basis) == (link.value[0], moment(when).span, basis)
    assert step.origin == "new"
    assert "new" in step.premises


def test_a_successor_that_is_only_announced_ends_nothing() -> None:
    assert successor_step(Link.REPLACES, "new", [event("announced", "2025")], moment("2025")) is None


def test_every_status_has_its_place() -> None:
    store = Store()
    store.load(path=str(ONTOLOGY / "concepts" / "statuses.ttl"), format=RdfFormat.TURTLE)
    named = {q.subject.value.rsplit("/", 1)[-1] for q in store.quads_for_pattern(None, RDF.type, SKOS.Concept)}
    assert named == set(HARDNESS)


STATUSES = st.sampled_from(sorted(RANKS))
DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))


@st.composite
def steps(draw: st.DrawFn, bases: tuple[Basis, ...] = tuple(Basis)[:3]) -> list[Step]:
    """Some steps of one thing."""
    found = []
    for number in range(draw(st.integers(1, 7))):
        status, first = draw(STATUSES), draw(DAYS)
        length = draw(st.sampled_from((0, 0, 27, 364)))
        when = Moment(Span(first, first + timedelta(length)), Literal(first.isoformat()))
        basis = draw(st.sampled_from(bases))
        order = 0 if basis is Basis.REPORT else RANKS[status]
        found.append(Step(f"status-{status}", when, basis, order, (f"s{number}",), f"s{number}"))
    return found


@given(steps())
def test_periods_do_not_overlap_and_leave_no_gap(found: list[Step]) -> None:
    periods = status_periods(found)
    for before, after in pairwise(periods):
        assert before.until_latest == after.start.span.first - timedelta(1)
        assert before.start.span.first <= before.until_latest
        assert before.value != after.value
    assert all(period.until_latest is None for period in periods[-1:])


@given(st.lists(steps(), max_size=1).map(lambda found: found[0] if found else []), DAYS)
def test_what_is_over_is_over_on_its_day_or_goes_on(found: list[Step], last: date) -> None:
    after = last + timedelta(1)
    over = Step("status-expired", Moment(Span(after, after)), Basis.TIME, 0, ("thing",), "thing")
    before, periods = status_periods(found), status_periods(found, over)
    for former, latter in pairwise(periods):
        assert former.until_latest == latter.start.span.first - timedelta(1)
    if periods == before:
        ended = before and HARDNESS[before[-1].value] >= HARDNESS["status-suspended"]
        assert ended or any(step.span.last > last for step in found)
    else:
        assert (periods[-1].value, periods[-1].start.span.first) == ("status-expired", after)
        assert [(p.value, p.start) for p in periods[:-1]] == [(p.value, p.start) for p in before]
        assert not any(step.span.first > last for step in found)


@given(steps(), DAYS)
def test_one_period_at_most_holds_on_a_day(found: list[Step], asked: date) -> None:
    assert sum(period.holds_on(asked) for period in status_periods(found)) <= 1


def status_on(found: list[Step], asked: date) -> str | None:
    """The status of a day, worked out the other way round: step by step up to that day, without periods."""
    known = [s for s in found if s.span.first <= asked]
    first_event = {}
    for step in found:
        if step.basis is Basis.EVENT:
            first_event[step.status] = min(step.span.first, first_event.get(step.status, step.span.first))
    current = None
    for step in sorted(known, key=lambda s: (s.span.first, s.basis is Basis.REPORT, s.order, s.span.last, s.origin)):
        premature = step.basis is Basis.REPORT and step.span.first < first_event.get(step.status, step.span.first)
        if premature or (current and (step.status == current or only_confirms(current, step))):
            continue
        if current is None or moves(current, step):
            current = step.status
    return current


@given(steps((Basis.EVENT, Basis.REPORT)).filter(lambda found: all(s.span.first == s.span.last for s in found)), DAYS)
def test_as_of_a_day_is_reading_the_periods(found: list[Step], asked: date) -> None:
    holding = [period.value for period in status_periods(found) if period.holds_on(asked)]
    assert holding == [status for status in [status_on(found, asked)] if status]


@given(steps(), st.data())
def test_a_later_source_of_a_status_never_moves_its_start(found: list[Step], data: st.DataObject) -> None:
    *earlier, last = status_periods(found)
    assume(not any(period.is_expected for period in earlier))  # it may show that what was expected did not happen
    after = data.draw(st.dates(max(last.start.span.first, *(s.span.last for s in found)), date(2030, 1, 1)))
    confirming = Step(last.value, Moment(Span(after, after)), Basis.REPORT, 0, ("later",), "later")
    again = status_periods([*found, confirming])
    assert [(p.value, p.start.span) for p in again] == [(p.value, p.start.span) for p in status_periods(found)]
