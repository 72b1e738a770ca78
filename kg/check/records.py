"""Checks of our own records: registry, editorial classification, coverage and rulings."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from kg.check.context import Context, Node, name_of, names_of
from kg.check.sources import PROVENANCE, missing
from kg.findings import Finding
from kg.index import Place
from kg.namespaces import PREFIXES
from kg.rulings import COMPATIBLE, RESOLVED
from kg.terms import AIP, DCTERMS, FOAF, RDF, RDFS, SCHEMA, SKOS, Term
from kg.values import value_key, written

_LINKS = frozenset({SKOS.exactMatch, SKOS.closeMatch, DCTERMS.identifier})
IDENTITY = frozenset(
    {
        *(RDF.type, RDFS.label, AIP.translatedLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.notation),
        *(*_LINKS, SCHEMA.url, FOAF.homepage, AIP.country),
        *(AIP.actNumber, AIP.isoAlpha2, AIP.isoAlpha3, AIP.unM49, AIP.coverageOrder),
    }
)
"""What the registry may say of anything."""

IDENTITY_OF = {
    AIP.Post: {AIP.postIn, AIP.exclusive, AIP.severalHolders},
    AIP.Metric: {AIP.unit, AIP.ofIndex, AIP.direction, AIP.includedIn},
    AIP.Index: {AIP.publishedBy},
    AIP.IndexEdition: {AIP.editionOf, AIP.editionYear},
}
"""What it may say besides of a thing of these classes."""

CLASSIFICATION = frozenset({AIP.topic, AIP.sector, AIP.instrumentType, AIP.focus})
SAYINGS = (AIP.Assessment, AIP.SpeechAct)
"""What is true as what somebody said, whoever is right."""
LABEL_LANGUAGES = ("en", "ru")
COVERAGE_REQUIRED = (AIP.country, AIP.result, AIP.date, AIP.searchedIn, DCTERMS.description)
RULING_REQUIRED = (AIP.onSubject, AIP.resolution, AIP.reason, DCTERMS.created)


def check_records(context: Context) -> Iterator[Finding]:
    """Errors in the registry and in the records that we write ourselves."""
    for node in context.named(Place.REGISTRY):
        yield from _home(context, node)
        yield from _identity(context, node)
    for node in context.named(Place.ASSERTION):
        yield from _home(context, node)
    for node in context.named(Place.EDITORIAL):
        yield from _only(context, node, CLASSIFICATION, "the editorial file")
    for node in context.named(Place.COVERAGE):
        yield from _record(context, node, AIP.CoverageRecord, COVERAGE_REQUIRED)
    for node in context.named(Place.RULINGS):
        yield from _record(context, node, AIP.Ruling, RULING_REQUIRED)
        if context.is_a(node.subject, AIP.Ruling):
            yield from _ruling(context, node)


def _home(context: Context, node: Node) -> Iterator[Finding]:
    """Each class has one place: the registry, an assertion, the sources, the coverage or the rulings."""
    for class_ in node.types:
        home = _home_of(context, class_)
        repeated = node.place is Place.ASSERTION and node.subject in context.index.registered
        if home not in (node.place, Place.SOURCES) and not repeated and class_ in context.vocabulary.classes:
            message = f"{name_of(node.subject)} is {name_of(class_)}, which does not belong in {node.place.value}"
            yield context.finding("wrong-place", node, RDF.type, message, f"allowed: {home.value}")


def _home_of(context: Context, class_: NamedNode) -> Place:
    vocabulary = context.vocabulary
    if vocabulary.is_a([class_], PROVENANCE):
        return Place.SOURCES
    if vocabulary.is_a([class_], (AIP.SpeechAct, AIP.Assessment)) or vocabulary.key_template([class_]):
        return Place.ASSERTION
    special = {AIP.Ruling: Place.RULINGS, AIP.CoverageRecord: Place.COVERAGE, AIP.LinkCheck: Place.LINKS}
    return special.get(class_, Place.REGISTRY)


def _identity(context: Context, node: Node) -> Iterator[Finding]:
    types = context.types(node.subject)
    above = context.vocabulary.ancestors(types)
    allowed = IDENTITY.union(*(more for class_, more in IDENTITY_OF.items() if class_ in above))
    yield from _only(context, node, allowed, "the registry, which is identity only")
    if types and node.values.keys() <= _LINKS:  # a row of the links, whose thing has its entry elsewhere
        return
    if RDF.type not in node.values:
        message = f"{name_of(node.subject)} has no type"
        yield context.finding("missing", node, RDF.type, message, "add a class: a aip:…")
    elif types <= context.vocabulary.classes and _home_of(context, node.types[0]) is Place.REGISTRY:
        yield from _labels(context, node)
        yield from _country(context, node)


def _only(context: Context, node: Node, allowed: frozenset[NamedNode], where: str) -> Iterator[Finding]:
    for property_ in node.values:
        if property_ in context.vocabulary.properties and property_ not in allowed:
            message = f"{name_of(property_)} does not belong in {where}"
            hint = f"claims go into an assertion of a source; allowed here: {names_of(allowed)}"
            yield context.finding("wrong-place", node, property_, message, hint)


def _labels(context: Context, node: Node) -> Iterator[Finding]:
    labels = [*node.values.get(RDFS.label, ()), *node.values.get(AIP.translatedLabel, ())]
    languages = {label.language for label in labels if isinstance(label, Literal)}
    absent = [language for language in LABEL_LANGUAGES if language not in languages]
    if None in languages or not absent or (languages and context.is_a(node.subject, AIP.Publisher)):
        return
    message = f"{name_of(node.subject)} has no label in {' and '.join(absent)}"
    hint = "add rdfs:label as sources write it, or aip:translatedLabel for a translation of ours"
    yield context.finding("no-label", node, RDFS.label, message, hint)


def _country(context: Context, node: Node) -> Iterator[Finding]:
    international = str(node.subject).startswith(f"<{PREFIXES['id']}int-")
    if AIP.country not in node.values and not international and not context.is_a(node.subject, AIP.Country):
        message = f"{name_of(node.subject)} has no aip:country"
        yield context.finding("missing", node, AIP.country, message, "add aip:country; only id:int-… may have none")


def _record(context: Context, node: Node, class_: NamedNode, required: Iterable[NamedNode]) -> Iterator[Finding]:
    if context.is_a(node.subject, class_):
        yield from missing(context, node, *required)
    else:
        message = f"{name_of(node.subject)} does not belong in {node.place.value}"
        yield context.finding("wrong-place", node, None, message, f"allowed: {name_of(class_)}")


def _ruling(context: Context, node: Node) -> Iterator[Finding]:
    values, name = node.values, name_of(node.subject)
    if (AIP.onProperty in values) == (AIP.rejectsNode in values):
        hint = "add aip:onProperty and the values, or aip:rejectsNode"
        message = f"{name} must name either a property or a node"
        yield context.finding("missing", node, AIP.onProperty, message, hint)
        return
    for subject in (*values.get(AIP.onSubject, ()), *values.get(AIP.rejectsNode, ())):
        if context.is_a(subject, *SAYINGS):
            hint = "who said so said so: a ruling chooses between facts; say who disagrees in another assessment"
            message = f"{name} rules on {name_of(subject)}, which is somebody's judgement or saying"
            yield context.finding("ruled-on-saying", node, AIP.onSubject, message, hint)
            return
    upheld, rejected = values.get(AIP.upholds, ()), values.get(AIP.rejects, ())
    resolution = values.get(AIP.resolution, ())
    if RESOLVED in resolution and not rejected and AIP.rejectsNode not in values:
        message = f"{name} resolves a disagreement and rejects nothing"
        yield context.finding("missing", node, AIP.rejects, message, "add aip:rejects")
    if COMPATIBLE in resolution and (rejected or not upheld):
        message = f"{name} calls values compatible: it must uphold what stands and reject none"
        yield context.finding("missing", node, AIP.upholds, message, "name every value that stands by aip:upholds")
    for subject in values.get(AIP.onSubject, ()):
        for property_ in values.get(AIP.onProperty, ()):
            if context.types(subject) and context.types(property_):
                yield from _ruled_values(context, node, subject, property_)


def _ruled_values(context: Context, node: Node, subject: Term, property_: Term) -> Iterator[Finding]:
    claimed = context.index.claims.get((subject, property_), set())
    keys = {value_key(value) for value in claimed}
    for predicate in (AIP.upholds, AIP.rejects):
        for value in node.values.get(predicate, ()):
            if value_key(value) not in keys:
                message = f"no source claims {name_of(property_)} {name_of(value)} of {name_of(subject)}"
                hint = f"claimed: {', '.join(sorted(map(written, claimed)))}" if claimed else "nothing is claimed"
                yield context.finding("unclaimed", node, predicate, message, hint)
            elif predicate == AIP.upholds and (subject, property_, value_key(value)) in context.index.rulings.rejected:
                message = f"{name_of(value)} is upheld here and rejected by a ruling"
                yield context.finding("two-values", node, predicate, message, "allowed: one of the two")
