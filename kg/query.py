"""Canned queries: one ``.rq`` file each, with a ``#+`` YAML header (the convention of grlc).

Only the one ``VALUES (…) { (…) }`` line of a file is ever rewritten, with terms written by the
engine's own serialiser, so a value can never become query text.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.errors import ParameterError, QueryError, SyntaxDataError, UnknownQueryError
from kg.namespaces import GRAPH_ACCEPTED, GRAPH_SOURCES, PREFIXES, expand, local_name, shorten

KINDS = ("thing", "concept", "date", "integer", "text")
XSD_DATE = NamedNode(PREFIXES["xsd"] + "date")
_VALUES = re.compile(r"VALUES\s*\(([^)]*)\)\s*\{\s*\(([^\n]*)\)\s*\}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*\Z")

Choices = Mapping[str, str]
"""IRI of each allowed value and its name."""


@dataclass(frozen=True)
class Parameter:
    """One typed parameter of a canned query.

    :param kind: one of ``KINDS``
    :param default: the value when none is given; ``None`` for no restriction, ``today`` for the current date
    :param cls: class of the allowed things (kind ``thing``), as a prefixed name
    :param scheme: scheme of the allowed concepts (kind ``concept``), as a prefixed name
    :param choices: the allowed values, where they are few and fixed
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


@dataclass(frozen=True)
class CannedQuery:
    """A question of the graph: its text runs as it stands, its header says what may be asked of it."""

    slug: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str
    chart: Mapping[str, Any] | None = None
    tags: tuple[str, ...] = ()
    path: Path | None = field(default=None, compare=False)
    summary_ru: str = ""

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name.

        :raises ParameterError: if the query has none
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise ParameterError(name, "", "no such parameter", [p.name for p in self.parameters])

    @cached_property
    def form(self) -> str:
        """``SELECT``, ``CONSTRUCT``, ``DESCRIBE`` or ``ASK``."""
        found = re.search(r"^\s*(SELECT|CONSTRUCT|DESCRIBE|ASK)\b", self.text, re.IGNORECASE | re.MULTILINE)
        return found.group(1).upper() if found else "SELECT"


def load_queries(folder: Path) -> dict[str, CannedQuery]:
    """Every canned query of a folder by its slug, sorted.

    :raises SyntaxDataError: if a header is wrong; names file and line
    """
    return {path.stem: parse_query(path) for path in sorted(folder.glob("*.rq"))}


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
    return UnknownQueryError(f"there is no canned query {slug!r}", hint=f"did you mean: {', '.join(near)}?")


def parse_query(path: Path) -> CannedQuery:
    """One canned query from its file.

    :raises SyntaxDataError: if header or VALUES line is missing or wrong
    """
    header = _header(path)
    parameters = tuple(_parameter(path, name, spec or {}) for name, spec in (header.get("parameters") or {}).items())
    text = path.read_text("utf-8")
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip() + "\n"
    _check_values_line(path, body, parameters)
    return CannedQuery(
        path.stem,
        str(header.get("summary", path.stem)).strip(),
        str(header.get("description", "")).strip(),
        parameters,
        body,
        header.get("chart"),
        tuple(header.get("tags") or ()),
        path,
        str(header.get("summary_ru", "")).strip(),
    )


def _header(path: Path) -> dict[str, Any]:
    import yaml  # only who reads query files needs it

    lines = path.read_text("utf-8").splitlines()
    block = "\n".join(line[2:].removeprefix(" ") for line in lines if line.startswith("#+"))
    try:
        header = yaml.load(block, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise SyntaxDataError("the #+ header is not valid YAML", path=path, line=line) from error
    if not isinstance(header, dict) or "summary" not in header:
        raise SyntaxDataError(
            "the query has no '#+ summary:'", path=path, line=1, hint="begin the file with a #+ header"
        )
    return header


def _parameter(path: Path, name: str, spec: Mapping[str, Any]) -> Parameter:
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
        tuple(str(choice) for choice in spec.get("choices") or ()),
    )


def _check_values_line(path: Path, body: str, parameters: tuple[Parameter, ...]) -> None:
    found = _VALUES.findall(body)
    named = [name.lstrip("?") for name in found[0][0].split()] if found else []
    if (parameters or found) and (len(found) != 1 or named != [p.name for p in parameters]):
        raise SyntaxDataError(
            f"the VALUES line names {named}, the header {[p.name for p in parameters]}",
            path=path,
            hint="one line VALUES (?a ?b) { (UNDEF UNDEF) } with all parameters in the order of the header",
        )


def bind(
    query: CannedQuery,
    values: Mapping[str, str],
    choices: Callable[[Parameter], Choices],
    today: datetime.date | None = None,
) -> str:
    """The text of a canned query with its VALUES line filled in.

    :param values: the given values by parameter name; an empty one counts as not given
    :param choices: gives the allowed values of a parameter of kind thing or concept
    :param today: what the default ``today`` means; the current date if not given
    :raises ParameterError: if a value is not allowed; names the parameter and what is
    """
    for name in values:
        query.parameter(name)
    if not query.parameters:
        return query.text
    resolved = resolve(query, values, choices, today)
    names = " ".join(f"?{name}" for name in resolved)
    terms = " ".join("UNDEF" if term is None else str(term) for term in resolved.values())
    return _VALUES.sub(lambda _: f"VALUES ({names}) {{ ({terms}) }}", query.text, count=1)


