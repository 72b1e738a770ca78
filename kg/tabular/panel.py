"""The country-year panel in wide form: a row for each country and year, a field for each indicator."""

from collections.abc import Mapping

from kg.tabular.cells import Cell, Row
from kg.tabular.data import TableData
from kg.tabular.schema import Column, Table

INDEX = "index_"
"""Prefix of indicators that a publisher states; all others are counted, so none of them is 0."""
_WITHIN = ("_adopted", "_set", "_due")
_DESCRIPTION = """\
One row is one covered country in one year, from the first to the last year of the long form; a field is one of its \
indicators. A count of nothing is 0; an index that no source gives is empty."""


def wide_form(long: TableData, countries: TableData) -> TableData:
    """The panel with a field for each indicator.

    :param long: ``panel_long``
    :param countries: ``countries``
    """
    values = {(row[0], row[3], row[4]): row[5] for row in long.rows}
    indicators = sorted({str(row[4]) for row in long.rows})
    years = [int(row[3]) for row in long.rows if row[3] is not None]
    rows = [
        (code, iso2, iso3, year, *(_value(values, code, year, name) for name in indicators))
        for code, iso2, iso3 in _covered(countries)
        for year in range(min(years, default=0), max(years, default=-1) + 1)
    ]
    return TableData(_table(long.table, indicators), rows)


def _covered(countries: TableData) -> list[Row]:
    names = [field.name for field in countries.table.fields]
    rows = [dict(zip(names, row, strict=True)) for row in countries.rows]
    return [(row["id"], row["iso2"], row["iso3"]) for row in rows if row["coverage_order"] is not None]


def _value(values: Mapping[tuple[Cell, Cell, Cell], Cell], code: Cell, year: int, indicator: str) -> Cell:
    return values.get((code, year, indicator), None if indicator.startswith(INDEX) else 0)


def _table(long: Table, indicators: list[str]) -> Table:
    shared = tuple(column for column in long.columns if column.name in ("country", "year"))
    fields = tuple(Column(name, _type(name), _describe(name)) for name in indicators)
    title = "Country-year panel, wide form"
    return Table("panel", title, _DESCRIPTION, shared + fields, ("country_id", "year"))


def _type(indicator: str) -> str:
    return "number" if indicator.startswith(INDEX) else "integer"


def _describe(indicator: str) -> str:
    words = indicator.removeprefix(INDEX).replace("_", " ")
    if indicator.startswith(INDEX):
        return f"Published value of the metric int-metric-{words.replace(' ', '-')}."
    return f"Number of {words}, {'within the year' if indicator.endswith(_WITHIN) else 'at the end of the year'}."
