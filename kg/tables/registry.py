"""What reading a table needs of the registry: areas by name, metrics with their unit, editions of indices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.read import Document
from kg.terms import AIP, GRAPH, RDF, RDFS, SKOS, Term

_NAMES = {RDFS.label, SKOS.altLabel, AIP.isoAlpha2, AIP.isoAlpha3}
Fact = tuple[NamedNode, NamedNode, Term]


@dataclass(frozen=True)
class Registry:
    """What a table needs of the registry.

    :param areas: countries and regions by each of their names and codes, in small letters
    :param metrics: the metrics with their unit
    :param editions: the edition of an index by metric and year
    """

    areas: Mapping[str, NamedNode]
    metrics: Mapping[NamedNode, NamedNode]
    editions: Mapping[tuple[NamedNode, str], NamedNode]

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Registry:
        """The registry that these documents hold."""
        facts: list[Fact] = [
            (quad.subject, quad.predicate, quad.object)
            for document in documents
            for quad in document.quads
            if quad.graph_name == GRAPH.registry and isinstance(quad.subject, NamedNode)
        ]
        areas = {
            node for node, property_, type_ in facts if property_ == RDF.type and type_ in (AIP.Country, AIP.Region)
        }
        names = [fact for fact in facts if fact[0] in areas and fact[1] in _NAMES]
        return cls(
            {name.value.casefold(): node for node, _, name in names if isinstance(name, Literal)},
            {node: unit for node, property_, unit in facts if property_ == AIP.unit and isinstance(unit, NamedNode)},
            dict(_editions(facts)),
        )


def _editions(facts: list[Fact]) -> Iterator[tuple[tuple[NamedNode, str], NamedNode]]:
    years = {node: year.value for node, name, year in facts if name == AIP.editionYear and isinstance(year, Literal)}
    editions = [(node, index) for node, name, index in facts if name == AIP.editionOf]
    for metric, name, index in facts:
        if name == AIP.ofIndex:
            for edition, of in editions:
                if of == index and edition in years:
                    yield (metric, years[edition]), edition
