"""The kinds of problems that the site reports (RFC 9457): each has a type IRI, a status and a page of its own."""

from dataclasses import dataclass
from pathlib import Path

from kg.text_files import read_yaml


@dataclass(frozen=True)
class ProblemKind:
    """A kind of problem: its type IRI ends in ``name``, its page says what to do."""

    name: str
    status: int
    title: str
    explanation: str


def _read(path: Path) -> dict[str, ProblemKind]:
    return {name: ProblemKind(name, **fields) for name, fields in read_yaml(path).items()}


PROBLEM_KINDS = _read(Path(__file__).with_suffix(".yaml"))
