"""CSV on the real record: frictionless validates the answer to every question, and pandas reads what JSON says."""

from __future__ import annotations

import io
from pathlib import Path

import pandas
import pytest
from frictionless import Detector, Dialect, validate
from frictionless.formats import CsvControl

from kg.query import load_queries
from tests.explorer import application
from tests.served import ROOT
from web.views.api.queries import is_table

TABLES = [slug for slug, query in load_queries(ROOT / "queries").items() if is_table(query)]


def body(slug: str, form: str) -> bytes:
    response = application().test_client().get(f"/query/{slug}.{form}", buffered=True)
    assert response.status_code == 200, response.text
    return response.data


@pytest.mark.parametrize("form", ["csv", "excel"])
@pytest.mark.parametrize("slug", TABLES)
def test_frictionless(slug: str, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # frictionless reads only below its own folder
    Path("answer.csv").write_bytes(body(slug, form))
    dialect = Dialect(controls=[CsvControl(delimiter=",", quote_char='"', double_quote=True)])
    # What is checked is the table; what its cells mean, the types of the query say.
    report = validate("answer.csv", dialect=dialect, detector=Detector(field_type="any"), encoding="utf-8-sig")
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:3]


@pytest.mark.parametrize("slug", TABLES)
def test_pandas(slug: str) -> None:
    document = application().test_client().get(f"/query/{slug}.json", buffered=True).json
    table = pandas.read_csv(io.BytesIO(body(slug, "csv")), dtype=str, keep_default_na=False)
    assert list(table.columns) == document["head"]["vars"]
    assert len(table) == len(document["results"]["bindings"])
    for row, bindings in zip(table.to_dict("records"), document["results"]["bindings"], strict=True):
        assert row == {name: bindings[name]["value"] if name in bindings else "" for name in row}
