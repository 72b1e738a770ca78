"""Published tables: a CSV file and its metadata become a source, and what is wrong with them names its line."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kg.build import build, validate_data
from kg.errors import DisagreementError, SyntaxDataError
from kg.namespaces import PREFIXES
from kg.read import read_data
from kg.settings import Settings
from kg.store import open_snapshot
from kg.tables import read_table, read_tables
from kg.tables.registry import Registry
from kg.terms import AIP, GRAPH, XSD

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A copy of the mini record with a table in it."""
    shutil.copytree(DATA / "mini", tmp_path / "data")
    shutil.copytree(DATA / "tables", tmp_path / "data" / "sources" / "int", dirs_exist_ok=True)
    return replace(Settings.default(ROOT), data=tmp_path / "data", snapshots=tmp_path / "build")


def table(settings: Settings) -> Path:
    return settings.data / "sources" / "int" / "ranks-2024.csv"


def registry(settings: Settings) -> Registry:
    return Registry.of(read_data(settings))


def test_a_row_is_a_passage_with_an_observation_for_each_filled_cell(settings: Settings) -> None:
    (document,) = read_tables(settings.data / "sources", read_data(settings))
    observations = {
        quad.subject.value.removeprefix(PREFIXES["id"]) for quad in document.quads if quad.predicate == AIP.value
    }
    assert observations == {"int-metric-machines-rank--kz-2024-1"}
    passages = [quad.object.value for quad in document.quads if quad.predicate == AIP.paraphrase]
    assert passages == ["XNL, 2024: Rank 71."]  # a row without a value says nothing
    days = [quad.object for quad in document.quads if quad.predicate == AIP.retrievedOn]
    assert days == [Literal("2026-11-25", datatype=XSD.date)]
    assert document.line(PREFIXES["id"] + "int-metric-machines-rank--kz-2024-1") == 2
    assert document.line("x", graph=PREFIXES["assertion"] + "ranks-2024.1") == 2


def test_a_table_is_built_and_answers_with_its_evidence(settings: Settings) -> None:
    store = open_snapshot(build(settings).snapshot)
    observation = NamedNode(PREFIXES["id"] + "int-metric-machines-rank--kz-2024-1")
    (value,) = store.quads_for_pattern(observation, AIP.value, None, GRAPH.accepted)
    assert value.object == Literal(71)
    (claim,) = store.quads_for_pattern(observation, AIP.value, None, NamedNode(PREFIXES["assertion"] + "ranks-2024.1"))
    assert claim.object == Literal(71)


def test_a_table_that_differs_from_a_source_is_a_disagreement(settings: Settings) -> None:
    text = table(settings).read_text("utf-8").replace("2024,71", "2025,71")
    table(settings).write_text(text, "utf-8")
    metadata = table(settings).with_name("ranks-2024.csv-metadata.json")
    metadata.write_text(metadata.read_text("utf-8").replace('"2024-12"', '"2025-12"'), "utf-8")
    with pytest.raises(DisagreementError, match="int-metric-machines-rank--kz-2025-1"):
        validate_data(settings)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("Group", "Grouping", 1, "headings and metadata differ: Grouping"),
        ("XNL", "XXX", 2, "'XXX' is no country or region of the registry"),
        ("XSL,2024", "XSL,24", 3, "'24' is no year of an edition"),
        ("71", "71st", 2, "column 'Rank': '71st' is no number"),
        ("71,40.5", "71", 2, "5 cells under 6 headings"),
    ],
)
def test_what_is_wrong_with_a_table_names_its_line(
    settings: Settings, old: str, new: str, line: int, message: str
) -> None:
    table(settings).write_text(table(settings).read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(SyntaxDataError, match=message) as caught:
        read_table(table(settings), registry(settings))
    assert (caught.value.path, caught.value.line) == (table(settings), line)
    assert caught.value.hint


def test_what_is_wrong_with_metadata_names_the_file(settings: Settings) -> None:
    file = table(settings).with_name("ranks-2024.csv-metadata.json")
    metadata = json.loads(file.read_text("utf-8"))
    del metadata["tableSchema"]["columns"][5]["suppressOutput"]
    file.write_text(json.dumps(metadata), "utf-8")
    with pytest.raises(SyntaxDataError, match="column 'Group' has no meaning"):
        read_table(table(settings), registry(settings))
    file.write_text("{", "utf-8")
    with pytest.raises(SyntaxDataError, match="not JSON"):
        read_table(table(settings), registry(settings))
    file.unlink()
    with pytest.raises(SyntaxDataError, match="a table without metadata"):
        read_table(table(settings), registry(settings))


def test_a_table_of_another_encoding_is_refused(settings: Settings) -> None:
    table(settings).write_bytes("Economy,Code\nКазахстан,XNL\n".encode("cp1251"))
    with pytest.raises(SyntaxDataError, match="is not UTF-8"):
        read_table(table(settings), registry(settings))
