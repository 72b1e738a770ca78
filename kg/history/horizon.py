"""Until when sources were read: for each state and each target."""

from collections.abc import Iterable, Iterator
from datetime import date

from pyoxigraph import NamedNode

from kg.history.facts import Facts, span_of
from kg.history.read_targets import Judged
from kg.terms import AIP, RDF

_Reading = tuple[NamedNode, date]


def read_until(facts: Facts, judged: Iterable[Judged]) -> Iterator[_Reading]:
    """The day up to which sources on each state and each target were read.

    That is the last day of a coverage record about it, or of a source that speaks of it; for a target of which no dated
    source speaks, that of its state.

    :param judged: the target formulations, with the observations that show their progress
    """
    latest: dict[NamedNode, date] = {}
    for thing, day in (*_by_records(facts), *_by_sources(facts)):
        latest[thing] = max(day, latest.get(thing, day))
    seen = {one.formulation.node: one.progress for one in judged}
    for formulation, target in facts.pairs(AIP.formulationOf):
        for node in (formulation, *seen.get(formulation.value, ())):
            if node in latest:
                latest[target] = max(latest[node], latest.get(target, latest[node]))
    targets = {target for _, target in facts.pairs(AIP.formulationOf)}
    countries = {country for _, country in facts.pairs(AIP.country)}
    for target in targets - latest.keys():
        if days := [latest[country] for country in facts.nodes(target, AIP.country) if country in latest]:
            latest[target] = max(days)
    for thing in sorted((targets | countries) & latest.keys(), key=lambda node: node.value):
        yield thing, latest[thing]


def _by_records(facts: Facts) -> Iterator[_Reading]:
    """What coverage records say: of the things they are about, else, if they name a day, of the whole state."""
    for record in facts.subjects(RDF.type, AIP.CoverageRecord):
        stated = facts.one(record, AIP.readUntil)
        span = span_of(stated or facts.one(record, AIP.date))
        about = facts.nodes(record, AIP.about)
        if span:
            yield from ((thing, span.first) for thing in about)
        if span and stated and not about:
            yield from ((country, span.first) for country in facts.nodes(record, AIP.country))


def _by_sources(facts: Facts) -> Iterator[_Reading]:
    """The days of the sources that speak of a thing, for itself and for its state."""
    for thing, day in facts.days_spoken():
        yield thing, day
        yield from ((country, day) for country in facts.nodes(thing, AIP.country))
