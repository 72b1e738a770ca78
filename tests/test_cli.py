"""The ``kg`` command on the mini record: help, exit codes, clean output, errors that say where and what to do."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import click
import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results

from kg import __version__
from kg.check import raise_for_errors
from kg.cli import group, main, report
from kg.errors import DataError
from kg.findings import Finding
from kg.query import load_queries
from tests.built import built
from tests.served import MINI, RECORD_DAY, ROOT, snapshots

QUERIES = load_queries(ROOT / "queries")
COMMANDS = group.list_commands(click.Context(group))


@dataclass
class Outcome:
    """What a command left."""

    code: int
    out: str
    err: str


Kg = Callable[..., Outcome]


@pytest.fixture
def kg(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Kg:
    """Runs ``kg`` over the mini record, in this process."""
    shutil.copytree(MINI, tmp_path / "data")
    monkeypatch.setenv("KG_SNAPSHOTS", str(snapshots()))
    monkeypatch.setenv("KG_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Outcome:
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        out, err = capfdbinary.readouterr()
        code = caught.value.code
        assert isinstance(code, int)
        return Outcome(code, out.decode(), err.decode())

    return run


def test_installed_as_a_program() -> None:
    for start in ([sys.executable, "-m", "kg"], [str(Path(sys.executable).with_name("kg"))]):
        if not Path(start[0]).exists():
            continue
        done = subprocess.run([*start, "--version"], capture_output=True, text=True, check=False, timeout=60, cwd=ROOT)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.strip() == f"kg, version {__version__}"


def test_help_names_every_command(kg: Kg) -> None:
    for flag in ("--help", "-h"):
        shown = kg(flag)
        assert shown.code == 0
        assert all(f"  {name} " in shown.out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command(kg: Kg, name: str) -> None:
    shown = kg(name, "--help")
    assert (shown.code, shown.err) == (0, "")
    assert f"Usage: kg {name}" in shown.out
    command = group.get_command(click.Context(group), name)  # type: ignore[attr-defined]
    assert command.help
    for parameter in command.params:
        assert isinstance(parameter, click.Argument) or parameter.help, parameter.name


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["biuld"], "No such command 'biuld'"),
        (["query"], "Missing argument 'SLUG'"),
        (["query", "tagrets"], "there is no canned query 'tagrets'"),
        (["query", "targets", "--contry", "kz"], "targets has no option '--contry'"),
        (["query", "targets", "kz"], "targets has no option 'kz'"),
        (["query", "targets", "--country"], "option --country needs a value"),
        (["query", "targets", "--country", "atlantis"], "parameter 'country': not one of the allowed values"),
        (["query", "targets", "--as-of", "yesterday"], "parameter 'asOf': not a date (given: 'yesterday')"),
        (["query", "due-soon", "--within=0"], "parameter 'within': out of range"),
        (["query", "targets", "--format", "pdf"], "Invalid value for '--format'"),
        (["query", "targets", "--format", "turtle"], "the answer cannot be written as turtle"),
        (["queries", "tagrets"], "there is no canned query 'tagrets'"),
        (["describe", "kz-law-on-al"], "nothing in the graph is called 'kz-law-on-al'"),
        (["evidence", "http://a b"], "nothing in the graph is called 'http://a b'"),
        (["explain", "kz-law-on-ai", "signedOn", '"x'], "not a Turtle term"),
        (["new-source", "Bad Slug", "--country", "kz"], "'Bad Slug' is not a slug"),
        (["new-source", "s", "--country", "kz", "--url", "https://x> ; a <y"], "is not a web address"),
        (["new-source", "s", "--country", "kz", "--language", 'en" ; a "b'], "is not a language tag"),
        (["new-source", "gazette-law", "--country", "kz"], "gazette-law.trig is there already"),
        (["validate", "README.md"], "is not a data file"),
    ],
)
def test_bad_usage_is_exit_2(kg: Kg, arguments: list[str], says: str) -> None:
    done = kg(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert says in done.err
    assert "Traceback" not in done.err


def test_refusals_say_what_is_allowed(kg: Kg) -> None:
    assert "targets" in kg("query", "tagrets").err
    assert "--as-of" in kg("query", "targets", "--contry", "kz").err
    assert "uz" in kg("query", "targets", "--country", "atlantis").err
    assert "overdue" in kg("query", "targets", "--state", "overdo").err
    for name in ("kz-law-on-al", "Thinking law", "Law on AI", "Закон о машинах"):
        assert "kz-law-on-ai" in kg("describe", name).err, name
    assert len(kg("query", "targets", "--country", "atlantis").err.splitlines()) == 2


@pytest.mark.parametrize("name", ["describe", "evidence", "query", "stats", "export"])
def test_without_a_snapshot(kg: Kg, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.setenv("KG_SNAPSHOTS", str(tmp_path / "none"))
    arguments = {"query": ["targets"], "export": ["--format", "turtle", "--out", "x"], "stats": []}.get(name, ["kz"])
    done = kg(name, *arguments)
    assert (done.code, done.out) == (1, "")
    assert "run: kg build" in done.err
    assert "Traceback" not in done.err


def test_csv_is_nothing_but_rows(kg: Kg) -> None:
    done = kg("query", "targets", "--country", "kg", "--as-of", "2026-11-25", "--format", "csv")
    assert (done.code, done.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert {row["countryLabel"] for row in rows} == {"Eastland"}
    assert {row["stateLabel"] for row in rows} >= {
        "met",
        "missed",
        "overdue without evidence",
        "superseded",
        "on course",
    }


def test_options_in_each_spelling(kg: Kg) -> None:
    spellings = (["--as-of", "2025-03-31"], ["--asOf", "2025-03-31"], ["--as-of=2025-03-31"], ["--ASOF=2025-03-31"])
    answers = {kg("query", "targets", *spelling, "--format", "csv").out for spelling in spellings}
    assert len(answers) == 1
    assert answers != {kg("query", "targets", "--format", "csv").out}


def test_formats(kg: Kg) -> None:
    rows = list(csv.reader(io.StringIO(kg("query", "sources", "--format", "csv").out)))
    for form, reader in (
        ("json", QueryResultsFormat.JSON),
        ("xml", QueryResultsFormat.XML),
        ("tsv", QueryResultsFormat.TSV),
    ):
        solutions = parse_query_results(kg("query", "sources", "--format", form).out, format=reader)
        assert len(list(solutions)) == len(rows) - 1  # type: ignore[arg-type]
    plain = json.loads(kg("query", "sources", "--format", "rows").out)
    assert list(plain[0]) == rows[0]
    assert isinstance(plain[0]["passages"], int)
    assert kg("query", "sources", "--format", "excel").out.startswith("\ufeff" + ",".join(rows[0]))


def test_a_table_for_people(kg: Kg) -> None:
    for query, name in ((("office-holders", "--country", "kg"), "Nora New"), (("indices",), "Machine Readiness Index")):
        done = kg("query", *query)
        assert done.code == 0
        assert name in done.out
        assert "https://w3id.org" not in done.out
        assert done.err.strip() == "1 row"


def test_the_query_itself(kg: Kg) -> None:
    done = kg("query", "targets", "--country", "uz", "--format", "sparql")
    assert done.out.startswith("PREFIX")
    assert "(<https://w3id.org/ca-ai-policy/id/uz> UNDEF" in done.out


@pytest.mark.parametrize(("pattern", "truth"), [("id:kz-law-on-ai ?p ?o", True), ("id:no-such-thing ?p ?o", False)])
def test_a_question_of_yes_or_no(kg: Kg, tmp_path: Path, pattern: str, truth: bool) -> None:
    file = tmp_path / "ask.rq"
    file.write_text(f"ASK {{ {pattern} }}", "utf-8")
    word = "true" if truth else "false"
    assert kg("query", str(file)).out == ("yes\n" if truth else "no\n")
    assert json.loads(kg("query", str(file), "--format", "json").out) == {"head": {}, "boolean": truth}
    assert f"<boolean>{word}</boolean>" in kg("query", str(file), "--format", "xml").out
    assert {kg("query", str(file), "--format", form).out.strip() for form in ("csv", "tsv", "rows", "excel")} == {word}
    refused = kg("query", str(file), "--format", "turtle")
    assert (refused.code, refused.out) == (2, "")
    assert "it can be written as: table, csv" in refused.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "targets", "--country", "kz", "--country", "uz"],
        ["query", "targets", "--as-of", "2026-01-01", "--asOf=2026-01-01"],
        ["query", "targets", "--format", "csv", "--country", "kz", "--format", "json"],
        ["describe", "kz", "--lang", "en", "--lang", "ru"],
        ["evidence", "kz", "--own", "--own"],
        ["worklist", "--country=kz", "--country", "uz"],
        ["build", "--quiet", "--quiet"],
        ["export", "--format", "turtle", "--out", "a", "--out", "b"],
        ["validate", "--data", "kg", "--data", "web"],
        ["new-source", "s", "--country", "kz", "--title", "a", "--title", "b"],
        ["stats", "--format", "json", "--format", "table"],
        ["queries", "--format", "json", "--format", "json"],
        ["publish", "http://localhost:1", "--user", "a", "--user", "b"],
        ["serve", "--port", "1", "--port", "2"],
    ],
    ids=" ".join,
)
def test_an_option_given_twice_is_refused(kg: Kg, arguments: list[str]) -> None:
    done = kg(*arguments)
    assert (done.code, done.out) == (2, "")
    assert "is given twice" in done.err


def test_a_query_of_ones_own(kg: Kg, tmp_path: Path) -> None:
    file = tmp_path / "my.rq"
    file.write_text("SELECT ?day { id:kz-law-on-ai aip:signedOn ?day }", "utf-8")
    assert kg("query", str(file), "--format", "csv").out == "day\r\n2025-11-17\r\n"
    refused = kg("query", str(file), "--country", "kz")
    assert (refused.code, refused.out) == (2, "")
    assert "write the value into the query" in refused.err
    missing = kg("query", str(tmp_path / "none.rq"))
    assert missing.code == 2
    assert "No such file" in missing.err
    file.write_text("SELECT ?day { id:kz-law-on-ai nope:signedOn ?day }", "utf-8")
    assert kg("query", str(file)).err.startswith("line 1, column 31: the prefix nope: is not declared")


def test_queries(kg: Kg) -> None:
    listed = json.loads(kg("queries", "--format", "json").out)
    assert [each["slug"] for each in listed] == list(QUERIES)
    table = kg("queries")
    assert all(slug in table.out for slug in QUERIES)
    shown = kg("queries", "due-soon").out
    assert QUERIES["due-soon"].summary in shown
    assert "--within" in shown
    assert "1–3650" in shown


@pytest.mark.parametrize("name", ["kz-law-on-ai", "id:kz-law-on-ai", "https://w3id.org/ca-ai-policy/id/kz-law-on-ai"])
def test_describe(kg: Kg, name: str) -> None:
    done = kg("describe", name)
    assert done.code == 0
    assert done.out.startswith("Law on Thinking Machines\n")
    assert "Signing: Law on Thinking Machines" in done.out
    assert kg("describe", name, "--lang", "ru").out.startswith("Закон о мыслящих машинах\n")


def test_evidence(kg: Kg) -> None:
    done = kg("evidence", "kz-law-on-ai")
    assert done.code == 0
    assert "The Northland Gazette, 2025-11-18, preamble" in done.out
    assert "[not in the accepted view]" in done.out
    assert "ruling, resolved: The gazette is the official text" in done.out
    every = json.loads(kg("evidence", "kz-law-on-ai", "--format", "json").out)
    own = json.loads(kg("evidence", "kz-law-on-ai", "--own", "--format", "json").out)
    assert 0 < len(own) < len(every)
    assert {each["subject"] for each in own} == {"https://w3id.org/ca-ai-policy/id/kz-law-on-ai"}
    assert all(each["citations"] for each in every)
    assert kg("evidence", "aip:Law").out == "no source claims anything about it; see kg describe aip:Law\n"


def test_a_passage_is_cited_once_for_a_claim(kg: Kg, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also if it makes the claim in two voices."""
    monkeypatch.setenv("KG_SNAPSHOTS", str(built(ROOT / "data", RECORD_DAY)))
    lines = kg("evidence", "kz-law-on-ai", "--own").out.splitlines()
    assert not [line for line, after in pairwise(lines) if line == after]


