"""The tables as a ZIP archive of CSV or Parquet files beside their metadata; the CSV archive is deterministic."""

import io
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from kg.tabular.cells import TableData
from kg.tabular.extra import optional
from kg.tabular.metadata import csvw, data_dictionary, data_package
from kg.tabular.package import Package
from kg.tabular.sqlite import sql_schema
from kg.text_files import to_json

NOTEBOOKS = Path(__file__).parent / "notebooks"
"""Notebooks that read the files beside them (https://nbformat.readthedocs.io/)."""
_TIME = (1980, 1, 1, 0, 0, 0)
_DUCKDB_TYPES = {"integer": "BIGINT", "year": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}


def csv_archive(package: Package) -> bytes:
    """Every table as CSV, with Data Package, CSVW metadata, SQL schema, data dictionary and a notebook."""
    files = {f"{data.table.name}.csv": data.csv for data in package}
    described = {
        "datapackage.json": to_json(data_package(package)).encode(),
        "csv-metadata.json": to_json(csvw(package)).encode(),
        "schema.sql": sql_schema(data.table for data in package).encode(),
        "data-dictionary.md": data_dictionary(package).encode(),
    }
    notebooks = {path.name: path.read_bytes() for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
    return zip_archive({**files, **described, **notebooks}, zipfile.ZIP_DEFLATED)


def parquet_archive(package: Package) -> bytes:
    """Every table as Parquet, with the data dictionary.

    :raises UsageError: if duckdb is not installed
    """
    duckdb = optional("duckdb")
    with tempfile.TemporaryDirectory() as name, duckdb.connect() as connection:
        folder = Path(name)
        files = {f"{data.table.name}.parquet": _parquet(connection, folder, data) for data in package}
    return zip_archive({**files, "data-dictionary.md": data_dictionary(package).encode()}, zipfile.ZIP_STORED)


def _parquet(connection: object, folder: Path, data: TableData) -> bytes:
    source, target = folder / "table.csv", folder / "table.parquet"
    source.write_bytes(data.csv)
    columns = {field.name: _DUCKDB_TYPES.get(field.type, "VARCHAR") for field in data.table.fields}
    rows = connection.read_csv(  # type: ignore[attr-defined]
        str(source), header=True, columns=columns, auto_detect=False, delimiter=",", quotechar='"', escapechar='"',
        parallel=False,
    )  # fmt: skip
    rows.write_parquet(str(target), compression="zstd")
    return target.read_bytes()


def zip_archive(files: Mapping[str, bytes], compression: int) -> bytes:
    """An archive whose bytes depend on the files alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, compression)
    return buffer.getvalue()
