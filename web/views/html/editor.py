"""The editor for SPARQL: our prefixes, examples from the canned queries, completion from our vocabulary.

Without JavaScript it is a plain form that sends the query to the endpoint.
"""

from __future__ import annotations

import json
from collections import defaultdict

from flask import Response, make_response, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as BaseResponse

from kg.errors import GraphError
from kg.namespaces import GRAPH_ACCEPTED, GRAPH_ONTOLOGY, PREFIXES, expand
from kg.query import bind, get_query
from web.locale import language
from web.security import POLICY
from web.snapshot import snapshot
from web.ui_labels import GROUPS, group_of, title_of

EDITOR_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "font-src 'self'", "font-src 'self' data:"
)
"""The editor writes styles into its elements; scripts stay as strict as everywhere."""
SHOWN = ("aip", "id", "concept", "graph", "rdfs", "skos")
_STARTS = ("owl:Class", "rdfs:Class"), ("owl:ObjectProperty", "owl:DatatypeProperty", "rdf:Property")
LONGEST = 20_000


def editor() -> Response:
    """The editor with the query of ``?query=``, that of ``?question=`` with its parameters, or a first example."""
    text, told = _query()
    page = render_template(
        "pages/editor.html",
        text=text,
        told=told,
        groups=_examples(),
        settings=_settings(text if request.args.get("query") or request.args.get("question") else ""),
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = EDITOR_POLICY
    return response


def open_editor() -> BaseResponse:
    """From the endpoint to the editor; a query in the address is run there."""
    if "query" in request.args:
        return redirect(url_for("pages.editor", query=request.args["query"], run=1), 303)
    return redirect(url_for("pages.editor"))


def _query() -> tuple[str, str]:
    """The query to begin with, and what was wrong with the one asked for."""
    given = request.args.get("query", "")[:LONGEST].replace("\r\n", "\n")
    if given:
        return given, ""
    current, slug = snapshot(), request.args.get("question", "")
    if not slug:
        return _first(), ""
    try:
        query = get_query(current.queries, slug)
        names = {parameter.name for parameter in query.parameters}
        values = {name: value for name, value in request.args.items() if name in names}
        return bind(query, values, current.choices), ""
    except GraphError as error:
        return _first(), str(error)


def _first() -> str:
    prefixes = "\n".join(f"PREFIX {name}: <{PREFIXES[name]}>" for name in SHOWN)
    return prefixes + "\n\n" + render_template("rdf/first.rq")


def _examples() -> list[tuple[str, list[tuple[str, str]]]]:
    """The canned queries by group: slug and title."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for query in snapshot().queries.values():
        groups[group_of(query)].append((query.slug, title_of(query, language())))
    return [(str(GROUPS[tag]), groups[tag]) for tag in GROUPS if groups[tag]]


def _settings(text: str) -> str:
    """What the script needs, as JSON: endpoint, prefixes, vocabulary, examples."""
    current = snapshot()
    found = {
        "endpoint": url_for("sparql.sparql"),
        "prefixes": PREFIXES,
        "classes": _terms(_STARTS[0]),
        "properties": _terms(_STARTS[1]),
        "examples": {query.slug: query.text for query in current.queries.values()},
        "first": _first(),
        "asked": text,
        "base": url_for("pages.home"),
        "snapshot": current.name,
    }
    # A closing tag inside a string would end the element that holds it.
    return json.dumps(found, ensure_ascii=False).replace("<", "\\u003c")


def _terms(kinds: tuple[str, ...]) -> list[str]:
    """Classes or properties of the ontology, and those used in the accepted view."""
    store = snapshot().store
    kept: dict[tuple[str, ...], list[str]] = snapshot().cache.setdefault("terms", {})
    if kinds not in kept:
        types = [NamedNode(expand(kind)) for kind in kinds]
        quads = (
            quad
            for kind in types
            for quad in store.quads_for_pattern(None, NamedNode(expand("rdf:type")), kind, NamedNode(GRAPH_ONTOLOGY))
        )
        terms = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
        if kinds == _STARTS[1]:
            accepted = store.quads_for_pattern(None, None, None, NamedNode(GRAPH_ACCEPTED))
            terms |= {quad.predicate.value for quad in accepted}
        kept[kinds] = sorted(terms)
    return kept[kinds]
