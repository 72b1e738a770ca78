"""The editor for SPARQL: our prefixes, examples from the canned queries, completion from our vocabulary.

Without JavaScript it is a plain form that sends the query to the endpoint.
"""

import json

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as BaseResponse

from kg.errors import GraphError, ParameterError
from kg.message import Message
from kg.namespaces import PREFIXES
from kg.query import bind, get_query
from kg.terms import GRAPH, OWL, RDF, RDFS
from web.answers.arguments import integer, refuse_unknown, single, value_of
from web.messages import said
from web.security import POLICY
from web.snapshot import per_snapshot, snapshot
from web.ui_labels import by_group
from web.views.html.shared.lookup import ACCEPTED, subjects

EDITOR_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "font-src 'self'", "font-src 'self' data:"
)
"""The editor writes styles into its elements; scripts stay as strict as everywhere."""
FIRST_PREFIXES = ("aip", "id", "concept", "graph", "dcterms", "rdfs", "skos")
MAX_QUERY = 20_000


def open_editor() -> BaseResponse:
    """From the endpoint to the editor; a query in the address is run there."""
    if "query" in request.args:
        return redirect(url_for("pages.editor", query=request.args["query"], run=1), 303)
    return redirect(url_for("pages.editor"))


def editor() -> Response:
    """The editor with the query of ``?query=``, that of ``?question=`` with its parameters, or a first example."""
    text, error = _query()
    given = text if any(single(key) for key in ("query", "question", "step")) else ""
    groups, settings = by_group(snapshot().queries.values()), _settings(given)
    page = render_template(
        "pages/editor.html", text=text, error=error, groups=groups, settings=settings, steps=_steps(), step=_step()
    )
    response = make_response(page, 400 if error else 200)
    response.headers["Content-Security-Policy"] = EDITOR_POLICY
    return response


def _query() -> tuple[str, str]:
    """The query to begin with, and what was wrong with the one asked for."""
    try:
        return _asked() or _first_query(), ""
    except GraphError as error:
        return _first_query(), said(error.sentence)


def _asked() -> str:
    """The query that the address asks for; empty if it asks for none.

    :raises GraphError: if there is no such query, or a parameter is unknown
    """
    slug, current = single("question"), snapshot()
    parameters = get_query(current.queries, slug).parameters if slug else ()
    refuse_unknown("query", "question", "step", "run", *(parameter.name for parameter in parameters))
    if given := single("query"):
        if len(given) > MAX_QUERY:
            raise ParameterError("query", given[:40], Message("longer than %(count)s characters", count=MAX_QUERY))
        return given.replace("\r\n", "\n")
    if step := _step():
        return _prefixes() + render_template(f"rdf/steps/{step}.rq")
    values = {parameter.name: value_of(parameter) for parameter in parameters}
    return bind(get_query(current.queries, slug), values, current.choices) if slug else ""


def _steps() -> list[str]:
    """What each worked step asks, from the simplest query to the evidence."""
    return [
        str(title)
        for title in (
            _("All laws"),
            _("with their names"),
            _("with country and date"),
            _("counted by country"),
            _("and who says so"),
        )
    ]


def _step() -> int:
    """The worked step that ``?step=`` asks for; 0 for none.

    :raises ParameterError: if there is no such step
    """
    return integer("step", 0, 1, len(_steps()))


def _first_query() -> str:
    return _prefixes() + render_template("rdf/first.rq")


def _prefixes() -> str:
    return "\n".join(f"PREFIX {name}: <{PREFIXES[name]}>" for name in FIRST_PREFIXES) + "\n\n"


def _settings(given: str) -> str:
    """What the script needs, as JSON: endpoint, prefixes, vocabulary, examples."""
    current = snapshot()
    settings = {
        "endpoint": url_for("sparql.sparql"),
        "prefixes": PREFIXES,
        **_read_vocabulary(),
        "examples": {query.slug: query.text for query in current.queries.values()},
        "first": _first_query(),
        "given": given,
        "base": url_for("pages.home"),
        "snapshot": current.name,
    }
    # A closing tag inside a string would end the element that holds it.
    return json.dumps(settings, ensure_ascii=False).replace("<", "\\u003c")


@per_snapshot()
def _read_vocabulary() -> dict[str, list[str]]:
    """The classes and properties of the ontology, and the properties that the accepted view uses."""
    properties = _declared(OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property)
    quads = snapshot().store.quads_for_pattern(None, None, None, ACCEPTED)
    return {
        "classes": sorted(_declared(OWL.Class, RDFS.Class)),
        "properties": sorted(properties | {quad.predicate.value for quad in quads}),
    }


def _declared(*kinds: NamedNode) -> set[str]:
    return {term.value for kind in kinds for term in subjects(RDF.type, kind, GRAPH.ontology)}
