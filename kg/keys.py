"""Mints the IRI of a thing from its key, so that two sources that describe it meet in one node."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from pyoxigraph import Literal, NamedNode

from kg.namespaces import PREFIXES, expand, local_name
from kg.terms import Term

_PROPERTY = re.compile(r"\{([^{}]+)\}")


def mint(template: str, values: Mapping[NamedNode, Iterable[Term]]) -> NamedNode | None:
    """The IRI that a key gives.

    :param template: ``"{aip:of}--{aip:stage}-{aip:ordinal}"``
    :param values: the values of each property of the thing
    :return: ``None`` unless every property of the key has exactly one value
    """
    parts: dict[str, str] = {}
    for name, property_ in _parts(template).items():
        match list(values.get(property_, ())):
            case [NamedNode() | Literal() as value]:
                parts[name] = key_part(value)
            case _:
                return None
    return NamedNode(PREFIXES["id"] + _PROPERTY.sub(lambda match: parts[match[1]], template))


def key_properties(template: str) -> list[NamedNode]:
    """The properties that a key template names, in its order."""
    return list(_parts(template).values())


@cache
def _parts(template: str) -> dict[str, NamedNode]:
    return {name: NamedNode(expand(name)) for name in _PROPERTY.findall(template)}


def key_part(term: NamedNode | Literal) -> str:
    """What a value puts into a name: a concept without the prefix of its scheme, a text as a slug."""
    if isinstance(term, Literal):
        return re.sub(r"[^a-z0-9]+", "-", term.value.lower()).strip("-")
    name = local_name(term.value)
    return name.partition("-")[2] if term.value.startswith(PREFIXES["concept"]) else name
