"""The steps of every thing: its events, the reports of sources, what its successors did. And the tenures of posts."""

from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import NamedNode

from kg.groups import grouped
from kg.history.facts import Facts
from kg.history.model import ONE_DAY, Basis, Moment, Period, Post, Span, Step, Tenure
from kg.history.statuses import ENDED, hardness
from kg.history.successors import Link, successor_step
from kg.terms import AIP, RDF

_LINKS = ((Link.BECOMES, AIP.becomes), (Link.REPLACES, AIP.replaces), (Link.REPEALS, AIP.repeals))


def steps_by_thing(facts: Facts) -> dict[str, list[Step]]:
    """The steps of every thing that has any, targets left aside."""
    things = [(node, thing) for node, thing in facts.pairs(AIP.of) if AIP.Aim not in facts.all(thing, RDF.type)]
    own = [(thing.value, step) for node, thing in things if (step := _step(facts, node))]
    return grouped([*own, *_from_successors(facts, grouped(own))])


def expiries(facts: Facts) -> dict[str, Step]:
    """The day after the time for which an instrument or an asset is meant to hold; a draft holds at no time."""
    steps = {}
    for thing in facts.having(AIP.periodEnd):
        types = facts.all(thing, RDF.type)
        end = facts.moment(thing, AIP.periodEnd)
        if end and AIP.Draft not in types and (AIP.Instrument in types or AIP.Asset in types):
            after = end.span.last + ONE_DAY
            over = Moment(Span(after, after), end.stated)
            steps[thing.value] = Step("status-expired", over, Basis.TIME, premises=(thing.value,))
    return steps


def _step(facts: Facts, node: NamedNode) -> Step | None:
    moment = facts.moment(node, AIP.date)
    if moment is None:
        return None
    if reported := facts.concept(node, AIP.status):
        return Step(reported, moment, Basis.REPORT, 0, (node.value,), node.value)
    stage = facts.node(node, AIP.stage)
    after = facts.concept(stage, AIP.statusAfter) if stage else ""
    if not stage or not after:
        return None
    basis = Basis.EXPECTED if facts.is_expected(node, AIP.date, moment) else Basis.EVENT
    return Step(after, moment, basis, int(facts.text(stage, AIP.rank) or 0), (node.value,), node.value)


def _from_successors(facts: Facts, own: Mapping[str, list[Step]]) -> Iterable[tuple[str, Step]]:
    for link, predicate in _LINKS:
        for subject, object_ in facts.pairs(predicate):
            old, new = (subject, object_) if link is Link.BECOMES else (object_, subject)
            spoken = facts.spoken(subject, predicate, object_)
            if spoken and AIP.Draft not in facts.all(new, RDF.type):
                step = successor_step(link, new.value, own.get(new.value, []), spoken)
                if step:
                    yield old.value, step


def tenures(facts: Facts) -> list[Tenure]:
    """Every tenure with its post and its holder."""
    return [_tenure(facts, node, post) for node, post in facts.pairs(AIP.post) if facts.node(node, AIP.holder)]


def posts(facts: Facts, periods: Mapping[str, Sequence[Period]]) -> dict[str, Post]:
    """How each post is held, and when its body ended.

    :param periods: the status periods of every thing
    """
    return {post.value: _post(facts, post, periods) for _, post in facts.pairs(AIP.post)}


def _tenure(facts: Facts, node: NamedNode, post: NamedNode) -> Tenure:
    holder = facts.node(node, AIP.holder)
    return Tenure(
        node.value,
        post.value,
        holder.value if holder else "",
        int(facts.text(node, AIP.ordinal) or 1),
        facts.moment(node, AIP["from"]),
        facts.moment(node, AIP.to),
        tuple(facts.moments(node, AIP.lastSeen)),
        facts.is_true(node, AIP.acting),
    )


def _post(facts: Facts, post: NamedNode, periods: Mapping[str, Sequence[Period]]) -> Post:
    body = facts.node(post, AIP.postIn)
    last = next(iter(periods.get(body.value if body else "", ())[-1:]), None)
    ended = last if last and hardness(last.value) == ENDED and not last.is_expected else None
    return Post(
        post.value,
        facts.is_true(post, AIP.exclusive),
        facts.is_true(post, AIP.severalHolders),
        ended.start if ended else None,
        ended.premises[0] if ended and ended.premises else "",
    )
