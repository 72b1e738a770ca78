"""Pages of what has no place in the accepted view: nodes that a ruling set aside, and what the catalogue describes."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from pyoxigraph import Literal, NamedNode
from werkzeug.wrappers import Response

from kg.labels import pick
from kg.namespaces import expand, shorten
from kg.terms import is_assertion
from web.locale import language
from web.snapshot import snapshot
from web.views.html.disagreements import named
from web.views.html.facts import ACCEPTED
from web.views.html.terms import NAMERS, name, node

_NAMES = tuple(expand(prefixed) for prefixed in ("dcterms:title", "rdfs:label", "foaf:name", "sh:name"))
_WORDS = tuple(expand(prefixed) for prefixed in ("dcterms:description", "rdfs:comment", "sh:message", "sh:description"))


def page(thing: NamedNode) -> Response | str | None:
    """The page of a thing that the accepted view is silent on; ``None`` if it is not, or if nothing is said at all."""
    quads = list(snapshot().store.quads_for_pattern(thing, None, None, None))
    if not quads or any(quad.graph_name == ACCEPTED for quad in quads):
        return None
    if any(is_assertion(quad.graph_name) for quad in quads):
        # Who says it, that it was not accepted, and why: that is all there is, and the evidence tells it.
        return redirect(url_for("pages.evidence", s=shorten(thing.value)), 303)
    numbers = [quad.object for quad in quads if quad.predicate == node("void:triples")]
    texts = _texts(thing, _WORDS)
    return render_template("pages/described.html", thing=thing, texts=texts, numbers=numbers)


def _texts(thing: NamedNode, predicates: tuple[str, ...]) -> list[str]:
    """What these properties say in the reader's language, in any graph."""
    found = []
    for predicate in predicates:
        quads = snapshot().store.quads_for_pattern(thing, NamedNode(predicate), None, None)
        values = {quad.object.language or "": quad.object.value for quad in quads if isinstance(quad.object, Literal)}
        if text := pick(values, language()):
            found.append(text)
    return found


def title_set_aside(thing: NamedNode) -> str:
    """What a node is of and whose it is, where the accepted view has no name for it; empty for any other."""
    return ": ".join(name(term).text for term in named(thing))


def title_in_catalogue(thing: NamedNode) -> str:
    """The name that another graph than the accepted view has for a thing; empty if none has."""
    return next(iter(_texts(thing, _NAMES)), "")


NAMERS.extend((title_in_catalogue, title_set_aside))
