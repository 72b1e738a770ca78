"""Who held a post from when until when: one holder at a time, ends between sightings, exclusive offices."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.history.model import Basis, Incumbency, Moment, Post, Span, Tenure
from kg.history.offices import incumbencies
from tests.history import day, moment, tenure


def shown(held: Incumbency) -> str:
    """An incumbency in one line: holder, first days, last days, last day confirmed."""
    period = held.period
    first, last = period.start.span
    begun = f"{first}" if first == last else f"{first}..{last}"
    ends = (period.until_earliest, period.until_latest)
    ended = "now" if ends[1] is None else f"{ends[1]}" if ends[0] == ends[1] else f"{ends[0]}..{ends[1]}"
    basis = " (report)" if period.basis is Basis.REPORT else ""
    return f"{held.tenure.person} {begun} to {ended}, confirmed {period.last_confirmed}{basis}"


MINISTER = {"minister": Post("minister", exclusive=True)}
CASES: dict[str, tuple[list[Tenure], dict[str, Post], list[str]]] = {
    "a stated start and end": (
        [tenure("a", "2022-01-11", "2024-02-05")],
        {},
        ["a 2022-01-11 to 2024-02-05, confirmed 2022-01-11"],
    ),
    "the next start ends the former tenure (kz prime ministers)": (
        [tenure("a", "2022-01-11"), tenure("b", "2024-02-06", None, "2026-02")],
        {},
        ["a 2022-01-11 to 2024-02-05, confirmed 2022-01-11", "b 2024-02-06 to now, confirmed 2026-02-01"],
    ),
    "between two sightings the end is not known (Osmonaliev, Murataliev)": (
        [tenure("a", None, None, "2024-02"), tenure("b", None, None, "2025-09-23")],
        {},
        [
            "a 2024-02-01..2024-02-29 to 2024-02-01..2025-09-22, confirmed 2024-02-01 (report)",
            "b 2025-09-23 to now, confirmed 2025-09-23 (report)",
        ],
    ),
    "three ministers, only the last one holds office (kg-post-minister-digital)": (
        [
            tenure("imanov", "2022-01", acting=True),
            tenure("kutnaeva", None, None, "2024-08-28", "2024-10"),
            tenure("zhamangulov", None, None, "2025-04-30"),
        ],
        {},
        [
            "imanov 2022-01-01..2022-01-31 to 2022-01-01..2024-08-27, confirmed 2022-01-01",
            "kutnaeva 2024-08-28 to 2024-10-01..2025-04-29, confirmed 2024-10-01 (report)",
            "zhamangulov 2025-04-30 to now, confirmed 2025-04-30 (report)",
        ],
    ),
    "a coarse sighting confirms its first day alone (kz-person-suleimenova)": (
        [tenure("a", None, None, "2026", known_by="2026-05-20")],
        {},
        ["a 2026-01-01..2026-05-20 to now, confirmed 2026-01-01 (report)"],
    ),
    "acting, then appointed: two tenures of one person (kg-post-cabinet-chairman)": (
        [tenure("a", "2024-12-16", "2024-12-18", acting=True), tenure("a", "2024-12-18", ordinal=2)],
        {},
        ["a 2024-12-16 to 2024-12-17, confirmed 2024-12-16", "a 2024-12-18 to now, confirmed 2024-12-18"],
    ),
    "tenures of one person follow their numbers (kz-person-mussin)": (
        [tenure("a", "2020-07-20", acting=True), tenure("a", "2020", "2024-04-30", ordinal=2)],
        {},
        [
            "a 2020-07-20 to 2020-07-20, confirmed 2020-07-20",
            "a 2020-07-21..2020-12-31 to 2024-04-30, confirmed 2020-07-21",
        ],
    ),
    "of two coarse starts of one day the coarser is the later": (
        [tenure("a", "2025-06-01"), tenure("b", "2025-06")],
        {},
        ["a 2025-06-01 to 2025-06-01, confirmed 2025-06-01", "b 2025-06-02..2025-06-30 to now, confirmed 2025-06-02"],
    ),
    "several holders do not end one another": (
        [tenure("a", None, None, "2025-10"), tenure("b", None, None, "2025-11")],
        {"minister": Post("minister", several=True)},
        [
            "a 2025-10-01..2025-10-31 to now, confirmed 2025-10-01 (report)",
            "b 2025-11-01..2025-11-30 to now, confirmed 2025-11-01 (report)",
        ],
    ),
    "an office that excludes the old one ends it (Shermatov)": (
        [tenure("a", "2018-06", post="education"), tenure("a", "2021-11-17", post="ict")],
        {"education": Post("education", exclusive=True), "ict": Post("ict", exclusive=True)},
        ["a 2018-06-01..2018-06-30 to 2021-11-16, confirmed 2018-06-01", "a 2021-11-17 to now, confirmed 2021-11-17"],
    ),
    "an office held for the time being ends no other": (
        [tenure("a", "2018-06", post="education"), tenure("a", "2021-11-17", post="ict", acting=True)],
        {"education": Post("education", exclusive=True), "ict": Post("ict", exclusive=True)},
        ["a 2018-06-01..2018-06-30 to now, confirmed 2018-06-01", "a 2021-11-17 to now, confirmed 2021-11-17"],
    ),
    "a council's chair excludes nothing": (
        [tenure("a", "2018-06-01", post="minister"), tenure("a", "2021-11-17", post="council")],
        {**MINISTER, "council": Post("council")},
        ["a 2021-11-17 to now, confirmed 2021-11-17", "a 2018-06-01 to now, confirmed 2018-06-01"],
    ),
    "the end of the body ends its posts (Abayev)": (
        [tenure("a", None, None, "2017")],
        {"minister": Post("minister", ended=moment("2019-06-17"), ended_by="new-ministry")},
        ["a 2017-01-01..2017-12-31 to 2019-06-16, confirmed 2017-01-01 (report)"],
    ),
    "who is only known to have left held the post until then": (
        [tenure("a", None, "2024-02-06")],
        {},
        ["a 2024-02-05 to 2024-02-06, confirmed 2024-02-05 (report)"],
    ),
    "an office that is only known to have been left was held before the next one (kz-person-bektenov)": (
        [tenure("a", None, "2024-02-06", post="head"), tenure("a", "2024-02-06", None, "2026-09-22", post="prime")],
        {"head": Post("head", exclusive=True), "prime": Post("prime", exclusive=True)},
        [
            "a 2024-02-05 to 2024-02-05, confirmed 2024-02-05 (report)",
            "a 2024-02-06 to now, confirmed 2026-09-22",
        ],
    ),
    "a tenure without a date is not placed": ([tenure("a")], {}, []),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    tenures, posts, expected = CASES[name]
    assert [shown(held) for held in incumbencies(tenures, posts)] == expected


@pytest.mark.parametrize("name", CASES)
def test_the_order_of_reading_does_not_matter(name: str) -> None:
    tenures, posts, _ = CASES[name]
    assert incumbencies(tenures[::-1], posts) == incumbencies(tenures, posts)


def test_an_incumbency_says_what_ended_it() -> None:
    former, _ = incumbencies([tenure("a", "2022-01-11"), tenure("b", "2024-02-06")], {})
    assert (former.period.ended_by, former.period.premises) == ("minister--b-1", ("minister--a-1", "minister--b-1"))
    assert former.period.until_earliest == day("2024-02-05")
    (stated,) = incumbencies([tenure("a", "2022-01-11", "2023-01-01")], {})
    assert (stated.period.ended_by, stated.period.premises) == ("", ("minister--a-1",))


DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))
PEOPLE = st.sampled_from("abcd")


@st.composite
def moments(draw: st.DrawFn) -> Moment:
    """A date of a day, a month or a year."""
    first = draw(DAYS)
    return Moment(Span(first, first + timedelta(draw(st.sampled_from((0, 27, 364))))))


@st.composite
def tenures(draw: st.DrawFn) -> list[Tenure]:
    """Tenures of some people in two posts."""
    found: dict[str, Tenure] = {}
    for _ in range(draw(st.integers(1, 6))):
        post, person, number = draw(st.sampled_from(("p", "q"))), draw(PEOPLE), draw(st.integers(1, 2))
        begun = draw(st.none() | moments())
        ended = draw(st.none() | moments())
        if begun and ended and ended.span.first < begun.span.first:
            ended = None
        seen = tuple(draw(st.lists(moments(), max_size=3)))
        node = f"{post}--{person}-{number}"
        found[node] = Tenure(node, post, person, number, begun, ended, seen, draw(st.booleans()))
    return list(found.values())


POSTS = {"p": Post("p", exclusive=True), "q": Post("q", exclusive=True)}


@given(tenures())
def test_two_people_never_hold_one_post_on_one_day(found: list[Tenure]) -> None:
    by_post: dict[str, list[Incumbency]] = defaultdict(list)
    for held in incumbencies(found, POSTS):
        by_post[held.tenure.post].append(held)
    for holders in by_post.values():
        for before, after in pairwise(holders):
            assert before.period.until_latest is not None
            assert before.period.until_latest < after.period.start.span.first


@given(tenures(), DAYS)
def test_as_of_a_day_there_is_one_holder_at_most(found: list[Tenure], asked: date) -> None:
    holding = [held.tenure.post for held in incumbencies(found, POSTS) if held.period.holds_on(asked)]
    assert len(set(holding)) == len(holding)


def holder_on(begun: dict[str, date], ended: dict[str, date], asked: date) -> str | None:
    """Who holds a post on a day, worked out the other way round: the last who took it by then and has not left it."""
    taken = [(day_, person) for person, day_ in begun.items() if day_ <= asked]
    person = max(taken)[1] if taken else None
    return person if person and asked <= ended.get(person, asked) else None


@given(st.dictionaries(PEOPLE, DAYS), st.dictionaries(PEOPLE, DAYS), DAYS)
def test_as_of_a_day_is_reading_the_incumbencies(begun: dict[str, date], left: dict[str, date], asked: date) -> None:
    begun = {person: first for person, first in begun.items() if list(begun.values()).count(first) == 1}
    ended = {person: last for person, last in left.items() if person in begun and last >= begun[person]}
    found = [
        Tenure(
            f"p--{person}-1",
            "p",
            person,
            begun=Moment(Span(first, first)),
            ended=Moment(Span(ended[person], ended[person])) if person in ended else None,
        )
        for person, first in begun.items()
    ]
    holding = [held.tenure.person for held in incumbencies(found, {"p": Post("p")}) if held.period.holds_on(asked)]
    assert holding == [person for person in [holder_on(begun, ended, asked)] if person]


@given(tenures(), st.data())
def test_a_later_sighting_never_moves_a_start(found: list[Tenure], data: st.DataObject) -> None:
    held = {h.tenure.node: h.period for h in incumbencies(found, POSTS)}
    if not held:
        return
    node = data.draw(st.sampled_from(sorted(held)))
    end = held[node].until_latest or date(2030, 1, 1)
    after = data.draw(st.dates(min(held[node].start.span.last, end), end))
    again = [
        Tenure(t.node, t.post, t.person, t.ordinal, t.begun, t.ended, (*t.seen, Moment(Span(after, after))), t.acting)
        if t.node == node
        else t
        for t in found
    ]
    starts = {h.tenure.node: h.period.start.span.first for h in incumbencies(again, POSTS)}
    assert starts == {name: period.start.span.first for name, period in held.items()}


@given(tenures())
def test_nobody_is_confirmed_beyond_the_end_or_before_the_start(found: list[Tenure]) -> None:
    for held in incumbencies(found, POSTS):
        period = held.period
        assert period.last_confirmed is not None
        assert period.start.span.first <= period.last_confirmed
        assert period.until_latest is None or period.last_confirmed <= period.until_latest
