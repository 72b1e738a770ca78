"""All tables of a snapshot with their rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, Store

from kg import __version__
from kg.tabular.cells import Cell, Row
from kg.tabular.rows import Reader
from kg.tabular.schema import Table, load_tables
from kg.terms import AIP


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
        writer.writerows([_csv_cell(cell) for cell in row] for row in self.rows)
        return buffer.getvalue().encode()


def _csv_cell(cell: Cell) -> Cell:
    return str(cell).lower() if isinstance(cell, bool) else cell


@dataclass(frozen=True)
class Package:
    """The tables of a snapshot.

    :param version: of the dataset
    :param day: the day for which current values hold, or empty
    """

    tables: tuple[TableData, ...]
    version: str
    day: str

    def __iter__(self) -> Iterator[TableData]:
        return iter(self.tables)

    def __getitem__(self, name: str) -> TableData:
        return next(data for data in self.tables if data.table.name == name)


def read_package(store: Store) -> Package:
    """Every table of a snapshot.

    :raises UsageError: if a field that has one value at most has several
    """
    reader = Reader(store)
    tables = tuple(TableData(table, reader.rows(table)) for table in load_tables().values())
    stated = [quad.object for quad in store.quads_for_pattern(None, AIP.asOf, None)]
    days = [day.value for day in stated if isinstance(day, Literal)]
    return Package(tables, __version__, max(days, default=""))
