"""The country-year panel joined with figures of the World Bank, from the wide and from the long table."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache
from pathlib import Path

import pandas
import pytest

from kg.tabular.archives import NOTEBOOKS, csv_archive
from tests.served import ROOT, record_tables

GDP = ROOT / "tests" / "data" / "join" / "world-bank-gdp.csv"
pytestmark = pytest.mark.slow
STATES = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]


@cache
def archive() -> zipfile.ZipFile:
    """The CSV archive of the record."""
    return zipfile.ZipFile(io.BytesIO(csv_archive(record_tables())))


def check(joined: pandas.DataFrame) -> None:
    """What a join must give: each state in each year of the survey, with its score."""
    assert sorted(joined.iso3.unique()) == STATES
    assert len(joined) == 25
    (score,) = [column for column in joined.columns if "egdi_score" in column or column.endswith("egdi")][:1]
    row = joined.set_index(["iso3", "year"]).loc["KAZ", 2016]
    assert row["gdp"] == 137278320084.171
    assert 0.5 < row[score] < 1


def test_the_wide_panel_joins_in_three_lines() -> None:
    panel = pandas.read_csv(archive().open("panel.csv"))
    gdp = pandas.read_csv(GDP)
    check(panel.merge(gdp, on=["iso3", "year"]))


def test_the_long_panel_joins_in_four_lines() -> None:
    long = pandas.read_csv(archive().open("panel_long.csv"))
    wide = long.pivot_table(index=["iso3", "year"], columns="indicator", values="value").reset_index()
    gdp = pandas.read_csv(GDP)
    check(wide.merge(gdp, on=["iso3", "year"]))


@pytest.mark.parametrize("name", [path.name for path in sorted(NOTEBOOKS.glob("*.ipynb"))])
def test_the_notebooks_of_the_archive_run_beside_its_files(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive().extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    document = json.loads((tmp_path / name).read_text("utf-8"))
    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
    names: dict[str, object] = {}
    for cell in document["cells"]:
        assert cell["id"]
        if cell["cell_type"] == "code":
            exec(compile(cell["source"], name, "exec"), names)
    assert len(names["panel"]) > 100  # type: ignore[arg-type]
    assert len(names["statements"]) > 1000  # type: ignore[arg-type]
