"""Messages for people: each keeps its template and values, so that an edge can say it in another language.

To all that read English (logs, problem documents, the command line) a message is a text like any other. Who speaks
another language fills the translated template instead: `spoken`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any


class Message(str):
    """A message in English.

    :param template: has ``%(name)s`` for each value
    :param values: text stands as it is, a message is translated too, a whole number is a count, a list has commas
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Message:
        """The message with its values filled in."""
        message = super().__new__(cls, _filled(template, values, str, "{:,}".format))
        message.template, message.values = template, values
        return message

    def given(self, **values: object) -> Message:
        """The message with these values instead."""
        return Message(self.template, **values)


def spoken(text: str, translate: Callable[[str], str], number: Callable[[int], str]) -> str:
    """A message in another language; any other text as it is.

    :param translate: gives the template in that language
    :param number: writes a count in it
    """
    return _filled(translate(text.template), text.values, translate, number) if isinstance(text, Message) else text


def _filled(
    template: str, values: Mapping[str, object], translate: Callable[[str], str], number: Callable[[int], str]
) -> str:
    def written(value: object) -> str:
        if isinstance(value, str):
            return spoken(value, translate, number)
        if isinstance(value, int):
            return number(value)
        return ", ".join(map(written, value)) if isinstance(value, Iterable) else str(value)

    return template % {name: written(value) for name, value in values.items()} if values else template


def packed(value: object) -> object:
    """A message, or what holds messages, as JSON can hold it."""
    if isinstance(value, Message):
        return {"template": value.template, "values": packed(value.values)}
    if isinstance(value, Mapping):
        return {name: packed(one) for name, one in value.items()}
    return [packed(one) for one in value] if isinstance(value, list | tuple) else value


def unpacked(value: Any) -> Any:
    """What `packed` was given, its tuples as lists."""
    if isinstance(value, dict):
        inside = {name: unpacked(one) for name, one in value.items()}
        if inside.keys() != {"template", "values"}:
            return inside
        template, values = inside.values()
        return Message(template, **values)
    return [unpacked(one) for one in value] if isinstance(value, list) else value
