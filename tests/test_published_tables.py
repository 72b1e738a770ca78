"""The tables in the record: each cell stands in the accepted view as the CSV file writes it, and the metadata are CSVW.

The CSV files are read here without the code that loads them.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from csvw import CSVW
from pyoxigraph import Literal, NamedNode, QuerySolutions

from kg.namespaces import PREFIXES, expand
from kg.terms import AIP, GRAPH, Term
from tests.served import ROOT, record

TABLES = sorted((ROOT / "data" / "sources").glob("*/*.csv"))
CELLS = {
    "gcg-girai-2024": 18 * 8,
    "gcg-girai-2026": 18 * 12,
    "gcg-girai-2026-evidence": 18 * 3,
    "imf-aipi-2023": 9 * 5 - 2,
    "itu-gci-2018": 21 * 2,
    "itu-gci-2020": 21 * 6,
    "itu-gci-2020-ranks": 21,
    "itu-gci-2024": 21 * 6,
    "itu-idi-2023-2024": 2 * 18,
    "oxford-gairi-pillars-2020-2024": (5 * 21 - 2) * 3,
    "oxford-gairi-pillars-2025": 21 * 6,
    "oxford-gairi-table-2019": 21 * 2,
    "oxford-gairi-table-2020-2024": (5 * 21 - 2) * 2,
    "oxford-gairi-table-2025": 21 * 2,
    "portulans-nri-2020": 18 * 2,
    "portulans-nri-2024": 16,
    "undesa-egdi-2003-2022": 11 * 21 * 6,
    "undesa-egdi-2024": 21 * 6,
    "unesco-uis-ict-students-2012-2018": 18,
    "wipo-gii-2021-2025": 5 * 19 * 4,
    "worldbank-gtmi-2020-2025": 3 * 21 * 5,
    "worldbank-ict-service-exports-2010-2024": 58,
    "worldbank-internet-users-2010-2024": 63,
    "worldbank-internet-users-2021-2022": 4,
    "worldbank-wdi-2010-2024": 357,
}
# The heading of an index, those of the parts it is made of, and the weight of each part
PARTS = {
    "imf-aipi-2023": (
        "ai_preparedness_index",
        ("ai_digital_infrastructure", "ai_innovation_integration", "ai_human_capital", "ai_regulation_ethics"),
        1.0,
    ),
    "itu-gci-2020": (
        "gci_overall",
        (
            "gci_legal_measures",
            "gci_technical_measures",
            "gci_organisational_measures",
            "gci_capacity_development",
            "gci_cooperative_measures",
        ),
        1.0,
    ),
    "itu-gci-2024": ("gci", ("legal", "technical", "organizational", "capacity", "cooperation"), 1.0),
    "oxford-gairi-pillars-2020-2024": (
        "Overall score",
        ("Government", "Technology Sector", "Data and Infrastructure"),
        1 / 3,
    ),
    "wipo-gii-2021-2025": ("Global Innovation Index", ("Innovation inputs", "Innovation outputs"), 1 / 2),
    "worldbank-gtmi-2020-2025": ("gtmi", ("cgsi", "psdi", "dcei", "gtei"), 1 / 4),
}
NAMES = """SELECT ?name ?area { GRAPH graph:registry {
  ?area a aip:Country ; rdfs:label|skos:altLabel|aip:isoAlpha3 ?label . BIND(STR(?label) AS ?name) } }"""


class Cell(NamedTuple):
    """A value of a table with what it is a value of."""

    metric: str
    area: NamedNode
    edition: str
    release: str
    value: Decimal

    @property
    def observation(self) -> NamedNode:
        area, metric = (name.rpartition("/")[2].rpartition(":")[2] for name in (self.area.value, self.metric))
        return NamedNode(f"{PREFIXES['id']}{metric}--{area}-{self.edition}-{self.release}")


@cache
def areas() -> dict[str, NamedNode]:
    prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    found = record().query(prologue + NAMES)
    assert isinstance(found, QuerySolutions)
    return {row["name"].value.casefold(): row["area"] for row in found}


def metadata(table: Path) -> dict[str, Any]:
    return dict(json.loads(table.with_name(table.name + "-metadata.json").read_text("utf-8")))


def cells(table: Path) -> Iterator[Cell]:
    """The cells of a table that hold values."""
    whole = metadata(table)
    columns = whole["tableSchema"]["columns"]
    roles = {column["propertyUrl"]: column["titles"] for column in columns if "propertyUrl" in column}
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            area = areas()[row[roles["aip:about"]].strip().casefold()]
            edition = row[roles["aip:edition"]] if "aip:edition" in roles else whole["aip:edition"]
            for column in columns:
                if "aip:metric" in column and row[column["titles"]]:
                    value = Decimal(row[column["titles"]])
                    yield Cell(column["aip:metric"], area, edition, whole.get("aip:release", "1"), value)


def accepted(subject: NamedNode, predicate: NamedNode) -> list[Term]:
    return [quad.object for quad in record().quads_for_pattern(subject, predicate, None, GRAPH.accepted)]


def test_no_table_and_no_cell_is_lost() -> None:
    assert {table.stem: sum(1 for _ in cells(table)) for table in TABLES} == CELLS


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_every_cell_is_accepted_as_published(table: Path) -> None:
    for cell in cells(table):
        node = cell.observation
        (value,) = accepted(node, AIP.value)
        assert Decimal(value.value) == cell.value, node
        assert accepted(node, AIP.metric) == [NamedNode(expand(cell.metric))]
        assert accepted(node, AIP.about) == [cell.area]
        assert accepted(node, AIP.edition) == [Literal(cell.edition)]
        assert accepted(node, AIP.release) == [Literal(int(cell.release))]


@pytest.mark.parametrize("slug", PARTS)
def test_the_parts_of_an_index_make_it_up(slug: str) -> None:
    """No figure of a part was mistaken: the publisher's own sum comes out in every row that has one."""
    (path,) = (table for table in TABLES if table.stem == slug)
    index, parts, weight = PARTS[slug]
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row[index]]
    assert rows
    for row in rows:
        assert weight * sum(float(row[part]) for part in parts) == pytest.approx(float(row[index]), abs=0.015), row


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_metadata_are_valid_csvw(table: Path) -> None:
    described = CSVW(str(table), md_url=f"{table}-metadata.json", validate=True)
    assert described.is_valid, [str(warning.message) for warning in described.warnings]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_a_table_names_publisher_copy_and_terms(table: Path) -> None:
    whole = metadata(table)
    assert whole["dc:publisher"].startswith("id:int-")
    assert whole["schema:url"].startswith("https://github.com/")
    assert "licence" in whole["dc:description"] or whole["dc:license"].startswith("https://creativecommons.org/")


@pytest.mark.parametrize(
    ("metric", "key", "first", "second"),
    [
        ("gairi-rank", "kz-2025", "60", "58"),
        ("gairi-score", "kz-2025", "55.86", "56.7"),
        ("gci-score", "kz-2024", "94.04", "94.05332324768744"),
        ("internet-users-share", "tj-2021", "28.34", "49.8409"),
        ("internet-users-share", "kg-2022", "79.7703", "82.5991"),
    ],
)
def test_the_second_release_revises_the_first(metric: str, key: str, first: str, second: str) -> None:
    old, new = (NamedNode(f"{PREFIXES['id']}int-metric-{metric}--{key}-{release}") for release in (1, 2))
    assert [value.value for value in accepted(old, AIP.value)] == [first]
    assert [value.value for value in accepted(new, AIP.value)] == [second]
    assert accepted(new, AIP.revises) == [old]
