"""Parameters of addresses: known ones alone, one value each, one of a few, a day, a whole number.

One rule for all addresses and formats: what is not read, or has a value that means nothing, is refused with what is
allowed, so that no answer is to another question than was asked.
"""

import datetime
import re
from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import unquote_to_bytes

from flask import request
from werkzeug.exceptions import BadRequest

from kg.dates import parse_day
from kg.errors import ParameterError, UnknownParameterError
from kg.message import Message
from kg.query import Parameter
from web.locale import THEMES
from web.messages import languages

OF_EVERY_ADDRESS = ("lang", "theme")
"""What any address may ask for."""
MAX_CHARACTERS = 300
"""How long a text to search for, or a name to find the entity of, may be: longer than any name in the graph."""
_ADDED_BY_OTHERS = re.compile(
    r"utm_\w+|ref(?:_src)?|_g[al]|_hsenc|_hsmi|mkt_tok|_openstat|igshid|mc_[ce]id|(?:fb|g|dc|y|ys|ms|tt|tw)clid|[gw]braid"
)
"""What other sites and programs add to a link to know who follows it."""
Default = TypeVar("Default", int, None)


def as_of() -> datetime.date:
    """The day of ``?asOf=``; today without it.

    :raises ParameterError: if it is no date
    """
    text = single("asOf")
    if text in ("", "today"):
        return datetime.date.today()
    try:
        return parse_day(text)
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


def searchable(text: str, name: str) -> str:
    """A text to search for, or a name to find the entity of; it is never cut.

    :param name: of the parameter
    :raises ParameterError: if it is longer than ``MAX_CHARACTERS``
    """
    if len(text) > MAX_CHARACTERS:
        problem = Message("longer than %(count)s characters", count=MAX_CHARACTERS)
        raise ParameterError(name, text[:40] + "…", problem, [Message("%(count)s characters", count=MAX_CHARACTERS)])
    return text


def one_of(name: str, allowed: Sequence[str]) -> str:
    """The value of a parameter that has one of a few; empty if it is not given.

    :raises ParameterError: if it has another; says which there are
    """
    return next(iter(_some_of(name, [single(name)], allowed)), "")


def several_of(name: str, allowed: Sequence[str]) -> frozenset[str]:
    """The values of a parameter that has some of a few.

    :raises ParameterError: if it has another; says which there are
    """
    return _some_of(name, request.args.getlist(name), allowed)


def _some_of(name: str, values: Sequence[str], allowed: Sequence[str]) -> frozenset[str]:
    for value in filter(None, values):
        if value not in allowed:
            raise ParameterError(name, value[:40], Message("not one of the allowed values"), allowed)
    return frozenset(filter(None, values))


def flag(name: str) -> bool:
    """Whether a parameter is set.

    :raises ParameterError: if it is no truth value
    """
    return one_of(name, ("0", "1", "true", "false")) in ("1", "true")


def value_of(parameter: Parameter) -> str:
    """The value of a parameter of a canned query; several countries are joined by commas.

    :raises ParameterError: if it has two values and means one
    """
    if not parameter.choices_from:
        return single(parameter.name)
    return ",".join(dict.fromkeys(filter(None, (value.strip() for value in request.args.getlist(parameter.name)))))


def refuse_unknown(*names: str) -> None:
    """Refuse a parameter that is not read, so that a misspelt one is not mistaken for one that restricts nothing, and
    a language or theme that there is none of.

    :raises UnknownParameterError: with those that are read
    :raises ParameterError: with the languages or themes
    """
    for name in request.args:
        if name not in (*names, *OF_EVERY_ADDRESS) and not _ADDED_BY_OTHERS.fullmatch(name):
            raise UnknownParameterError(name[:40], names)
    one_of("lang", languages())
    one_of("theme", THEMES)


def integer(name: str, default: Default, minimum: int, maximum: int) -> int | Default:
    """A parameter that is a whole number in a range.

    :raises ParameterError: if it is not
    """
    text = single(name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and minimum <= int(text) <= maximum):
        allowed = [Message("from %(minimum)s to %(maximum)s", minimum=str(minimum), maximum=str(maximum))]
        raise ParameterError(name, text[:40], Message("not a whole number in range"), allowed)
    return int(text)


def check_fields(part: Message, fields: bytes) -> None:
    """Check that all fields of a query string or a form are UTF-8.

    :param part: what the message calls a field, by its name
    :raises BadRequest: names the first that is not
    """
    if _invalid_at(unquote_to_bytes(fields)) is not None:  # at once, as there may be a million of them
        bad = next(text for text in map(unquote_to_bytes, fields.split(b"&")) if _invalid_at(text) is not None)
        check_text(part.given(name=bad.partition(b"=")[0][:40].decode("utf-8", "replace")), bad)


def check_text(part: Message, text: bytes) -> None:
    """Check that a part of a request is UTF-8.

    :param part: what the message calls it
    :raises BadRequest: if it is not, with the byte where that begins
    """
    if (at := _invalid_at(text)) is not None:
        near = text[max(0, at - 20) : at].decode("utf-8", "replace")
        message = Message("%(part)s is not valid UTF-8: byte %(byte)s after “%(near)s”.")
        raise BadRequest(message.given(part=part, byte=f"0x{text[at]:02X}", near=near))


def _invalid_at(text: bytes) -> int | None:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return None
