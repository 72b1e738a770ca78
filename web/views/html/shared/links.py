"""The identifiers of a thing in other datasets, each with the place that confirmed it."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.terms import AIP, DCTERMS, GRAPH, SCHEMA, SKOS, Term
from web.views.html.shared.lookup import first, subjects


@dataclass(frozen=True)
class IdentifierLink:
    """An identifier in another dataset.

    :param iri: the identifier as an IRI, if its scheme has any
    :param is_close: whether it names what is only close to the thing
    :param confirmed: the file or page that gives it
    :param agreeing: what agrees there besides the name
    """

    scheme: Term | None
    identifier: Term | None
    iri: Term | None
    is_close: bool
    day: Term | None
    confirmed: Term | None
    agreeing: Term | None


def identifier_links(thing: NamedNode) -> list[IdentifierLink]:
    """The checked identifiers of a thing, in the order of their schemes."""
    return [_read(check) for check in subjects(AIP.about, thing, GRAPH.links)]


def _read(check: NamedNode) -> IdentifierLink:
    values = {
        predicate: first(check, predicate, GRAPH.links)
        for predicate in (
            *(AIP.identifierScheme, DCTERMS.identifier, AIP.linksTo, AIP.linkRelation),
            *(AIP.retrievedOn, SCHEMA.url, DCTERMS.description),
        )
    }
    return IdentifierLink(
        values[AIP.identifierScheme],
        values[DCTERMS.identifier],
        values[AIP.linksTo],
        values[AIP.linkRelation] == SKOS.closeMatch,
        values[AIP.retrievedOn],
        values[SCHEMA.url],
        values[DCTERMS.description],
    )
