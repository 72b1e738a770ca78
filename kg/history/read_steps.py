"""The steps of every thing: its events, the reports of sources, and what its successors did."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode

from kg.history.facts import Facts
from kg.history.model import ONE_DAY, Basis, Moment, Span, Step
from kg.history.successors import Link, successor_step
from kg.terms import AIP, RDF

_LINKS = ((Link.BECOMES, AIP.becomes), (Link.REPLACES, AIP.replaces), (Link.REPEALS, AIP.repeals))


def steps_by_thing(facts: Facts) -> dict[str, list[Step]]:
    """The steps of every thing that has any, targets left aside."""
    own: dict[str, list[Step]] = defaultdict(list)
    for node, thing in facts.pairs(AIP.of):
        if AIP.Aim not in facts.all(thing, RDF.type) and (step := _step(facts, node)):
            own[thing.value].append(step)
    steps = defaultdict(list, {name: list(steps_of) for name, steps_of in own.items()})
    for ended, step in _from_successors(facts, own):
        steps[ended].append(step)
    return dict(steps)


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
