"""What a parameter may be, read from the graph."""

from collections.abc import Callable

from pyoxigraph import NamedNode, Store

from kg.countries import covered_countries
from kg.graph import label, subjects
from kg.namespaces import expand
from kg.query.binding import Choices
from kg.query.canned import COVERED_COUNTRIES, Parameter
from kg.terms import GRAPH


def choices_from(store: Store, language: str = "en") -> Callable[[Parameter], Choices]:
    """A function that reads the allowed values of a parameter from the graph, each parameter once."""
    cache: dict[Parameter, Choices] = {}

    def choices(parameter: Parameter) -> Choices:
        if parameter not in cache:
            cache[parameter] = _read_choices(store, parameter, language)
        return cache[parameter]

    return choices


def _read_choices(store: Store, parameter: Parameter, language: str) -> Choices:
    listed = _listed(store, parameter)
    if listed is not None:
        return {member.value: label(store, member, language) for member in listed}
    if parameter.kind == "concept":
        members = _subjects(store, "skos:inScheme", parameter.scheme or "")
    else:
        members = _subjects(store, "rdf:type", parameter.cls or "aip:Entity")
    named = {member.value: label(store, member, language) for member in members}
    return dict(sorted(named.items(), key=lambda item: (item[1].casefold(), item[0])))


def _listed(store: Store, parameter: Parameter) -> list[NamedNode] | None:
    """The choices that come in an order of their own; none where they are all of a class or scheme."""
    if parameter.choices_from == COVERED_COUNTRIES:
        return [country.iri for country in covered_countries(store)]
    return [NamedNode(expand(choice)) for choice in parameter.choices] or None


def _subjects(store: Store, predicate: str, value: str) -> list[NamedNode]:
    pattern = NamedNode(expand(predicate)), NamedNode(expand(value))
    members = {node for graph in (GRAPH.accepted, GRAPH.sources) for node in subjects(store, *pattern, graph)}
    return sorted(members, key=lambda node: node.value)
