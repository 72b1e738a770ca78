"""The page of an instrument, body, person, target, asset, event or anything else that sources speak of."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from flask import redirect, render_template, url_for
from pyoxigraph import Literal, NamedNode
from werkzeug.wrappers import Response

from kg.evidence import dependent_nodes
from kg.namespaces import shorten
from kg.terms import AIP, DCTERMS, RDFS, SH, VOID, Term, is_assertion
from web.answers.arguments import as_of
from web.answers.canned import Row, ask
from web.answers.statements import has_sentence, sentences, sentences_on
from web.snapshot import snapshot
from web.views.html.shared import related
from web.views.html.shared.description import describe
from web.views.html.shared.forms import page_links, page_start
from web.views.html.shared.life_cycle import drafts_of, has_life_cycle, status_on_date, steps
from web.views.html.shared.links import identifier_links
from web.views.html.shared.lookup import ACCEPTED, SOURCES, first, named_nodes, objects
from web.views.html.shared.related import by_date, node_rows, read_node
from web.views.html.shared.story import gaps, lead, offices, untold
from web.views.html.shared.terms import texts_in_any_graph

_DESCRIPTIONS = (DCTERMS.description, RDFS.comment, SH.message, SH.description)
OBSERVATIONS_PAGE = 50
_LEVELS = (None, "level-draft", "level-company-plan")


def entity(thing: NamedNode) -> str:
    """A thing as the accepted view has it, told as a story, with all that depends on it, as of a day."""
    day = as_of()
    about, formulations = (node_rows(thing, property_, by_date) for property_ in (AIP.about, AIP.formulationOf))
    described, told = describe(thing), lead(thing, formulations, day)
    described = replace(described, facts=untold(thing, described.facts, told))
    groups, progress = related.links_back(thing), ask("progress", target=shorten(thing.value)) if formulations else ()
    sections = _sections(thing)
    return render_template(
        "pages/thing.html",
        **sections,
        thing=thing,
        about=described,
        read=sentences_on(thing) if has_sentence(thing) else (),
        lead=told,
        offices=offices(thing, day),
        day=day,
        today=datetime.date.today(),
        has_life_cycle=has_life_cycle(thing),
        status=status_on_date(thing, day),
        read_until_day=_read_until(thing),
        drafts=[(draft, line, status_on_date(draft, day)) for draft in drafts_of(thing) if (line := steps(draft))],
        formulations=formulations,
        is_measured=bool(progress),
        pairs=[pair for pair in related.drafts_and_acts() if thing in pair],
        states=partial(_states, day.isoformat()),
        assessments=[row for row in about if row["aip:verdict"]],
        statements_about=[row for row in about if row["aip:gist"]],
        groups=groups,
        neighbours=related.neighbourhood(thing, groups),
        gaps=gaps(_kind([value.term for value in described.kinds]), {**sections, "way": progress}),
        sources=_sources_of(thing),
        identifier_links=identifier_links(thing),
    )


def _sections(thing: NamedNode) -> dict[str, Any]:
    """The rows of the sections that may be empty, which is told with what was looked for."""
    return {
        "line": steps(thing),
        "targets": node_rows(thing, AIP.setBy),
        "tenures": related.tenures(thing),
        **_observations(thing),
        "provisions": node_rows(thing, AIP.provisionOf, related.by_article),
        "statements": [row for row in node_rows(thing, AIP.speaker, by_date) if row["aip:gist"]],
    }


def _kind(classes: Sequence[Term]) -> str:
    """Which of the kinds of page a thing has: instrument, target, body or person; empty for any other."""
    writer = sentences()
    above = writer.with_superclasses(named_nodes(classes))
    kinds = {AIP.Instrument: "instrument", AIP.Aim: "target", AIP.Person: "person", AIP.Body: "body"}
    if AIP.Publisher in above:
        return ""
    return next((kind for class_, kind in kinds.items() if class_ in above), "")


def _observations(thing: NamedNode) -> dict[str, Any]:
    """A page of what was measured, with the addresses of the pages beside it."""
    measured = related.observations(thing)
    start = page_start(OBSERVATIONS_PAGE, len(measured))
    previous, following = page_links(start, OBSERVATIONS_PAGE, len(measured))
    index = first(thing, AIP.ofIndex)
    return {
        "observations": [read_node(node) for node in measured[start : start + OBSERVATIONS_PAGE]],
        "count": len(measured),
        "start": start,
        "previous": previous,
        "following": following,
        "index": index if isinstance(index, NamedNode) else None,
    }


def _read_until(thing: NamedNode) -> Term | None:
    """The day until which the sources on a thing, or on its country, were read."""
    places = [thing, *named_nodes(objects(thing, AIP.country))]
    return next((day for place in places if (day := first(place, AIP.readUntil)) is not None), None)


def _states(day: str) -> dict[str, Row]:
    """The state of every formulation on a day, drafts and plans of companies as well."""
    return {row.text("formulation"): row for level in _LEVELS for row in ask("targets", asOf=day, level=level)}


def _sources_of(thing: NamedNode) -> Sequence[NamedNode]:
    """The sources that speak of a thing or of a node that depends on it, the latest first."""
    store = snapshot().store
    assertions = {
        quad.graph_name
        for subject in (thing, *dependent_nodes(store, thing))
        for quad in store.quads_for_pattern(subject, None, None, None)
        if is_assertion(quad.graph_name)
    }
    passages = {first(assertion, AIP.inPassage, SOURCES) for assertion in named_nodes(assertions)}
    sources = {first(passage, AIP.inSource, SOURCES) for passage in named_nodes(passages)}
    issued = {source: str(getattr(first(source, AIP.issuedLatest), "value", "")) for source in named_nodes(sources)}
    return sorted(issued, key=lambda source: (issued[source], source.value), reverse=True)


def unaccepted(thing: NamedNode) -> Response | str | None:
    """The page of a thing outside the accepted view; ``None`` if it is inside, or if nothing is known of it."""
    quads = list(snapshot().store.quads_for_pattern(thing, None, None, None))
    if not quads or any(quad.graph_name == ACCEPTED for quad in quads):
        return None
    if any(is_assertion(quad.graph_name) for quad in quads):
        # Who says it, that it was not accepted, and why: the evidence shows all there is.
        return redirect(url_for("pages.evidence", s=shorten(thing.value)), 303)
    triples = [quad.object for quad in quads if quad.predicate == VOID.triples and isinstance(quad.object, Literal)]
    texts = texts_in_any_graph(thing, _DESCRIPTIONS)
    return render_template("pages/described.html", thing=thing, texts=texts, triples=triples)
