"""The tenures that sources state or show, and how each post is held."""

from collections.abc import Mapping, Sequence

from pyoxigraph import NamedNode

from kg.history.facts import Facts
from kg.history.model import Period, Post, Tenure
from kg.history.statuses import ENDED, hardness
from kg.terms import AIP


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
