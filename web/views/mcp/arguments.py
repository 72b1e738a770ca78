"""Arguments of tools: each has a type, and what is wrong is answered with what is allowed."""

from collections.abc import Mapping
from typing import Any

from kg.errors import ParameterError

Json = dict[str, Any]


def text(arguments: Mapping[str, Any], name: str, default: str = "") -> str:
    """An argument that is a text.

    :raises ParameterError: if it is not
    """
    value = arguments.get(name, default)
    if not isinstance(value, str):
        raise ParameterError(name, repr(value)[:80], "not a text", ["a string"])
    return value.strip()


def required(arguments: Mapping[str, Any], name: str) -> str:
    """An argument that is a text and must be there.

    :raises ParameterError: if it is not
    """
    value = text(arguments, name)
    if not value:
        raise ParameterError(name, "", "not given", ["a string that is not empty"])
    return value


def integer(arguments: Mapping[str, Any], name: str, default: int, minimum: int, maximum: int) -> int:
    """An argument that is a whole number in a range.

    :raises ParameterError: if it is not
    """
    value = arguments.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
        raise ParameterError(name, str(value)[:80], "not a whole number in range", [f"from {minimum} to {maximum}"])
    return value


def check(arguments: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Check that every argument is one of those that a tool has, and no longer than its schema says.

    :param known: the schema of each
    :raises ParameterError: if one is not
    """
    for name, value in arguments.items():
        if name not in known:
            raise ParameterError(name[:60], "", "no such argument", sorted(known))
        if isinstance(value, str) and len(value) > (most := known[name].get("maxLength", len(value))):
            raise ParameterError(name, value[:80], "too long", [f"at most {most} characters"])
