"""The entities that a name can mean: the things of the registry, with their names, classes and countries."""

from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from kg.namespaces import PREFIXES, local_name
from kg.terms import AIP, DCTERMS, GRAPH, RDF, RDFS, SKOS, Term

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
    kinds: dict[NamedNode, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, RDF.type, None, GRAPH.registry):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(PREFIXES["id"]):
            kinds[quad.subject].update(_ours(quad.object))
    codes = {local_name(thing.value) for thing in kinds}
    for thing in sorted(kinds, key=lambda thing: thing.value):
        if entity := _entity(store, thing, kinds[thing], codes):
            yield entity


def _entity(store: Store, thing: NamedNode, kinds: set[str], codes: Container[str]) -> Entity | None:
    """The entity that the accepted view describes; ``None`` if it has no name or no class of ours.

    :param kinds: the classes that the registry gives it
    :param codes: the local names of all things, those of countries among them
    """
    names, classes, countries = set(), set(kinds), set()
    for quad in store.quads_for_pattern(thing, None, None, GRAPH.accepted):
        if quad.predicate in _NAMES and isinstance(quad.object, Literal):
            names.add(Name(quad.object.value, quad.object.language or ""))
        elif quad.predicate == RDF.type:
            classes |= _ours(quad.object)
        elif quad.predicate == AIP.country:
            countries |= _ours(quad.object)
    if not names or not kinds:
        return None
    id_ = local_name(thing.value)
    prefix = id_.partition("-")[0]  # the country that the name of a thing begins with: ``kz-…``
    countries |= {id_} if "Country" in kinds else {prefix} if prefix in codes else set()
    # The shortest English name first; a number is never the first name of a thing that has another.
    ordered = sorted(names, key=lambda n: (n.language != "en", not n.language, n))
    return Entity(id_, tuple(ordered), min(kinds), frozenset(classes), frozenset(countries))


def _ours(term: Term) -> set[str]:
    """The local name of a term of our namespaces; none of another."""
    is_ours = isinstance(term, NamedNode) and term.value.startswith((PREFIXES["aip"], PREFIXES["id"]))
    return {local_name(term.value)} if isinstance(term, NamedNode) and is_ours else set()
