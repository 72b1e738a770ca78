"""Names and addresses of terms for people: a label in the reader's language, and where the page of a thing is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from flask import request, url_for
from flask.blueprints import BlueprintSetupState
from pyoxigraph import Literal, NamedNode

from kg.labels import Term, is_translation, labels, order
from kg.namespaces import BASE, PREFIXES, expand, local_name, shorten
from web.locale import language
from web.snapshot import snapshot
from web.views.html import blueprint
from web.views.html.caching import once

COUNTRIES = ("kz", "uz", "kg", "tj", "tm")
"""The five states, by size of their record."""
_ID = PREFIXES["id"]
_QUERY = PREFIXES["query"]
NAMERS: list[Callable[[NamedNode], str]] = []
"""What names things without a label, such as rulings and passages; empty text where it knows none."""


@dataclass(frozen=True)
class Name:
    """What a term is called.

    :param tag: language of the text; empty where it has none
    :param foreign: whether the text is in another language than the reader's
    :param translated: whether it is our translation and not a name that a source shows
    """

    text: str
    tag: str = ""
    foreign: bool = False
    translated: bool = False

    def __str__(self) -> str:
        return self.text


def node(name: str) -> NamedNode:
    """The term of an IRI or a prefixed name."""
    return NamedNode(name if name.startswith(("http://", "https://", "urn:")) else expand(name))


def name(term: Term | str | None) -> Name:
    """The name of a term in the fixed order of languages, kept while the snapshot is current."""
    if term is None:
        return Name("")
    if isinstance(term, str):
        term = node(term)
    if not isinstance(term, NamedNode):
        return _literal(term)
    known = snapshot().cache.setdefault("names", {})
    key = term.value, language()
    if key not in known:
        known[key] = _found(term)
    found: Name = known[key]
    return found


def _literal(term: Term) -> Name:
    if isinstance(term, Literal):
        tag = term.language or ""
        return Name(term.value, tag, bool(tag) and tag != language())
    return Name(str(term))


def _found(term: NamedNode) -> Name:
    store = snapshot().store
    names = labels(store, term)
    for tag in (*order(language()), "", *sorted(names)):
        if tag in names:
            ours = bool(tag) and is_translation(store, term, names[tag], tag)
            return Name(names[tag], tag, bool(tag) and tag != language(), ours)
    told = next((text for namer in NAMERS if (text := namer(term))), "")
    return Name(told or shorten(term.value))


def curie(term: Term | str) -> str:
    """The short form of an IRI."""
    return shorten(term if isinstance(term, str) else str(getattr(term, "value", term)))


def href(term: Term | str | None) -> str | None:
    """Where this site has a page for a term: its own address for what is ours, the IRI itself for the rest."""
    iri = term if isinstance(term, str) else getattr(term, "value", None)
    if not iri or isinstance(term, Literal):
        return None
    if not iri.startswith(BASE):
        return iri if iri.startswith(("http://", "https://")) else None
    return once("addresses", (request.script_root, iri), lambda: _address(iri))


def _address(iri: str) -> str:
    if iri.startswith(_ID) and iri[len(_ID) :] in COUNTRIES:
        return url_for("pages.country", code=iri[len(_ID) :])
    if iri.startswith(_QUERY):
        return url_for("query_api.answer", slug=iri[len(_QUERY) :])
    return url_for("pages.home") + quote(iri[len(BASE) :], safe="/-._~")


def country_code(term: Term | str | None) -> str:
    """The code of one of the five states, for its colour; empty for any other term."""
    iri = term if isinstance(term, str) else getattr(term, "value", "")
    code = local_name(iri) if iri and iri.startswith(_ID) else ""
    return code if code in COUNTRIES else ""


@blueprint.record_once
def _register(state: BlueprintSetupState) -> None:
    """Templates name and link terms as Python does."""
    state.app.jinja_env.globals.update(name=name, href=href, curie=curie, country_code=country_code, as_node=node)
