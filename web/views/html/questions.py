"""Every canned query with a form, its answer as table and chart, and how to reuse it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import render_template, request, url_for
from pyoxigraph import Literal, NamedNode

from kg.errors import ParameterError
from kg.terms import NUMERIC_DATATYPES, XSD
from web import charts
from web.addresses import address_of
from web.answers.arguments import integer, several_of
from web.answers.as_known import PARAMETER as AS_KNOWN
from web.answers.canned import Row
from web.locale import language
from web.snapshot import snapshot
from web.ui_labels import by_group, heading
from web.views.html.shared.caching import cached_page
from web.views.html.shared.forms import SubmittedQuery, asked_order, error_message, submitted
from web.views.html.shared.terms import name

PAGE_SIZE, MAX_PAGE_SIZE = 100, 1000
ALL_COLUMNS = "all"
"""What the address names to see every column."""
MAX_NARROW_COLUMNS = 7
"""Columns that fit beside each other."""
_HIDDEN = ("evidence", "sources", "formulation", "observation")
"""Columns whose place the badge at the end of a row takes."""
_FOR_PROGRAMS = {
    "earliest": "date",
    "latest": "date",
    "dueBy": "deadline",
    "tenure": "post",
    "step": "status",
    "passage": "locator",
}
"""Columns that say more exactly, for programs, what another column says for readers; the downloads have them."""
_LONG_TEXT, _PROSE = 32, 90
"""Characters from which on a text wants a wide column, and from which on it is what the row is read for."""


@dataclass(frozen=True)
class Column:
    """A column of the table.

    :param label: the variable that holds the English name, if there is one
    """

    variable: str
    label: str
    heading: str
    is_numeric: bool = False
    is_long: bool = False
    is_prose: bool = False


@cached_page
def questions() -> str:
    """All questions by group."""
    return render_template("pages/questions.html", groups=by_group(snapshot().queries.values()))


@cached_page
def question(slug: str) -> str | tuple[str, int]:
    """One question with the answer to what the address asks, else to its defaults."""
    query = submitted(slug, "offset", "limit", "bom", "sort", "column", "format", AS_KNOWN)
    rows, variables = query.rows, query.answer.variables if query.answer else ()
    error: ParameterError | None = query.error
    offset, limit, order, names = 0, PAGE_SIZE, "", frozenset[str]()
    try:
        offset = integer("offset", 0, 0, 10_000_000)
        limit = integer("limit", PAGE_SIZE, 1, MAX_PAGE_SIZE)
        if query.answer:
            order, names = asked_order(variables), several_of("column", (ALL_COLUMNS, *variables))
    except ParameterError as wrong:
        error = error or wrong
    columns = _columns(rows, variables)
    rows = _sorted(rows, columns, order)
    return query.page(
        "pages/question.html",
        error,
        address_error=error and f"{error.parameter}: {error_message(error)}",
        title=query.query.title(language()),
        all_columns=columns,
        column_names=[(column.variable, column.heading) for column in columns],
        columns=_chosen(columns, names, query.query.shown),
        shown_first=_shown_first(columns, query.query.shown),
        order=order,
        here=_here,
        download_only=_download_only_columns(rows, variables),
        rows=rows[offset : offset + limit],
        count=len(rows),
        offset=offset,
        limit=limit,
        has_chart=not query.as_known and charts.can_draw(query.query.chart, len(rows)),
        permalink=_address(query, query.query.slug),
        snippets=_snippets(query),
        # The name of a thing as the row gives it, for English readers; empty where the thing's own name serves.
        english_name=lambda row, one: row.text(one.label) if one.label and language() == "en" else "",
        is_boolean=lambda term: getattr(term, "datatype", None) == XSD.boolean,
        host=lambda address: urlsplit(address).netloc.removeprefix("www."),
    )


def _columns(rows: tuple[Row, ...], variables: tuple[str, ...]) -> list[Column]:
    """The columns for readers: one for a thing and its name, none where every row is empty."""
    columns = []
    for variable in variables:
        is_label = variable.endswith("Label") and variable.removesuffix("Label") in variables
        if is_label or variable in _HIDDEN or _FOR_PROGRAMS.get(variable) in variables:
            continue
        if any(variable in row for row in rows):
            label = f"{variable}Label" if f"{variable}Label" in variables else ""
            kinds = {getattr(term, "datatype", None) for row in rows if (term := row.get(variable))}
            is_numeric = kinds <= set(NUMERIC_DATATYPES)
            named = "actNumber" if variable == "number" and not is_numeric else variable  # of an act, or how many
            columns.append(Column(variable, label, heading(named), is_numeric, *_width(rows, label or variable)))
    # In a table wider than the screen, what is short and quickly read stands in sight; long texts come last.
    by_length = sorted(columns[1:], key=lambda column: column.is_long)
    return columns if len(columns) <= MAX_NARROW_COLUMNS else [*columns[:1], *by_length]


def _width(rows: tuple[Row, ...], variable: str) -> tuple[bool, bool]:
    """Whether the texts of a column are long, and whether they are prose: by the nine tenths and by the middle one."""
    lengths = sorted(len(term.value) for row in rows if isinstance(term := row.get(variable), Literal)) or [0]
    return lengths[len(lengths) * 9 // 10] > _LONG_TEXT, lengths[len(lengths) // 2] > _PROSE


def _chosen(columns: list[Column], names: frozenset[str], shown: tuple[str, ...]) -> list[Column]:
    """The first column and those that are named; where none is, those that are shown first."""
    if ALL_COLUMNS in names:
        return columns
    chosen = [column for column in columns if column.variable in names or column is columns[0]]
    return chosen if len(chosen) > 1 else _shown_first(columns, shown)


def _shown_first(columns: list[Column], shown: tuple[str, ...]) -> list[Column]:
    """The columns that say most, as the query names them."""
    first = [column for column in columns if column.variable in shown or column is columns[0]]
    return first if len(first) > 1 else columns


def _sorted(rows: tuple[Row, ...], columns: list[Column], order: str) -> tuple[Row, ...]:
    """The rows by a column (``-`` before its name: the other way round); without one, as the query orders them."""
    column = next((column for column in columns if column.variable == order.removeprefix("-")), None)
    if column is None:
        return rows

    known = [row for row in rows if column.variable in row]
    are_numbers = all(row.number(column.variable) is not None for row in known)

    def key(row: Row) -> tuple[float, str]:
        term = row[column.variable]
        text = name(term).text if isinstance(term, NamedNode) else row.text(column.variable)
        return (row.number(column.variable) or 0.0) if are_numbers else 0.0, text.casefold()

    unknown = [row for row in rows if column.variable not in row]
    return (*sorted(known, key=key, reverse=order.startswith("-")), *unknown)


def _here(slug: str, **changes: object) -> str:
    """The address of this page with another order or place in the table (its first row, if none is named)."""
    given: dict[str, Any] = {key: values for key, values in request.args.lists() if key != "offset"}
    return url_for("query_api.answer", slug=slug, **{**given, **changes})


def _download_only_columns(rows: tuple[Row, ...], variables: tuple[str, ...]) -> list[str]:
    """The headings of columns that only the downloads have."""
    columns = [variable for variable in variables if _FOR_PROGRAMS.get(variable) in variables]
    return [heading(variable) for variable in columns if any(variable in row for row in rows)]


def _address(query: SubmittedQuery, path: str) -> str:
    """The address of the answer to this question, without language, theme or place in the table."""
    return address_of("query_api.answer", slug=path, **query.given)


def _snippets(query: SubmittedQuery) -> list[tuple[str, str]]:
    """How to get the same table elsewhere: name and code, which runs as it stands."""
    slug = query.query.slug
    address = _address(query, f"{slug}.csv")
    return [
        ("curl", f"curl --fail --output {slug}.csv '{address}'"),
        ("Python (pandas)", f'import pandas\n\ntable = pandas.read_csv("{address}")\nprint(table.head())'),
        ("R", f'table <- read.csv("{address}", encoding = "UTF-8")\nhead(table)'),
    ]