def test_explain(kg: Kg) -> None:
    done = kg("explain", "kz-law-on-ai", "signedOn", "2025-11-17")
    assert done.code == 0
    assert "Signed on" in done.out
    assert "“Law on Thinking Machines”, preamble" in done.out


def test_stats(kg: Kg) -> None:
    assert "claims" in kg("stats").out
    stats = json.loads(kg("stats", "--format", "json").out)
    assert stats["classes"]["aip:Law"]["kz"] == 1
    assert stats["build"]["counts"]["sources"] > 3


def test_export(kg: Kg, tmp_path: Path) -> None:
    out = tmp_path / "graph.ttl"
    done = kg("export", "--format", "turtle", "--out", str(out))
    assert (done.code, done.out) == (0, "")
    assert str(out) in done.err
    assert any(parse(path=str(out), format=RdfFormat.TURTLE))
    nowhere = kg("export", "--format", "turtle", "--out", str(tmp_path / "none" / "graph.ttl"))
    assert (nowhere.code, "there is no folder" in nowhere.err) == (2, True)


def test_build_and_validate(kg: Kg, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KG_SNAPSHOTS", str(tmp_path / "build"))
    assert (kg("build", "--quiet").code, (tmp_path / "build" / "current").is_symlink()) == (0, True)
    done = kg("validate")
    assert (done.code, done.out) == (0, "")
    assert "no errors" in done.err
    assert kg("validate", str(tmp_path / "data" / "sources" / "kg" / "east-report.trig")).code == 0


@pytest.mark.parametrize("command", ["build", "validate"])
def test_a_slip_is_named_by_file_and_line(kg: Kg, tmp_path: Path, command: str) -> None:
    path = tmp_path / "data" / "registry" / "kz.ttl"
    path.write_text(path.read_text("utf-8") + "id:kz-x a aip:Lawn .\n", "utf-8")
    done = kg(command)
    assert done.code == 1
    assert f"kz.ttl:{len(path.read_text('utf-8').splitlines())}: " in done.err
    assert "aip:Lawn" in done.err
    assert "Traceback" not in done.err


def test_bad_syntax_is_named_by_file_and_line(kg: Kg, tmp_path: Path) -> None:
    path = tmp_path / "data" / "registry" / "kz.ttl"
    path.write_text("@prefix id: <https://w3id.org/ca-ai-policy/id/> .\nid:kz id:kz id:kz\n", "utf-8")
    done = kg("validate")
    assert done.code == 1
    assert "kz.ttl:" in done.err


FILLED = [
    ("kz-FILL-IN", "kz-law-on-ai"),
    ("publisher-FILL-IN", "publisher-herald"),
    ('issued "FILL-IN"', 'issued "2026-01-20"'),
    ('date "FILL-IN"', 'date "2025-11-17"'),
    ('title "FILL-IN"', 'title "The law is signed"'),
    ("source-FILL-IN", "source-news"),
    ("https://example.org/FILL-IN", "https://herald.example.org/law"),
    ("FILL-IN: paragraph 1, article 3, table 2", "paragraph 1"),
    ("FILL-IN: what the passage says, in your own words", "The president signed the law."),
    ("confidence-FILL-IN", "confidence-high"),
    ("hedge-FILL-IN", "hedge-stated"),
]


def test_new_source_can_be_filled_in(kg: Kg, tmp_path: Path) -> None:
    title = 'A "new"\nthing \\ in Cyrillic: Новое'
    done = kg("new-source", "new-thing", "--country", "kz", "--title", title, "--url", "https://x.example/a?b=c#d")
    path = tmp_path / "data" / "sources" / "kz" / "new-thing.trig"
    assert (done.code, done.out.strip()) == (0, str(path))
    quads = list(parse(path=str(path), format=RdfFormat.TRIG))
    assert 'A "new" thing \\ in Cyrillic: Новое' in {getattr(quad.object, "value", "") for quad in quads}
    assert "FILL-IN" in kg("validate", str(path)).err


def test_a_new_source_is_refused_until_every_placeholder_is_filled(kg: Kg, tmp_path: Path) -> None:
    kg("new-source", "new-thing", "--country", "kz")
    path = tmp_path / "data" / "sources" / "kz" / "new-thing.trig"
    lines = path.read_text("utf-8").splitlines()
    left = {number for number, line in enumerate(lines, 1) if "FILL-IN" in line and not line.lstrip().startswith("#")}
    assert len(left) == 12
    done = kg("validate", str(path))
    reported = {int(number) for number in re.findall(rf"^{re.escape(str(path))}:(\d+): ", done.err, re.MULTILINE)}
    assert done.code == 1
    assert left == reported
    filled = {}
    for number, forgotten in enumerate((None, *FILLED)):
        text = "\n".join(lines).replace("new-thing", f"new-thing-{number}")
        for pair in FILLED:
            text = text if pair == forgotten else text.replace(*pair)
        filled[path.with_name(f"new-thing-{number}.trig")] = text
    path.unlink()
    for file, text in filled.items():
        file.write_text(text, "utf-8")
    complete, *incomplete = map(str, filled)
    done = kg("validate", *incomplete)
    assert done.code == 1
    refused = {line.partition(":")[0] for line in done.err.splitlines() if ".trig:" in line}
    assert refused == {*incomplete}
    for name in incomplete:
        Path(name).unlink()
    assert kg("validate", complete).code == 0


def test_worklist(kg: Kg) -> None:
    everything = kg("worklist", "--as-of", "2026-11-25")
    assert "confirm an expected step" in everything.out
    assert everything.err == "9 tasks\n"
    before = kg("worklist", "--as-of", "2026-11-19", "--task", "look-up-outcome")
    assert "look up an outcome" in before.out
    assert "kg new-search id:kg-target-late" in before.out
    assert before.err == "1 task\n"
    one = kg("worklist", "--country", "uz", "--task", "settle-disagreement", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(one.out))
    assert row["command"] == "kg evidence id:int-metric-exports--uz-2024-1"


def test_a_sample_is_the_same_for_the_same_seed_and_can_be_carried_on(kg: Kg) -> None:
    four = kg("sample", "4", "--seed", "autumn", "--format", "csv").out.splitlines()
    assert four[0] == "assertion,subject,property,value,source,url,locator,paraphrase"
    two, further = (kg("sample", "2", "--seed", "autumn", *more, "--format", "csv") for more in ((), ("--skip", "2")))
    assert [*two.out.splitlines(), *further.out.splitlines()[1:]] == four
    assert kg("sample", "4", "--seed", "spring", "--format", "csv").out.splitlines() != four
    shown = kg("sample", "2", "--seed", "autumn")
    assert shown.err == "2 statements\n"
    assert next(csv.DictReader(io.StringIO(two.out)))["assertion"] in shown.out


def test_a_sample_has_no_more_than_there_is(kg: Kg) -> None:
    everything = list(csv.DictReader(io.StringIO(kg("sample", "100000", "--seed", "autumn", "--format", "csv").out)))
    assert {row["assertion"].partition(":")[0] for row in everything} == {"assertion"}
    assert not {"rdf:type", "aip:ordinal", "aip:unit"} & {row["property"] for row in everything}
    assert kg("sample", "--seed", "autumn", "--skip", str(len(everything))).err == "0 statements\n"


def test_the_record_of_a_search_can_be_filled_in(kg: Kg, tmp_path: Path) -> None:
    record = kg("new-search", "kg-target-late")
    assert "aip:about id:kg-target-late" in record.out
    assert record.err == "Who says what so far: kg evidence id:kg-target-late\n"
    coverage = tmp_path / "data" / "coverage.ttl"
    coverage.write_text(coverage.read_text("utf-8") + record.out, "utf-8")
    assert kg("validate", str(coverage)).code == 0
    assert kg("new-search", "int-far").code == 2


@pytest.mark.parametrize("form", ["csv", "table"])
def test_a_closed_pipe_is_no_error(form: str) -> None:
    done = shell(f"{{ {sys.executable} -m kg query identifiers --format {form}; echo $? >&2; }} | head -n 1")
    assert done.stderr.splitlines()[-1] == "0"
    assert "Traceback" not in done.stderr
    assert done.stdout.startswith("thing" if form == "csv" else "")


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no device that is always full")
@pytest.mark.parametrize("form", ["csv", "table", "json"])
def test_a_full_disk_is_said_in_one_line(form: str) -> None:
    done = shell(f"{sys.executable} -m kg query targets --format {form} >/dev/full")
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if not line.endswith("rows")] == ["No space left on device"]


