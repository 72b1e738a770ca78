"""Results of a query in the W3C formats (JSON, XML, CSV, TSV), and solutions as a table.

The engine writes them, but for CSV (https://www.w3.org/TR/sparql11-results-csv-tsv/): it leaves an IRI with a comma
unquoted. ``rows`` is plain JSON with one object a row, ``table`` is for the terminal.
"""

from __future__ import annotations

import codecs
import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

from pyoxigraph import Literal, NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, Store

from kg.graph import label
from kg.namespaces import PREFIXES, shorten
from kg.terms import NUMERIC_DATATYPES, XSD, Term
from kg.text_files import to_json
from kg.xml10 import XmlSink

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

RESULT_FORMATS: dict[str, QueryResultsFormat] = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
Row = tuple[Term | None, ...]
_NOT_XML = tuple(form.media_type for name, form in RESULT_FORMATS.items() if name != "xml")


def write_results(results: QuerySolutions | QueryBoolean, name: str, out: SupportsWrite[bytes]) -> None:
    """Write the results of a query in a W3C format.

    :param name: one of ``RESULT_FORMATS``
    :raises FormatError: for a character that XML cannot hold, if that is the format
    """
    if name == "csv" and isinstance(results, QuerySolutions):
        _write_csv(results, out)
    else:
        sink = XmlSink(out, _NOT_XML) if name == "xml" else out
        results.serialize(cast(IO[bytes], sink), format=RESULT_FORMATS[name])


def _write_csv(solutions: QuerySolutions, out: SupportsWrite[bytes]) -> None:
    writer = csv.writer(codecs.getwriter("utf-8")(cast(IO[bytes], out)))
    writer.writerow([variable.value for variable in solutions.variables])
    writer.writerows([_csv_cell(term) for term in solution] for solution in solutions)


def _csv_cell(term: Term | None) -> str:
    if isinstance(term, Literal | NamedNode):
        return term.value
    return "" if term is None else str(term)


@dataclass(frozen=True)
class Table:
    """Variables and all rows of a SELECT query."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]

    @classmethod
    def read(cls, solutions: QuerySolutions) -> Table:
        """All solutions of a query."""
        variables = tuple(variable.value for variable in solutions.variables)
        return cls(variables, tuple(tuple(solution) for solution in solutions))

    def __iter__(self) -> Iterator[dict[str, Term | None]]:
        for row in self.rows:
            yield dict(zip(self.variables, row, strict=True))


def plain(term: Term | None) -> str | int | float | bool | None:
    """A term as JSON would have it: numbers and truth values as such, all else as text."""
    if not isinstance(term, Literal):
        return None if term is None else getattr(term, "value", str(term))
    if term.datatype == XSD.boolean:
        return term.value in ("true", "1")
    if term.datatype in NUMERIC_DATATYPES:
        return _number(term.value)
    return term.value


def _number(text: str) -> int | float | str:
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):  # JSON cannot write it
        return text
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def to_rows_json(table: Table) -> str:
    """A JSON array of one flat object a row."""
    rows = [{name: plain(term) for name, term in row.items()} for row in table]
    return to_json(rows)


def readable(store: Store, table: Table, language: str = "en") -> tuple[list[str], list[list[str]]]:
    """Headings and cells for people: labels for IRIs, no IRI column beside its own label column."""
    shown = [i for i, name in enumerate(table.variables) if f"{name}Label" not in table.variables]
    headings = [_heading(table.variables[i]) for i in shown]
    return headings, [[cell(store, row[i], language) for i in shown] for row in table.rows]


def _heading(variable: str) -> str:
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in variable.removesuffix("Label"))
    return spaced.strip()


def cell(store: Store, term: Term | None, language: str = "en") -> str:
    """One value for people: a label, a short name, or the text of a literal."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        if term.value.startswith((PREFIXES["assertion"], PREFIXES["passage"])):
            return shorten(term.value)
        return label(store, term, language)
    return term.value if isinstance(term, Literal) else str(term)
