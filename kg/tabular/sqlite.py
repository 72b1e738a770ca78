"""The tables as a SQLite database whose foreign keys are checked, and the SQL that defines them."""

import sqlite3
from collections.abc import Iterable

from kg.errors import UsageError
from kg.tabular.cells import TableData
from kg.tabular.package import Package
from kg.tabular.schema import Field, Table

_TYPES = {"integer": "INTEGER", "year": "INTEGER", "number": "NUMERIC", "boolean": "BOOLEAN"}


def sql_schema(tables: Iterable[Table]) -> str:
    """The CREATE TABLE statements, with what each field means as a comment."""
    return "\n".join(map(_create, tables))


def _create(table: Table) -> str:
    key = ", ".join(f'"{name}"' for name in table.key)
    lines = [_line(field, field.name in table.key) for field in table.fields]
    return f'-- {table.description}\nCREATE TABLE "{table.name}" (\n{"".join(lines)}  PRIMARY KEY ({key})\n);\n'


def _line(field: Field, required: bool) -> str:
    reference = f' REFERENCES "{field.references}" ("id")' if field.references else ""
    type_ = _TYPES.get(field.type, "TEXT") + " NOT NULL" * required
    return f'  "{field.name}" {type_}{reference}, -- {field.description}\n'


def sqlite_database(package: Package) -> bytes:
    """The bytes of a database file.

    :raises UsageError: if a key occurs twice or a foreign key points nowhere
    """
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(sql_schema(data.table for data in package))
        for data in package:
            _insert(connection, data)
        connection.commit()
        _check_foreign_keys(connection)
        return connection.serialize()
    finally:
        connection.close()


def _insert(connection: sqlite3.Connection, data: TableData) -> None:
    places = ", ".join("?" * len(data.table.fields))
    try:
        connection.executemany(f'INSERT INTO "{data.table.name}" VALUES ({places})', data.rows)  # noqa: S608  ours
    except sqlite3.IntegrityError as error:
        hint = "look at the key of the table in kg/tabular/tables"
        raise UsageError(f"table {data.table.name}: {error}", hint=hint) from error


def _check_foreign_keys(connection: sqlite3.Connection) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        table, row, parent, _ = broken[0]
        message = f"{len(broken)} foreign keys point nowhere, the first in {table}, row {row}, to {parent}"
        raise UsageError(message, hint="look at the table of this column in kg/tabular/tables")
