"""The form in which somebody reports a mistake: lines of ``Name: value``, which the site prepares and ``kg correct``
reads. A value goes on over the lines below it that begin with a space or name no field."""

import re
from collections.abc import Mapping

from kg.errors import SyntaxDataError

CLAIM = ("Page", "Thing", "Property", "Value", "Assertion")
"""What is wrong: filled in by the site."""
ANSWER = (
    *("Correct value", "Source title", "Source address", "Published on", "Language", "Place in the source"),
    "What it says",
)
"""What is right and who says so: filled in by the reader."""
MAX_CHARACTERS = 20_000
_FIELD = re.compile(rf"({'|'.join((*CLAIM, *ANSWER))}):(?:\s+(.*))?")


def write_form(claim: Mapping[str, str]) -> str:
    """The form about a claim, with the fields of the answer empty.

    :param claim: values of ``CLAIM``
    """
    lines = [f"{name}: {' '.join(claim[name].split())}" for name in CLAIM if claim.get(name)]
    return "\n".join([*lines, "", *(f"{name}: " for name in ANSWER), ""])


def read_form(text: str) -> dict[str, str]:
    """The fields of a form that are filled in; other lines, such as the greeting of a letter, are left out.

    :raises SyntaxDataError: if there is no field, or one stands twice
    """
    fields: dict[str, str] = {}
    current = ""
    for number, line in enumerate(text[:MAX_CHARACTERS].splitlines(), 1):
        match = _FIELD.fullmatch(line.strip().removeprefix("> ").strip())
        if match:
            current = match[1]
            if fields.get(current):
                raise SyntaxDataError(f"{current!r} stands twice", line=number, hint="write it once")
            fields[current] = (match[2] or "").strip()
        elif current and line.strip():
            fields[current] = f"{fields[current]} {line.strip()}".strip()
        elif not line.strip() and fields.get(current):
            current = ""
    filled = {name: value for name, value in fields.items() if value}
    if not filled:
        names = ", ".join(f"{name}:" for name in ("Thing", "Property", "Correct value"))
        raise SyntaxDataError("there is no field of a correction", hint=f"its lines begin with {names} …")
    return filled
