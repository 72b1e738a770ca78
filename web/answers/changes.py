"""What changed between two releases, or a release and the current snapshot, and what is new, one entry a change.

A pair of releases is compared once, one at a time. A claim or a ruling is new on the day on which it was entered; a
status, a state of a target or a holder on the first day of its period; a value that changed or was withdrawn on the day
of the release without it."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from flask import current_app
from pyoxigraph import Literal, NamedNode, Store

from kg.diff import countries
from kg.errors import ParameterError, UnknownThingError
from kg.message import Message
from kg.releases.archive import pick_release
from kg.terms import AIP, DCTERMS, GRAPH, RDF, is_assertion
from web.answers.arguments import single
from web.answers.files import file_store
from web.answers.told_changes import ToldChange, read_changes
from web.engine.results import EngineDownError
from web.snapshot import Snapshot, per_snapshot, snapshot

CURRENT = "current"
WAIT_TIMEOUT, COMPARE_TIMEOUT = 10.0, 120.0
"""Seconds a request waits while another compares, and that a comparison may take."""


def asked_pair() -> tuple[str, str]:
    """The versions of ``?from=`` and ``?to=``: the newest release and the current snapshot if they are not given.

    :raises ParameterError: if there is no such release, or the second is older than the first
    """
    known = [release.version for release in snapshot().releases]
    if not known:
        raise UnknownThingError(
            Message("there is no release to compare with yet"), hint=Message("kg release makes one")
        )
    # What another SPARQL endpoint holds now cannot be compared: that would take all its quads.
    states = known if current_app.config["WEB"].remote else [*known, CURRENT]
    pair = []
    for name, default in (("from", "latest"), ("to", states[-1])):
        version = single(name) or default
        version = known[-1] if version == "latest" else version
        if version not in states:
            raise ParameterError(
                name, version[:40], Message("no such release"), [*known, "latest", *states[len(known) :]]
            )
        pair.append(version)
    before, after = pair
    if after in states[: states.index(before)]:
        problem = Message("before %(start)s, which is %(day)s", start="from", day=before)
        raise ParameterError("to", after, problem, states[states.index(before) :])
    return before, after


@per_snapshot(1)
def difference(before: str, after: str) -> tuple[ToldChange, ...]:
    """The changes from one state to another, compared once by a process of its own.

    :raises BusyError: if that takes long, or another pair is being compared
    """
    if before == after:
        return ()
    file = file_store().root / snapshot().name / f"changes-{before}-{after}.json"
    if not file.exists():
        with file_store().locked(WAIT_TIMEOUT):
            if not file.exists():
                _compare(_folder(before), _folder(after), file)
    return read_changes(file)


def _compare(before: Path, after: Path, file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "web.answers.told_changes", str(before), str(after), str(file)]
    try:
        subprocess.run(command, check=True, timeout=COMPARE_TIMEOUT)
    except subprocess.SubprocessError as error:
        message = Message("%(before)s and %(after)s could not be compared", before=before.name, after=after.name)
        raise EngineDownError(message, hint=Message("try again in a moment")) from error


def _folder(version: str) -> Path:
    current = snapshot()
    return current.path if version == CURRENT else pick_release(current.releases, version).folder


def day_of(version: str) -> date | None:
    """The day of a release; that of the build for the current snapshot."""
    current = snapshot()
    if version == CURRENT:
        return current.modified.date() if current.modified else None
    return pick_release(current.releases, version).day


PERIODS = (AIP.StatusPeriod, AIP.TargetState, AIP.Incumbency)
_ONLY_IN_DIFFERENCES = ("changed", "withdrawn", "thing-withdrawn", "ruling-changed", "ruling-withdrawn")
"""The kinds of changes that the graph as it is does not show."""


@dataclass(frozen=True)
class News:
    """A change.

    :param node: an assertion, a ruling, a period, or the subject of a change between releases
    :param kind: entered, ruled, began, or the kind of a change between releases
    :param described: the change between releases, if it is one
    """

    day: date
    kind: str
    node: NamedNode
    countries: tuple[NamedNode, ...]
    described: ToldChange | None = None


def news(country: NamedNode | None = None) -> list[News]:
    """All changes until today, the newest first.

    :param country: only those about this state
    """
    return [one for one in _news_until(date.today()) if country is None or country in one.countries]


@per_snapshot(2)
def _news_until(today: date) -> list[News]:
    current = snapshot()
    news = [*_entered(current.store), *_ruled(current.store), *_began(current.store), *_revised(current)]
    return sorted((one for one in news if one.day <= today), key=lambda n: (n.day, n.kind, n.node.value), reverse=True)


def _entered(store: Store) -> Iterator[News]:
    by_assertion: dict[NamedNode, set[NamedNode]] = {}
    of_node: dict[NamedNode, tuple[NamedNode, ...]] = {}
    for quad in store:
        graph, node = quad.graph_name, quad.subject
        if isinstance(graph, NamedNode) and is_assertion(graph) and isinstance(node, NamedNode):
            if node not in of_node:
                of_node[node] = countries(store, node)
            by_assertion.setdefault(graph, set()).update(of_node[node])
    for assertion, day in _days(store, DCTERMS.created, GRAPH.sources):
        if is_assertion(assertion):
            yield News(day, "entered", assertion, tuple(sorted(by_assertion.get(assertion, ()), key=str)))


def _ruled(store: Store) -> Iterator[News]:
    for ruling, day in _days(store, DCTERMS.created, GRAPH.rulings):
        yield News(day, "ruled", ruling, countries(store, ruling, GRAPH.rulings))


def _began(store: Store) -> Iterator[News]:
    first_days = dict(_days(store, AIP.fromEarliest, GRAPH.accepted))
    for class_ in PERIODS:
        for quad in store.quads_for_pattern(None, RDF.type, class_, GRAPH.accepted):
            if isinstance(quad.subject, NamedNode) and quad.subject in first_days:
                yield News(first_days[quad.subject], "began", quad.subject, countries(store, quad.subject))


def _revised(current: Snapshot) -> Iterator[News]:
    for before, after in pairwise(current.releases):
        for described in difference(before.version, after.version):
            change = described.change
            if change.kind in _ONLY_IN_DIFFERENCES:
                yield News(after.day, change.kind, change.subject, change.country, described)


def _days(store: Store, property_: NamedNode, graph: NamedNode) -> Iterator[tuple[NamedNode, date]]:
    for quad in store.quads_for_pattern(None, property_, None, graph):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            yield quad.subject, date.fromisoformat(quad.object.value[:10])
