"""The periods of a thing's status, from its events, the reports of sources and its successors.

Rule 1: events outrank reports. A status begins on the day of the event that brought it about; a report only
confirms it, or dates it "since then at the latest" where no event is known, and a looser report never undoes a
harder step. Rule 2: a successor ends what it replaces. Rule 5: an expected step counts as expected until a later
step of the thing confirms it, and not at all once a later one shows that it was not taken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kg.history.model import ONE_DAY, Basis, Moment, Period, Span, Step

_BY_HARDNESS = {
    **{0: "unknown", 10: "proposed", 20: "planned announced", 30: "in-preparation", 40: "before-parliament"},
    **{50: "adopted", 55: "signed", 58: "active", 60: "in-force applied established under-construction", 65: "pilot"},
    **{70: "in-operation", 80: "suspended completed expired"},
    90: "became-law replaced merged cancelled abolished repealed",
}
HARDNESS = {f"status-{name}": hardness for hardness, names in _BY_HARDNESS.items() for name in names.split()}
"""How far a thing has come; what is harder is not undone by what is softer."""

DECIDED = HARDNESS["status-adopted"]
PAUSED = HARDNESS["status-suspended"]
ENDED = HARDNESS["status-repealed"]


def hardness(status: str) -> int:
    """How far a status is from a mere idea."""
    return HARDNESS.get(status, 0)


def status_periods(steps: Iterable[Step], over: Step | None = None) -> list[Period]:
    """The periods of one thing, in order of time; no two of them share a day.

    :param steps: everything that puts it into a status
    :param over: the day after the time for which it is meant to hold
    """
    ordered = _ordered(settle_expected(drop_premature(drop_doubled_ends(list(steps)))))
    periods: list[Period] = []
    for step in ordered:
        _take(step, periods)
    periods = _closed(periods)
    return expire(periods, over, ordered) if over else periods


def drop_doubled_ends(steps: Sequence[Step]) -> list[Step]:
    """An end that the thing's own event dates needs no successor to date it."""
    own_end = any(step.basis is Basis.EVENT and hardness(step.status) == ENDED for step in steps)
    return [step for step in steps if not (own_end and step.basis is Basis.SUCCESSOR)]


def drop_premature(steps: Sequence[Step]) -> list[Step]:
    """A report of a status counts for nothing before the event that brought this status about."""
    first = {
        step.status: step.span.first
        for step in sorted(steps, key=lambda s: s.span.first, reverse=True)
        if step.basis in (Basis.EVENT, Basis.EXPECTED)
    }
    return [s for s in steps if s.basis is not Basis.REPORT or s.span.first >= first.get(s.status, s.span.first)]


def settle_expected(steps: Sequence[Step]) -> list[Step]:
    """What became of expected steps: confirmed by a later step as hard, dropped after a softer one, else expected.

    The first later step that tells decides.
    """
    taken = sorted(
        (s for s in steps if s.basis is not Basis.EXPECTED), key=lambda s: (s.span.first, -hardness(s.status))
    )
    settled = []
    for step in steps:
        answers = [_tells(other, step) for other in taken] if step.basis is Basis.EXPECTED else []
        was_taken = next((answer for answer in answers if answer is not None), None)
        if was_taken is not False:
            settled.append(replace(step, basis=Basis.EVENT) if was_taken else step)
    return settled


def _tells(other: Step, expected: Step) -> bool | None:
    """Whether a step shows that an expected one was taken, that it was not, or neither."""
    if other.span.first < expected.span.first:
        return None
    as_far = hardness(expected.status) <= hardness(other.status) < PAUSED and other.basis is Basis.EVENT
    if other.status == expected.status or as_far:
        return True
    is_softer = hardness(other.status) < hardness(expected.status)
    return False if is_softer and other.span.first > expected.span.first else None


def _ordered(steps: Sequence[Step]) -> list[Step]:
    """The steps in order of time; a coarse date of a harder step is not taken to lie before a softer one inside it."""
    taken = (Basis.EVENT, Basis.EXPECTED)
    events = [step for step in steps if step.basis in taken]
    moved = [_after_softer(step, events) if step.basis in taken else step for step in steps]
    return sorted(moved, key=lambda s: (s.span.first, s.basis is Basis.REPORT, s.order, s.span.last, s.origin))