def resolve(
    query: CannedQuery,
    values: Mapping[str, str],
    choices: Callable[[Parameter], Choices],
    today: datetime.date | None = None,
) -> dict[str, NamedNode | Literal | None]:
    """Every parameter of a query with its term: the given value, else the default, else ``None``."""
    resolved: dict[str, NamedNode | Literal | None] = {}
    for parameter in query.parameters:
        given = (values.get(parameter.name) or "").strip()
        if given:
            resolved[parameter.name] = _term(parameter, given, choices, today)
        else:
            resolved[parameter.name] = _default(parameter, today)
    return resolved


def _default(parameter: Parameter, today: datetime.date | None) -> NamedNode | Literal | None:
    """The term of a default; a thing that this graph does not have is let through, and the answer is empty."""
    if parameter.default is None:
        return None
    return _term(parameter, parameter.default, lambda _: {expand(parameter.default or ""): ""}, today)


def _term(
    parameter: Parameter, value: str, choices: Callable[[Parameter], Choices], today: datetime.date | None
) -> NamedNode | Literal:
    if parameter.kind == "date":
        return Literal(_date(parameter, value, today), datatype=XSD_DATE)
    if parameter.kind == "integer":
        return Literal(_integer(parameter, value))
    if parameter.kind == "text":
        return Literal(_text(parameter, value))
    return NamedNode(_choice(parameter, value, choices(parameter)))


def _date(parameter: Parameter, value: str, today: datetime.date | None) -> str:
    if value == "today":
        return (today or datetime.date.today()).isoformat()
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise ParameterError(parameter.name, value, "not a date", ["YYYY-MM-DD", "today"]) from None


def _integer(parameter: Parameter, value: str) -> int:
    allowed = [f"a whole number from {parameter.minimum} to {parameter.maximum}"]
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", value):
        raise ParameterError(parameter.name, value[:80], "not a whole number", allowed)
    if not parameter.minimum <= int(value) <= parameter.maximum:
        raise ParameterError(parameter.name, value, "out of range", allowed)
    return int(value)


def _text(parameter: Parameter, value: str) -> str:
    if len(value) > parameter.maximum:
        raise ParameterError(parameter.name, value[:40] + "…", f"longer than {parameter.maximum} characters")
    if any(ord(character) < 32 or 0xD800 <= ord(character) <= 0xDFFF for character in value):
        raise ParameterError(parameter.name, repr(value[:40]), "control characters are not allowed")
    return value


def _choice(parameter: Parameter, value: str, allowed: Choices) -> str:
    wanted = value.strip().casefold()
    for iri, name in allowed.items():
        if wanted in _spellings(iri, name):
            return iri
    names = {local_name(iri) for iri in allowed}
    near = get_close_matches(wanted, names, n=8) or sorted(names)[:12]
    problem = "not one of the allowed values"
    raise ParameterError(parameter.name, value[:200], problem, [*near, "…"] if len(names) > len(near) else near)


def _spellings(iri: str, name: str) -> set[str]:
    """How a value may be written: IRI, prefixed name, local name, the same without scheme prefix, its name."""
    local = local_name(iri)
    spellings = {iri, shorten(iri), local, name}
    if iri.startswith(PREFIXES["concept"]):
        spellings.add(local.partition("-")[2] or local)
    return {spelling.casefold() for spelling in spellings}


def choices_from(store: Store, language: str = "en") -> Callable[[Parameter], Choices]:
    """A function that reads the allowed values of a parameter from the graph, each parameter once."""
    cache: dict[Parameter, Choices] = {}

    def choices(parameter: Parameter) -> Choices:
        if parameter not in cache:
            cache[parameter] = _read_choices(store, parameter, language)
        return cache[parameter]

    return choices


def _read_choices(store: Store, parameter: Parameter, language: str) -> Choices:
    from kg.labels import label

    if parameter.choices:
        members = [NamedNode(expand(choice)) for choice in parameter.choices]
    elif parameter.kind == "concept":
        members = _subjects(store, "skos:inScheme", parameter.scheme or "")
    else:
        members = _subjects(store, "rdf:type", parameter.cls or "aip:Entity")
    named = {member.value: label(store, member, language) for member in members}
    if parameter.choices:
        return named
    return dict(sorted(named.items(), key=lambda item: (item[1].casefold(), item[0])))


def _subjects(store: Store, predicate: str, value: str) -> list[NamedNode]:
    pattern = NamedNode(expand(predicate)), NamedNode(expand(value))
    graphs = map(NamedNode, (GRAPH_ACCEPTED, GRAPH_SOURCES))
    quads = (quad for graph in graphs for quad in store.quads_for_pattern(None, *pattern, graph))
    return sorted({quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}, key=lambda node: node.value)


def run(store: Store, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Run a query with the accepted view as default graph.

    :raises QueryError: with line and column, if it cannot be parsed or run
    """
    try:
        return store.query(text, prefixes=PREFIXES, default_graph=NamedNode(GRAPH_ACCEPTED))
    except SyntaxError as error:
        raise syntax_error(str(error.msg)) from error
    except (ValueError, RuntimeError) as error:
        raise QueryError(str(error)) from error


def syntax_error(message: str) -> QueryError:
    """The engine's message ``error at L:C: …`` as an error with line and column."""
    found = re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if not found:
        return QueryError(message)
    return QueryError(found.group(3), line=int(found.group(1)), column=int(found.group(2)))
