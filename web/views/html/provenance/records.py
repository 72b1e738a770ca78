"""Pages of sources, their passages, the assertions made from them, and records of what was looked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from pyoxigraph import Literal, NamedNode, Quad

from kg.evidence import Citation, Claim, citation
from kg.terms import AIP, DCTERMS, GRAPH, RDF, Term
from web.snapshot import snapshot
from web.views.html.shared.description import describe
from web.views.html.shared.forms import page_links, page_start
from web.views.html.shared.lookup import ACCEPTED, SOURCES, first, named_nodes, objects, subjects
from web.views.html.shared.terms import sort_key

PASSAGES_PAGE = 60
"""Passages of a source from which on they are rows of a table, so many a page."""
_OMITTED = frozenset({RDF.type, AIP.ordinal, AIP.release})


@dataclass(frozen=True)
class Subject:
    """The claims of an assertion about one thing."""

    thing: NamedNode
    claims: Sequence[Claim]


@dataclass(frozen=True)
class Assertion:
    """The claims that we read from a passage, in one voice."""

    iri: NamedNode
    citation: Citation
    subjects: Sequence[Subject]


@dataclass(frozen=True)
class Passage:
    """A passage with its assertions."""

    iri: NamedNode
    locator: Term | None
    paraphrase: Term | None
    assertions: Sequence[Assertion]


def source(thing: NamedNode) -> str:
    """A source: what it is and, passage by passage, what it says; a published table in pages of rows."""
    passages = sorted(subjects(AIP.inSource, thing, SOURCES), key=_ordinal)
    is_long, start = len(passages) > PASSAGES_PAGE, page_start(PASSAGES_PAGE)
    shown = passages[start : start + PASSAGES_PAGE] if is_long else passages
    previous, following = page_links(start, PASSAGES_PAGE, len(passages)) if is_long else (None, None)
    return render_template(
        "pages/source.html",
        thing=thing,
        about=describe(thing),
        passages=[_read_row(passage) if is_long else _read_passage(passage) for passage in shown],
        is_long=is_long,
        count=len(passages),
        start=start,
        previous=previous,
        following=following,
        rewritten_by=subjects(AIP.rewrites, thing, SOURCES),
    )


def passage(thing: NamedNode) -> str:
    """A passage: its source and what it says."""
    of_source = first(thing, AIP.inSource, SOURCES)
    return render_template("pages/passage.html", thing=thing, passage=_read_passage(thing), source=of_source)


def assertion(thing: NamedNode) -> str:
    """An assertion: its claims and its passage."""
    of_passage = first(thing, AIP.inPassage, SOURCES)
    of_source = first(of_passage, AIP.inSource, SOURCES) if isinstance(of_passage, NamedNode) else None
    page = "parts/assertion_body.html" if request.args.get("fragment") else "pages/assertion.html"
    return render_template(page, thing=thing, assertion=_read_assertion(thing), passage=of_passage, source=of_source)


def coverage_record(thing: NamedNode) -> str:
    """A record of what was looked for, where and when."""
    record = {p: objects(thing, AIP[p], GRAPH.coverage) for p in ("country", "topic", "result", "date", "searchedIn")}
    texts = objects(thing, DCTERMS.description, GRAPH.coverage)
    tags = [term.value for term in record["searchedIn"] if isinstance(term, Literal)]
    return render_template("pages/coverage.html", thing=thing, record=record, language_tags=tags, texts=texts)


def _read_row(iri: NamedNode) -> Passage:
    """A passage without its claims."""
    return Passage(iri, first(iri, AIP.locator, SOURCES), first(iri, AIP.paraphrase, SOURCES), ())


def _read_passage(iri: NamedNode) -> Passage:
    assertions = map(_read_assertion, sorted(subjects(AIP.inPassage, iri, SOURCES), key=_ordinal))
    return Passage(iri, first(iri, AIP.locator, SOURCES), first(iri, AIP.paraphrase, SOURCES), list(assertions))


def _read_assertion(iri: NamedNode) -> Assertion:
    store = snapshot().store
    quads = [quad for quad in store.quads_for_pattern(None, None, None, iri) if quad.predicate not in _OMITTED]
    things = sorted({*named_nodes(quad.subject for quad in quads)}, key=sort_key)
    by_thing = [Subject(thing, _claims(thing, [quad for quad in quads if quad.subject == thing])) for thing in things]
    return Assertion(iri, citation(store, iri), by_thing)


def _claims(thing: NamedNode, quads: Sequence[Quad]) -> list[Claim]:
    """The claims of quads about one thing, by property."""
    store = snapshot().store
    pairs = sorted({(quad.predicate, quad.object) for quad in quads}, key=lambda pair: (pair[0].value, str(pair[1])))
    return [Claim(thing, p, value, (), Quad(thing, p, value, ACCEPTED) in store) for p, value in pairs]


def _ordinal(thing: NamedNode) -> tuple[str, int, str]:
    """Passages and assertions of a source by the number at the end of their name."""
    stem, _, number = thing.value.rpartition(".")
    return stem, int(number) if number.isdigit() else 0, thing.value
