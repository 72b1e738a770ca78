"""The tables of the relational export: title, columns, types, keys, from one file a table in ``tables/``.

A ``.yaml`` file describes a class of the graph, one row an individual, each column the values of a property. A ``.rq``
file has the same description in its ``#+`` header and a query whose solutions are the rows; a ``.yaml`` file may name a
canned query instead (``canned``). What a file calls a column
is a column of the graph (a date, a country); it becomes one to three *fields* in the sense of Table Schema
(https://specs.frictionlessdata.io/table-schema/): a date is its text, its first and its last day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.errors import SyntaxDataError
from kg.message import Message
from kg.settings import shipped_files
from kg.text_files import parse_yaml, read_header, read_yaml

FOLDER = Path(__file__).parent / "tables"
SEPARATOR = " | "
"""Between the values of a field that may have several."""
TYPES = (
    "id", "thing", "concept", "term", "country", "date", "day", "text", "integer", "number", "boolean", "year", "iri",
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A field of a table.

    :param type: a type of Table Schema: string, integer, number, boolean, date, year
    :param references: the table whose ``id`` the values are, if they are a foreign key
    """

    name: str
    type: str
    description: str
    references: str = ""


@dataclass(frozen=True)
class Column:
    """What a table says of its rows in one respect.

    :param type: one of ``TYPES``
    :param property: prefixed name of the property that has the values; empty in a table with a query
    :param language: only texts in this language
    :param several: true if a row may have several values
    :param table: whose ``id`` a thing is
    """

    name: str
    type: str
    description: str
    property: str = ""
    language: str = ""
    several: bool = False
    table: str = ""

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields that the column becomes."""
        name, text = self.name, self.description
        if self.type == "id":
            return Field("id", "string", text, self.table), Field("iri", "string", Message("Its IRI."))
        if self.type == "country":
            return (
                Field(
                    "country_id",
                    "string",
                    Message("The country; none if there are several (see relations)."),
                    "countries",
                ),
                Field("iso2", "string", Message("ISO 3166-1 alpha-2 code of the country.")),
                Field("iso3", "string", Message("ISO 3166-1 alpha-3 code of the country.")),
            )
        if self.type == "date":
            return (
                Field(name, "string", Message("%(what)s As precisely as known: day, month, year or EDTF.", what=text)),
                Field(f"{name}_first", "date", Message("First day on which that may be: %(what)s", what=text)),
                Field(f"{name}_last", "date", Message("Last day on which that may be: %(what)s", what=text)),
            )
        if self.several:
            return (
                Field(name, "string", Message("%(what)s Several values are separated by a vertical bar.", what=text)),
            )
        return (self._field(),)

    def _field(self) -> Field:
        if self.type == "thing":
            return Field(f"{self.name}_id", "string", self.description, self.table)
        references = {"concept": "concepts", "term": "vocabulary"}.get(self.type, "")
        kinds = {"concept": "string", "term": "string", "text": "string", "iri": "string", "day": "date"}
        return Field(self.name, kinds.get(self.type, self.type), self.description, references)


@dataclass(frozen=True)
class Table:
    """A table and where its rows come from.

    :param cls: prefixed name of the class whose individuals are the rows, or empty
    :param query: a SPARQL SELECT query whose solutions are the rows, or empty
    :param key: the fields that name a row
    """

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)
    cls: str = ""
    query: str = ""

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields in their order."""
        return tuple(field for column in self.columns for field in column.fields)


def load_tables(folder: Path = FOLDER, queries: Path | None = None) -> dict[str, Table]:
    """Every table by its name, sorted.

    :param queries: the folder of canned queries; the one that belongs to this code, if not given
    :raises SyntaxDataError: if a file is wrong; names it
    """
    groups = read_yaml(folder / "groups.yml")
    paths = sorted([*folder.glob("*.yaml"), *folder.glob("*.rq")], key=lambda path: path.stem)
    canned = queries or shipped_files() / "queries"
    return {path.stem: _table(path, groups, canned) for path in paths}


def _table(path: Path, groups: Mapping[str, Any], queries: Path) -> Table:
    text = path.read_text("utf-8")
    spec = read_header(text, path) if path.suffix == ".rq" else parse_yaml(text)
    if "canned" in spec:
        text = (queries / f"{spec['canned']}.rq").read_text("utf-8")
    columns: dict[str, Any] = {}
    for name, column in spec["columns"].items():
        columns |= groups[name] if column is None else {name: column}
    return Table(
        path.stem,
        _text(spec["title"]),
        _text(spec["description"]),
        tuple(_column(path, name, column) for name, column in columns.items()),
        tuple(spec.get("key", ["id"])),
        spec.get("class", ""),
        "" if "class" in spec else "\n".join(line for line in text.splitlines() if not line.startswith("#+")),
    )


def _text(written: str) -> Message:
    """A text of a file, on one line."""
    line = " ".join(written.split())
    return Message(line)


def _column(path: Path, name: str, spec: Mapping[str, Any]) -> Column:
    type_ = spec.get("type", "text")
    if type_ not in TYPES:
        hint = f"allowed types: {', '.join(TYPES)}"
        raise SyntaxDataError(f"column {name!r} has type {type_!r}", path=path, line=1, hint=hint)
    return Column(
        name,
        type_,
        _text(spec["description"]),
        spec.get("property", ""),
        spec.get("language", ""),
        bool(spec.get("several", False)),
        spec.get("table", "things" if type_ in ("thing", "id") else ""),
    )


def foreign_keys(table: Table) -> Iterable[Field]:
    """The fields of a table that refer to the ``id`` of another."""
    return (field for field in table.fields if field.references)
