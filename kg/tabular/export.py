"""Writes the tables of a snapshot in one of the formats."""

from importlib.util import find_spec
from pathlib import Path

from pyoxigraph import Store

from kg.errors import UsageError
from kg.export import replace_file
from kg.formats import TABLE_FORMATS, TableFormat
from kg.tabular.archives import csv_archive, parquet_archive
from kg.tabular.package import read_package
from kg.tabular.spreadsheet import workbook
from kg.tabular.sqlite import sqlite_database

_WRITERS = {"csv-zip": csv_archive, "sqlite": sqlite_database, "parquet": parquet_archive, "xlsx": workbook}
_LIBRARIES = {"parquet": "duckdb", "xlsx": "openpyxl"}


def available_formats() -> tuple[TableFormat, ...]:
    """The table formats whose library is installed."""
    return tuple(form for name, form in TABLE_FORMATS.items() if name not in _LIBRARIES or find_spec(_LIBRARIES[name]))


def export_tables(store: Store, name: str, out: Path) -> int:
    """Write the tables to a path that holds either the old file or the complete new one.

    :param name: a name of ``kg.formats.TABLE_FORMATS``
    :returns: the number of bytes
    :raises UsageError: if there is no such format, its library is missing, or the path cannot be written
    """
    if name not in TABLE_FORMATS:
        raise UsageError(f"there is no table format {name!r}", hint=f"formats: {', '.join(TABLE_FORMATS)}")
    content = _WRITERS[name](read_package(store))
    try:
        return replace_file(out, content)
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror}", hint="choose another --out") from error
