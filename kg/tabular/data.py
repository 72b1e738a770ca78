"""A table with its rows, and as CSV."""

import csv
import io
from dataclasses import dataclass
from functools import cached_property

from kg.tabular.cells import Cell, Row
from kg.tabular.schema import Table


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
