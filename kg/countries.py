"""The states of the registry, and which of them the graph covers: those with an order of coverage."""

from dataclasses import dataclass

from pyoxigraph import NamedNode, Store

from kg.graph import subjects, text
from kg.namespaces import local_name
from kg.terms import AIP, GRAPH, RDF


@dataclass(frozen=True)
class Country:
    """A state.

    :param order: its place among the covered states; 0 if it is not covered
    :param code: its local name, the prefix of the names of its things: ``kz``
    :param alpha2: ISO 3166-1 code of two letters; this and the other codes are empty where the registry has none
    :param alpha3: ISO 3166-1 code of three letters
    :param numeric: ISO 3166-1 numeric code, which is also the UN M49 code
    """

    iri: NamedNode
    code: str
    order: int
    alpha2: str = ""
    alpha3: str = ""
    numeric: str = ""


def covered_countries(store: Store) -> tuple[Country, ...]:
    """The covered states in their order of coverage.

    :param store: holds at least graph:registry
    """
    quads = store.quads_for_pattern(None, AIP.coverageOrder, None, GRAPH.registry)
    countries = [_country(store, quad.subject) for quad in quads if isinstance(quad.subject, NamedNode)]
    return tuple(sorted(countries, key=lambda country: (country.order, country.code)))


def countries_with_codes(store: Store) -> tuple[Country, ...]:
    """Every state of the registry, covered or not, by its local name.

    :param store: holds at least graph:registry
    """
    countries = [_country(store, iri) for iri in subjects(store, RDF.type, AIP.Country, GRAPH.registry)]
    return tuple(sorted(countries, key=lambda country: country.code))


def _country(store: Store, iri: NamedNode) -> Country:
    order, alpha2, alpha3, numeric = (
        text(store, iri, property_, GRAPH.registry) or ""
        for property_ in (AIP.coverageOrder, AIP.isoAlpha2, AIP.isoAlpha3, AIP.unM49)
    )
    return Country(iri, local_name(iri.value), int(order or 0), alpha2, alpha3, numeric)
