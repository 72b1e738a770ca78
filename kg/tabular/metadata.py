"""What describes the tables: Data Package (https://specs.frictionlessdata.io/tabular-data-package/), CSVW
(https://www.w3.org/TR/tabular-metadata/), and a data dictionary to read."""

from typing import Any

from kg.namespaces import BASE
from kg.tabular.cells import TableData
from kg.tabular.package import Package
from kg.tabular.schema import SEPARATOR, Column, Field, Table, foreign_keys

NAME = "ca-ai-policy"
TITLE = "Central Asia AI Policy Graph: tables"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_CSVW_TYPES = {"year": "gYear"}


def data_package(package: Package) -> dict[str, Any]:
    """``datapackage.json``: every table as a resource with its schema and keys."""
    return {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": TITLE,
        "version": package.version,
        "homepage": BASE,
        "licenses": [{"name": "CC-BY-4.0", "path": LICENSE}],
        "resources": [_resource(data) for data in package],
    }


def _resource(data: TableData) -> dict[str, Any]:
    table = data.table
    keys = [(one.name, "" if one.references == table.name else one.references) for one in foreign_keys(table)]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data.csv),
        "schema": {
            "fields": [_field(field, table) for field in table.fields],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": [name], "reference": {"resource": other, "fields": ["id"]}} for name, other in keys
            ],
        },
    }


def _field(field: Field, table: Table) -> dict[str, Any]:
    described = {"name": field.name, "type": field.type, "description": field.description}
    return {**described, "constraints": {"required": True}} if field.name in table.key else described


def csvw(package: Package) -> dict[str, Any]:
    """``csv-metadata.json``: the same for readers of CSV on the Web."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": TITLE,
        "dc:license": {"@id": LICENSE},
        "tables": [
            {
                "url": f"{data.table.name}.csv",
                "dc:title": data.table.title,
                "dc:description": data.table.description,
                "tableSchema": _csvw_schema(data.table),
            }
            for data in package
        ],
    }


def _csvw_schema(table: Table) -> dict[str, Any]:
    keys = [(one.name, {"resource": f"{one.references}.csv", "columnReference": "id"}) for one in foreign_keys(table)]
    return {
        "columns": [_csvw_column(column, field) for column in table.columns for field in column.fields],
        "primaryKey": list(table.key),
        "foreignKeys": [{"columnReference": name, "reference": other} for name, other in keys],
    }


def _csvw_column(column: Column, field: Field) -> dict[str, Any]:
    described = {
        "name": field.name,
        "titles": field.name,
        "datatype": _CSVW_TYPES.get(field.type, field.type),
        "dc:description": field.description,
    }
    return {**described, "separator": SEPARATOR} if column.several else described


def data_dictionary(package: Package) -> str:
    """Every table and field in words, as Markdown."""
    day = f" Current values hold on {package.day}." if package.day else ""
    head = f"# {TITLE}\n\nVersion {package.version}.{day} Licence: {LICENSE}\n\n{_INTRODUCTION}"
    return head + "".join(f"\n{section}" for section in map(_section, package))


_INTRODUCTION = f"""\
The short name in `id` is the last part of the IRI beside it. A field whose name ends in `_id`, and every concept, is
the `id` of the table named under "refers to". A date is its text, as precisely as known, beside its first and last day;
of several dates, the text has all and the days are those of the earliest. Where a field may have several values, they
are separated by `{SEPARATOR.strip()}` between spaces; the tables `relations`, `classifications`, `texts` and `labels`
have each of them in a row of its own. An empty cell means that nothing is known.
"""


def _section(data: TableData) -> str:
    table = data.table
    head = f"## {table.name}\n\n{table.description} {len(data.rows):,} rows; key: {', '.join(table.key)}.\n\n"
    columns = "| field | type | refers to | meaning |\n| --- | --- | --- | --- |\n"
    rows = (f"| {one.name} | {one.type} | {one.references} | {one.description} |\n" for one in table.fields)
    return head + columns + "".join(rows)
