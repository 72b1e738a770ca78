"""Who held which post from when until when, from tenures that sources state or only show.

One holder per post: the next one's start ends the former's tenure, and where only sightings are known the end lies
between them. A person who takes a post that excludes the old one has left it; whoever only acts in a post keeps the
others. The end of a body ends its posts. Nobody is confirmed beyond what a source shows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from pyoxigraph import Literal

from kg.groups import grouped
from kg.history.model import ONE_DAY, Basis, Incumbency, Moment, Period, Post, Span, Tenure


@dataclass(frozen=True)
class End:
    """Something that ends a tenure.

    :param earliest: the last day on which the person is known to hold the post
    :param latest: the last day that is counted to it
    """

    earliest: date
    latest: date
    stated: Literal | None = None
    by: str = ""


def incumbencies(tenures: Iterable[Tenure], posts: Mapping[str, Post]) -> list[Incumbency]:
    """The incumbency of every tenure that has a date; those of one post with one holder share no day.

    :param posts: how each post is held
    """
    tenures, starts = list(tenures), dict[str, Moment]()
    for name, holders in grouped((tenure.post, tenure) for tenure in tenures).items():
        starts |= _starts(holders, posts.get(name, Post(name)).several)
    dated = [tenure for tenure in tenures if tenure.node in starts]
    by_post = grouped((tenure.post, tenure) for tenure in dated)
    by_person = grouped((tenure.person, tenure) for tenure in dated)
    incumbencies = []
    for tenure in (t for holders in by_post.values() for t in holders):
        post = posts.get(tenure.post, Post(tenure.post))
        rivals = [t for t in by_post[tenure.post] if not post.several or t.person == tenure.person]
        left = [t for t in by_person[tenure.person] if _excludes(t, posts.get(t.post), post)]
        ends = [
            *stated_end(tenure),
            *ends_by_next(tenure, starts, rivals),
            *ends_by_next(tenure, starts, left),
            *end_of_body(post, starts[tenure.node]),
        ]
        incumbencies.append(Incumbency(tenure, _period(tenure, starts[tenure.node], ends)))
    return sorted(incumbencies, key=lambda i: (i.tenure.post, i.period.start.span, i.tenure.node))


def start_of(tenure: Tenure) -> Moment | None:
    """When a tenure began: as stated, else when the person was first seen, else on the day before it ended."""
    if tenure.begun:
        return tenure.begun
    left = [Moment(Span(*[tenure.ended.span.first - ONE_DAY] * 2))] if tenure.ended else []
    seen = sorted((*tenure.seen, *left), key=lambda moment: moment.span)
    if not seen:
        return None
    return Moment(Span(seen[0].span.first, min(moment.span.last for moment in seen)), seen[0].stated)


def last_confirmed(tenure: Tenure, start: Moment) -> date:
    """The last day on which a source shows the person in the post: of a coarse date its first day is sure."""
    return max([start.span.first, *(moment.span.first for moment in tenure.seen)])


def stated_end(tenure: Tenure) -> list[End]:
    """The end that a source states."""
    if tenure.ended is None:
        return []
    return [End(tenure.ended.span.first, tenure.ended.span.last, tenure.ended.stated, tenure.node)]


def ends_by_next(tenure: Tenure, begun: Mapping[str, Moment], others: Iterable[Tenure]) -> list[End]:
    """The end that the next of other tenures brings: the day before it began, or between two sightings."""
    own = _place(tenure, begun[tenure.node].span)
    later = [t for t in others if _place(t, begun[t.node].span) > own]
    if not later:
        return []
    following = min(later, key=lambda t: _place(t, begun[t.node].span))
    start = begun[following.node]
    latest = start.span.first - ONE_DAY
    seen = last_confirmed(tenure, begun[tenure.node])
    earliest = latest if following.begun else min(seen, latest)
    return [End(earliest, latest, start.stated, following.node)]


def end_of_body(post: Post, start: Moment) -> list[End]:
    """The end that the end of a body brings to its posts."""
    if post.ended is None or post.ended.span.last < start.span.first:
        return []
    last = post.ended.span.first - ONE_DAY
    return [End(last, last, post.ended.stated, post.ended_by)]


def _period(tenure: Tenure, start: Moment, ends: Sequence[End]) -> Period:
    period = Period(
        tenure.person,
        start,
        Basis.EVENT if tenure.begun else Basis.REPORT,
        last_confirmed=last_confirmed(tenure, start),
        premises=(tenure.node,),
    )
    if not ends:
        return period
    end = min(ends, key=lambda e: (e.latest, e.earliest))
    latest = max(end.latest, start.span.first)
    earliest = min([end.earliest, *(e.earliest for e in stated_end(tenure))])
    seen = min(period.last_confirmed or latest, latest)
    premises = tuple(dict.fromkeys((tenure.node, *filter(None, [end.by]))))
    return replace(
        period,
        until_earliest=max(earliest, start.span.first),
        until_latest=latest,
        ended_on=end.stated,
        ended_by="" if end.by == tenure.node else end.by,
        last_confirmed=seen,
        premises=premises,
    )


def _starts(holders: Sequence[Tenure], several: bool) -> dict[str, Moment]:
    """When each tenure of one post began; of two that may have begun on one day the coarser date is the later one.

    Tenures of one person follow their ordinals. A tenure that another one of the same exact day replaces is left out.
    """
    dated = {t.node: start for t in holders if (start := start_of(t))}
    for tenure in sorted(holders, key=lambda t: t.ordinal):
        earlier = [t for t in holders if t.person == tenure.person and t.ordinal < tenure.ordinal]
        for before in (dated[t.node] for t in earlier if t.node in dated and tenure.node in dated):
            dated[tenure.node] = _not_before(dated[tenure.node], before.span.first)
    if several:
        return dated
    order = sorted((t for t in holders if t.node in dated), key=lambda t: _place(t, dated[t.node].span))
    for former, following in pairwise(order):
        dated[following.node] = _not_before(dated[following.node], dated[former.node].span.first + ONE_DAY)
        if dated[following.node].span.first <= dated[former.node].span.first:
            del dated[former.node]
    return dated


def _place(tenure: Tenure, start: Span) -> tuple[date, int, date, str]:
    """The place of a tenure among others; where only sightings date it, later ones do not change it."""
    return start.first, tenure.ordinal, start.last if tenure.begun else date.max, tenure.node


def _not_before(moment: Moment, floor: date) -> Moment:
    """A start with the days before a floor taken away, as far as the date is coarse enough."""
    first, last = moment.span
    return Moment(Span(min(max(first, floor), last), last), moment.stated)


def _excludes(other: Tenure, its_post: Post | None, post: Post) -> bool:
    """Whether taking the other office means having left this one."""
    return (
        other.post != post.node and its_post is not None and its_post.exclusive and post.exclusive and not other.acting
    )
