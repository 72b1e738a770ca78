"""Names and addresses of terms for people: a label in the reader's language, and where the page of a thing is."""

from dataclasses import dataclass
from urllib.parse import quote

from flask import request, url_for
from pyoxigraph import Literal, NamedNode, Quad

from kg.graph import is_translation, labels, order, pick
from kg.namespaces import BASE, PREFIXES, shorten
from kg.terms import AIP, DCTERMS, FOAF, GRAPH, RDF, RDFS, SH, SKOS, Term, is_assertion
from web.locale import language
from web.snapshot import per_snapshot, snapshot
from web.views.html.shared.lookup import SOURCES, covered_country, first, iri_of, node, objects

TITLES = (DCTERMS.title, RDFS.label, FOAF.name, SH.name)
NAMING = (
    *(AIP.stage, AIP.status, AIP.dimension, AIP.metric, AIP.post, AIP.matter),
    *(AIP.of, AIP.about, AIP.holder, AIP.provisionOf, AIP.formulationOf),
)
"""Properties that describe a node without a label: what it is before what it belongs to."""


@dataclass(frozen=True)
class Name:
    """What a term is called.

    :param tag: language of the text; empty where it has none
    :param foreign: whether the text is in another language than the reader's
    :param translated: whether it is our translation and not a name that a source shows
    """

    text: str
    tag: str = ""
    foreign: bool = False
    translated: bool = False

    def __str__(self) -> str:
        return self.text


def name(term: Term | str | None) -> Name:
    """The name of a term in the fixed order of languages."""
    if term is None:
        return Name("")
    if isinstance(term, str):
        term = node(term)
    if isinstance(term, NamedNode):
        return _read_name(term)
    if isinstance(term, Literal):
        tag = term.language or ""
        return Name(term.value, tag, bool(tag) and tag != language())
    return Name(str(term))


@per_snapshot(60_000, also=language)
def _read_name(term: NamedNode) -> Name:
    store = snapshot().store
    names = labels(store, term)
    for tag in (*order(language()), "", *sorted(names)):
        if tag in names:
            translated = bool(tag) and is_translation(store, term, names[tag], tag)
            return Name(names[tag], tag, bool(tag) and tag != language(), translated)
    return Name(_title_without_label(term) or shorten(term.value))


def sort_key(term: NamedNode) -> tuple[str, str]:
    """The place of a term in the order of names."""
    return name(term).text.casefold(), term.value


def _title_without_label(term: NamedNode) -> str:
    """The title of a ruling, a passage, something in the catalogue or a node outside the accepted view."""
    return (
        title_of_ruling(term)
        or _title_of_passage(term)
        or next(iter(texts_in_any_graph(term, TITLES)), "")
        or ": ".join(name(part).text for part in describing_terms(term))
    )


def title_of_ruling(ruling: NamedNode) -> str:
    """What a ruling is on: the thing and, if it is on one, the property; empty for anything else."""
    subject = first(ruling, AIP.onSubject, GRAPH.rulings)
    if subject is None:
        return ""
    parts = [*(describing_terms(subject) or (subject,)), first(ruling, AIP.onProperty, GRAPH.rulings)]
    title = ": ".join(name(part).text for part in parts if part is not None)
    return title[:1].upper() + title[1:]


def _title_of_passage(thing: NamedNode) -> str:
    """Source and place of a passage or of an assertion about it; empty for anything else."""
    passage = first(thing, AIP.inPassage, SOURCES) or thing
    source = first(passage, AIP.inSource, SOURCES) if isinstance(passage, NamedNode) else None
    if source is None or not isinstance(passage, NamedNode):
        return ""
    locator = first(passage, AIP.locator, SOURCES)
    return f"{name(source)}, {locator.value}" if isinstance(locator, Literal) else str(name(source))


def texts_in_any_graph(thing: NamedNode, predicates: tuple[NamedNode, ...]) -> list[str]:
    """What these properties say in the reader's language, in any graph."""
    texts = []
    for predicate in predicates:
        quads = snapshot().store.quads_for_pattern(thing, predicate, None, None)
        values = {quad.object.language or "": quad.object.value for quad in quads if isinstance(quad.object, Literal)}
        if text := pick(values, language()):
            texts.append(text)
    return texts


def claims_about(subject: Term) -> list[Quad]:
    """The claims about a thing but for its classes, each in the graph of its assertion."""
    if not isinstance(subject, NamedNode):
        return []
    quads = snapshot().store.quads_for_pattern(subject, None, None, None)
    return [quad for quad in quads if is_assertion(quad.graph_name) and quad.predicate != RDF.type]


def describing_terms(subject: Term) -> tuple[Term, ...]:
    """What a node without a label in the accepted view is of: its stage, dimension or metric, and its owner."""
    if not isinstance(subject, NamedNode) or labels(snapshot().store, subject):
        return ()
    claims = {quad.predicate: quad.object for quad in claims_about(subject)}
    return tuple(claims[predicate] for predicate in NAMING if predicate in claims)


def curie(term: Term | str) -> str:
    """The short form of an IRI."""
    return shorten(term if isinstance(term, str) else str(getattr(term, "value", term)))


def href(term: Term | str | None) -> str | None:
    """Where this site has a page for a term: its own address for what is ours, the IRI itself for the rest."""
    iri = iri_of(term)
    if not iri.startswith(BASE):
        return iri if iri.startswith(("http://", "https://")) else None
    return _address(iri)


@per_snapshot(60_000, also=lambda: request.script_root)
def _address(iri: str) -> str:
    if country := covered_country(iri):
        return url_for("pages.country", code=country.code)
    if iri.startswith(PREFIXES["query"]):
        return url_for("query_api.answer", slug=iri.removeprefix(PREFIXES["query"]))
    return data_address(iri)


def data_address(thing: Term | str) -> str:
    """The address of a thing on this site, to which the suffix of a format is added."""
    return url_for("pages.home") + quote(iri_of(thing).removeprefix(BASE), safe="/-._~")


def definition_of(term: NamedNode, graph: NamedNode = GRAPH.accepted) -> Literal | None:
    """What a term or a concept means: in the reader's language, else in English, else in any."""
    texts = {text.language: text for text in objects(term, SKOS.definition, graph) if isinstance(text, Literal)}
    return next((texts[tag] for tag in (language(), "en", *texts) if tag in texts), None)
