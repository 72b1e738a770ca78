"""The Python interface: its examples run as they stand, its values are typed, its errors say what to do."""

from __future__ import annotations

import doctest
import os
import subprocess
import sys
from pathlib import Path

import pandas
import pytest

import kg
from kg import api
from kg.errors import ParameterError, QueryError, SnapshotError, UnknownQueryError, UnknownThingError, UsageError
from tests.served import ROOT, snapshots


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch) -> kg.Graph:
    monkeypatch.setenv("KG_SNAPSHOTS", str(snapshots()))
    return kg.open_graph()


def test_the_examples_of_the_documentation_run(graph: kg.Graph) -> None:
    result = doctest.testmod(api, extraglobs={"graph": graph}, optionflags=doctest.ELLIPSIS)
    assert result.attempted > 10
    assert result.failed == 0


def test_every_public_name_is_documented() -> None:
    for name in kg.__all__:
        assert getattr(kg, name)
    public = [member for cls in (api.Graph, api.Answer) for key, member in vars(cls).items() if not key.startswith("_")]
    assert [member for member in public if callable(member) and not member.__doc__] == []
    with pytest.raises(AttributeError, match="no_such_name"):
        kg.no_such_name  # noqa: B018


def test_an_answer_becomes_a_typed_data_frame(graph: kg.Graph) -> None:
    answer = graph.ask("panel")
    frame = answer.to_pandas()
    assert tuple(frame.columns) == answer.columns
    assert len(frame) == len(answer) > 0
    assert pandas.api.types.is_integer_dtype(frame["year"])
    laws = graph.ask("instruments", country="kz", kind="Law").to_pandas()
    assert pandas.api.types.is_datetime64_any_dtype(laws["since"])


def test_rows_are_mappings_that_can_be_sliced(graph: kg.Graph) -> None:
    answer = graph.ask("instruments")
    assert [*answer][:2] == [*answer[:2]]
    assert answer[0].keys() == set(answer.columns)
    assert graph.query("ASK { ?law a aip:Law }")[0]["answer"] is True


def test_errors_say_what_is_allowed(graph: kg.Graph) -> None:
    with pytest.raises(UnknownQueryError, match="instrumnts"):
        graph.ask("instrumnts")
    with pytest.raises(ParameterError, match="no such parameter"):
        graph.ask("instruments", colour="red")
    with pytest.raises(UnknownThingError, match="kz-law-on-aj") as caught:
        graph.evidence("kz-law-on-aj")
    assert "kz-law-on-ai" in str(caught.value.hint)
    with pytest.raises(QueryError):
        graph.query("SELECT * WHERE {")
    with pytest.raises(UsageError, match="not a table"):
        graph.query("CONSTRUCT WHERE { ?s a aip:Law }")
    with pytest.raises(SnapshotError, match="no snapshot"):
        kg.open_graph(ROOT / "tests" / "no-such-folder")


def test_a_type_checker_sees_the_types(tmp_path: Path) -> None:
    script = tmp_path / "use.py"
    script.write_text(
        'import kg\n\ngraph = kg.open_graph()\nreveal_type(graph.ask("targets")[0]["x"])\n'
        "reveal_type(graph.evidence('kz')[0].citations[0].url)\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(script)]
    environ = {**os.environ, "MYPYPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False, timeout=300)
    assert 'Revealed type is "str | int | float | bool | None"' in done.stdout.replace("builtins.", ""), done.stdout
    assert '"str | None"' in done.stdout.replace("builtins.", "")
