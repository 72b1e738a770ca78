"""All tables of a snapshot with their rows: read, sorted by their keys, and the country-year panel in wide form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg.countries import countries_with_codes
from kg.graph import objects
from kg.groups import grouped
from kg.namespaces import PREFIXES, expand
from kg.tabular.cells import Cell, Codes, Row, TableData, cells, short_id
from kg.tabular.schema import Column, Table, load_tables
from kg.terms import AIP, GRAPH, RDF, RDFS, Term
from kg.version import VERSION


class Reader:
    """Reads tables from a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def rows(self, table: Table) -> list[Row]:
        """The rows of a table, sorted by its key."""
        rows = set(self._solutions(table) if table.query else self._individuals(table))
        order = [[field.name for field in table.fields].index(name) for name in table.key]
        return sorted(rows, key=lambda row: [_sortable(row[i]) for i in order])

    def _individuals(self, table: Table) -> Iterator[Row]:
        cls = NamedNode(expand(table.cls))
        for quad in self._store.quads_for_pattern(None, RDF.type, cls, GRAPH.accepted):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(PREFIXES["id"]):
                values = {column.name: self._values(quad.subject, column) for column in table.columns}
                yield self._row(table, values, short_id(quad.subject.value))

    def _solutions(self, table: Table) -> Iterator[Row]:
        solutions = cast(QuerySolutions, self._store.query(table.query))
        for number, solution in enumerate(solutions, 1):
            values = {c.name: [] if (term := solution[c.name]) is None else [term] for c in table.columns}
            yield self._row(table, values, f"row {number}")

    def _row(self, table: Table, values: Mapping[str, list[Term]], name: str) -> Row:
        parts = (cells(column, values[column.name], self._codes, f"{table.name}: {name}") for column in table.columns)
        return tuple(cell for part in parts for cell in part)

    def _values(self, thing: NamedNode, column: Column) -> list[Term]:
        if column.type == "id":
            return [thing]
        values = objects(self._store, thing, NamedNode(expand(column.property)))
        if column.property == "rdf:type":
            # The classes of our ontology that have no subclass among them.
            own = {c for c in values if isinstance(c, NamedNode) and c.value.startswith(PREFIXES["aip"])}
            return [cls for cls in own if own.isdisjoint(self._subclasses.get(cls, ()))]
        if column.language:
            return [value for value in values if isinstance(value, Literal) and value.language == column.language]
        return values

    @cached_property
    def _subclasses(self) -> dict[Term, list[Term]]:
        quads = self._store.quads_for_pattern(None, RDFS.subClassOf, None, GRAPH.ontology)
        return grouped((quad.object, quad.subject) for quad in quads)

    @cached_property
    def _codes(self) -> Codes:
        return {country.iri: country for country in countries_with_codes(self._store)}


def _sortable(cell: Cell) -> tuple[bool, str | float]:
    """Numbers by size, texts by code point, nothing first."""
    return (False, "") if cell is None else (True, cell if isinstance(cell, str) else float(cell))


INDEX = "index_"
"""Prefix of indicators that a publisher states; all others are counted, so none of them is 0."""
_WITHIN = ("_adopted", "_set", "_due")
_DESCRIPTION = """\
One row is one covered country in one year, from the first to the last year of the long form; a field is one of its \
indicators. A count of nothing is 0; an index that no source gives is empty."""


def _wide_form(long: TableData, countries: TableData) -> TableData:
    """The panel with a field for each indicator."""
    values = {(row[0], row[3], row[4]): row[5] for row in long.rows}
    indicators = sorted({str(row[4]) for row in long.rows})
    years = [int(row[3]) for row in long.rows if row[3] is not None]
    unknown = {name: None if name.startswith(INDEX) else 0 for name in indicators}
    rows = [
        (code, iso2, iso3, year, *(values.get((code, year, name), unknown[name]) for name in indicators))
        for code, iso2, iso3 in _covered(countries)
        for year in range(min(years, default=0), max(years, default=-1) + 1)
    ]
    return TableData(_table(long.table, indicators), rows)


def _covered(countries: TableData) -> list[Row]:
    names = [field.name for field in countries.table.fields]
    rows = [dict(zip(names, row, strict=True)) for row in countries.rows]
    return [(row["id"], row["iso2"], row["iso3"]) for row in rows if row["coverage_order"] is not None]


def _table(long: Table, indicators: list[str]) -> Table:
    shared = tuple(column for column in long.columns if column.name in ("country", "year"))
    kinds = {name: "number" if name.startswith(INDEX) else "integer" for name in indicators}
    fields = tuple(Column(name, kind, _describe(name)) for name, kind in kinds.items())
    title = "Country-year panel, wide form"
    return Table("panel", title, _DESCRIPTION, shared + fields, ("country_id", "year"))


def _describe(indicator: str) -> str:
    words = indicator.removeprefix(INDEX).replace("_", " ")
    if indicator.startswith(INDEX):
        return f"Published value of the metric int-metric-{words.replace(' ', '-')}."
    return f"Number of {words}, {'within the year' if indicator.endswith(_WITHIN) else 'at the end of the year'}."


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
    tables = {name: TableData(table, reader.rows(table)) for name, table in load_tables().items()}
    tables["panel"] = _wide_form(tables["panel_long"], tables["countries"])
    stated = [quad.object for quad in store.quads_for_pattern(None, AIP.asOf, None)]
    days = [day.value for day in stated if isinstance(day, Literal)]
    return Package(tuple(tables[name] for name in sorted(tables)), VERSION, max(days, default=""))
