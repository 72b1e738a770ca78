"""Forms over canned queries: a field for each parameter, choices from the data, what was given, what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flask import request
from flask_babel import gettext as _

from kg.errors import ParameterError
from kg.namespaces import PREFIXES, local_name
from kg.query import CannedQuery, Parameter, get_query
from web.answers.canned import CannedAnswer, answer
from web.locale import language
from web.snapshot import snapshot
from web.ui_labels import heading, hint

_MINOR = re.compile(r"--|-publisher-|-metric-")
MOST_OPTIONS = 70
"""Up to so many choices are a list to pick from; more are suggested while one types."""


@dataclass(frozen=True)
class Field:
    """A field of a form.

    :param kind: select, suggest (text with suggestions), date, integer or text
    :param options: value and name of each choice
    """

    name: str
    label: str
    kind: str
    hint: str = ""
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    error: str = ""
    minimum: int = 0
    maximum: int = 0
    placeholder: str = ""

    @property
    def named(self) -> str:
        """The name of the choice that is given, where the field shows only its short form."""
        return dict(self.options).get(self.value, "") if self.kind == "suggest" else ""


@dataclass(frozen=True)
class Asked:
    """A canned query asked by the parameters of an address.

    :param answer: ``None`` if a value was wrong
    :param given: the values of the address that are parameters of the query
    """

    query: CannedQuery
    given: Mapping[str, str]
    answer: CannedAnswer | None
    error: ParameterError | None = None

    def fields(self, *names: str) -> list[Field]:
        """The fields of these parameters, or of all, filled in."""
        wanted = names or tuple(parameter.name for parameter in self.query.parameters)
        return [self._field(self.query.parameter(name)) for name in wanted]

    def _field(self, parameter: Parameter) -> Field:
        found = field_of(parameter, self.given.get(parameter.name, ""))
        wrong = self.error is not None and self.error.parameter == parameter.name
        return replace(found, error=told(self.error, found.kind != "select")) if wrong and self.error else found


def asked(slug: str, **fixed: str) -> Asked:
    """A canned query with the values of the address; what is empty counts as not given.

    :param fixed: values that the page sets itself
    """
    query = get_query(snapshot().queries, slug)
    names = {parameter.name for parameter in query.parameters}
    given = {name: value.strip() for name, value in request.args.items() if name in names and value.strip()}
    try:
        return Asked(query, given, answer(slug, **{**given, **fixed}))
    except ParameterError as error:
        return Asked(query, given, None, error)


def told(error: ParameterError, whole: bool = True) -> str:
    """What is wrong with a value and what may be given, in the reader's language.

    :param whole: whether to name what may be given; a list to pick from shows it anyway
    """
    allowed = ", ".join(error.allowed) if whole else ""
    wrong = _("“%(value)s” cannot be used here.", value=error.value)
    possible = _("Possible: %(values)s", values=allowed)  # not inside a string: there nobody would find the text
    return f"{wrong} {possible}" if allowed else str(wrong)


def field_of(parameter: Parameter, value: str) -> Field:
    """The field of a parameter with the value given."""
    plain = Field(parameter.name, heading(parameter.name), "text", hint(parameter), value)
    if parameter.kind == "date":
        shown = _("today") if parameter.default == "today" else ""
        return replace(plain, kind="date", value="" if value == "today" else value, placeholder=shown)
    if parameter.kind == "integer":
        low, high, default = parameter.minimum, parameter.maximum, parameter.default or ""
        return replace(plain, kind="integer", minimum=low, maximum=high, placeholder=default)
    if parameter.kind == "text":
        return replace(plain, placeholder=parameter.example or "")
    options = tuple((short(iri), name) for iri, name in snapshot().choices(parameter, language()).items())
    if len(options) > MOST_OPTIONS:
        # Nodes that hang on a thing, publishers and metrics can be asked for by name, but nobody looks for them here.
        options = tuple((local, name) for local, name in options if not _MINOR.search(local)) or options
    chosen = _chosen(options, value or (parameter.default or ""))
    return replace(plain, kind="select" if len(options) <= MOST_OPTIONS else "suggest", options=options, value=chosen)


def _chosen(options: Iterable[tuple[str, str]], value: str) -> str:
    """The option that a value means, however it is written; the value itself if none."""
    if not value:
        return ""
    wanted = local_name(value).casefold() if value.startswith("http") else value.rpartition(":")[2].casefold()
    for short_name, name in options:
        if wanted in (short_name.casefold(), short_name.partition("-")[2].casefold(), name.casefold()):
            return short_name
    return value


def short(iri: str) -> str:
    """How an address names a value: the local name, which stays readable."""
    return local_name(iri) if iri.startswith(PREFIXES["id"][: -len("id/")]) else iri
