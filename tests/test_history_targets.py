"""How a target formulation stands: what meets it, and its states from when until when."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store

from kg.history.model import Deed, Evidence, Formulation, Measurement, Search, Span, TargetState, Value
from kg.history.progress import Fit, fit
from kg.history.releases import Release, revisions
from kg.history.targets import judge, target_states
from kg.terms import RDF, SKOS
from tests.history import day, evidence, formulation, moment, seen, shown, span
from tests.ontology_files import ONTOLOGY

MEETS, ABOUT, SHORT, UNKNOWN = Fit.MEETS, Fit.ABOUT, Fit.SHORT, Fit.UNKNOWN
LOWER = {"higher": False}

FITS: list[tuple[Formulation, Measurement, Fit]] = [
    (formulation("at-least"), seen(100, "2025"), MEETS),
    (formulation("at-least"), seen(99, "2025"), SHORT),
    (formulation("more-than"), seen(100, "2025"), SHORT),
    (formulation("more-than"), seen(100, "2025", "more-than"), MEETS),
    (formulation("more-than"), seen(101, "2025"), MEETS),
    (formulation("at-most"), seen(100, "2025"), MEETS),
    (formulation("at-most"), seen(101, "2025"), SHORT),
    (formulation("less-than"), seen(100, "2025"), SHORT),
    (formulation("less-than"), seen(100, "2025", "less-than"), MEETS),
    (formulation("by-rank"), seen(93, "2025"), MEETS),
    (formulation("exactly"), seen(100, "2025"), MEETS),
    (formulation("exactly"), seen(101, "2025"), SHORT),
    (formulation("exactly"), seen(100, "2025", "about"), ABOUT),
    (formulation("as-stated"), seen(100, "2025"), MEETS),
    (formulation("as-stated", **LOWER), seen(101, "2025"), SHORT),
    (formulation("as-stated", **LOWER), seen(99, "2025"), MEETS),
    (formulation("as-stated", higher=None), seen(100, "2025"), UNKNOWN),
    (formulation("up-to"), seen(100, "2025"), MEETS),
    (formulation("up-to"), seen(99, "2025"), SHORT),
    (formulation("about"), seen(95, "2025"), MEETS),
    (formulation("about"), seen(94, "2025"), SHORT),
    (formulation("about", **LOWER), seen(105, "2025"), MEETS),
    # "About" and "up to" satisfy nothing exactly; "about" clears a value by more than it may be off.
    (formulation("at-least"), seen(100, "2025", "about"), ABOUT),
    (formulation("at-least"), seen(105, "2025", "about"), ABOUT),
    (formulation("at-least"), seen(106, "2025", "about"), MEETS),
    (formulation("at-least"), seen(99, "2025", "about"), SHORT),
    (formulation("at-least"), seen(120, "2025", "up-to"), ABOUT),
    (formulation("at-most"), seen(100, "2025", "about"), ABOUT),
    (formulation("at-most"), seen(95, "2025", "about"), MEETS),
    # What is nearly there is not there; what is more than a value below the aim may be.
    (formulation("at-least"), seen(100, "2025", "nearly"), UNKNOWN),
    (formulation("at-least"), seen(90, "2025", "nearly"), SHORT),
    (formulation("at-least"), seen(90, "2025", "more-than"), UNKNOWN),
    (formulation("at-most"), seen(90, "2025", "more-than"), UNKNOWN),
    (formulation("at-most"), seen(110, "2025", "less-than"), UNKNOWN),
    # A narrower metric satisfies a floor, a wider one a ceiling; the other way round they can only fall short.
    (formulation("at-least"), seen(100, "2025", reach="narrower"), MEETS),
    (formulation("at-least"), seen(99, "2025", reach="narrower"), UNKNOWN),
    (formulation("at-least"), seen(100, "2025", reach="wider"), UNKNOWN),
    (formulation("at-least"), seen(99, "2025", reach="wider"), SHORT),
    (formulation("at-most"), seen(100, "2025", reach="wider"), MEETS),
    (formulation("at-most"), seen(101, "2025", reach="wider"), UNKNOWN),
    (formulation("at-most"), seen(100, "2025", reach="narrower"), UNKNOWN),
    (formulation("at-most"), seen(101, "2025", reach="narrower"), SHORT),
    (formulation("exactly"), seen(100, "2025", reach="narrower"), UNKNOWN),
    # A factor counts from the baseline, or is observed itself.
    (formulation("times-baseline", 3, baseline=50), seen(150, "2025"), MEETS),
    (formulation("times-baseline", 3, baseline=50), seen(149, "2025"), SHORT),
    (formulation("times-baseline", 3), seen(150, "2025"), UNKNOWN),
    (formulation("times-baseline", 3), seen(3, "2025", unit="unit-times"), MEETS),
    # Unlike units are not compared.
    (formulation("at-least"), seen(100, "2025", unit="unit-usd"), UNKNOWN),
    (formulation("at-least", None), seen(100, "2025"), UNKNOWN),
]


@pytest.mark.parametrize(("aimed", "measured", "result"), FITS)
def test_a_measurement_fits_a_formulation(aimed: Formulation, measured: Measurement, result: Fit) -> None:
    assert fit(aimed, measured.value) is result


def states(aimed: Formulation, known: Evidence | None = None) -> list[str]:
    """The states in a line each."""
    return [f"{shown(s.period)}: {s.reason.removeprefix('reason-')}" for s in target_states(aimed, known or Evidence())]


def due(first: str, last: str = "now") -> str:
    """A stretch of time after the deadline in which nobody looked."""
    return f"due-not-looked-up {first} to {last} (time): not-looked-up"


OPEN = "open 2024-01-01 to 2025-12-31: before-deadline"
DUE = due("2026-01-01")
STATES: dict[str, tuple[Formulation, Evidence, list[str]]] = {
    "open, then due and not looked up": (formulation(), Evidence(), [OPEN, DUE]),
    "overdue from the day on which somebody looked in vain": (
        formulation(),
        Evidence(searches=(Search("record", day("2026-06-30")),)),
        [OPEN, due("2026-01-01", "2026-06-29"), "overdue 2026-06-30 to now: looked-for"],
    ),
    "a search before the deadline says nothing of the outcome": (
        formulation(),
        Evidence(searches=(Search("record", day("2025-06-30")),)),
        [OPEN, DUE],
    ),
    "met in time": (
        formulation(),
        evidence(seen(100, "2025-03-01")),
        ["open 2024-01-01 to 2025-02-28: before-deadline", "met 2025-03-01 to now: reached"],
    ),
    "the first to reach it decides, not a later one (kg-target-egdi-2020)": (
        formulation("by-rank", 100, deadline="2020", set_on="2020-01-01"),
        evidence(seen(83, "2020"), seen(78, "2024")),
        ["met 2020-01-01..2020-12-31 to now: reached"],
    ),
    "what was so before the formulation was set does not count": (
        formulation("by-rank", 100, deadline="2020", set_on="2020-01-01"),
        evidence(seen(66, "2004"), seen(83, "2020-07")),
        ["open 2020-01-01 to 2020-06-30: before-deadline", "met 2020-07-01..2020-07-31 to now: reached"],
    ),
    "first seen to be reached after the deadline": (
        formulation(),
        evidence(seen(100, "2026-03-01")),
        [OPEN, due("2026-01-01", "2026-02-28"), "met-time-unknown 2026-03-01 to now: reached-afterwards"],
    ),
    "a value of the whole year does not show that it was reached by June": (
        formulation(deadline="2025-06-30"),
        evidence(seen(100, "2025")),
        [
            "open 2024-01-01 to 2024-12-31: before-deadline",
            "met-time-unknown 2025-01-01..2025-12-31 to now: reached-afterwards",
        ],
    ),
    "reported as about met (kz-target-it-export-1bn-2026)": (
        formulation(),
        evidence(seen(100, "2025-12", "about")),
        ["open 2024-01-01 to 2025-11-30: before-deadline", "about-met 2025-12-01..2025-12-31 to now: reached-about"],
    ),
    "missed": (
        formulation(),
        evidence(seen(60, "2025")),
        ["open 2024-01-01 to 2025-12-31: before-deadline", "missed 2026-01-01 to now: short"],
    ),
    "a value from long before the deadline does not show that it was missed": (
        formulation(),
        evidence(seen(60, "2024-05-01")),
        [OPEN, DUE],
    ),
    "completed in time": (
        formulation("", None),
        Evidence(deeds=(Deed("done", span("2025-07-09")),)),
        ["open 2024-01-01 to 2025-07-08: before-deadline", "met 2025-07-09 to now: completed"],
    ),
    "completed late": (
        formulation("", None),
        Evidence(deeds=(Deed("done", span("2026-06-09")),)),
        [OPEN, due("2026-01-01", "2026-06-08"), "missed 2026-06-09 to now: completed-late"],
    ),
    "a draft is met by the later adoption (kz-target-dq-draft-dec-2025)": (
        formulation("", None),
        Evidence(deeds=(Deed("adopted", span("2026-06-09"), later=True),)),
        [OPEN, due("2026-01-01", "2026-06-08"), "met-time-unknown 2026-06-09 to now: adopted-afterwards"],
    ),
    "and in time, if what was to be drafted was adopted by then": (
        formulation("", None),
        Evidence(deeds=(Deed("adopted", span("2025-06-09"), later=True),)),
        ["open 2024-01-01 to 2025-06-08: before-deadline", "met 2025-06-09 to now: adopted"],
    ),
    "on course, then behind, as time goes by": (
        formulation(deadline="2024-12-31", baseline=0),
        evidence(seen(50, "2024-02-01")),
        [
            "open 2024-01-01 to 2024-01-31: before-deadline",
            "on-course 2024-02-01 to 2024-07-01: ahead-of-time",
            "behind 2024-07-02 to 2024-12-31 (time): behind-time",
            due("2025-01-01"),
        ],
    ),
    "a later measurement brings it back on course": (
        formulation(deadline="2024-12-31", baseline=0),
        evidence(seen(10, "2024-02-01"), seen(80, "2024-06-01")),
        [
            "open 2024-01-01 to 2024-01-31: before-deadline",
            "on-course 2024-02-01 to 2024-02-06: ahead-of-time",
            "behind 2024-02-07 to 2024-05-31 (time): behind-time",
            "on-course 2024-06-01 to 2024-10-19: ahead-of-time",
            "behind 2024-10-20 to 2024-12-31 (time): behind-time",
            due("2025-01-01"),
        ],
    ),
    "without a deadline it stays open": (
        formulation(deadline=None),
        Evidence(),
        ["open 2024-01-01 to now: no-deadline"],
    ),
    "neither a value nor a deadline": (
        formulation("", None, deadline=None),
        Evidence(),
        ["not-computable 2024-01-01 to now: no-measure"],
    ),
    "a factor without a baseline, until the deadline": (
        formulation("times-baseline", 3),
        Evidence(),
        ["not-computable 2024-01-01 to 2025-12-31: no-baseline", DUE],
    ),
    "a metric of which more is neither better nor worse": (
        formulation("as-stated", higher=None, deadline=None),
        evidence(seen(100, "2025")),
        ["not-computable 2024-01-01 to now: no-direction"],
    ),
    "set in a coarse date": (
        formulation(set_on="2025", deadline="2025"),
        Evidence(),
        ["open 2025-01-01..2025-12-31 to 2025-12-31: before-deadline", DUE],
    ),
    "the school year ends in summer (tj-target-schools-100)": (
        formulation(deadline="2025-09/2026-08"),
        Evidence(),
        ["open 2024-01-01 to 2026-08-31: before-deadline", due("2026-09-01")],
    ),
}


@pytest.mark.parametrize("name", STATES)
def test_states(name: str) -> None:
    aimed, known, expected = STATES[name]
    assert states(aimed, known) == expected


def superseded(when: str, **changes: object) -> Formulation:
    """A formulation that a later one replaces."""
    old = formulation(**changes)  # type: ignore[arg-type]
    return Formulation(**{**old.__dict__, "superseded": moment(when), "superseded_by": "new"})


def test_a_later_formulation_replaces_it_unless_it_was_met() -> None:
    assert states(superseded("2025-06")) == [
        "open 2024-01-01 to 2025-05-31: before-deadline",
        "superseded 2025-06-01..2025-06-30 to now: superseded",
    ]
    assert states(superseded("2025-06-01"), evidence(seen(100, "2025-03-01")))[-1] == "met 2025-03-01 to now: reached"
    late = evidence(seen(100, "2026-03-01"))
    assert states(superseded("2025-06-01"), late)[-1] == "superseded 2025-06-01 to now: superseded"


def test_a_state_names_what_decides_it_and_what_it_rests_on() -> None:
    first, last = target_states(formulation(), evidence(seen(100, "2025-03-01"), seen(120, "2025-05-01")))
    assert (first.decided_by, first.period.premises) == ("", ("formulation",))
    assert (last.decided_by, last.period.premises) == ("seen-100-2025-03-01", ("formulation", "seen-100-2025-03-01"))


def test_every_state_and_reason_is_a_concept() -> None:
    store = Store()
    for scheme in ("target-states", "state-reasons"):
        store.load(path=str(ONTOLOGY / "concepts" / f"{scheme}.ttl"), format=RdfFormat.TURTLE)
    named = {q.subject.value.rsplit("/", 1)[-1] for q in store.quads_for_pattern(None, RDF.type, SKOS.Concept)}
    cases = [*STATES.values(), (superseded("2025-06"), Evidence(), [])]
    used = {
        name for aimed, known, _ in cases for s in target_states(aimed, known) for name in (s.period.value, s.reason)
    }
    assert used == named


def release(number: int, node: str, unordered: bool = False) -> Release:
    """A value of one edition."""
    return Release(("metric", "kz", "2025"), number, node, unordered)


@pytest.mark.parametrize(
    ("releases", "pairs"),
    [
        ([release(1, "a"), release(2, "b")], [("b", "a")]),
        ([release(1, "a"), Release(("metric", "kz", "2024"), 2, "b")], []),
        ([release(1, "a", True), release(2, "b", True)], []),
        ([release(1, "a", True), release(2, "b", True), release(3, "c")], [("c", "a"), ("c", "b")]),
    ],
    ids=["the later stands", "two editions", "order unknown", "a third, later one"],
)
def test_releases(releases: list[Release], pairs: list[tuple[str, str]]) -> None:
    assert sorted(revisions(releases)) == pairs


DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))
COMPARATORS = ("at-least", "more-than", "at-most", "as-stated", "about", "up-to", "exactly", "times-baseline", "")


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """A day, a month or a year."""
    first = draw(DAYS)
    return Span(first, first + timedelta(draw(st.sampled_from((0, 27, 364)))))


@st.composite
def formulations(draw: st.DrawFn) -> Formulation:
    """A formulation of any kind."""
    aimed = formulation(
        draw(st.sampled_from(COMPARATORS)),
        draw(st.none() | st.integers(1, 200)),
        None,
        draw(DAYS).isoformat(),
        baseline=draw(st.none() | st.integers(0, 50)),
        higher=draw(st.sampled_from((True, False, None))),
    )
    later = draw(st.none() | DAYS)
    replaced = moment(later.isoformat()) if later else None
    return Formulation(
        **{**aimed.__dict__, "deadline": draw(st.none() | spans()), "superseded": replaced, "superseded_by": "x"}
    )


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    """Measurements, completions and searches of any kind."""
    qualifiers = st.sampled_from(("", "qualifier-about", "qualifier-up-to", "qualifier-nearly", "qualifier-more-than"))
    reaches = st.sampled_from(("same", "same", "narrower", "wider"))
    values = st.builds(Value, st.integers(0, 300).map(Decimal), st.just("unit-count"), qualifiers, reaches)
    measured = [Measurement(f"m{n}", draw(spans()), draw(values)) for n in range(draw(st.integers(0, 4)))]
    deeds = [Deed(f"d{n}", draw(spans()), draw(st.booleans())) for n in range(draw(st.integers(0, 2)))]
    searches = [Search(f"s{n}", draw(DAYS)) for n in range(draw(st.integers(0, 2)))]
    return Evidence(tuple(measured), tuple(deeds), tuple(searches))


@given(formulations(), evidences())
def test_states_do_not_overlap_and_leave_no_gap(aimed: Formulation, known: Evidence) -> None:
    found = target_states(aimed, known)
    assert found[0].period.start.span.first == aimed.set_on.span.first
    assert found[-1].period.until_latest is None
    for before, after in pairwise(found):
        assert before.period.until_latest == after.period.start.span.first - timedelta(1)


@given(formulations(), evidences(), DAYS)
def test_as_of_a_day_is_reading_the_states(aimed: Formulation, known: Evidence, asked: date) -> None:
    holding: list[TargetState] = [s for s in target_states(aimed, known) if s.period.holds_on(asked)]
    if asked < aimed.set_on.span.first:
        assert holding == []
        return
    verdict = judge(aimed, known, asked)
    assert [(s.period.value, s.reason, s.decided_by) for s in holding] == [
        (verdict.state, verdict.reason, verdict.decided_by)
    ]


@given(formulations(), evidences())
def test_a_second_witness_of_a_state_never_moves_its_start(aimed: Formulation, known: Evidence) -> None:
    last = target_states(aimed, known)[-1]
    deciding = [m for m in known.measurements if m.node == last.decided_by]
    again = [Measurement("z", Span(m.span.last, m.span.last), m.value) for m in deciding]
    repeated = Evidence((*known.measurements, *again), known.deeds, known.searches)
    if last.period.value in ("state-met", "state-about-met", "state-missed", "state-met-time-unknown"):
        after = target_states(aimed, repeated)[-1]
        assert (after.period.value, after.period.start) == (last.period.value, last.period.start)
