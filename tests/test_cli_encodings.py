"""The ``kg`` command with terminals, files and arguments of other encodings: no traceback, data in UTF-8."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from kg.cli import group, main
from kg.errors import SyntaxDataError
from kg.query import parse_query
from kg.read import read_document
from tests.served import MINI, ROOT, snapshots

ENCODINGS = ("cp1252", "ascii", "cp866")
CALLS = (
    "as-known слово",
    "correct {folder}/Ж.txt",
    "describe kz-law-on-ai --lang ru",
    "describe Министерство",
    "diff слово current",
    "evidence kz-law-on-ai",
    "evidence kz-law-on-ai --format json",
    "explain kz-law-on-ai inForceFrom 2026-01-18",
    "export --format turtle --out {folder}/x.ttl",
    "new-search kz-law-on-ai",
    "new-source слово --country kz",
    "publish http://127.0.0.1:9/слово",
    "queries",
    "queries targets",
    "queries --format json",
    "query sources",
    "query sources --format csv",
    "query sources --format excel",
    "query sources --format json",
    "query sources --format rows",
    "query targets --country страна",
    "query targets --format sparql",
    "query names",
    "release слово",
    "sample 2 --seed слово",
    "sample 2 --seed слово --format csv",
    "stats",
    "validate --data {folder}/data",
    "worklist",
    "worklist --format csv",
)


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, call: str, encoding: str) -> tuple[int, bytes, bytes]:
    """Exit code and bytes of a call on a terminal of that encoding."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2)]
    monkeypatch.setattr(sys, "stdout", streams[0])
    monkeypatch.setattr(sys, "stderr", streams[1])
    monkeypatch.setenv("KG_SNAPSHOTS", str(snapshots()))
    monkeypatch.setenv("KG_DATA", str(folder / "data"))
    with pytest.raises(SystemExit) as caught:
        main([word.format(folder=folder) for word in call.split()])
    for stream in streams:
        stream.flush()
    out, err = (stream.buffer.getvalue() for stream in streams)  # type: ignore[attr-defined]
    assert isinstance(caught.value.code, int)
    return caught.value.code, out, err


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the mini record."""
    path = tmp_path_factory.mktemp("encodings")
    shutil.copytree(MINI, path / "data")
    return path


def test_every_command_is_called() -> None:
    called = {call.split()[0] for call in CALLS}
    assert called == set(group.list_commands(click.Context(group))) - {"build", "mcp", "serve"}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("call", CALLS)
def test_any_terminal(monkeypatch: pytest.MonkeyPatch, folder: Path, call: str, encoding: str) -> None:
    code, out, err = run(monkeypatch, folder, call, encoding)
    assert code in (0, 1, 2)
    assert out or err
    # click writes UTF-8 to a terminal that claims to know ASCII alone
    out.decode("utf-8" if "--format" in call or encoding == "ascii" else encoding)
    err.decode("utf-8" if encoding == "ascii" else encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_data_are_written_in_utf8(monkeypatch: pytest.MonkeyPatch, folder: Path, encoding: str) -> None:
    answers = [
        {form: run(monkeypatch, folder, f"query names --format {form}", each)[1] for form in ("csv", "rows", "excel")}
        for each in (encoding, "utf-8")
    ]
    assert answers[0] == answers[1]
    assert answers[0]["excel"].startswith("\ufeff".encode())
    assert "машинах" in answers[0]["csv"].decode()
    assert json.loads(answers[0]["rows"])
    assert len(list(csv.reader(io.StringIO(answers[0]["csv"].decode())))) > 1


@pytest.mark.parametrize("arguments", [["build"], ["query", "names"], ["query", "-", "--format", "csv"]])
def test_a_process_with_ascii_streams(folder: Path, tmp_path: Path, arguments: list[str]) -> None:
    places = {"KG_DATA": str(folder / "data"), "KG_SNAPSHOTS": str(tmp_path if arguments == ["build"] else snapshots())}
    done = subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        input='SELECT ?x { ?x rdfs:label ?l FILTER(CONTAINS(?l, "машинах")) }'.encode(),
        env=os.environ | places | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
        cwd=ROOT,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    if "-" in arguments:
        assert b"kz-law-on-ai" in done.stdout


@pytest.mark.parametrize("call", ["describe \udcff", "query \udcff", "query targets --country \udcff"])
def test_arguments_that_are_no_text(monkeypatch: pytest.MonkeyPatch, folder: Path, call: str) -> None:
    code, out, err = run(monkeypatch, folder, call, "utf-8")
    assert (code, out) == (2, b"")
    assert err.decode()


@pytest.mark.parametrize("name", ["source.trig", "records.ttl", "question.rq"])
@pytest.mark.parametrize("bad", [b"# caf\xe9\n", "Слово".encode("cp1251"), "слово".encode("utf-16")])
def test_a_file_that_is_not_utf8_is_told_by_line(tmp_path: Path, name: str, bad: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(b"# first\n# second\n" + bad)
    with pytest.raises(SyntaxDataError, match="is not UTF-8") as caught:
        (parse_query if name.endswith(".rq") else read_document)(path)
    assert caught.value.where == f"{path}:3: "
    assert caught.value.hint == "save the file as UTF-8"
