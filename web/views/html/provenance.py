"""Pages of sources, their passages, and what was read out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from pyoxigraph import NamedNode, Quad

from kg.evidence import Citation, Claim, citation
from kg.labels import Term
from kg.namespaces import expand
from web.snapshot import snapshot
from web.views.html.facts import ACCEPTED, SOURCES, TYPE, objects
from web.views.html.statements import describe
from web.views.html.terms import name, node

_QUIET = {expand("aip:ordinal"), expand("aip:release")}


@dataclass(frozen=True)
class Subject:
    """What an assertion says of one thing."""

    thing: NamedNode
    claims: Sequence[Claim]


@dataclass(frozen=True)
class Reading:
    """What we read out of a passage in one voice."""

    assertion: NamedNode
    witness: Citation
    subjects: Sequence[Subject]


@dataclass(frozen=True)
class Part:
    """A passage with its readings."""

    passage: NamedNode
    locator: Term | None
    paraphrase: Term | None
    readings: Sequence[Reading]


def source(thing: NamedNode) -> str:
    """A source: what it is and, passage by passage, what it says."""
    parts = [part(passage) for passage in _named_by(thing, "aip:inSource")]
    return render_template(
        "pages/source.html",
        thing=thing,
        about=describe(thing),
        parts=sorted(parts, key=lambda one: _ordinal(one.passage)),
        retold=_named_by(thing, "aip:rewrites"),
    )


def passage(thing: NamedNode) -> str:
    """A passage: where it stands and what it says."""
    return render_template("pages/passage.html", thing=thing, part=part(thing), source=_one(thing, "aip:inSource"))


def assertion(thing: NamedNode) -> str:
    """An assertion: what it says, in which passage."""
    where = _one(thing, "aip:inPassage")
    source = _one(where, "aip:inSource") if isinstance(where, NamedNode) else None
    page = "parts/assertion_body.html" if request.args.get("fragment") else "pages/assertion.html"
    return render_template(
        page, thing=thing, reading=reading(thing), passage=where, source=source, about=describe(thing)
    )


def part(passage: NamedNode) -> Part:
    """A passage with all that was read out of it."""
    readings = [reading(assertion) for assertion in _named_by(passage, "aip:inPassage")]
    return Part(passage, _one(passage, "aip:locator"), _one(passage, "aip:paraphrase"), readings)


def reading(assertion: NamedNode) -> Reading:
    """What an assertion says, thing by thing."""
    store = snapshot().store
    keys: dict[NamedNode, set[tuple[NamedNode, Term]]] = {}
    for quad in store.quads_for_pattern(None, None, None, assertion):
        if isinstance(quad.subject, NamedNode) and quad.predicate != TYPE and quad.predicate.value not in _QUIET:
            keys.setdefault(quad.subject, set()).add((quad.predicate, quad.object))
    subjects = []
    for thing in sorted(keys, key=lambda one: (name(one).text.casefold(), one.value)):
        pairs = sorted(keys[thing], key=lambda pair: (pair[0].value, str(pair[1])))
        claims = [Claim(thing, p, value, (), Quad(thing, p, value, ACCEPTED) in store) for p, value in pairs]
        subjects.append(Subject(thing, claims))
    return Reading(assertion, citation(store, assertion), subjects)


def _named_by(thing: NamedNode, predicate: str) -> list[NamedNode]:
    quads = snapshot().store.quads_for_pattern(None, node(predicate), thing, SOURCES)
    return sorted((q.subject for q in quads if isinstance(q.subject, NamedNode)), key=_ordinal)


def _ordinal(thing: NamedNode) -> tuple[str, int, str]:
    """Passages and assertions of a source by the number at the end of their name."""
    stem, _, number = thing.value.rpartition(".")
    return stem, int(number) if number.isdigit() else 0, thing.value


def _one(thing: NamedNode, predicate: str) -> Term | None:
    return next(iter(objects(thing, predicate, SOURCES)), None)
