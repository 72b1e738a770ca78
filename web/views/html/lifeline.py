"""The life line of a thing: its dated steps, and what they make of it on a day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.labels import Term
from kg.namespaces import GRAPH_CONCEPTS
from web.snapshot import snapshot
from web.views.html.caching import once
from web.views.html.evidence_badge import Mark
from web.views.html.facts import ACCEPTED, first, mark_of, objects
from web.views.html.terms import node

_CONCEPTS = NamedNode(GRAPH_CONCEPTS)
_OF = "aip:of"


@dataclass(frozen=True)
class Step:
    """One dated event or status report of a thing.

    :param stage: which step it is; ``None`` for a status report
    :param status: what it leaves the thing in; ``None`` if it changes nothing
    :param earliest: the first day it may have happened; empty if it has no date
    """

    node: NamedNode
    of: NamedNode
    stage: Term | None
    status: Term | None
    date: Term | None
    earliest: str
    latest: str
    rank: int
    by: Sequence[Term]
    notes: Sequence[Term]
    mark: Mark | None

    @property
    def known(self) -> str:
        """The day from which on it counts as done: the first it may have been, else the last; empty without a date."""
        return self.earliest or self.latest

    @property
    def order(self) -> tuple[bool, str, int, str, str]:
        """By time; what has no date last."""
        return not self.known, self.known, self.rank, self.latest, self.node.value


@dataclass(frozen=True)
class Standing:
    """The status of a thing on a day.

    :param certain: whether the step that made it so was surely over by then
    """

    status: Term
    since: Term | None
    step: Step
    certain: bool


def steps(thing: NamedNode) -> list[Step]:
    """The steps of a thing in the order of time."""
    return once("life lines", thing, lambda: _steps(thing))


def _steps(thing: NamedNode) -> list[Step]:
    quads = snapshot().store.quads_for_pattern(None, node(_OF), thing, ACCEPTED)
    found = [step(quad.subject, thing) for quad in quads if isinstance(quad.subject, NamedNode)]
    return sorted(found, key=lambda one: one.order)


def step(event: NamedNode, thing: NamedNode) -> Step:
    """One step as the graph has it."""
    values: dict[str, list[Term]] = {}
    for quad in snapshot().store.quads_for_pattern(event, None, None, ACCEPTED):
        values.setdefault(quad.predicate.value, []).append(quad.object)

    def get(name: str) -> list[Term]:
        return sorted(values.get(node(name).value, []), key=str)

    stage = next(iter(get("aip:stage")), None)
    status, rank = _after(stage) if isinstance(stage, NamedNode) else (next(iter(get("aip:status")), None), 0)
    notes = [*get("aip:scope"), *get("dcterms:description")]
    notes = [note for note in notes if not isinstance(note, Literal) or note.language in ("en", None)]
    return Step(
        event,
        thing,
        stage,
        status,
        next(iter(get("aip:date")), None),
        _text(get("aip:earliest")),
        _text(get("aip:latest")),
        rank,
        get("aip:by"),
        notes,
        mark_of(event, "aip:date" if get("aip:date") else _OF),
    )


def _text(terms: Sequence[Term]) -> str:
    return str(getattr(terms[0], "value", "")) if terms else ""


def _after(stage: NamedNode) -> tuple[Term | None, int]:
    """The status after a stage, if it changes one, and the place of the stage among those of a day."""
    known = snapshot().cache.setdefault("stages", {})
    if stage not in known:
        rank = first(stage, "aip:rank", _CONCEPTS)
        known[stage] = first(stage, "aip:statusAfter", _CONCEPTS), int(getattr(rank, "value", 0))
    found: tuple[Term | None, int] = known[stage]
    return found


def standing(line: Iterable[Step], day: datetime.date) -> Standing | None:
    """The status on a day: that after the latest step by then which changes one; ``None`` before the first.

    The same rule as in ``queries/status-on-date.rq``; a test compares the two. What is dated "by July 2024" has no
    first day: it counts from its last one.
    """
    text = day.isoformat()
    past = [one for one in line if one.status is not None and one.known and one.known <= text]
    if not past:
        return None
    last = max(past, key=lambda one: (one.known, one.rank, one.node.value))
    status = last.status
    assert status is not None  # noqa: S101  chosen by it
    return Standing(status, last.date, last, bool(last.latest) and last.latest <= text)


def drafts(thing: NamedNode) -> list[NamedNode]:
    """The drafts that became a thing."""
    quads = snapshot().store.quads_for_pattern(None, node("aip:becomes"), thing, ACCEPTED)
    return sorted((q.subject for q in quads if isinstance(q.subject, NamedNode)), key=str)


def has_line(thing: NamedNode) -> bool:
    """Whether a thing is of a kind that has a life line: instruments, bodies, assets."""
    kinds = {getattr(term, "value", "") for term in objects(thing, "rdf:type")}
    return any(node(kind).value in kinds for kind in ("aip:Instrument", "aip:Body", "aip:Asset"))
