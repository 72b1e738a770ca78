"""The files of canned queries: text, typed parameters and what a ``#+`` header says of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from kg.errors import SyntaxDataError, UnknownParameterError, UnknownQueryError
from kg.message import Message
from kg.text_files import read_header, read_text

KINDS = ("thing", "concept", "date", "integer", "text")
COVERED_COUNTRIES = "covered-countries"
"""What a header writes in place of a list of choices: the states that the graph covers, read from the graph."""
_SHORT_FORMS = {COVERED_COUNTRIES: {"type": "thing", "class": "aip:Country"}}
VALUES = re.compile(r"VALUES\s*\(([^)]*)\)\s*\{\s*\(([^\n]*)\)\s*\}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*\Z")


@dataclass(frozen=True)
class Parameter:
    """One typed parameter of a canned query.

    :param kind: one of ``KINDS``
    :param default: the value when none is given; ``None`` for no restriction, ``today`` for the current date
    :param cls: class of the allowed things (kind ``thing``), as a prefixed name
    :param scheme: scheme of the allowed concepts (kind ``concept``), as a prefixed name
    :param choices: the allowed values, where they are few and fixed
    :param choices_from: what the graph is asked for the allowed values: ``COVERED_COUNTRIES`` or nothing
    """

    name: str
    kind: str
    description: str = ""
    default: str | None = None
    example: str | None = None
    cls: str | None = None
    scheme: str | None = None
    minimum: int = 0
    maximum: int = 1000
    choices: tuple[str, ...] = ()
    choices_from: str = ""


@dataclass(frozen=True)
class CannedQuery:
    """A question of the graph: its text runs as it stands, its header says what may be asked of it.

    :param summaries: the question by language tag; always in English
    :param shown: the variables that a reader is shown first, beside that of the row; empty for all
    """

    slug: str
    summaries: Mapping[str, str]
    description: str
    parameters: tuple[Parameter, ...]
    text: str
    chart: Mapping[str, Any] | None = None
    tags: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    path: Path | None = field(default=None, compare=False)

    @property
    def summary(self) -> str:
        """The question in English."""
        return self.title("en")

    def title(self, language: str) -> str:
        """The question in a language, else in English."""
        return self.summaries.get(language) or self.summaries["en"]

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name.

        :raises UnknownParameterError: if the query has none
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise UnknownParameterError(name, [p.name for p in self.parameters])

    @cached_property
    def form(self) -> str:
        """``SELECT``, ``CONSTRUCT``, ``DESCRIBE`` or ``ASK``."""
        form = re.search(r"^\s*(SELECT|CONSTRUCT|DESCRIBE|ASK)\b", self.text, re.IGNORECASE | re.MULTILINE)
        return form.group(1).upper() if form else "SELECT"


def load_queries(folder: Path) -> dict[str, CannedQuery]:
    """Every canned query of a folder by its slug, sorted.

    :raises SyntaxDataError: if a header is wrong; names file and line
    """
    return {path.stem: _parsed(path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.rq"))}


@lru_cache(maxsize=200)
def _parsed(path: Path, modified: int) -> CannedQuery:
    """The query of a file as it was last modified; processes forked from one that has read it need not read it."""
    return parse_query(path)


def get_query(queries: Mapping[str, CannedQuery], slug: str) -> CannedQuery:
    """The canned query of that name.

    :raises UnknownQueryError: with the nearest names
    """
    if slug not in queries:
        raise _unknown(slug, list(queries))
    return queries[slug]


def load_query(folder: Path, slug: str) -> CannedQuery:
    """One canned query of a folder; no other file is read.

    :raises UnknownQueryError: with the nearest names
    :raises SyntaxDataError: if its header is wrong; names file and line
    """
    paths = {path.stem: path for path in folder.glob("*.rq")}
    if slug not in paths:
        raise _unknown(slug, sorted(paths))
    return parse_query(paths[slug])


def _unknown(slug: str, slugs: list[str]) -> UnknownQueryError:
    near = get_close_matches(slug, slugs, n=3) or slugs[:5]
    message = Message("there is no canned query %(name)s", name=repr(slug[:80]))
    return UnknownQueryError(message, hint=Message("did you mean: %(names)s?", names=near))


def parse_query(path: Path) -> CannedQuery:
    """One canned query from its file.

    :raises SyntaxDataError: if header or VALUES line is missing or wrong
    """
    text = read_text(path)
    header = read_header(text, path)
    parameters = tuple(_parameter(path, name, spec or {}) for name, spec in (header.get("parameters") or {}).items())
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip() + "\n"
    _check_values_line(path, body, parameters)
    return CannedQuery(
        path.stem,
        _summaries(path, header),
        str(header.get("description", "")).strip(),
        parameters,
        body,
        header.get("chart"),
        tuple(header.get("tags") or ()),
        tuple(header.get("shown") or ()),
        path,
    )


def _summaries(path: Path, header: Mapping[str, Any]) -> dict[str, str]:
    """The question by language tag."""
    given = header.get("summary")
    texts = {str(tag): str(text).strip() for tag, text in given.items()} if isinstance(given, dict) else {}
    if not texts.get("en"):
        hint = "begin the file with a #+ header: summary: {en: …, ru: …}"
        raise SyntaxDataError("the query has no '#+ summary:' in English", path=path, line=1, hint=hint)
    return texts


def _parameter(path: Path, name: str, given: Mapping[str, Any]) -> Parameter:
    choices = given.get("choices") or ()
    spec = {**_short_form(path, name, choices), **given} if isinstance(choices, str) else given
    kind = spec.get("type")
    if kind not in KINDS or not _NAME.match(name):
        message = f"parameter {name!r} has type {kind!r}"
        raise SyntaxDataError(message, path=path, line=1, hint=f"allowed types: {', '.join(KINDS)}")
    default = spec.get("default")
    return Parameter(
        name,
        kind,
        spec.get("description", ""),
        None if default is None else str(default),
        None if spec.get("example") is None else str(spec["example"]),
        spec.get("class"),
        spec.get("scheme"),
        int(spec.get("minimum", 0)),
        int(spec.get("maximum", 200 if kind == "text" else 1_000_000)),
        () if isinstance(choices, str) else tuple(map(str, choices)),
        choices if isinstance(choices, str) else "",
    )


def _short_form(path: Path, name: str, choices: str) -> Mapping[str, str]:
    """What choices that are read from the graph say of the parameter."""
    if choices not in _SHORT_FORMS:
        message = f"parameter {name!r} has the choices {choices!r}"
        raise SyntaxDataError(message, path=path, line=1, hint=f"allowed: a list, or {', '.join(_SHORT_FORMS)}")
    return _SHORT_FORMS[choices]


def _check_values_line(path: Path, body: str, parameters: tuple[Parameter, ...]) -> None:
    blocks = VALUES.findall(body)
    named = [name.lstrip("?") for name in blocks[0][0].split()] if blocks else []
    if (parameters or blocks) and (len(blocks) != 1 or named != [p.name for p in parameters]):
        raise SyntaxDataError(
            f"the VALUES line names {named}, the header {[p.name for p in parameters]}",
            path=path,
            hint="one line VALUES (?a ?b) { (UNDEF UNDEF) } with all parameters in the order of the header",
        )
