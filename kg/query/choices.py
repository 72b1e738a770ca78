"""What a parameter may be, read from the graph."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from pyoxigraph import NamedNode, Store

from kg.countries import covered_countries
from kg.graph import label, subjects
from kg.namespaces import expand
from kg.query.binding import Choices
from kg.query.canned import COVERED_COUNTRIES, Parameter
from kg.terms import GRAPH


class NamedChoices(Mapping[str, str]):
    """Allowed values with their names, which are read only when somebody asks for one: there may be thousands.

    :param members: the allowed values
    :param in_order: whether they come in their own order, else by name
    """

    def __init__(self, store: Store, members: list[NamedNode], in_order: bool, language: str) -> None:
        self._store, self._in_order, self._language = store, in_order, language
        self._members = {member.value: member for member in members}

    @cached_property
    def _names(self) -> dict[str, str]:
        named = {iri: label(self._store, member, self._language) for iri, member in self._members.items()}
        if self._in_order:
            return named
        return dict(sorted(named.items(), key=lambda item: (item[1].casefold(), item[0])))

    def __getitem__(self, iri: str) -> str:
        return self._names[iri]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._members)

    def __contains__(self, iri: object) -> bool:
        return iri in self._members


def choices_from(store: Store, language: str = "en") -> Callable[[Parameter], Choices]:
    """A function that reads the allowed values of a parameter from the graph, once for all parameters alike."""
    cache: dict[tuple[object, ...], Choices] = {}

    def choices(parameter: Parameter) -> Choices:
        key = (parameter.kind, parameter.choices_from, parameter.choices, parameter.scheme, parameter.cls)
        if key not in cache:
            listed = _listed(store, parameter)
            cache[key] = NamedChoices(store, listed or _members(store, parameter), bool(listed), language)
        return cache[key]

    return choices


def _listed(store: Store, parameter: Parameter) -> list[NamedNode]:
    """The choices that come in an order of their own; none where they are all of a class or scheme."""
    if parameter.choices_from == COVERED_COUNTRIES:
        return [country.iri for country in covered_countries(store)]
    return [NamedNode(expand(choice)) for choice in parameter.choices]


def _members(store: Store, parameter: Parameter) -> list[NamedNode]:
    """All of a scheme, else of a class."""
    if parameter.kind == "concept":
        names = "skos:inScheme", parameter.scheme or ""
    else:
        names = "rdf:type", parameter.cls or "aip:Entity"
    predicate, value = (NamedNode(expand(name)) for name in names)
    members = {node for graph in (GRAPH.accepted, GRAPH.sources) for node in subjects(store, predicate, value, graph)}
    return sorted(members, key=lambda node: node.value)
