"""What stands of a thing, each statement with who says so: the number behind every mark."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask import url_for
from flask.blueprints import BlueprintSetupState
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.labels import Term
from kg.namespaces import (
    GRAPH_ACCEPTED,
    GRAPH_EDITORIAL,
    GRAPH_INFERRED,
    GRAPH_REGISTRY,
    GRAPH_SOURCES,
    PREFIXES,
    expand,
    shorten,
)
from kg.values import agrees
from web.snapshot import snapshot
from web.views.html import blueprint
from web.views.html.caching import once
from web.views.html.evidence_badge import Mark
from web.views.html.terms import node

ACCEPTED, INFERRED, SOURCES = NamedNode(GRAPH_ACCEPTED), NamedNode(GRAPH_INFERRED), NamedNode(GRAPH_SOURCES)
TYPE = NamedNode(expand("rdf:type"))
_ASSERTIONS = PREFIXES["assertion"]
_DATES = {PREFIXES["xsd"] + kind for kind in ("date", "gYearMonth", "gYear")} | {PREFIXES["edtf"] + "EDTF"}
_TEXT, _ISO = PREFIXES["xsd"] + "string", re.compile(r"\d{4}-(0[1-9]|1[0-2])(-[0-3]\d)?")
_NUMBERS = {PREFIXES["xsd"] + kind for kind in ("integer", "decimal", "double", "nonNegativeInteger")}


Held = dict[tuple[Term, Term, Term], list[str]]
"""The graphs that hold each triple of a thing."""


def origins() -> dict[str, str]:
    """The source at the root of each assertion: a source that rewrites another is no second witness."""
    cache = snapshot().cache
    if "origins" not in cache:
        passages, sources, rewritten = (_pairs(name) for name in ("aip:inPassage", "aip:inSource", "aip:rewrites"))
        cache["origins"] = {
            assertion: _root(sources.get(passage, passage), rewritten) for assertion, passage in passages.items()
        }
    found: dict[str, str] = cache["origins"]
    return found


def _pairs(predicate: str) -> dict[str, str]:
    quads = snapshot().store.quads_for_pattern(None, node(predicate), None, SOURCES)
    return {str(getattr(q.subject, "value", "")): str(getattr(q.object, "value", "")) for q in quads}


def _root(source: str, rewritten: dict[str, str]) -> str:
    seen = {source}
    while (earlier := rewritten.get(source)) and earlier not in seen:
        seen.add(earlier)
        source = earlier
    return source


def graphs_of(quads: Iterable[Quad]) -> Held:
    """The names of the graphs that hold each triple."""
    found: Held = {}
    for quad in quads:
        key = quad.subject, quad.predicate, quad.object
        found.setdefault(key, []).append(str(getattr(quad.graph_name, "value", "")))
    return found


def mark_of(subject: Term | None, predicate: Term | str | None, value: Term | None = None) -> Mark | None:
    """The mark of a statement; of a property without a value; or of a node with neither."""
    if not isinstance(subject, NamedNode):
        return None
    if isinstance(predicate, str):
        predicate = node(predicate)
    return once("marks", (subject, predicate, value), lambda: _mark_of(subject, predicate, value))


def _mark_of(subject: NamedNode, predicate: Term | None, value: Term | None) -> Mark | None:
    quads = snapshot().store.quads_for_pattern(subject, predicate, None, None)  # type: ignore[arg-type]
    held = graphs_of(quad for quad in quads if predicate is not None or quad.predicate != TYPE)
    return mark(held, subject, predicate, value)


def mark(
    held: Held,
    subject: NamedNode,
    predicate: Term | None = None,
    value: Term | None = None,
) -> Mark | None:
    """The mark, from the graphs that hold each triple of the subject."""
    wanted = {
        key: names
        for key, names in held.items()
        if (predicate is None or key[1] == predicate) and (value is None or supports(value, key[2]))
    }
    graphs = {graph for names in wanted.values() for graph in names}
    if not graphs:
        return None
    assertions = {graph for graph in graphs if graph.startswith(_ASSERTIONS)}
    disputed = any(is_rival(held, key) for key in held if predicate is None or key[1] == predicate)
    count = len({origins().get(assertion, assertion) for assertion in assertions})
    return Mark(_kind(graphs, bool(assertions)), count, disputed, address(subject, predicate, value))


def is_rival(held: Held, key: tuple[Term, Term, Term]) -> bool:
    """Whether a claim is not accepted, nor says less exactly what is."""
    graphs = held[key]
    if GRAPH_ACCEPTED in graphs or not any(graph.startswith(_ASSERTIONS) for graph in graphs):
        return False
    accepted = (other for other in held if other[1] == key[1] and GRAPH_ACCEPTED in held[other])
    return not any(supports(other[2], key[2]) for other in accepted)


def _kind(graphs: set[str], said: bool) -> str:
    if said:
        return "said"
    for graph, kind in ((GRAPH_REGISTRY, "registry"), (GRAPH_EDITORIAL, "editorial"), (GRAPH_INFERRED, "inferred")):
        if graph in graphs:
            return kind
    return "other"


def supports(value: Term, said: Term) -> bool:
    """Whether what is said is the value, or a coarser date or another spelling of a number that the value refines."""
    if value == said:
        return True
    return isinstance(value, Literal) and isinstance(said, Literal) and not value.language and agrees(value, said)


def address(subject: NamedNode, predicate: Term | None, value: Term | None) -> str:
    """Where the evidence for a statement is shown."""
    asked = {"s": shorten(subject.value)}
    if isinstance(predicate, NamedNode):
        asked["p"] = shorten(predicate.value)
    if value is not None:
        asked["o"] = shorten(value.value) if isinstance(value, NamedNode) else str(value)
    return url_for("pages.evidence", **asked)  # type: ignore[arg-type]


def is_iri(term: Term) -> bool:
    """Whether a term is an IRI."""
    return isinstance(term, NamedNode)


def is_date(term: Term) -> bool:
    """Whether a term is a date, however precise, or text that is written as one."""
    if not isinstance(term, Literal):
        return False
    return term.datatype.value in _DATES or (term.datatype.value == _TEXT and bool(_ISO.fullmatch(term.value)))


def is_number(term: Term) -> bool:
    """Whether a term is a number."""
    return isinstance(term, Literal) and term.datatype.value in _NUMBERS


def objects(subject: NamedNode, predicate: str, graph: NamedNode = ACCEPTED) -> list[Term]:
    """The values of a property in a graph, in a fixed order."""
    quads = snapshot().store.quads_for_pattern(subject, node(predicate), None, graph)
    return sorted((quad.object for quad in quads if not isinstance(quad.object, BlankNode)), key=str)


def first(subject: NamedNode, predicate: str, graph: NamedNode = ACCEPTED) -> Term | None:
    """One value of a property, or ``None``."""
    return next(iter(objects(subject, predicate, graph)), None)


@blueprint.record_once
def _register(state: BlueprintSetupState) -> None:
    """Templates mark statements and tell kinds of terms apart."""
    state.app.jinja_env.globals.update(mark_of=mark_of, is_iri=is_iri, is_date=is_date, is_number=is_number)
