"""CSV for spreadsheets, which take text for formulas, dates and numbers: an apostrophe keeps such a text as it is."""

import csv
import io
import re

from kg.results import Table, plain

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
"""The beginning of a formula; the full-width signs count in East Asian settings."""
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)\w{0,6}\.?"
)
_CONVERTED = re.compile(
    rf"\s*(?:\d[\d\s.,:/e+-]*|\d{{1,4}}[\s./-]*{_MONTH}[\s.,/-]*\d{{0,4}}|{_MONTH}[\s./-]*\d[\d\s,]*)\s*(?:[ap]m|%)?\s*",
    re.IGNORECASE,
)
"""What becomes a date, a time or a number: 2019-01, 46-2, 10:30, 1E5, 007, May 2025."""
_UNCHANGED = re.compile(r"0|[1-9]\d{0,14}|[12]\d{3}-\d\d-\d\d")
"""Of that, what a spreadsheet reads as what it is: a short whole number, a day."""


def to_excel_csv(table: Table) -> str:
    """CSV that a spreadsheet opens by double click: a byte-order mark, and cells that stay what they are."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(table.variables)
    writer.writerows([[_guarded(plain(term)) for term in row] for row in table.rows])
    return "\ufeff" + buffer.getvalue()


def _guarded(value: str | int | float | bool | None) -> str | int | float | bool | None:
    if not isinstance(value, str) or _UNCHANGED.fullmatch(value):
        return value
    return "'" + value if _FORMULA.match(value) or _CONVERTED.fullmatch(value) else value
