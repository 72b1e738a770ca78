"""All tables of a snapshot with their rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, Store

from kg.tabular.data import TableData
from kg.tabular.panel import wide_form
from kg.tabular.rows import Reader
from kg.tabular.schema import load_tables
from kg.terms import AIP
from kg.version import VERSION


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
    tables["panel"] = wide_form(tables["panel_long"], tables["countries"])
    stated = [quad.object for quad in store.quads_for_pattern(None, AIP.asOf, None)]
    days = [day.value for day in stated if isinstance(day, Literal)]
    return Package(tuple(tables[name] for name in sorted(tables)), VERSION, max(days, default=""))