def shell(command: str) -> subprocess.CompletedProcess[str]:
    environment = {"KG_SNAPSHOTS": str(snapshots()), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=False, timeout=60, cwd=ROOT, env=environment
    )


def test_an_export_into_a_pipe_leaves_the_pipe_where_it_is(kg: Kg, tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    assert kg("export", "--format", "ntriples", "--out", str(pipe)).code == 0
    reader.join(60)
    assert pipe.is_fifo()
    assert read[0].startswith(b"<http")


def test_what_a_message_repeats_is_short(kg: Kg) -> None:
    for command in (("query", "x" * 9000), ("evidence", "x" * 9000), ("explain", "kz", "x" * 9000, "1")):
        said = kg(*command)
        assert said.code == 2
        assert len(said.err) < 400


def test_explain_names_the_values_that_there_are(kg: Kg) -> None:
    said = kg("explain", "kz-law-on-ai", "inForceFrom", "2026-01-19")
    assert said.code == 2
    assert "the graph has: 2026-01-18" in said.err


def test_describe_speaks_no_language_that_it_has_not(kg: Kg) -> None:
    said = kg("describe", "kz-law-on-ai", "--lang", "xx")
    assert said.code == 2
    assert "'kk'" in said.err


def test_a_service_that_cannot_be_asked_is_no_bug(kg: Kg, tmp_path: Path) -> None:
    query = tmp_path / "service.rq"
    query.write_text("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "utf-8")
    said = kg("query", str(query))
    assert said.code == 1
    assert len(said.err.splitlines()) == 1


def test_every_slip_says_what_is_allowed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    slips = [
        Finding("error", tmp_path / "a.trig", 3, "id:x", None, "aip:locatr is none", "nearest: aip:locator", "a"),
        Finding("error", tmp_path / "a.trig", 9, "id:y", None, "there is no id:kz-none", "nearest: id:kz", "b"),
    ]
    with pytest.raises(DataError) as caught:
        raise_for_errors(slips)
    report(caught.value)
    told = capsys.readouterr().err.splitlines()
    assert told[:4] == [
        f"{tmp_path}/a.trig:3: aip:locatr is none",
        "  nearest: aip:locator",
        f"{tmp_path}/a.trig:9: there is no id:kz-none",
        "  nearest: id:kz",
    ]
    assert told[4].startswith("the data have 2 errors")
    assert len(told) == 5


@pytest.mark.parametrize("arguments", [["--help"], ["queries"], ["evidence", "kz-law-on-ai"]])
def test_a_command_loads_only_what_it_needs(arguments: list[str]) -> None:
    """The modules that build and validate, and rdflib, take several times as long as such a command."""
    code = "import sys; from kg.cli import group; group(standalone_mode=False); print(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", code, *arguments]
    environment = os.environ | {"KG_SNAPSHOTS": str(snapshots()), "KG_DATA": str(MINI)}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    loaded = set(result.stderr.split())
    assert "kg.cli" in loaded
    assert loaded.isdisjoint({"rdflib", "shifty", "kg.pipeline", "kg.history", "kg.reason", "kg.sentences", "flask"})
