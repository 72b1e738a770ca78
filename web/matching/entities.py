"""The entities that a name can mean: the things of the registry, with their names, classes and countries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from kg.namespaces import PREFIXES, local_name
from kg.terms import AIP, DCTERMS, GRAPH, RDF, RDFS, SKOS

_NAMES = (RDFS.label, SKOS.prefLabel, SKOS.altLabel, DCTERMS.title, AIP.actNumber)
_COUNTRY_WEIGHT, _COVERED_WEIGHT, _PUBLISHER_WEIGHT = 3.0, 2.0, 0.5


class Name(NamedTuple):
    """A name with its language tag, empty if it has none."""

    text: str
    language: str


@dataclass(frozen=True)
class Entity:
    """A thing of the registry.

    :param id: the local name of its IRI
    :param names: the English ones first
    :param kind: the class that the registry gives it, as a local name
    :param classes: the local names of all its classes of our ontology, derived ones too
    :param countries: the local names of its countries
    """

    id: str
    names: tuple[Name, ...]
    kind: str
    classes: frozenset[str]
    countries: frozenset[str]

    @property
    def weight(self) -> float:
        """What comes first of two that match as well: a country, then what belongs to a covered one."""
        if self.kind == "Country":
            return _COUNTRY_WEIGHT
        if self.kind == "Publisher":
            return _PUBLISHER_WEIGHT
        return 1.0 if self.id.startswith("int-") else _COVERED_WEIGHT


def read_entities(store: Store) -> Iterator[Entity]:
    """Every entity that has a name."""
    kinds = _locals(store, RDF.type, GRAPH.registry)
    classes = _locals(store, RDF.type, GRAPH.accepted)
    countries = _locals(store, AIP.country, GRAPH.accepted)
    names = _names(store)
    for iri in sorted(kinds):
        if iri in names:
            id_ = local_name(iri)
            own = {id_} if "Country" in kinds[iri] else set()
            belongs = frozenset(countries.get(iri, set()) | own | _by_prefix(id_, names))
            kind = min(kinds[iri])
            yield Entity(id_, tuple(names[iri]), kind, frozenset(classes.get(iri, set()) | kinds[iri]), belongs)


def _by_prefix(id_: str, names: Iterable[str]) -> set[str]:
    """The country that the name of a thing begins with: ``kz-…``."""
    prefix = id_.partition("-")[0]
    return {prefix} if PREFIXES["id"] + prefix in names else set()


def _locals(store: Store, predicate: NamedNode, graph: NamedNode) -> dict[str, set[str]]:
    """The local names of a property's values in our namespaces, by the entity that has them."""
    values: dict[str, set[str]] = defaultdict(set)
    ours = (PREFIXES["aip"], PREFIXES["id"])
    for quad in store.quads_for_pattern(None, predicate, None, graph):
        subject, value = getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")
        if subject.startswith(PREFIXES["id"]) and value.startswith(ours):
            values[subject].add(local_name(value))
    return values


def _names(store: Store) -> dict[str, list[Name]]:
    names: dict[str, set[Name]] = defaultdict(set)
    for predicate in _NAMES:
        for quad in store.quads_for_pattern(None, predicate, None, GRAPH.accepted):
            subject = getattr(quad.subject, "value", "")
            if isinstance(quad.object, Literal) and subject.startswith(PREFIXES["id"]):
                names[subject].add(Name(quad.object.value, quad.object.language or ""))
    # The shortest English name first; a number is never the first name of a thing that has another.
    return {iri: sorted(texts, key=lambda n: (n.language != "en", not n.language, n)) for iri, texts in names.items()}
