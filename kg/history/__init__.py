"""The history: what was so from when until when, worked out once, at build time.

Events, reports and successors become the status periods of a thing; tenures become incumbencies; target formulations,
with measurements, completions and searches, become target states. `derive` reads the triples of a build, applies the
rules and returns the periods as triples. The rules themselves are pure functions on small records:
`kg.history.statuses`, `successors`, `offices`, `progress`, `targets` and `releases`.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from pyoxigraph import NamedNode, Quad, Triple

from kg.history.facts import Facts
from kg.history.horizon import read_until
from kg.history.offices import incumbencies
from kg.history.read_offices import posts, tenures
from kg.history.read_steps import expiries, steps_by_thing
from kg.history.read_targets import TargetReader
from kg.history.statuses import status_periods
from kg.history.targets import target_states
from kg.history.write import Writer, day_literal
from kg.namespaces import BASE
from kg.terms import AIP
from kg.vocabulary import Vocabulary

DATASET = NamedNode(BASE + "dataset")


def derive(triples: Iterable[Triple], claims: Iterable[Quad], vocabulary: Vocabulary, day: date) -> set[Triple]:
    """Everything that the history adds to the accepted view.

    :param triples: the accepted claims, what follows from them, the descriptions of sources and coverage, the concepts
    :param claims: the quads of the data files, for who says what
    :param day: the day of the build, for which the current statuses, states and holders hold
    """
    facts = Facts(triples, claims)
    return set(_derived(facts, Writer(facts, vocabulary, day)))


def _derived(facts: Facts, writer: Writer) -> Iterator[Triple]:
    steps, over = steps_by_thing(facts), expiries(facts)
    periods = {thing: status_periods(steps.get(thing, ()), over.get(thing)) for thing in sorted({*steps, *over})}
    for thing, spans in periods.items():
        yield from writer.status(thing, spans)
    for incumbency in incumbencies(tenures(facts), posts(facts, periods)):
        yield from writer.incumbency(incumbency)
    targets = TargetReader(facts)
    judged = list(targets.formulations())
    for one in judged:
        yield from writer.progress(one)
        for state in target_states(one.formulation, one.evidence):
            yield from writer.state(state)
    for later, earlier in targets.revisions:
        yield Triple(NamedNode(later), AIP.revises, NamedNode(earlier))
    for read, until in read_until(facts, judged):
        yield Triple(read, AIP.readUntil, day_literal(until))
    yield Triple(DATASET, AIP.asOf, day_literal(writer.day))
