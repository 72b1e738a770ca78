"""Parameters of addresses: one value each, a day, a whole number."""

import datetime
from typing import TypeVar

from flask import request

from kg.errors import ParameterError, UnknownParameterError
from kg.message import Message
from kg.query import Parameter

OF_EVERY_PAGE = ("lang", "theme", "format")
"""What any address may ask for."""
Default = TypeVar("Default", int, None)


def as_of() -> datetime.date:
    """The day of ``?asOf=``; today without it.

    :raises ParameterError: if it is no date
    """
    text = request.args.get("asOf", "").strip()
    if text in ("", "today"):
        return datetime.date.today()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ParameterError("asOf", text[:40], Message("not a date"), ["YYYY-MM-DD", "today"]) from None


def single(name: str) -> str:
    """The value of a parameter; empty if it is not given.

    :raises ParameterError: if it has two values
    """
    values = list(dict.fromkeys(request.args.getlist(name)))
    if len(values) > 1:
        raise ParameterError(name, ", ".join(values)[:80], Message("given more than once"), [Message("one value")])
    return values[0].strip() if values else ""


def value_of(parameter: Parameter) -> str:
    """The value of a parameter of a canned query; several countries are joined by commas.

    :raises ParameterError: if it has two values and means one
    """
    if not parameter.choices_from:
        return single(parameter.name)
    return ",".join(dict.fromkeys(filter(None, (value.strip() for value in request.args.getlist(parameter.name)))))


def refuse_unknown(*names: str) -> None:
    """Refuse a parameter that is not read, so that a misspelt one is not mistaken for one that restricts nothing.

    :raises UnknownParameterError: with those that are
    """
    for name in request.args:
        if name not in (*names, *OF_EVERY_PAGE):
            raise UnknownParameterError(name[:40], names)


def integer(name: str, default: Default, minimum: int, maximum: int) -> int | Default:
    """A parameter that is a whole number in a range.

    :raises ParameterError: if it is not
    """
    text = request.args.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and minimum <= int(text) <= maximum):
        allowed = [Message("from %(minimum)s to %(maximum)s", minimum=str(minimum), maximum=str(maximum))]
        raise ParameterError(name, text[:40], Message("not a whole number in range"), allowed)
    return int(text)
