"""The questions: every canned query with a form, its answer as table and chart, and ways to take it along."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import render_template
from flask.blueprints import BlueprintSetupState
from pyoxigraph import Literal, NamedNode

from kg.errors import ParameterError
from kg.namespaces import PREFIXES
from kg.query import CannedQuery
from web import charts
from web.addresses import address_of
from web.answers import arguments
from web.answers.canned import Row
from web.locale import language
from web.snapshot import snapshot
from web.ui_labels import GROUPS, description_of, group_of, heading, plain_description, say, title_of
from web.views.html import blueprint, caching
from web.views.html.forms import Asked, asked
from web.views.html.terms import href

PAGE = 100
"""Rows on one page; the whole answer is a download away."""
_HIDDEN = ("evidence", "sources", "formulation", "observation")
"""Columns that a reader need not see: the mark at the end of a row stands for them."""
_BOUNDS = {
    "earliest": "date",
    "latest": "date",
    "dueBy": "deadline",
    "tenure": "post",
    "step": "status",
    "passage": "locator",
}
"""Columns that say more exactly, for programs, what another column says for readers; they are in the downloads."""
_LONG = 32
"""Characters from which on a text wants a wide column."""
WIDE = 7
"""Columns that fit beside each other."""
_TRUTH = NamedNode(PREFIXES["xsd"] + "boolean")


@dataclass(frozen=True)
class Column:
    """A column of the table.

    :param variable: its variable
    :param label: the variable that holds its name in English, if there is one
    :param numbers: whether it holds numbers only
    :param long: whether it holds long texts
    """

    variable: str
    label: str
    heading: str
    numbers: bool = False
    long: bool = False


@caching.page
def questions() -> str:
    """All questions by group."""
    groups: dict[str, list[CannedQuery]] = defaultdict(list)
    for query in snapshot().queries.values():
        groups[group_of(query)].append(query)
    shown = [(str(GROUPS[tag]), groups[tag]) for tag in GROUPS if groups[tag]]
    return render_template("pages/questions.html", groups=shown, title_of=title_of)


@caching.page
def page(slug: str) -> str | tuple[str, int]:
    """One question with the answer to what the address asks, else to its defaults."""
    found = asked(slug)
    error = found.error
    offset, limit = 0, PAGE
    try:
        offset, limit = arguments.integer("offset", 0, 0, 10_000_000), arguments.integer("limit", PAGE, 1, 1000)
    except ParameterError as wrong:
        error = error or wrong
    rows = found.answer.rows if found.answer else ()
    shown = render_template(
        "pages/question.html",
        found=found,
        error=error,
        title=title_of(found.query, language()),
        columns=columns(rows, found.answer.variables if found.answer else ()),
        spared=spared(rows, found.answer.variables if found.answer else ()),
        rows=rows[offset : offset + limit],
        count=len(rows),
        offset=offset,
        limit=limit,
        drawn=charts.can_draw(found.query.chart, len(rows)),
        snippets=snippets(found),
        cell_name=cell_name,
        is_truth=lambda term: getattr(term, "datatype", None) == _TRUTH,
        host=lambda address: urlsplit(address).netloc.removeprefix("www."),
    )
    return (shown, 400) if error else shown


def columns(rows: tuple[Row, ...], variables: tuple[str, ...]) -> list[Column]:
    """The columns that say something: one for a thing and its name, none where every row is empty."""
    found = []
    for variable in variables:
        labelled = variable.endswith("Label") and variable.removesuffix("Label") in variables
        if labelled or variable in _HIDDEN or _BOUNDS.get(variable) in variables:
            continue
        if any(variable in row for row in rows):
            label = f"{variable}Label" if f"{variable}Label" in variables else ""
            numbers, long = _numeric(rows, variable), _is_long(rows, label or variable)
            found.append(Column(variable, label, heading(variable), numbers, long))
    # In a table wider than the screen, what is short and quickly read stands in sight; long texts come last.
    return [*found[:1], *sorted(found[1:], key=lambda column: column.long)] if len(found) > WIDE else found


def spared(rows: tuple[Row, ...], variables: tuple[str, ...]) -> list[str]:
    """The headings of columns that only the downloads have."""
    found = [variable for variable in variables if _BOUNDS.get(variable) in variables]
    return [heading(variable) for variable in found if any(variable in row for row in rows)]


def _is_long(rows: tuple[Row, ...], variable: str) -> bool:
    return any(len(row.text(variable)) > _LONG for row in rows if isinstance(row.get(variable), Literal))


def _numeric(rows: tuple[Row, ...], variable: str) -> bool:
    kinds = {term.datatype.value if isinstance(term, Literal) else "" for row in rows if (term := row.get(variable))}
    return bool(kinds) and kinds <= {PREFIXES["xsd"] + kind for kind in ("integer", "decimal", "double")}


def cell_name(row: Row, column: Column) -> str:
    """The name of a thing as the row gives it, where that is the reader's language; empty for the thing's own name."""
    return row.text(column.label) if column.label and language() == "en" else ""


def sign_of(row: Row) -> tuple[str, str] | None:
    """What the mark at the end of a row says and where it leads."""
    evidence = row.get("evidence")
    address = href(evidence) if isinstance(evidence, NamedNode) else None
    if not isinstance(evidence, NamedNode) or address is None:
        return None
    if evidence.value.startswith(PREFIXES["graph"]):
        return ("∴" if evidence.value.endswith("inferred") else "≡"), address
    return row.text("sources") or "1", address


def snippets(found: Asked) -> list[tuple[str, str]]:
    """How to get the same table elsewhere: name and code, which runs as it stands."""
    slug = found.query.slug
    address = address_of("query_api.answer", slug=f"{slug}.csv")
    address += "?" + urlencode(found.given) if found.given else ""
    return [
        ("curl", f"curl --fail --output {slug}.csv '{address}'"),
        ("Python (pandas)", f'import pandas\n\ntable = pandas.read_csv("{address}")\nprint(table.head())'),
        ("R", f'table <- read.csv("{address}", encoding = "UTF-8")\nhead(table)'),
    ]


def permalink(found: Asked) -> str:
    """The address of this very question, without language, theme or place in the table."""
    address = address_of("query_api.answer", slug=found.query.slug)
    return address + ("?" + urlencode(found.given) if found.given else "")


@blueprint.record_once
def _register(state: BlueprintSetupState) -> None:
    """Templates mark rows and cite answers."""
    known = state.app.jinja_env.globals
    known.update(permalink=permalink, sign_of=sign_of, say=say, snapshot_name=lambda: snapshot().name)
    known.update(description_of=description_of, plain_description=plain_description)
