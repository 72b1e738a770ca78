"""Search by name in any language and script."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import redirect, render_template, request
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as BaseResponse

from kg.identifiers import find_iri
from kg.terms import AIP, GRAPH, RDF, SKOS, Term
from web.search import GROUPS, MAX_CHARACTERS, Hit, index_of
from web.snapshot import snapshot
from web.ui_labels import labels_of
from web.views.html.shared.forms import page_start
from web.views.html.shared.lookup import SOURCES, first
from web.views.html.shared.terms import Name, href, name

PAGE_SIZE = 30
EXAMPLES = (
    *("жасанды интеллект", "sun’iy intellekt", "зеҳни сунъӣ", "санариптик", "Türkmenaragatnaşyk"),
    *("суперкомпьютер", "PP-358"),
)


@dataclass(frozen=True)
class Result:
    """A search result as the list shows it.

    :param other: the hit, where the name that fits is not the one shown
    """

    thing: NamedNode
    title: Name
    kind: Term | None
    country: Term | None
    other: Hit | None


def search() -> str | BaseResponse:
    """The things with such a name, the best first, of one kind if one is asked for; of an IRI or address, its page."""
    text = request.args.get("q", "").strip()[:MAX_CHARACTERS]
    thing = find_iri(snapshot().store, text) if ":" in text else None
    if thing is not None and (page := href(thing)):
        return redirect(page, 303)
    kind = request.args.get("kind", "")
    kind = kind if kind in GROUPS else ""
    index = index_of(snapshot())
    hits = index.search(text) if text else []
    counts = Counter(hit.group for hit in hits)
    matching = [hit for hit in hits if not kind or hit.group == kind]
    start = page_start(PAGE_SIZE)
    return render_template(
        "pages/search.html",
        text=text,
        kind=kind,
        results=[_result(hit) for hit in matching[start : start + PAGE_SIZE]],
        count=len(matching),
        counts=[(group, title, counts[group]) for group, title in labels_of("search_groups").items() if counts[group]],
        total=len(hits),
        start=start,
        size=PAGE_SIZE,
        searched=len(index.entries),
        examples=EXAMPLES,
    )


def _result(hit: Hit) -> Result:
    thing = NamedNode(hit.iri)
    title = name(thing)
    if hit.group == "source":
        kind = first(thing, AIP.sourceKind, SOURCES)
    elif hit.group == "concept":
        kind = first(thing, SKOS.inScheme)
    else:
        kind = first(thing, RDF.type, GRAPH.registry)
    country = None if hit.group == "country" else first(thing, AIP.country)
    return Result(thing, title, kind, country, None if hit.name == title.text else hit)
