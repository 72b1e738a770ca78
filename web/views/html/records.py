"""Pages of what the editors wrote themselves: a ruling with both claims, and a record of what was looked for."""

from __future__ import annotations

from flask import render_template
from pyoxigraph import Literal, NamedNode

from kg.namespaces import GRAPH_COVERAGE, GRAPH_RULINGS
from web.answers.canned import ask
from web.snapshot import snapshot
from web.views.html.disagreements import disputes_of, named
from web.views.html.facts import SOURCES, TYPE, first, objects
from web.views.html.terms import NAMERS, name, node

RULINGS, COVERAGE = NamedNode(GRAPH_RULINGS), NamedNode(GRAPH_COVERAGE)


def page(thing: NamedNode) -> str | None:
    """The page of a ruling or of a coverage record; ``None`` if the thing is neither."""
    if _is(thing, "aip:Ruling", RULINGS):
        rows = tuple(row for row in ask("disagreements") if row["ruling"] == thing)
        title = title_of_ruling(thing)
        return render_template("pages/ruling.html", thing=thing, title=title, disputes=disputes_of(rows))
    if _is(thing, "aip:CoverageRecord", COVERAGE):
        record = {p: objects(thing, p, COVERAGE) for p in ("aip:country", "aip:topic", "aip:result", "aip:date")}
        tongues = [term.value for term in objects(thing, "aip:searchedIn", COVERAGE) if isinstance(term, Literal)]
        texts = objects(thing, "dcterms:description", COVERAGE)
        return render_template("pages/coverage.html", thing=thing, record=record, tongues=tongues, texts=texts)
    return None


def _is(thing: NamedNode, kind: str, graph: NamedNode) -> bool:
    return any(True for _ in snapshot().store.quads_for_pattern(thing, TYPE, node(kind), graph))


def title_of_ruling(ruling: NamedNode) -> str:
    """What a ruling is on: the thing and, if it is on one, the property; empty for what is no ruling."""
    subject = first(ruling, "aip:onSubject", RULINGS)
    if subject is None:
        return ""
    parts = [name(term).text for term in named(subject) or (subject,)]
    predicate = first(ruling, "aip:onProperty", RULINGS)
    shown = ": ".join([*parts, name(predicate).text] if predicate is not None else parts)
    return shown[:1].upper() + shown[1:]


def title_of_passage(thing: NamedNode) -> str:
    """Source and place of a passage or of an assertion that reads it; empty for anything else."""
    passage = first(thing, "aip:inPassage", SOURCES) or thing
    source = first(passage, "aip:inSource", SOURCES) if isinstance(passage, NamedNode) else None
    if source is None or not isinstance(passage, NamedNode):
        return ""
    where = first(passage, "aip:locator", SOURCES)
    return f"{name(source)}, {where.value}" if isinstance(where, Literal) else str(name(source))


NAMERS.extend((title_of_ruling, title_of_passage))
