"""Checks of our own records: registry, editorial classification, coverage and rulings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from kg.check.context import Context, Node, Term, name_of, names_of
from kg.check.sources import ASSERTION, PASSAGE, SOURCE, missing
from kg.findings import Finding
from kg.index import Place
from kg.namespaces import PREFIXES, expand
from kg.rulings import (
    COMPATIBLE,
    ON_PROPERTY,
    ON_SUBJECT,
    REJECTS,
    REJECTS_NODE,
    RESOLUTION,
    RESOLVED,
    RULING,
    UPHOLDS,
)
from kg.values import value_key, written
from kg.vocabulary import LABEL, TYPE


def _terms(*names: str) -> frozenset[NamedNode]:
    return frozenset(NamedNode(expand(name)) for name in names)


IDENTITY = _terms(
    *("rdf:type", "rdfs:label", "aip:translatedLabel", "skos:altLabel", "skos:hiddenLabel", "skos:notation"),
    *("skos:exactMatch", "skos:closeMatch", "schema:url", "foaf:homepage", "dcterms:identifier"),
    *("aip:country", "aip:actNumber", "aip:isoAlpha2", "aip:isoAlpha3", "aip:unM49"),
    "aip:coverageOrder",
)
"""What the registry may say of anything."""

IDENTITY_OF = {
    NamedNode(expand("aip:Post")): _terms("aip:postIn", "aip:exclusive", "aip:severalHolders"),
    NamedNode(expand("aip:Metric")): _terms("aip:unit", "aip:ofIndex", "aip:direction", "aip:includedIn"),
    NamedNode(expand("aip:Index")): _terms("aip:publishedBy"),
    NamedNode(expand("aip:IndexEdition")): _terms("aip:editionOf", "aip:editionYear"),
}
"""What it may say besides of a thing of these classes."""

CLASSIFICATION = _terms("aip:topic", "aip:sector", "aip:instrumentType", "aip:focus")
LABEL_LANGUAGES = ("en", "ru")
COVERAGE_REQUIRED = (
    "aip:country",
    "aip:result",
    "aip:date",
    "aip:searchedIn",
    "dcterms:description",
)
RULING_REQUIRED = ("aip:onSubject", "aip:resolution", "aip:reason", "dcterms:created")

_COUNTRY_CLASS, _PUBLISHER, _COVERAGE, _TRANSLATED, _COUNTRY = (
    NamedNode(expand(f"aip:{name}"))
    for name in ("Country", "Publisher", "CoverageRecord", "translatedLabel", "country")
)
_CLAIMED = _terms("aip:SpeechAct", "aip:Assessment")


def check_records(context: Context) -> Iterator[Finding]:
    """Slips in the registry and in the records that we write ourselves."""
    for node in context.named(Place.REGISTRY):
        yield from _home(context, node)
        yield from _identity(context, node)
    for node in context.named(Place.ASSERTION):
        yield from _home(context, node)
    for node in context.named(Place.EDITORIAL):
        yield from _only(context, node, CLASSIFICATION, "the editorial file")
    for node in context.named(Place.COVERAGE):
        yield from _record(context, node, _COVERAGE, COVERAGE_REQUIRED)
    for node in context.named(Place.RULINGS):
        yield from _record(context, node, RULING, RULING_REQUIRED)
        if context.is_a(node.subject, RULING):
            yield from _ruling(context, node)


def _home(context: Context, node: Node) -> Iterator[Finding]:
    """Each class has one place: the registry, an assertion, the sources, the coverage or the rulings."""
    for class_ in node.types:
        home = _home_of(context, class_)
        repeated = node.place is Place.ASSERTION and node.subject in context.index.registered
        if home not in (node.place, Place.SOURCES) and not repeated and class_ in context.vocabulary.classes:
            message = f"{name_of(node.subject)} is {name_of(class_)}, which does not belong in {node.place.value}"
            yield context.finding("wrong-place", node, TYPE, message, f"allowed: {home.value}")


def _home_of(context: Context, class_: NamedNode) -> Place:
    vocabulary = context.vocabulary
    if vocabulary.is_a([class_], (SOURCE, PASSAGE, ASSERTION)):
        return Place.SOURCES
    if vocabulary.is_a([class_], _CLAIMED) or vocabulary.key_template([class_]):
        return Place.ASSERTION
    special = {RULING: Place.RULINGS, _COVERAGE: Place.COVERAGE}
    return special.get(class_, Place.REGISTRY)


def _identity(context: Context, node: Node) -> Iterator[Finding]:
    types = context.types(node.subject)
    above = context.vocabulary.ancestors(types)
    allowed = IDENTITY.union(*(more for class_, more in IDENTITY_OF.items() if class_ in above))
    yield from _only(context, node, allowed, "the registry, which is identity only")
    if TYPE not in node.said:
        yield context.finding("missing", node, TYPE, f"{name_of(node.subject)} has no type", "add a class: a aip:…")
    elif types <= context.vocabulary.classes and _home_of(context, node.types[0]) is Place.REGISTRY:
        yield from _labels(context, node)
        yield from _country(context, node)


def _only(context: Context, node: Node, allowed: frozenset[NamedNode], where: str) -> Iterator[Finding]:
    for property_ in node.said:
        if property_ in context.vocabulary.properties and property_ not in allowed:
            message = f"{name_of(property_)} does not belong in {where}"
            hint = f"claims go into an assertion of a source; allowed here: {names_of(allowed)}"
            yield context.finding("wrong-place", node, property_, message, hint)


def _labels(context: Context, node: Node) -> Iterator[Finding]:
    labels = [*node.said.get(LABEL, ()), *node.said.get(_TRANSLATED, ())]
    languages = {label.language for label in labels if isinstance(label, Literal)}
    absent = [language for language in LABEL_LANGUAGES if language not in languages]
    if None in languages or not absent or (languages and context.is_a(node.subject, _PUBLISHER)):
        return
    message = f"{name_of(node.subject)} has no label in {' and '.join(absent)}"
    hint = "add rdfs:label as sources write it, or aip:translatedLabel for a translation of ours"
    yield context.finding("no-label", node, LABEL, message, hint)


def _country(context: Context, node: Node) -> Iterator[Finding]:
    international = str(node.subject).startswith(f"<{PREFIXES['id']}int-")
    if _COUNTRY not in node.said and not international and not context.is_a(node.subject, _COUNTRY_CLASS):
        message = f"{name_of(node.subject)} has no aip:country"
        yield context.finding("missing", node, _COUNTRY, message, "add aip:country; only id:int-… may have none")


def _record(context: Context, node: Node, class_: NamedNode, required: Iterable[str]) -> Iterator[Finding]:
    if context.is_a(node.subject, class_):
        yield from missing(context, node, *required)
    else:
        message = f"{name_of(node.subject)} does not belong in {node.place.value}"
        yield context.finding("wrong-place", node, None, message, f"allowed: {name_of(class_)}")


def _ruling(context: Context, node: Node) -> Iterator[Finding]:
    said = node.said
    if (ON_PROPERTY in said) == (REJECTS_NODE in said):
        message = f"{name_of(node.subject)} must name either a property or a node"
        hint = "add aip:onProperty and the values, or aip:rejectsNode"
        yield context.finding("missing", node, ON_PROPERTY, message, hint)
        return
    upheld, rejected = said.get(UPHOLDS, ()), said.get(REJECTS, ())
    if RESOLVED in said.get(RESOLUTION, ()) and not rejected and REJECTS_NODE not in said:
        message = f"{name_of(node.subject)} resolves a disagreement and rejects nothing"
        yield context.finding("missing", node, REJECTS, message, "add aip:rejects")
    if COMPATIBLE in said.get(RESOLUTION, ()) and (rejected or not upheld):
        message = f"{name_of(node.subject)} calls values compatible: it must uphold what stands and reject none"
        yield context.finding("missing", node, UPHOLDS, message, "name every value that stands by aip:upholds")
    for subject in said.get(ON_SUBJECT, ()):
        for property_ in said.get(ON_PROPERTY, ()):
            yield from _ruled_values(context, node, subject, property_)


def _ruled_values(context: Context, node: Node, subject: Term, property_: Term) -> Iterator[Finding]:
    claimed = context.index.claims.get((subject, property_), frozenset())
    keys = {value_key(value) for value in claimed}
    for verb in (UPHOLDS, REJECTS):
        for value in node.said.get(verb, ()):
            if context.types(subject) and context.types(property_) and value_key(value) not in keys:
                message = f"no source claims {name_of(property_)} {name_of(value)} of {name_of(subject)}"
                hint = (
                    f"claimed: {', '.join(sorted(written(term) for term in claimed))}"
                    if claimed
                    else "nothing is claimed"
                )
                yield context.finding("unclaimed", node, verb, message, hint)
            elif verb == UPHOLDS and (subject, property_, value_key(value)) in context.index.rejected:
                message = f"{name_of(value)} is upheld here and rejected by a ruling"
                yield context.finding("two-values", node, verb, message, "allowed: one of the two")
