"""The templates of sentences: text, ``{aip:of}`` for the values of a property, ``[…]`` for what may be missing."""

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.errors import UsageError

_TOKEN = re.compile(r"\{(?P<name>[^{}|]+)(?:\|(?P<form>[^{}]+))?\}|(?P<mark>[\[\]])|(?P<text>[^{}\[\]]+)|(?P<other>.)")


@dataclass(frozen=True)
class Text:
    """Words that stand as they are."""

    text: str


@dataclass(frozen=True)
class Slot:
    """A place for the values of a property.

    :param name: a prefixed property, or ``subject``, ``value``, ``measure`` or ``baseline``
    :param form: ``when`` (a date with its preposition), ``last`` and ``last-when`` (the latest date), ``clause`` (a
        text without its full stop), ``lower`` (a name within a sentence), ``yes:…`` (these words if the value is
        true), or none
    """

    name: str
    form: str = ""


@dataclass(frozen=True)
class Optional:
    """A part that is left out unless each of its slots has a value."""

    parts: tuple[Text | Slot, ...]


Part = Text | Slot | Optional


@lru_cache(1024)
def parse(template: str) -> tuple[Part, ...]:
    """The parts of a template.

    :raises UsageError: if it is not written as templates are
    """
    parts: list[Part] = []
    inner: list[Text | Slot] | None = None
    for match in _TOKEN.finditer(template):
        is_opening = match["mark"] == "["
        if match["other"] or (match["mark"] and is_opening != (inner is None)):
            raise UsageError(f"the template {template!r} is wrong at character {match.start() + 1}: {match[0]!r}")
        if is_opening:
            inner = []
        elif match["mark"]:
            parts.append(Optional(tuple(inner or ())))
            inner = None
        else:
            one = Text(match["text"]) if match["text"] else Slot(match["name"], match["form"] or "")
            (parts if inner is None else inner).append(one)
    if inner is not None:
        raise UsageError(f"the template {template!r} ends inside a bracket")
    return tuple(parts)


def slots(template: str) -> list[Slot]:
    """All slots of a template, those in brackets as well."""
    result: list[Slot] = []
    for part in parse(template):
        result += [one for one in (part.parts if isinstance(part, Optional) else (part,)) if isinstance(one, Slot)]
    return result
