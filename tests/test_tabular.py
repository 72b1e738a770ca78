"""The tables: what they say of the mini record, that their keys hold, and that the tools of analysts open them.

``data/tabular/<table>.csv`` is what ``kg export --format csv-zip`` writes of the mini record, once read by a person.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import csvw as csvw_reader
import duckdb
import frictionless
import openpyxl
import pandas
import pytest
from pyoxigraph import Literal, NamedNode

from kg.errors import UsageError
from kg.formats import TABLE_FORMATS
from kg.namespaces import expand
from kg.store import open_snapshot
from kg.tabular.archives import csv_archive, parquet_archive
from kg.tabular.cells import cells, short_id
from kg.tabular.export import export_tables
from kg.tabular.extra import optional
from kg.tabular.metadata import csvw, data_dictionary
from kg.tabular.package import Package, read_package
from kg.tabular.schema import Column, foreign_keys, load_tables
from kg.tabular.spreadsheet import workbook
from kg.tabular.sqlite import sqlite_database
from tests.served import record_tables, snapshots

EXPECTED = Path(__file__).parent / "data" / "tabular"
GDP = Path(__file__).parent / "data" / "join" / "invented-gdp.csv"
TABLES = load_tables()


@cache
def mini() -> Package:
    return read_package(open_snapshot(snapshots() / "current"))


@cache
def archive() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(csv_archive(mini()))) as files:
        return {name: files.read(name) for name in files.namelist()}


@cache
def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(sqlite_database(mini()))
    return connection


@pytest.mark.parametrize("path", sorted(EXPECTED.glob("*.csv")), ids=lambda path: path.stem)
def test_expected_rows(path: Path) -> None:
    assert archive()[path.name].decode().replace("\r\n", "\n") == path.read_text("utf-8")


@pytest.mark.parametrize("package", [mini, record_tables])
def test_keys_are_unique_and_foreign_keys_hold(package: object) -> None:
    ids = {data.table.name: {row[0] for row in data.rows} for data in package()}  # type: ignore[operator]
    for data in package():  # type: ignore[operator]
        names = [field.name for field in data.table.fields]
        keys = [tuple(row[names.index(name)] for name in data.table.key) for row in data.rows]
        assert len(set(keys)) == len(keys), data.table.name
        assert all(None not in key for key in keys), data.table.name
        for field in foreign_keys(data.table):
            values = {row[names.index(field.name)] for row in data.rows} - {None}
            assert values <= ids[field.references], (data.table.name, field.name)


def test_every_table_of_the_record_has_rows() -> None:
    assert [data.table.name for data in record_tables() if not data.rows] == []


def test_a_country_stands_with_its_codes() -> None:
    for table in TABLES.values():
        names = [field.name for field in table.fields]
        if "country_id" in names:
            at = names.index("country_id")
            assert names[at : at + 3] == ["country_id", "iso2", "iso3"]
    rows = database().execute("SELECT DISTINCT country_id, iso2, iso3 FROM instruments").fetchall()
    assert ("kz", "XN", "XNL") in rows


def test_every_field_is_described() -> None:
    text = data_dictionary(mini())
    for table in TABLES.values():
        assert f"## {table.name}\n" in text
        assert table.description.endswith(".")
        names = [field.name for field in table.fields]
        assert len(set(names)) == len(names), table.name
        assert all(field.description.endswith(".") for field in table.fields), table.name


def test_statements_tell_what_is_accepted_and_what_was_ruled() -> None:
    query = "SELECT accepted, ruling_id IS NOT NULL, count(*) FROM statements GROUP BY 1, 2"
    counts = {(accepted, ruled): count for accepted, ruled, count in database().execute(query)}
    assert counts[1, 0] > 100
    assert counts[0, 1] > 0


def test_sqlite_enforces_foreign_keys() -> None:
    connection = database()
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO passages VALUES ('x', 'x', 'no-source', 'p. 1', 'text')")


def test_sqlite_refuses_a_broken_key() -> None:
    package = Package(tuple(data for data in mini() if data.table.name != "sources"), "0", "")
    with pytest.raises((UsageError, sqlite3.Error)):
        sqlite_database(package)


def test_frictionless_validates_data_and_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content in archive().items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)  # frictionless reads only below its own folder
    report = frictionless.validate("datapackage.json")
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:5]
    assert len(report.tasks) == len(mini().tables)


def test_csvw_describes_every_column() -> None:
    described = {table["url"]: table["tableSchema"] for table in csvw(mini())["tables"]}
    assert json.loads(archive()["csv-metadata.json"])["tables"]
    for name, content in archive().items():
        if name.endswith(".csv"):
            head = content.decode().split("\r\n", 1)[0].split(",")
            assert [column["name"] for column in described[name]["columns"]] == head


def test_a_csvw_reader_finds_types_and_foreign_keys_right(tmp_path: Path) -> None:
    for name, content in archive().items():
        (tmp_path / name).write_bytes(content)
    group = csvw_reader.TableGroup.from_file(tmp_path / "csv-metadata.json")
    rows = {table.local_name: len(list(table.iterdicts())) for table in group.tables}
    assert rows == {f"{data.table.name}.csv": len(data.rows) for data in mini()}
    group.check_referential_integrity()


def test_pandas_reads_every_table() -> None:
    for data in mini():
        frame = pandas.read_csv(io.BytesIO(archive()[f"{data.table.name}.csv"]), keep_default_na=False, na_values=[""])
        assert len(frame) == len(data.rows)
        assert list(frame.columns) == [field.name for field in data.table.fields]


def test_duckdb_reads_parquet_with_types(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(parquet_archive(mini()))) as files:
        files.extractall(tmp_path)
    for data in mini():
        relation = duckdb.read_parquet(str(tmp_path / f"{data.table.name}.parquet"))
        assert relation.columns == [field.name for field in data.table.fields]
        assert len(relation.fetchall()) == len(data.rows)
    observations = duckdb.read_parquet(str(tmp_path / "observations.parquet"))
    types = dict(zip(observations.columns, map(str, observations.types), strict=True))
    assert (types["value"], types["date_first"], types["release"]) == ("DOUBLE", "DATE", "BIGINT")


def test_excel_opens_the_workbook() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(mini())), read_only=True)
    assert book.sheetnames == ["data dictionary", *(data.table.name for data in mini())]
    for data in mini():
        rows = list(book[data.table.name].iter_rows(values_only=True))
        assert len(rows) == len(data.rows) + 1
        assert rows[0] == tuple(field.name for field in data.table.fields)
    book.close()


def test_the_panel_counts_what_the_tables_say() -> None:
    query = """
        SELECT p.iso3, p.instruments_law_in_force, count(i.id) FROM panel p LEFT JOIN instruments i
        ON i.country_id = p.country_id AND i.kind = 'Law' AND i.in_force_last <= p.year || '-12-31'
        GROUP BY p.country_id, p.year
    """
    counts = database().execute(query).fetchall()
    assert [row for row in counts if row[1] != row[2]] == []
    assert ("XNL", 1, 1) in counts
    query = """
        SELECT count(*), sum(l.value = CASE l.indicator WHEN 'targets_met' THEN p.targets_met ELSE p.targets_due END)
        FROM panel_long l JOIN panel p USING (country_id, year) WHERE indicator IN ('targets_met', 'targets_due')
    """
    rows, equal = database().execute(query).fetchone()
    assert rows == equal > 3


def test_the_panel_has_every_year_of_every_covered_country() -> None:
    years = (
        database().execute("SELECT country_id, count(*), max(year) - min(year) + 1 FROM panel GROUP BY 1").fetchall()
    )
    assert {code for code, *_ in years} == {"kg", "kz", "uz"}
    assert all(count == span for _, count, span in years)


def test_the_panel_joins_with_figures_by_country_and_year() -> None:
    """As with a download of the World Bank, which has a column for each year; these figures are invented."""
    panel = pandas.read_csv(io.BytesIO(archive()["panel.csv"]))
    gdp = pandas.read_csv(GDP).melt(["Country Name", "Country Code"], var_name="year", value_name="gdp")
    joined = panel.merge(gdp.astype({"year": int}), left_on=["iso3", "year"], right_on=["Country Code", "year"])
    joined["targets_per_billion"] = joined["targets_set"] / joined["gdp"] * 1e9
    assert list(joined["iso3"].unique()) == ["XEL", "XNL", "XSL"]
    east = joined[(joined.iso3 == "XEL") & (joined.year == 2024)].iloc[0]
    assert east["targets_per_billion"] == east["targets_set"] / 4.0 > 0


def test_csv_archive_is_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from kg.store import open_snapshot; "
        "from kg.tabular.export import export_tables; "
        "export_tables(open_snapshot(Path(sys.argv[1])), 'csv-zip', Path(sys.argv[2]))"
    )
    contents = set()
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.zip"
        command = [sys.executable, "-c", script, str(snapshots() / "current"), str(out)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
        contents.add(out.read_bytes())
    assert contents == {csv_archive(mini())}


@pytest.mark.parametrize("name", TABLE_FORMATS)
def test_export_writes_the_file(name: str, tmp_path: Path) -> None:
    out = tmp_path / TABLE_FORMATS[name].file_name
    assert export_tables(open_snapshot(snapshots() / "current"), name, out) == out.stat().st_size > 1000


def test_errors_tell_what_to_do(tmp_path: Path) -> None:
    store = open_snapshot(snapshots() / "current")
    with pytest.raises(UsageError, match="no table format"):
        export_tables(store, "stata", tmp_path / "x")
    with pytest.raises(UsageError, match="cannot write"):
        export_tables(store, "csv-zip", tmp_path / "no-folder" / "x")
    with pytest.raises(UsageError, match="not installed"):
        optional("no_such_library")
    with pytest.raises(UsageError, match="2 values of number"):
        cells(Column("number", "text", "x"), [Literal("1"), Literal("2")], {}, "instruments: x")


def test_short_ids() -> None:
    assert short_id(expand("id:kz-law-on-ai")) == "kz-law-on-ai"
    assert short_id(expand("aip:adoptedOn")) == "adoptedOn"
    assert short_id(expand("rdfs:label")) == "rdfs:label"


def test_a_date_is_its_text_and_its_days() -> None:
    column = Column("date", "date", "x")
    month = Literal("2025-02", datatype=NamedNode(expand("xsd:gYearMonth")))
    assert cells(column, [month], {}, "x") == ("2025-02", "2025-02-01", "2025-02-28")
    open_end = Literal("2025-02-03/..", datatype=NamedNode(expand("edtf:EDTF")))
    assert cells(column, [open_end], {}, "x") == ("2025-02-03/..", "2025-02-03", None)
    assert cells(column, [month, open_end], {}, "x") == ("2025-02 | 2025-02-03/..", "2025-02-01", "2025-02-28")
    assert cells(column, [], {}, "x") == (None, None, None)
