"""The rows of the tables, read from a snapshot and sorted by their key."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import cast

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg.countries import countries_with_codes
from kg.graph import objects
from kg.namespaces import PREFIXES, expand
from kg.tabular.cells import Cell, Codes, Row, cells, short_id
from kg.tabular.schema import Column, Table
from kg.terms import GRAPH, RDF, RDFS, Term


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
            return list(self._most_specific(values))
        if column.language:
            return [value for value in values if isinstance(value, Literal) and value.language == column.language]
        return values

    def _most_specific(self, classes: Iterable[Term]) -> Iterator[NamedNode]:
        """The classes of our ontology among these that have no subclass among them."""
        own = {c for c in classes if isinstance(c, NamedNode) and c.value.startswith(PREFIXES["aip"])}
        return (cls for cls in own if not self._subclasses.get(cls, set()) & own)

    @cached_property
    def _subclasses(self) -> dict[NamedNode, set[NamedNode]]:
        subclasses: dict[NamedNode, set[NamedNode]] = {}
        for quad in self._store.quads_for_pattern(None, RDFS.subClassOf, None, GRAPH.ontology):
            if isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode):
                subclasses.setdefault(quad.object, set()).add(quad.subject)
        return subclasses

    @cached_property
    def _codes(self) -> Codes:
        return {country.iri: country for country in countries_with_codes(self._store)}


def _sortable(cell: Cell) -> tuple[bool, str | float]:
    """Numbers by size, texts by code point, nothing first."""
    return (False, "") if cell is None else (True, cell if isinstance(cell, str) else float(cell))
