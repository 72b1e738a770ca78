"""Checks that observations tell what was so: none lies after its source, none is a forecast."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from pyoxigraph import Literal, NamedNode

from kg.check.context import Context, Node, name_of
from kg.dates import datatype_for
from kg.findings import WARNING, Finding
from kg.index import Place
from kg.terms import AIP, DCTERMS, Term
from kg.values import date_bounds

_FUTURE = re.compile(
    r"\b(forecast\w*|projected|expected to|expects? (?:exports|growth|to)|is to (?:reach|grow|rise)"
    r"|will (?:reach|grow|rise|exceed)|may (?:reach|exceed)|прогноз\w*|ожидается)\b",
    re.IGNORECASE,
)


def check_forecasts(context: Context) -> Iterator[Finding]:
    """Observations of one file that its source cannot have made, or seems only to foresee."""
    sources: dict[Term, Node] = {node.subject: node for node in context.named(Place.SOURCES)}
    for node in context.named(Place.ASSERTION):
        if context.is_a(node.subject, AIP.Observation) and AIP.value in node.values:
            assertion = sources.get(node.graph) if isinstance(node.graph, NamedNode) else None
            passage = _linked(sources, assertion, AIP.inPassage)
            source = _linked(sources, passage, AIP.inSource)
            if source:
                yield from _after_source(context, node, source)
            if passage:
                yield from _foreseen(context, node, passage)


def _linked(nodes: Mapping[Term, Node], node: Node | None, property_: NamedNode) -> Node | None:
    """The first node of the same file that a property of a node leads to."""
    return next((nodes[value] for value in node.values.get(property_, ()) if value in nodes), None) if node else None


def _after_source(context: Context, node: Node, source: Node) -> Iterator[Finding]:
    spoken = _last_day((*source.values.get(DCTERMS.issued, ()), *source.values.get(AIP.retrievedOn, ())))
    for property_ in (AIP.date, AIP.edition):
        first = min(filter(None, map(_first_day, node.values.get(property_, ()))), default=None)
        if spoken and first and first > spoken:
            message = f"{name_of(node.subject)} was observed on {first}, after its source of {spoken}"
            hint = "a forecast or a plan is no observation: leave it out, or correct the date"
            yield context.finding("observed-after-source", node, property_, message, hint)
            return


def _first_day(value: Term) -> date | None:
    """The first day of a date, or of an edition that is one."""
    if isinstance(value, Literal) and (datatype := datatype_for(value.value)):
        bounds = date_bounds(Literal(value.value, datatype=datatype))
        return bounds[0] if bounds else None
    return None


def _last_day(values: tuple[Term, ...]) -> date | None:
    """The last day of the first of some dates."""
    bounds = next(filter(None, map(date_bounds, values)), None)
    return bounds[1] if bounds else None


def _foreseen(context: Context, node: Node, passage: Node) -> Iterator[Finding]:
    for text in passage.values.get(AIP.paraphrase, ()):
        wording = _FUTURE.search(text.value) if isinstance(text, Literal) else None
        if wording:
            message = f"{name_of(node.subject)} is observed in a passage that says {wording.group()!r}"
            hint = "a forecast is no observation; where only another sentence speaks of the future, split the passage"
            yield context.finding("future-words", node, AIP.value, message, hint, severity=WARNING)
            return
