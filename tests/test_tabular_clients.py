"""The tables in the tools of others: Datasette, polars, R and DuckDB open them; the dictionary page describes them."""

from __future__ import annotations

import asyncio
import io
import shutil
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import duckdb
import polars
import pytest

from kg.store import open_snapshot
from kg.tabular.archives import csv_archive, parquet_archive
from kg.tabular.package import Package, read_package
from kg.tabular.schema import load_tables
from kg.tabular.sqlite import sqlite_database
from tests.served import site, snapshots


@cache
def package() -> Package:
    """The tables of the mini record."""
    return read_package(open_snapshot(snapshots() / "current"))


def unpacked(folder: Path, content: bytes) -> Path:
    """A folder with the files of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


def test_datasette_serves_every_table(tmp_path: Path) -> None:
    from datasette.app import Datasette

    path = tmp_path / "graph.sqlite"
    path.write_bytes(sqlite_database(package()))

    async def ask() -> tuple[dict[str, int], list[dict[str, object]]]:
        served = Datasette([path], settings={"sql_time_limit_ms": 60_000})
        await served.invoke_startup()
        listed = (await served.client.get("/graph.json")).json()["tables"]
        counts = {}
        for name in (table["name"] for table in listed if not table["hidden"]):
            query = {"sql": f"SELECT count(*) AS n FROM [{name}]", "_shape": "array"}
            counts[name] = (await served.client.get("/graph.json", params=query)).json()[0]["n"]
        return counts, (await served.client.get("/graph/countries.json?_shape=array")).json()

    with ThreadPoolExecutor(1) as pool:  # a browser test may have left its own event loop in this thread
        counts, countries = pool.submit(asyncio.run, ask()).result()
    assert counts == {data.table.name: len(data.rows) for data in package()}
    assert "XNL" in {row["iso3"] for row in countries}


def test_polars_reads_csv_and_parquet(tmp_path: Path) -> None:
    csv, parquet = (unpacked(tmp_path / kind, write(package())) for kind, write in WRITERS.items())
    for data in package():
        name = data.table.name
        frames = (
            polars.read_csv(csv / f"{name}.csv", infer_schema_length=None),
            polars.read_parquet(parquet / f"{name}.parquet"),
        )
        for frame in frames:
            assert (frame.height, frame.columns) == (len(data.rows), [field.name for field in data.table.fields])


WRITERS = {"csv": csv_archive, "parquet": parquet_archive}


def test_duckdb_joins_csv_by_the_keys(tmp_path: Path) -> None:
    folder = unpacked(tmp_path, csv_archive(package()))
    rows = duckdb.sql(
        f"SELECT c.iso3, count(*) FROM '{folder}/targets.csv' t JOIN '{folder}/countries.csv' c ON t.country_id = c.id"
        " GROUP BY 1"
    ).fetchall()
    assert dict(rows).keys() >= {"XNL", "XEL"}


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed: it is large, so .ci/run leaves it out")
def test_r_reads_every_table(tmp_path: Path) -> None:
    folder = unpacked(tmp_path, csv_archive(package()))
    script = "for (f in Sys.glob('*.csv')) cat(f, nrow(read.csv(f, encoding = 'UTF-8')), ncol(read.csv(f)), '\\n')"
    done = subprocess.run(
        ["Rscript", "-e", script], cwd=folder, capture_output=True, text=True, check=True, timeout=120
    )
    found = {line.split()[0]: tuple(map(int, line.split()[1:])) for line in done.stdout.splitlines()}
    assert found == {
        f"{data.table.name}.csv": (len(data.rows), len(data.table.fields)) for data in package() if data.rows
    }


@pytest.mark.server
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_dictionary_describes_every_field(language: str) -> None:
    page = site().get(f"/data/dictionary?lang={language}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    tables = load_tables()
    assert len(tables) > 30
    for table in tables.values():
        part = page.text.partition(f'id="{table.name}"')[2].partition("</section>")[0]
        for field in table.fields:
            assert f"<code>{field.name}</code>" in part
            if field.references in tables:
                assert f'href="#{field.references}"' in part
    assert "/data/dictionary" in site().get("/data/", headers={"Accept": "text/html"}).text
