"""Values of parameters as terms in the one ``VALUES`` line of a canned query.

The terms are written by the engine's own serialiser, so a value can never become query text. A line ``#? name: …`` of
the file is read once the parameter has a value: the pattern from which an engine starts then.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.dates import parse_day
from kg.errors import ParameterError, QueryError
from kg.identifiers import iris_of
from kg.message import Message
from kg.namespaces import PREFIXES, expand, local_name, shorten
from kg.query.canned import VALUES, CannedQuery, Parameter
from kg.query.diagnosis import diagnose, engine_says
from kg.query.lexer import for_engine
from kg.terms import GRAPH, XSD

SPANS = (("from", "to"), ("since", "until"), ("dueFrom", "dueBefore"))
"""The parameters that are the first and the last day of a span."""
MAX_SEVERAL = 30
"""So many countries at most are asked for at once."""
Choices = Mapping[str, str]
"""IRI of each allowed value and its name."""
_START = re.compile(r"^( *)#\? (\w+): ", re.MULTILINE)
"""What stands before a pattern that is read only if the parameter is given."""


def bind(
    query: CannedQuery,
    values: Mapping[str, str],
    choices: Callable[[Parameter], Choices],
    today: datetime.date | None = None,
) -> str:
    """The text of a canned query with its VALUES line filled in.

    :param values: the given values by parameter name; an empty one counts as not given; where the choices are the
        covered countries, there may be several, separated by commas
    :param choices: gives the allowed values of a parameter of kind thing or concept
    :param today: what the default ``today`` means; the current date if not given
    :raises ParameterError: if a value is not allowed; names the parameter and what is
    """
    for name in values:
        query.parameter(name)
    if not query.parameters:
        return query.text
    lines = [resolve(query, one, choices, today) for one in _combinations(query, values)]
    names = " ".join(f"?{name}" for name in lines[0])
    rows = (" ".join("UNDEF" if term is None else str(term) for term in line.values()) for line in lines)
    written = " ".join(f"({row})" for row in dict.fromkeys(rows))
    given = {name for name, term in lines[0].items() if term is not None}
    text = _START.sub(lambda found: found[1] if found[2] in given else found[0], query.text)
    return VALUES.sub(lambda _: f"VALUES ({names}) {{ {written} }}", text, count=1)


def _combinations(query: CannedQuery, values: Mapping[str, str]) -> list[Mapping[str, str]]:
    """The given values; of several countries, separated by commas, each with the other values."""
    for parameter in query.parameters:
        parts = [part for part in values.get(parameter.name, "").split(",") if part.strip()]
        if parameter.choices_from and len(parts) > 1:
            if len(parts) > MAX_SEVERAL:
                problem = Message("more than %(count)s values", count=MAX_SEVERAL)
                raise ParameterError(parameter.name, Message("%(count)s values", count=len(parts)), problem)
            return [{**values, parameter.name: part} for part in parts]
    return [values]


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
        value = given or parameter.default
        # A default that this graph does not have is let through, and the answer is empty.
        known = choices if given else _only_default
        resolved[parameter.name] = None if value is None else _term(parameter, value, known, today)
    for start, end in SPANS:
        first, last = resolved.get(start), resolved.get(end)
        if first is not None and last is not None and last.value < first.value:
            problem = Message("before %(start)s, which is %(day)s", start=start, day=first.value)
            raise ParameterError(end, last.value, problem, [Message("%(day)s or later", day=first.value)])
    return resolved


def _only_default(parameter: Parameter) -> Choices:
    return {expand(parameter.default or ""): ""}


def _term(
    parameter: Parameter, value: str, choices: Callable[[Parameter], Choices], today: datetime.date | None
) -> NamedNode | Literal:
    if parameter.kind == "date":
        return Literal(_date(parameter, value, today), datatype=XSD.date)
    if parameter.kind == "integer":
        return Literal(_integer(parameter, value))
    if parameter.kind == "text":
        return Literal(_text(parameter, value))
    return NamedNode(_choice(parameter, value, choices(parameter)))


def _date(parameter: Parameter, value: str, today: datetime.date | None) -> str:
    if value == "today":
        return (today or datetime.date.today()).isoformat()
    try:
        return parse_day(value).isoformat()
    except ValueError:
        raise ParameterError(parameter.name, value, Message("not a date"), ["YYYY-MM-DD", "today"]) from None


def _integer(parameter: Parameter, value: str) -> int:
    template = Message("a whole number from %(minimum)s to %(maximum)s")
    allowed = [template.given(minimum=str(parameter.minimum), maximum=str(parameter.maximum))]
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", value):
        raise ParameterError(parameter.name, value[:80], Message("not a whole number"), allowed)
    if not parameter.minimum <= int(value) <= parameter.maximum:
        raise ParameterError(parameter.name, value, Message("out of range"), allowed)
    return int(value)


def _text(parameter: Parameter, value: str) -> str:
    if len(value) > parameter.maximum:
        problem = Message("longer than %(count)s characters", count=parameter.maximum)
        raise ParameterError(parameter.name, value[:40] + "…", problem)
    if any(ord(character) < 32 or 0xD800 <= ord(character) <= 0xDFFF for character in value):
        raise ParameterError(parameter.name, repr(value[:40]), Message("control characters are not allowed"))
    return value


def _choice(parameter: Parameter, value: str, allowed: Choices) -> str:
    for iri in iris_of(value):  # before all names are read
        if iri in allowed:
            return iri
    wanted = value.strip().casefold()
    for iri, name in allowed.items():
        if wanted in _spellings(iri, name):
            return iri
    names = {local_name(iri) for iri in allowed}
    near = get_close_matches(local_name(wanted.strip("<>")), names, n=8) or sorted(names)[:12]
    problem = Message("not one of the allowed values")
    raise ParameterError(parameter.name, value[:200], problem, [*near, "…"] if len(names) > len(near) else near)


def _spellings(iri: str, name: str) -> set[str]:
    """How a value may be written: IRI, prefixed name, local name, the same without scheme prefix, its name."""
    local = local_name(iri)
    spellings = {iri, shorten(iri), local, name}
    if iri.startswith(PREFIXES["concept"]):
        spellings.add(local.partition("-")[2] or local)
    return {spelling.casefold() for spelling in spellings}


def run(store: Store, text: str, base: str | None = None) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Run a query with the accepted view as default graph.

    :param base: the IRI that relative IRIs are resolved against
    :raises QueryError: with line and column, if it cannot be parsed or run
    """
    try:
        return store.query(for_engine(text), base_iri=base, prefixes=PREFIXES, default_graph=GRAPH.accepted)
    except SyntaxError as error:
        raise diagnose(text, str(error.msg), base=base) from error
    except (ValueError, RuntimeError) as error:
        raise QueryError(engine_says(str(error))) from error
