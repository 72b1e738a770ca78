"""Search by name in any language and script."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import render_template, request
from flask_babel import lazy_gettext as N_  # noqa: N812  a name that pybabel looks for
from pyoxigraph import NamedNode

from kg.labels import Term
from kg.namespaces import GRAPH_REGISTRY
from web.search import GROUPS, LONGEST, Hit, index_of
from web.snapshot import snapshot
from web.views.html.facts import SOURCES, first
from web.views.html.terms import Name, name

PAGE = 30
NAMES = {
    "country": N_("Countries"),
    "instrument": N_("Laws, strategies, agreements"),
    "provision": N_("Provisions"),
    "aim": N_("Targets and other aims"),
    "body": N_("Bodies"),
    "person": N_("People and posts"),
    "asset": N_("Computers, data, models, programmes"),
    "event": N_("Forums and meetings"),
    "place": N_("Places"),
    "measure": N_("Indices and metrics"),
    "publisher": N_("Publishers"),
    "concept": N_("Topics and other concepts"),
    "source": N_("Sources"),
}
EXAMPLES = (
    "жасанды интеллект",
    "sun’iy intellekt",
    "зеҳни сунъӣ",
    "санариптик",
    "Türkmenaragatnaşyk",
    "суперкомпьютер",
    "PP-358",
)


@dataclass(frozen=True)
class Found:
    """A thing that was found, as the list shows it.

    :param other: the name that fits what was asked, where it is not the one shown
    """

    thing: NamedNode
    called: Name
    kind: Term | None
    country: Term | None
    other: Hit | None


def search() -> str:
    """What is called so, the best first, by kind if one is asked for."""
    text = request.args.get("q", "").strip()[:LONGEST]
    kind = request.args.get("kind", "")
    index = index_of(snapshot())
    hits = index.search(text) if text else []
    counts = Counter(hit.group for hit in hits)
    if kind in GROUPS:
        hits = [hit for hit in hits if hit.group == kind]
    start = max(0, int(page) - 1) * PAGE if (page := request.args.get("page", "")).isdigit() and len(page) < 5 else 0
    return render_template(
        "pages/search.html",
        text=text,
        kind=kind if kind in GROUPS else "",
        hits=[_found(hit) for hit in hits[start : start + PAGE]],
        count=len(hits),
        counts=[(group, NAMES[group], counts[group]) for group in GROUPS if counts[group]],
        total=sum(counts.values()),
        start=start,
        size=PAGE,
        known=len(index.entries),
        examples=EXAMPLES,
    )


def _found(hit: Hit) -> Found:
    thing = NamedNode(hit.iri)
    called = name(thing)
    if hit.group == "source":
        kind = first(thing, "aip:sourceKind", SOURCES)
    elif hit.group == "concept":
        kind = first(thing, "skos:inScheme")
    else:
        kind = first(thing, "rdf:type", NamedNode(GRAPH_REGISTRY))
    country = None if hit.group == "country" else first(thing, "aip:country")
    return Found(thing, called, kind, country, None if hit.name == called.text else hit)
