"""From terms of the graph to the cells of a row, and a table with its rows, also as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from pyoxigraph import Literal, NamedNode

from kg.countries import Country
from kg.dates import OPEN_END, OPEN_START, bounds
from kg.errors import UsageError
from kg.namespaces import PREFIXES, shorten
from kg.tabular.schema import SEPARATOR, Column, Table
from kg.terms import Term

Cell = str | int | float | bool | None
Row = tuple[Cell, ...]
Codes = Mapping[NamedNode, Country]

_OWN = tuple(PREFIXES[name] for name in ("id", "concept", "source", "passage", "assertion", "aip"))


@lru_cache(maxsize=1 << 16)
def short_id(iri: str) -> str:
    """The name of a node in the tables: its local name if the namespace is ours, else the prefixed name."""
    own = next((namespace for namespace in _OWN if iri.startswith(namespace)), "")
    return iri[len(own) :] if own else shorten(iri)


def cells(column: Column, terms: Sequence[Term], codes: Codes, row: str) -> Row:
    """The cells of the fields of a column.

    :param terms: the values, none or more
    :param codes: the countries with their codes
    :param row: names the row in an error
    :raises UsageError: for several values of a column that has one at most
    """
    if column.type == "country":
        return _country(terms, codes)
    if column.several:
        return (SEPARATOR.join(sorted({_text(term) for term in terms})) or None,)
    if not terms:
        return (None,) * len(column.fields)
    if column.type == "date":
        return _dates([term for term in terms if isinstance(term, Literal)])
    if len(terms) > 1:
        hint = f"write several: true at this column in kg/tabular/tables ({', '.join(map(_text, terms))})"
        raise UsageError(f"{row} has {len(terms)} values of {column.name}", hint=hint)
    term = terms[0]
    iri = term.value if isinstance(term, NamedNode) else None
    if column.type == "id":
        return _text(term), iri
    return (iri if column.type == "iri" and iri else _typed(column.type, _text(term)),)


def _dates(dates: Sequence[Literal]) -> Row:
    """All dates as text, and the days of the earliest: states may join an agreement one after another."""
    first, last = min(bounds(date.value, date.datatype) for date in dates)
    return SEPARATOR.join(sorted(date.value for date in dates)), _day(first), _day(last)


def _country(terms: Sequence[Term], codes: Codes) -> Row:
    country = codes.get(terms[0]) if len(terms) == 1 and isinstance(terms[0], NamedNode) else None
    if country is None:
        return None, None, None
    return country.code, country.alpha2 or None, country.alpha3 or None


def _day(day: date) -> str | None:
    return None if day in (OPEN_START, OPEN_END) else day.isoformat()


def _text(term: Term) -> str:
    if isinstance(term, NamedNode):
        return short_id(term.value)
    return term.value if isinstance(term, Literal) else str(term)


def _typed(type_: str, text: str) -> Cell:
    if type_ in ("integer", "year"):
        return int(text)
    if type_ == "number":
        number = float(text)
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    return text in ("true", "1") if type_ == "boolean" else text


@dataclass(frozen=True)
class TableData:
    """A table with its rows."""

    table: Table
    rows: list[Row]

    @cached_property
    def csv(self) -> bytes:
        """The table as CSV (RFC 4180) in UTF-8, without a mark at its beginning; nothing is an empty cell."""
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer)
        writer.writerow([field.name for field in self.table.fields])
        writer.writerows([str(c).lower() if isinstance(c, bool) else c for c in row] for row in self.rows)
        return buffer.getvalue().encode()
