"""The description of an IRI as an answer, with signposting (https://signposting.org/FAIR/): Link headers that tell a
program what it has before it."""

from __future__ import annotations

from flask import Response
from pyoxigraph import NamedNode

from kg import catalogue
from kg.errors import UnknownThingError
from kg.export import serialise
from kg.namespaces import PREFIXES
from web.addresses import address_of, address_of_iri
from web.answers import description
from web.answers.conditional import conditional
from web.answers.formats import GRAPHS, Format
from web.memo import Kind
from web.snapshot import Snapshot, snapshot

LICENCE = catalogue.LICENCE.value
_DESCRIPTIONS: Kind[bytes] = Kind("descriptions", max_size=200)
_WITH_GRAPH_NAMES = {"trig", "nquads", "jsonld"}


def describe(iri: str, form: Format) -> Response:
    """The description of an IRI in a graph format.

    :raises UnknownThingError: if the graph does not know it
    """
    current = snapshot()

    def write() -> bytes:
        return current.memo.get(_DESCRIPTIONS, (iri, form.name), lambda: _described(current, iri, form))

    return signpost(conditional(("thing", iri, form.name), form.content_type, write), iri)


def _described(current: Snapshot, iri: str, form: Format) -> bytes:
    quads = description.description(current.store, NamedNode(iri))
    if not quads:
        raise UnknownThingError(f"nothing in the graph is called {iri[:200]}")
    return b"".join(serialise(quads if form.name in _WITH_GRAPH_NAMES else description.triples(quads), form.name))


def signpost(response: Response, iri: str) -> Response:
    """An answer about an IRI with links to the IRI to cite, its other formats, licence, type and dataset."""
    _link(response, iri, "cite-as")
    _link(response, LICENCE, "license")
    _link(response, address_of("discovery.void"), "describedby", "text/turtle")
    _link(response, address_of("discovery.dataset"), "collection")
    kind = "Dataset" if iri.startswith(PREFIXES["graph"]) else "Thing"
    _link(response, f"https://schema.org/{kind}", "type")
    address = address_of_iri(iri)
    if address and not address.endswith("/"):
        for form in GRAPHS:
            _link(response, f"{address}.{form.suffix}", "alternate", form.media_type)
    return response


def _link(response: Response, target: str, relation: str, media_type: str = "") -> None:
    kind = f'; type="{media_type}"' if media_type else ""
    response.headers.add("Link", f'<{target}>; rel="{relation}"{kind}')
