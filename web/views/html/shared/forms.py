"""Forms over canned queries: a field for each parameter, choices from the data, the given values, what is wrong."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from kg.errors import ParameterError, UnknownParameterError
from kg.identifiers import iris_of
from kg.namespaces import BASE, local_name
from kg.query import CannedQuery, Parameter, get_query
from web.answers.arguments import integer, one_of, refuse_unknown, several_of, value_of
from web.answers.as_known import PARAMETER as AS_KNOWN
from web.answers.as_known import asked_view
from web.answers.canned import CannedAnswer, Row, answer_known
from web.locale import language
from web.messages import said
from web.snapshot import snapshot
from web.ui_labels import heading, hint

_MINOR = re.compile(r"--|-publisher-|-metric-")
"""Dependent nodes, publishers and metrics: they can be asked for by name, but are not suggested among many."""
MAX_OPTIONS = 70
"""Up to so many choices are a list to pick from; more are suggested while one types."""


@dataclass(frozen=True)
class Field:
    """A field of a form.

    :param kind: select, several (a box to tick for each choice), suggest (text with suggestions), date, integer or text
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
    def values(self) -> list[str]:
        """The choices that are given, where there may be several."""
        return self.value.split(",") if self.value else []

    @property
    def option_name(self) -> str:
        """The name of the choice that is given, where the field shows only its short form."""
        return dict(self.options).get(self.value, "") if self.kind == "suggest" else ""


@dataclass(frozen=True)
class SubmittedQuery:
    """A canned query with the parameters of an address and its answer.

    :param given: the values of the address that are parameters of the query
    :param answer: ``None`` if a value was wrong
    :param as_known: the day by which what the answer rests on had been entered; empty for the current snapshot
    """

    query: CannedQuery
    given: Mapping[str, str]
    answer: CannedAnswer | None
    error: ParameterError | None = None
    as_known: str = ""

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the answer; none if a value was wrong."""
        return self.answer.rows if self.answer else ()

    @property
    def unknown_parameter(self) -> str:
        """What is wrong with a parameter that has no field, in the reader's language; empty if nothing is."""
        fields = {parameter.name for parameter in self.query.parameters}
        return error_message(self.error) if self.error and self.error.parameter not in fields else ""

    def page(self, template: str, error: ParameterError | None = None, **parts: object) -> str | tuple[str, int]:
        """A page about it, as a 400 if a value was wrong.

        :param error: what else was wrong with the address
        """
        page = render_template(template, submitted=self, **parts)
        return (page, 400) if self.error or error else page

    def fields(self, *names: str) -> list[Field]:
        """The fields of these parameters, or of all, filled in."""
        wanted = names or tuple(parameter.name for parameter in self.query.parameters)
        return [self._field(self.query.parameter(name)) for name in wanted]

    def _field(self, parameter: Parameter) -> Field:
        field = _field_of(parameter, self.given.get(parameter.name, ""))
        if self.error is None or self.error.parameter != parameter.name:
            return field
        # A list to pick from shows what is allowed anyway.
        shown = {short for short, _name in field.options} if field.kind in ("select", "several") else set()
        return replace(field, error=error_message(self.error, not shown.issuperset({*self.error.allowed} - {"…"})))


def submitted(slug: str, *others: str) -> SubmittedQuery:
    """A canned query with the values of the address; what is empty counts as not given.

    :param others: parameters of the address that the page itself reads
    """
    query = get_query(snapshot().queries, slug)
    given: dict[str, str] = {}
    try:
        for parameter in query.parameters:
            if value := request.args.get(parameter.name, "").strip():
                given[parameter.name] = value
                given[parameter.name] = value_of(parameter)
        refuse_unknown(*(parameter.name for parameter in query.parameters), *others)
        view = asked_view() if AS_KNOWN in others else None
        day = view.day.isoformat() if view else ""
        shown = given | {AS_KNOWN: day} if view else given
        return SubmittedQuery(query, shown, answer_known(view, slug, **given), as_known=day)
    except ParameterError as error:
        return SubmittedQuery(query, given, None, error)


