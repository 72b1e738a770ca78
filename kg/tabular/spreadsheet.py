"""The tables as an Excel workbook: a sheet each, and a first one that says what each field means."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.tabular.archives import zip_archive
from kg.tabular.cells import Cell, TableData
from kg.tabular.extra import optional
from kg.tabular.metadata import TITLE
from kg.tabular.package import Package
from kg.tabular.schema import Field

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MAX_CELL = 32_767
"""Characters that a cell of Excel holds."""
_CORE = "docProps/core.xml"


def workbook(package: Package) -> bytes:
    """The bytes of an .xlsx file.

    :raises UsageError: if openpyxl is not installed
    """
    openpyxl = optional("openpyxl")
    book = openpyxl.Workbook(write_only=True)
    book.properties.title = TITLE
    if package.day:
        book.properties.created = book.properties.modified = datetime.fromisoformat(package.day)
    _dictionary(book.create_sheet("data dictionary"), package)
    for data in package:
        _sheet(book.create_sheet(data.table.name), data)
    out = io.BytesIO()
    book.save(out)
    return _timeless(out, book.properties.created)


def _timeless(written: io.BytesIO, day: datetime) -> bytes:
    """The same file without the moment at which the library wrote it."""
    with zipfile.ZipFile(written) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    moment = day.strftime(r"\g<1>%Y-%m-%dT%H:%M:%SZ").encode()
    files[_CORE] = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", moment, files[_CORE])
    return zip_archive(files, zipfile.ZIP_DEFLATED)


def _dictionary(sheet: WriteOnlyWorksheet, package: Package) -> None:
    sheet.freeze_panes = "A2"
    sheet.append(["table", "field", "type", "refers to", "meaning"])
    for data in package:
        sheet.append([data.table.name, None, None, None, data.table.description])
        for field in data.table.fields:
            sheet.append([data.table.name, field.name, field.type, field.references or None, field.description])


def _sheet(sheet: WriteOnlyWorksheet, data: TableData) -> None:
    sheet.freeze_panes = "B2"
    sheet.append([field.name for field in data.table.fields])
    for row in data.rows:
        sheet.append([_cell(sheet, field, cell) for field, cell in zip(data.table.fields, row, strict=True)])


def _cell(sheet: WriteOnlyWorksheet, field: Field, cell: Cell) -> Any:
    """Days as days, and texts that begin like a formula as texts."""
    if not isinstance(cell, str):
        return cell
    if field.type == "date" and cell >= "1900-03-01":  # the calendar of Excel is wrong before
        return date.fromisoformat(cell)
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    text = ILLEGAL_CHARACTERS_RE.sub("", cell)
    if len(text) > MAX_CELL:
        message = f"a value of {field.name} has {len(text):,} characters, more than a cell of Excel holds"
        raise UsageError(message, hint="choose another format")
    if not text.startswith("="):
        return text
    guarded = WriteOnlyCell(sheet, text)
    guarded.data_type = "s"
    return guarded
