"""The states of a target formulation from when until when.

`judge` says how a formulation stands on one day; `target_states` asks it for the days on which its answer may change,
so what is read from the periods for a day is what the rule says for that day. Only what lies up to the deadline decides
"met"; what is first seen afterwards shows that it was reached, not when.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import floor

from kg.history.model import ONE_DAY, Basis, Evidence, Formulation, Measurement, Moment, Period, Span, TargetState
from kg.history.progress import Fit, fit, obstacle, share


@dataclass(frozen=True)
class Verdict:
    """How a formulation stands on a day.

    :param since: the days on which what decides may have happened
    """

    state: str
    reason: str
    decided_by: str = ""
    since: Span | None = None


def target_states(formulation: Formulation, evidence: Evidence) -> list[TargetState]:
    """The states of a formulation in order of time; no two share a day, and the last goes on.

    :param evidence: measurements of its metric, completions of its target and searches for its outcome
    """
    start = formulation.set_on.span.first
    days = sorted({day for day in (start, *_turning_points(formulation, evidence)) if day >= start})
    verdicts = [(day, judge(formulation, evidence, day)) for day in days]
    runs = [verdicts[0], *(after for before, after in pairwise(verdicts) if after[1] != before[1])]
    ends = [day - ONE_DAY for day, _ in runs[1:]]
    return [_state(formulation, day, verdict, end) for (day, verdict), end in zip(runs, [*ends, None], strict=True)]


def judge(formulation: Formulation, evidence: Evidence, day: date) -> Verdict:
    """How a formulation stands on a day, by what had happened by then."""
    met = _met(formulation, evidence, day)
    if met and met.state == "state-met":
        return met
    if formulation.superseded and formulation.superseded.span.first <= day:
        span = formulation.superseded.span
        return Verdict("state-superseded", "reason-superseded", formulation.superseded_by, span)
    if met:
        return met
    if formulation.deadline and day > formulation.deadline.last:
        return _after_deadline(formulation, evidence, day)
    return _before_deadline(formulation, evidence, day)


def _met(formulation: Formulation, evidence: Evidence, day: date) -> Verdict | None:
    """Reached: in time, about, or when is not known; the first to show it decides."""
    chosen = sorted(
        (
            v
            for v in (*_by_deeds(formulation, evidence), *_by_values(formulation, evidence))
            if v.since and v.since.first <= day
        ),
        key=lambda v: (_MET.index(v.state), v.since, v.decided_by),
    )
    return chosen[0] if chosen else None


_MET = ("state-met", "state-missed", "state-about-met", "state-met-time-unknown")


def _by_deeds(formulation: Formulation, evidence: Evidence) -> Iterator[Verdict]:
    for deed in evidence.deeds:
        if formulation.deadline is None or deed.span.last <= formulation.deadline.last:
            yield Verdict("state-met", "reason-adopted" if deed.later else "reason-completed", deed.node, deed.span)
        elif deed.later or deed.span.first <= formulation.deadline.last:
            yield Verdict("state-met-time-unknown", "reason-adopted-afterwards", deed.node, deed.span)
        else:
            yield Verdict("state-missed", "reason-completed-late", deed.node, deed.span)


def _by_values(formulation: Formulation, evidence: Evidence) -> Iterator[Verdict]:
    for seen in evidence.measurements:
        if seen.span.last < formulation.set_on.span.first:
            continue  # what was so before the formulation was set shows nothing of its success
        fits = fit(formulation, seen.value)
        in_time = formulation.deadline is None or seen.span.last <= formulation.deadline.last
        if fits is Fit.MEETS and in_time:
            yield Verdict("state-met", "reason-reached", seen.node, seen.span)
        elif fits is Fit.MEETS:
            yield Verdict("state-met-time-unknown", "reason-reached-afterwards", seen.node, seen.span)
        elif fits is Fit.ABOUT and in_time:
            yield Verdict("state-about-met", "reason-reached-about", seen.node, seen.span)


def _after_deadline(formulation: Formulation, evidence: Evidence, day: date) -> Verdict:
    over = formulation.deadline.last + ONE_DAY if formulation.deadline else day
    short = [m for m in evidence.measurements if m.span.first <= day and _shows_the_end(formulation, m)]
    if short:
        last = min(short, key=lambda m: (m.span, m.node))
        return Verdict("state-missed", "reason-short", last.node, Span(over, max(over, last.span.last)))
    looked = [search for search in evidence.searches if over <= search.day <= day]
    if looked:
        first = min(looked, key=lambda s: (s.day, s.node))
        return Verdict("state-overdue", "reason-looked-for", first.node, Span(first.day, first.day))
    return Verdict("state-due-not-looked-up", "reason-not-looked-up", "", Span(over, over))


def _shows_the_end(formulation: Formulation, seen: Measurement) -> bool:
    """Whether a measurement made when the deadline was over falls short."""
    if formulation.deadline is None or fit(formulation, seen.value) is not Fit.SHORT or obstacle(formulation):
        return False
    return seen.span.first >= formulation.deadline.last or seen.span.last == formulation.deadline.last


def _before_deadline(formulation: Formulation, evidence: Evidence, day: date) -> Verdict:
    if formulation.value is None and formulation.deadline is None:
        return Verdict("state-not-computable", "reason-no-measure")
    if hindrance := obstacle(formulation):
        return Verdict("state-not-computable", hindrance)
    latest = _latest_share(formulation, evidence, day)
    if latest is None:
        return Verdict("state-open", "reason-before-deadline" if formulation.deadline else "reason-no-deadline")
    seen, until = latest
    if day <= until:
        return Verdict("state-on-course", "reason-ahead-of-time", seen.node, seen.span)
    return Verdict("state-behind", "reason-behind-time", seen.node)


def _latest_share(formulation: Formulation, evidence: Evidence, day: date) -> tuple[Measurement, date] | None:
    """The latest measurement that can be held against time, and the day until which it is ahead."""
    ahead = [(m, end) for m in evidence.measurements if m.span.first <= day and (end := _ahead_until(formulation, m))]
    return max(ahead, key=lambda pair: (pair[0].span.last, pair[0].node)) if ahead else None


def _ahead_until(formulation: Formulation, seen: Measurement) -> date | None:
    """The last day on which the share reached is not less than the share of time gone by."""
    reached = share(formulation, seen.value)
    if reached is None or formulation.deadline is None:
        return None
    start, end = formulation.set_on.span.first, formulation.deadline.last
    return start + timedelta(days=min(floor(reached * (end - start).days), (end - start).days))


def _turning_points(formulation: Formulation, evidence: Evidence) -> Iterator[date]:
    """The days on which the state may change."""
    yield from (deed.span.first for deed in evidence.deeds)
    yield from (search.day for search in evidence.searches)
    if formulation.deadline:
        yield formulation.deadline.last + ONE_DAY
    if formulation.superseded:
        yield formulation.superseded.span.first
    for seen in evidence.measurements:
        yield seen.span.first
        if ahead := _ahead_until(formulation, seen):
            yield ahead + ONE_DAY


def _state(formulation: Formulation, day: date, verdict: Verdict, end: date | None) -> TargetState:
    last = verdict.since.last if verdict.since and verdict.since.first == day else day
    if day == formulation.set_on.span.first:
        last = max(last, formulation.set_on.span.last)
    period = Period(
        verdict.state,
        Moment(Span(day, max(day, last))),
        _basis(formulation, day, verdict),
        until_earliest=end,
        until_latest=end,
        premises=tuple(filter(None, (formulation.node, verdict.decided_by))),
    )
    return TargetState(formulation.node, verdict.reason, verdict.decided_by, period)


def _basis(formulation: Formulation, day: date, verdict: Verdict) -> Basis:
    if day == formulation.set_on.span.first and not verdict.decided_by:
        return formulation.basis
    return Basis.EVENT if verdict.decided_by and verdict.state != "state-behind" else Basis.TIME