def this_address(**changes: object) -> str:
    """The address of this page with other parameters, from its first row on."""
    given: dict[str, Any] = {key: values for key, values in request.args.lists() if key != "page"}
    return url_for(request.endpoint or "", **{**(request.view_args or {}), **given, **changes})


def chosen_columns(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that the address names; all of them where it names none.

    :raises ParameterError: if it names another
    """
    requested = several_of("column", columns)
    return tuple(column for column in columns if column in requested) or columns


def asked_order(columns: Sequence[str]) -> str:
    """The column that sorts the rows, with ``-`` before it the other way round; empty where the address names none.

    :raises ParameterError: if it names another than these
    """
    return one_of("sort", [sign + column for column in columns for sign in ("", "-")])


def page_start(size: int, count: int) -> int:
    """The first row of the page that ``?page=`` asks for.

    :param count: rows in all
    :raises ParameterError: if there is no such page
    """
    return (integer("page", 1, 1, max(1, -(-count // size))) - 1) * size


def page_links(start: int, size: int, count: int) -> tuple[str | None, str | None]:
    """The addresses of the page before and of the page after the one that begins at a row; ``None`` for one that is
    not there.

    :param count: rows in all
    """

    def address(first: int) -> str:
        arguments: dict[str, Any] = request.args.to_dict() | (request.view_args or {}) | {"page": first // size + 1}
        return url_for(request.endpoint or "", **arguments)

    return address(start - size) if start else None, address(start + size) if start + size < count else None


def error_message(error: ParameterError, with_choices: bool = True) -> str:
    """What is wrong with a parameter or its value, in the reader's language.

    :param with_choices: whether to name the allowed values
    """
    if isinstance(error, UnknownParameterError):
        message = _("There is no parameter “%(name)s” here.", name=said(error.parameter))
    else:
        message = _("“%(value)s” cannot be used here.", value=said(error.value))
    if not with_choices or not error.allowed:
        return str(message)
    possible = _(
        "Possible: %(values)s", values=", ".join(map(said, error.allowed))
    )  # pybabel finds no text inside an f-string
    return f"{message} {possible}"


def _field_of(parameter: Parameter, value: str) -> Field:
    """The field of a parameter with the value given."""
    plain = Field(parameter.name, heading(parameter.name), "text", hint(parameter), value)
    if parameter.kind == "date":
        placeholder = _("today") if parameter.default == "today" else ""
        return replace(plain, kind="date", value="" if value == "today" else value, placeholder=placeholder)
    if parameter.kind == "integer":
        low, high, default = parameter.minimum, parameter.maximum, parameter.default or ""
        return replace(plain, kind="integer", minimum=low, maximum=high, placeholder=default)
    if parameter.kind == "text":
        return replace(plain, maximum=parameter.maximum, placeholder=parameter.example or "")
    options = tuple((short_name(iri), name) for iri, name in snapshot().choices(parameter, language()).items())
    if len(options) > MAX_OPTIONS:
        options = tuple(option for option in options if not _MINOR.search(option[0])) or options
    if parameter.choices_from:
        chosen = [_chosen(options, part.strip()) for part in value.split(",")]
        return replace(plain, kind="several", options=options, value=",".join(filter(None, chosen)))
    kind = "select" if len(options) <= MAX_OPTIONS else "suggest"
    return replace(plain, kind=kind, options=options, value=_chosen(options, value or (parameter.default or "")))


def _chosen(options: Iterable[tuple[str, str]], value: str) -> str:
    """The option that a value means, however it is written; the value itself if none."""
    if not value:
        return ""
    wanted = {value.casefold(), *(local_name(iri).casefold() for iri in iris_of(value))}
    for short, name in options:
        if not wanted.isdisjoint((short.casefold(), short.partition("-")[2].casefold(), name.casefold())):
            return short
    return value


def short_name(iri: str) -> str:
    """How an address names a value: the local name, which stays readable."""
    return local_name(iri) if iri.startswith(BASE) else iri
