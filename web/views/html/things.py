"""A page for whatever the graph names: one template a kind, chosen by namespace and class."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from functools import partial

from flask import redirect, render_template
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response

from kg.evidence import dependent_nodes
from kg.labels import Term
from kg.namespaces import GRAPH_ACCEPTED, PREFIXES
from kg.terms import is_assertion
from web.answers.arguments import as_of
from web.snapshot import snapshot
from web.views.html import caching, concepts, ontology, provenance, records, unaccepted
from web.views.html.facts import SOURCES, first, objects
from web.views.html.lifeline import Step, drafts, has_line, standing, steps
from web.views.html.links import links_back
from web.views.html.nodes import Node, by_date, by_name, hanging, observations, states, tenures
from web.views.html.statements import describe
from web.views.html.terms import country_code, href, node

_SPACES: tuple[tuple[str, Callable[[NamedNode], str]], ...] = (
    (PREFIXES["source"], provenance.source),
    (PREFIXES["passage"], provenance.passage),
    (PREFIXES["assertion"], provenance.assertion),
    (PREFIXES["concept"], concepts.concept),
    (PREFIXES["aip"], ontology.term),
)


@caching.page
def page(iri: str) -> Response | str:
    """The page of a thing."""
    thing = node(iri)
    if country_code(thing):
        return redirect(href(thing) or "/", 303)
    for space, show in _SPACES:
        if iri.startswith(space) and iri != space:
            return show(thing)
    if iri in (PREFIXES["aip"], PREFIXES["concept"], PREFIXES["shape"]):
        return ontology.ontology()
    return records.page(thing) or unaccepted.page(thing) or entity(thing)


def entity(thing: NamedNode) -> str:
    """An instrument, body, person, aim, asset, event or anything else that sources speak of."""
    day = as_of()
    line = steps(thing)
    return render_template(
        "pages/thing.html",
        thing=thing,
        about=describe(thing),
        day=day,
        today=datetime.date.today(),
        line=line,
        lived=has_line(thing),
        standing=standing(line, day),
        earlier=_earlier(thing, day),
        wordings=_wordings(thing),
        aims=hanging(thing, "aip:setBy", by_name),
        states=partial(states, day.isoformat()),
        tenures=tenures(thing),
        observations=observations(thing),
        provisions=hanging(thing, "aip:provisionOf", _article),
        speeches=hanging(thing, "aip:speaker", by_date),
        judgements=[row for row in hanging(thing, "aip:about") if row["aip:verdict"] is not None],
        said=[row for row in hanging(thing, "aip:about", by_date) if row["aip:gist"] is not None],
        groups=links_back(thing),
        sources=sources_of(thing),
    )


def _earlier(thing: NamedNode, day: datetime.date) -> list[tuple[NamedNode, list[Step], object]]:
    """The drafts that became a thing, with their steps and their status on a day."""
    return [(draft, line, standing(line, day)) for draft in drafts(thing) if (line := steps(draft))]


def _wordings(thing: NamedNode) -> list[Node]:
    return hanging(thing, "aip:formulationOf", by_date)


def _article(row: Node) -> tuple[int, str, str]:
    """Provisions by the number of their article, those without one last."""
    digits = "".join(letter for letter in row.text("aip:article").partition("-")[0] if letter.isdigit())
    return int(digits or 9999), row.text("aip:article"), row.iri.value


def sources_of(thing: NamedNode) -> Sequence[Term]:
    """The sources that speak of a thing or of a node that hangs on it, the latest first."""
    store = snapshot().store
    assertions = {
        quad.graph_name
        for subject in (thing, *dependent_nodes(store, thing))
        for quad in store.quads_for_pattern(subject, None, None, None)
        if is_assertion(quad.graph_name)
    }
    passages = {first(a, "aip:inPassage", SOURCES) for a in assertions if isinstance(a, NamedNode)}
    sources = {first(p, "aip:inSource", SOURCES) for p in passages if isinstance(p, NamedNode)}
    return sorted((s for s in sources if isinstance(s, NamedNode)), key=_issued, reverse=True)


def _issued(source: Term) -> tuple[str, str]:
    assert isinstance(source, NamedNode)  # noqa: S101  a source is named
    latest = objects(source, "aip:issuedLatest", NamedNode(GRAPH_ACCEPTED))
    return str(getattr(latest[0], "value", "")) if latest else "", source.value