def _after_softer(step: Step, events: Sequence[Step]) -> Step:
    first, last = step.span
    inside = [
        e.span.first for e in events if hardness(e.status) < hardness(step.status) and first < e.span.first <= last
    ]
    return replace(step, moment=Moment(Span(max(inside), last), step.moment.stated)) if inside else step


def _take(step: Step, periods: list[Period]) -> None:
    """The next step in order of time begins a period, confirms the one that goes on, or changes nothing."""
    current = periods[-1] if periods else None
    if current is None:
        _begin(step, periods)
    elif step.status == current.value or only_confirms(current.value, step):
        periods[-1] = _confirmed(current, step)
    elif moves(current.value, step):
        if current.start.span.first == step.span.first:
            periods.pop()  # of two steps of one day the later one decides
        _begin(step, periods)


def _begin(step: Step, periods: list[Period]) -> None:
    before = periods[-1] if periods else None
    if before and before.value == step.status:
        periods[-1] = _confirmed(before, step)
        return
    if before:
        periods[-1] = replace(before, ended_on=step.moment.stated, ended_by=step.origin)
    seen = None if step.basis is Basis.EXPECTED else step.span.first
    periods.append(Period(step.status, step.moment, step.basis, last_confirmed=seen, premises=step.premises))


def moves(current: str, step: Step) -> bool:
    """Whether a step changes the status: never back to a softer one, except out of a pause or, by an event, an end."""
    before, after = hardness(current), hardness(step.status)
    if before >= ENDED:
        return step.basis is Basis.EVENT and after >= DECIDED and after < ENDED
    if before >= PAUSED:
        return after >= DECIDED
    if after == HARDNESS["status-before-parliament"] and before in (DECIDED, HARDNESS["status-signed"]):
        return step.basis is Basis.EVENT  # an adopted bill goes to the other chamber or is sent back
    return after > before or (after == before and step.basis is not Basis.REPORT)


def only_confirms(current: str, step: Step) -> bool:
    """Whether a report says a step over again: "active" of what works, "in force" of what is adopted."""
    if step.basis is not Basis.REPORT:
        return False
    if step.status == "status-active":
        return DECIDED <= hardness(current) < PAUSED
    return (current, step.status) == ("status-adopted", "status-in-force")


def _confirmed(period: Period, step: Step) -> Period:
    premises = tuple(dict.fromkeys((*period.premises, *step.premises)))
    if step.basis is Basis.EXPECTED:
        return replace(period, premises=premises)
    basis = Basis.EVENT if period.is_expected else period.basis
    seen = max(step.span.first, period.last_confirmed or step.span.first)
    return replace(period, basis=basis, last_confirmed=seen, premises=premises, ended_on=None, ended_by="")


def _closed(periods: Sequence[Period]) -> list[Period]:
    """Each period ends on the day before the next one may begin."""
    ends = [following.start.span.first - ONE_DAY for following in periods[1:]]
    closed = [replace(p, until_earliest=end, until_latest=end) for p, end in zip(periods, ends, strict=False)]
    return [*closed, *periods[-1:]]


def expire(periods: Sequence[Period], over: Step, steps: Sequence[Step]) -> list[Period]:
    """What is stated to hold until a day is over on the next one, however far it had come by then.

    It is not, if it had ended or paused before, or if a later step or report shows that it goes on.

    :param over: the day after the stated end
    """
    end = over.span.first - ONE_DAY
    last = periods[-1] if periods else None
    goes_on = any(step.span.last > end for step in steps)
    if goes_on or (last and (hardness(last.value) >= PAUSED or last.start.span.first > end)):
        return list(periods)
    premises = tuple(dict.fromkeys((*(last.premises if last else ()), *over.premises)))
    after = Period(over.status, over.moment, over.basis, premises=premises)
    if last is None:
        return [after]
    closed = replace(last, until_earliest=end, until_latest=end, ended_on=over.moment.stated)
    return [*periods[:-1], closed, after]
