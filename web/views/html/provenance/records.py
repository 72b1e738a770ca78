"""The sources by publisher, kind and date, and what was entered since a day; pages of sources, their passages, the
assertions made from them, and records of what was looked for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import render_template
from pyoxigraph import Literal, NamedNode, Quad

from kg.evidence import Citation, Claim, citation
from kg.groups import grouped
from kg.terms import AIP, DCTERMS, GRAPH, RDF, Term
from web.answers.arguments import flag, integer
from web.answers.canned import Row, ask
from web.snapshot import snapshot
from web.views.html.shared.caching import cached_page
from web.views.html.shared.description import describe
from web.views.html.shared.forms import page_links, page_start, submitted
from web.views.html.shared.lookup import ACCEPTED, SOURCES, countries, first, named_nodes, objects, subjects
from web.views.html.shared.terms import name, sort_key

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
    is_long = len(passages) > PASSAGES_PAGE
    start = page_start(PASSAGES_PAGE, len(passages))
    shown = passages[start : start + PASSAGES_PAGE] if is_long else passages
    previous, following = page_links(start, PASSAGES_PAGE, len(passages)) if is_long else (None, None)
    return render_template(
        "pages/source.html",
        thing=thing,
        about=describe(thing),
        passages=[_read_passage(passage, with_claims=not is_long) for passage in shown],
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
    page = "parts/assertion_body.html" if flag("fragment") else "pages/assertion.html"
    return render_template(page, thing=thing, assertion=_read_assertion(thing), passage=of_passage, source=of_source)


def coverage_record(thing: NamedNode) -> str:
    """A record of what was looked for, where and when."""
    record = {p: objects(thing, AIP[p], GRAPH.coverage) for p in ("country", "topic", "result", "date", "searchedIn")}
    texts = objects(thing, DCTERMS.description, GRAPH.coverage)
    tags = [term.value for term in record["searchedIn"] if isinstance(term, Literal)]
    return render_template("pages/coverage.html", thing=thing, record=record, language_tags=tags, texts=texts)


def _read_passage(iri: NamedNode, with_claims: bool = True) -> Passage:
    assertions = map(
        _read_assertion, sorted(subjects(AIP.inPassage, iri, SOURCES), key=_ordinal) if with_claims else ()
    )
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


SOURCES_PAGE, ENTRIES_PAGE, MAX_PUBLISHERS = 100, 60, 12


@cached_page
def sources() -> str | tuple[str, int]:
    """All sources, or those of a kind, publisher or language, or since a day; a year by ``?year=``."""
    query = submitted("sources", "year", "page")
    years = Counter(row.text("issued")[:4] for row in query.rows)
    year = str(integer("year", None, 1000, 9999) or "")
    rows = [row for row in query.rows if not year or row.text("issued")[:4] == year]
    start = page_start(SOURCES_PAGE, len(rows))
    return query.page(
        "pages/sources.html",
        fields=query.fields("kind", "publisher", "language", "since"),
        rows=rows[start : start + SOURCES_PAGE],
        count=len(rows),
        start=start,
        size=SOURCES_PAGE,
        year=year,
        kinds=_count(query.rows, "kind").most_common(),
        publishers=_count(query.rows, "publisher").most_common(MAX_PUBLISHERS),
        years=sorted(years.items(), reverse=True),
        by_language=Counter(row.text("language") for row in query.rows).most_common(),
        total=len(ask("sources")),
    )


def _count(rows: Sequence[Row], variable: str) -> Counter[Term]:
    return Counter(row[variable] for row in rows if variable in row)


@dataclass(frozen=True)
class Entry:
    """What was entered on a day from one source, or one ruling.

    :param thing: the source or the ruling
    :param texts: what it says, passage by passage
    """

    day: str
    thing: Term
    title: str
    is_ruling: bool
    texts: tuple[str, ...]
    publisher: Term | None = None


@cached_page
def new() -> str | tuple[str, int]:
    """What was entered, the newest first; ``?since=`` and ``?until=`` limit the days."""
    query = submitted("entered-since", "page")
    entries = _entries(query.rows)
    start = page_start(ENTRIES_PAGE, len(entries))
    shown = entries[start : start + ENTRIES_PAGE]
    return query.page(
        "pages/new.html",
        fields=query.fields(),
        days=[(day, list(group)) for day, group in groupby(shown, key=lambda entry: entry.day)],
        rulings=sum(entry.is_ruling for entry in entries),
        passages=sum(len(entry.texts) for entry in entries if not entry.is_ruling),
        count=len(entries),
        countries=countries(),
        start=start,
        size=ENTRIES_PAGE,
    )


def _entries(rows: Sequence[Row]) -> list[Entry]:
    """Entries by day and source, the newest first, rulings first within a day."""

    def key(row: Row) -> tuple[str, bool, str]:
        is_ruling = row.get("kind") == AIP.Ruling
        return row.text("entered"), is_ruling, row.text("entry" if is_ruling else "source")

    groups = grouped((key(row), row) for row in rows)
    return [_entry(groups[key]) for key in sorted(groups, reverse=True)]


def _entry(rows: list[Row]) -> Entry:
    row = rows[0]
    is_ruling = row.get("kind") == AIP.Ruling
    thing = row["entry" if is_ruling else "source"]
    title = name(thing).text if is_ruling else row.text("sourceLabel")
    texts = tuple(dict.fromkeys(row.text("text") for row in rows))
    return Entry(row.text("entered"), thing, title, is_ruling, texts, row.get("publisher"))
