"""An error in a file: where, what, and what is allowed instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """One error or warning.

    :param severity: ``error`` stops the build, ``warning`` does not
    :param line: the line in the file, counted from 1, where it could be found
    :param subject: IRI of the thing it is about
    :param property: IRI of the property it is about, if it is about one
    :param hint: what is allowed, or what to write
    :param code: a stable name of this kind of error
    """

    severity: str
    path: Path
    line: int | None
    subject: str
    property: str | None
    message: str
    hint: str | None
    code: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.message}"


def nearest(name: str, allowed: Iterable[str], count: int = 3) -> list[str]:
    """The allowed names most like a misspelt one, best first."""
    return get_close_matches(name, list(allowed), n=count)
