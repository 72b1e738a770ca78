"""Until when sources were read (design 9.2): for each state and each aim."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pyoxigraph import NamedNode

from kg.history.facts import Facts, span_of
from kg.terms import AIP


def read_until(facts: Facts) -> Iterator[tuple[NamedNode, date]]:
    """The day up to which sources on each state and each aim were read, where a record or a source shows it."""
    found: dict[NamedNode, date] = {}
    for record, country in facts.pairs(AIP.country):
        day = _day(facts, record)
        about = facts.nodes(record, AIP.about)
        if day and not about and facts.one(record, AIP.readUntil):
            _raise(found, country, day)
        for thing in about if day and facts.one(record, AIP.result) else ():
            _raise(found, thing, day)
    for wording, aim in facts.pairs(AIP.formulationOf):
        days = [voice.day.first for voice in facts.voices(wording, AIP.formulationOf)]
        for day in (*days, *([found[wording]] if wording in found else [])):
            _raise(found, aim, day)
    for wording, aim in facts.pairs(AIP.formulationOf):
        for value in facts.subjects(AIP.progressOf, wording):
            for voice in facts.voices(value, AIP.value):
                _raise(found, aim, voice.day.first)
    aims = {aim for _, aim in facts.pairs(AIP.formulationOf)}
    countries = {country for _, country in facts.pairs(AIP.country)}
    for thing in sorted(aims | (countries & found.keys()), key=lambda node: node.value):
        if thing in found:
            yield thing, found[thing]


def _day(facts: Facts, record: NamedNode) -> date | None:
    span = span_of(facts.one(record, AIP.readUntil)) or (
        span_of(facts.one(record, AIP.date)) if facts.one(record, AIP.result) else None
    )
    return span.first if span else None


def _raise(found: dict[NamedNode, date], thing: NamedNode, day: date | None) -> None:
    if day:
        found[thing] = max(day, found.get(thing, day))
