"""Checks of one thing as a file describes it: single values, order of dates, names and keys."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import product

from pyoxigraph import Literal, NamedNode

from kg.check.context import Context, Node, name_of, names_of
from kg.dates import OPEN_END, OPEN_START, bounds, datatype_for
from kg.findings import WARNING, Finding
from kg.groups import grouped
from kg.index import Place
from kg.keys import key_properties, mint
from kg.namespaces import PREFIXES
from kg.terms import AIP, DCTERMS, RDF, RDFS, Term
from kg.values import date_bounds, settle, value_key, written

_INTERNATIONAL = "int"
"""What the name of a thing of no single country begins with."""
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NUMBERED = re.compile(rf"{_SLUG.pattern}\.[1-9]\d*")
_NAMESPACES = {AIP.Source: "source", AIP.Passage: "passage", AIP.Assertion: "assertion"}
_NAMING = {
    "source": (_SLUG, "small letters, digits and hyphens"),
    "passage": (_NUMBERED, "the name of the source, a dot and a number"),
    "assertion": (_NUMBERED, "the name of the source, a dot and a number"),
}
ORDERS = (
    (AIP.date, AIP.deadline),
    (AIP.baselineDate, AIP.deadline),
    (AIP["from"], AIP.to),
    (AIP["from"], AIP.lastSeen),
    (AIP.lastSeen, AIP.to),
    (AIP.periodStart, AIP.periodEnd),
    (DCTERMS.issued, AIP.retrievedOn),
)
"""Of each pair, the first date cannot lie after the second."""

Values = Mapping[NamedNode, list[tuple[Term, Node]]]
"""The values of each property of one thing, and where each stands."""


def check_nodes(context: Context) -> Iterator[Finding]:
    """Errors in how one file describes a thing."""
    things: dict[NamedNode, dict[NamedNode, list[tuple[Term, Node]]]] = defaultdict(lambda: defaultdict(list))
    for node in context.nodes:
        if isinstance(node.subject, NamedNode):
            yield from _name(context, node, node.subject)
            yield from _key(context, node, node.subject)
            for property_, terms in node.values.items():
                things[node.subject][property_] += [(term, node) for term in terms]
    for thing, values in things.items():
        yield from _single_values(context, thing, values)
        yield from _order(context, thing, values)


def _name(context: Context, node: Node, thing: NamedNode) -> Iterator[Finding]:
    if RDF.type not in node.values:
        return
    above = context.vocabulary.ancestors(node.types)
    prefix = next((prefix for class_, prefix in _NAMESPACES.items() if class_ in above), "id")
    local = thing.value.removeprefix(PREFIXES[prefix])
    pattern, form = _naming(prefix, context.index.countries)
    if local == thing.value or not pattern.fullmatch(local):
        message = f"{name_of(thing)} does not match the naming pattern"
        yield context.finding("bad-name", node, None, message, f"allowed: {prefix}: and {form}")


@cache
def _naming(prefix: str, countries: tuple[str, ...]) -> tuple[re.Pattern[str], str]:
    """The pattern that names of a namespace match, and how to say it."""
    if prefix != "id":
        return _NAMING[prefix]
    starts = ", ".join(f"{code}-" for code in (*countries, _INTERNATIONAL))
    pattern = rf"({'|'.join(countries)})(--?[a-z0-9]+)*|{_INTERNATIONAL}(--?[a-z0-9]+)+"
    return re.compile(pattern), f"small letters, digits and hyphens, after the country: {starts}"


def _key(context: Context, node: Node, thing: NamedNode) -> Iterator[Finding]:
    """In each assertion, a thing with a key repeats its type and key, and its name is minted from them."""
    template = context.vocabulary.key_template(context.types(thing))
    if node.place is not Place.ASSERTION or template is None:
        return
    key = key_properties(template)
    missing = [property_ for property_ in (RDF.type, *key) if property_ not in node.values]
    if missing:
        absent = names_of(missing).replace("rdf:type", "type")
        message = f"{name_of(thing)} is described without its {absent}"
        hint = f"every assertion repeats type and key: {', '.join(name_of(part) for part in key)}"
        yield context.finding("no-key", node, None, message, hint)
        return
    iri = mint(template, node.values)
    unknown = any(not context.types(v) for p in key for v in node.values[p] if isinstance(v, NamedNode))
    if iri in (thing, None) or unknown:
        return
    if iri in context.index.minted.get(iri, ()):
        message = f"{name_of(thing)} has the key of {name_of(iri)}: they are one thing"
        yield context.finding("same-key", node, None, message, f"write {name_of(iri)}, or give it the next ordinal")
    else:
        message = f"{name_of(thing)} does not have the name that its key gives"
        yield context.finding("wrong-name", node, None, message, f"write {name_of(iri)}")


def _single_values(context: Context, thing: NamedNode, values: Values) -> Iterator[Finding]:
    single = context.vocabulary.single_of(context.types(thing))
    for property_, placed in values.items():
        if property_ in single and (thing, property_) not in context.index.rulings.statements:
            different, _ = settle(value for value, _ in placed)
            yield from _two_values(context, property_, placed[-1][1], different)
    registered = [v for v, node in values.get(RDFS.label, ()) if node.place is Place.REGISTRY]
    labels = grouped((label.language, label) for label in registered if isinstance(label, Literal))
    for same_language in labels.values():
        yield from _two_values(context, RDFS.label, values[RDFS.label][0][1], same_language)


def _two_values(context: Context, property_: NamedNode, node: Node, values: Sequence[Term]) -> Iterator[Finding]:
    if len(values) > 1:
        listed = ", ".join(written(value) for value in values)
        message = f"{name_of(node.subject)} has {len(values)} values of {name_of(property_)}: {listed}"
        hint = "allowed: one"
        if node.place is Place.ASSERTION:
            hint += "; if the source says both, write a ruling in data/rulings.ttl"
        if property_ == RDFS.label:
            hint = "allowed: one in a language; write the other as skos:altLabel"
        yield context.finding("two-values", node, property_, message, hint)


def _order(context: Context, thing: NamedNode, values: Values) -> Iterator[Finding]:
    if thing in context.index.rulings.nodes:
        return
    for earlier, later in ORDERS:
        for (first, _), (second, node) in product(values.get(earlier, ()), values.get(later, ())):
            if not _follows(first, second) and not _is_rejected(context, thing, {earlier: first, later: second}):
                message = f"{name_of(later)} {name_of(second)} is before {name_of(earlier)} {name_of(first)}"
                hint = f"allowed: {name_of(later)} on or after {name_of(earlier)}"
                yield context.finding("dates-out-of-order", node, later, message, hint)


def _follows(earlier: Term, later: Term) -> bool:
    first, second = date_bounds(earlier), date_bounds(later)
    if first is None or second is None or first[0] == OPEN_START or second[1] == OPEN_END:
        return True
    return first[0] <= second[1]


def _is_rejected(context: Context, thing: NamedNode, values: Mapping[NamedNode, Term]) -> bool:
    return any((thing, property_, value_key(v)) in context.index.rulings.rejected for property_, v in values.items())


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
            passage = _linked(sources, sources.get(node.graph), AIP.inPassage)  # type: ignore[arg-type]
            source = _linked(sources, passage, AIP.inSource)
            if source:
                yield from _after_source(context, node, source)
            if passage:
                yield from _foreseen(context, node, passage)


def _linked(nodes: Mapping[Term, Node], node: Node | None, property_: NamedNode) -> Node | None:
    """The first node of the same file that a property of a node leads to."""
    return next((nodes[value] for value in node.values.get(property_, ()) if value in nodes), None) if node else None


def _after_source(context: Context, node: Node, source: Node) -> Iterator[Finding]:
    stated = (*source.values.get(DCTERMS.issued, ()), *source.values.get(AIP.retrievedOn, ()))
    spoken = next((days[1] for days in map(date_bounds, stated) if days), None)
    for property_ in (AIP.date, AIP.edition):
        first = min(filter(None, map(_first_day, node.values.get(property_, ()))), default=None)
        if spoken and first and first > spoken:
            message = f"{name_of(node.subject)} was observed on {first}, after its source of {spoken}"
            hint = "a forecast or a plan is no observation: leave it out, or correct the date"
            yield context.finding("observed-after-source", node, property_, message, hint)
            return


def _first_day(value: Term) -> date | None:
    """The first day of a date, or of an edition that is one."""
    datatype = datatype_for(value.value) if isinstance(value, Literal) else None
    return bounds(value.value, datatype)[0] if isinstance(value, Literal) and datatype else None


def _foreseen(context: Context, node: Node, passage: Node) -> Iterator[Finding]:
    for text in passage.values.get(AIP.paraphrase, ()):
        wording = _FUTURE.search(text.value) if isinstance(text, Literal) else None
        if wording:
            message = f"{name_of(node.subject)} is observed in a passage that says {wording.group()!r}"
            hint = "a forecast is no observation; where only another sentence speaks of the future, split the passage"
            yield context.finding("future-words", node, AIP.value, message, hint, severity=WARNING)
            return
