"""Checks of single files: each slip by the smallest file that makes it, and the one finding it gives."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

from kg.check import Index, check, raise_for_errors
from kg.errors import DataError
from kg.findings import ERROR, WARNING, Finding, nearest
from kg.namespaces import expand
from kg.read import Document, read_data, read_document, read_ontology
from kg.settings import ROOT, Settings
from kg.terms import GRAPH
from kg.vocabulary import Vocabulary

DATA = Path(__file__).parent / "data"
INVALID = DATA / "invalid"
GRAPHS = {
    "coverage": GRAPH.coverage,
    "editorial": GRAPH.editorial,
    "registry": GRAPH.registry,
    "ruling": GRAPH.rulings,
}
WARNINGS = {"future-words"}
EXPECTED = list(csv.DictReader((INVALID / "findings.csv").read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """The ontology of the project."""
    documents = read_ontology(Settings.default(ROOT))
    return Vocabulary.from_quads(quad for document in documents for quad in document.quads)


@pytest.fixture(scope="module")
def valid() -> list[Document]:
    """The files of an invented country without a slip."""
    return read_data(Settings(DATA, ROOT / "ontology", DATA / "valid", DATA, DATA, DATA))


def read_invalid(name: str) -> Document:
    """A file with a slip; the beginning of the name of a Turtle file says where it would lie."""
    path = INVALID / name
    return read_document(path, None if path.suffix == ".trig" else GRAPHS[name.partition("-")[0]])


def test_files_without_a_slip(valid: list[Document], vocabulary: Vocabulary) -> None:
    assert check(valid, vocabulary, Index.of(valid, vocabulary)) == []


def test_every_file_has_an_expected_finding() -> None:
    files = {path.name for path in INVALID.glob("*.t*")}
    assert files == {row["file"] for row in EXPECTED}
    assert len(files) == len(EXPECTED) >= 100


@pytest.mark.parametrize("row", EXPECTED, ids=[row["file"] for row in EXPECTED])
def test_slip(row: dict[str, str], valid: list[Document], vocabulary: Vocabulary) -> None:
    document = read_invalid(row["file"])
    found = check([document], vocabulary, Index.of([*valid, document], vocabulary))
    assert [finding.message for finding in found] == [row["message"]]
    finding = found[0]
    severity = WARNING if row["code"] in WARNINGS else ERROR
    assert (finding.severity, finding.path, finding.code) == (severity, INVALID / row["file"], row["code"])
    assert finding.line == int(row["line"])
    assert finding.subject == (row["thing"] if row["thing"].startswith(("[", "http")) else expand(row["thing"]))
    assert finding.property == (expand(row["property"]) if row["property"] else None)
    assert row["allowed"]
    assert row["allowed"] in str(finding.hint)


def test_a_new_slip_of_one_file_is_not_laid_to_another(valid: list[Document], vocabulary: Vocabulary) -> None:
    slip = read_invalid("unknown-thing.trig")
    assert check(valid, vocabulary, Index.of([*valid, slip], vocabulary)) == []


def test_a_ruling_on_two_values_of_one_file_settles_them(
    tmp_path: Path, valid: list[Document], vocabulary: Vocabulary
) -> None:
    name = "two-values.trig"
    text = (DATA / "valid" / "rulings.ttl").read_text(encoding="utf-8")
    text = text.replace("concept--adopted-1", "concept--adopted-2").replace('"2023-22"', '"2025-04"')
    text = text.replace('"2024-07-24"^^xsd:date', '"2025-03"^^xsd:gYearMonth').replace("edtf:EDTF", "xsd:gYearMonth")
    (tmp_path / "rulings.ttl").write_text(text, encoding="utf-8")
    documents = [read_invalid(name), read_document(tmp_path / "rulings.ttl", GRAPH.rulings)]
    others = [document for document in valid if document.path.name != "rulings.ttl"]
    assert check(documents, vocabulary, Index.of([*others, *documents], vocabulary)) == []


def test_findings_are_sorted_and_each_told_once(vocabulary: Vocabulary) -> None:
    documents = [read_invalid(name) for name in ("wrong-kind.trig", "bad-number.trig")]
    found = check(documents, vocabulary, Index.of(documents, vocabulary))
    assert found == sorted(set(found), key=lambda f: (str(f.path), f.line or 0, f.subject, f.property or "", f.message))
    assert {finding.path.name for finding in found} == {"wrong-kind.trig", "bad-number.trig"}


@pytest.mark.parametrize("text", ["", "# nothing yet\n@prefix id: <https://w3id.org/ca-ai-policy/id/> .\n"])
def test_an_empty_source_is_told(tmp_path: Path, vocabulary: Vocabulary, text: str) -> None:
    paths = [tmp_path / "empty.trig", tmp_path / "registry" / "kz.ttl"]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        document = read_document(path)
        found = check([document], vocabulary, Index.of([document], vocabulary))
        assert [str(finding) for finding in found] == [f"{path}: the file holds no statement"]
        assert "kg new-source" in str(found[0].hint)


def test_our_own_records_may_be_empty(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "rulings.ttl"
    path.touch()
    document = read_document(path)
    assert check([document], vocabulary, Index.of([document], vocabulary)) == []


def test_errors_stop_and_warnings_do_not(tmp_path: Path) -> None:
    warning = Finding("warning", tmp_path, 1, "id:x", None, "odd", None, "odd")
    error = Finding(ERROR, tmp_path, 2, "id:x", None, "wrong", "fix it", "wrong")
    raise_for_errors([warning])
    with pytest.raises(DataError, match="one error") as caught:
        raise_for_errors([warning, error])
    assert caught.value.details == (error,)
    assert caught.value.hint == "fix it"
    assert str(error) == f"{tmp_path}:2: wrong"


def test_nearest_is_best_first() -> None:
    assert nearest("aip:dat", ["aip:date", "aip:data", "aip:zzz"])[0] in ("aip:date", "aip:data")
    assert nearest("aip:dat", ["aip:zzz"]) == []


def test_one_file_is_checked_in_seconds_against_a_large_record(
    tmp_path: Path, valid: list[Document], vocabulary: Vocabulary
) -> None:
    text = (DATA / "valid" / "sources" / "kz" / "gov-plan.trig").read_text(encoding="utf-8")
    paths = [tmp_path / f"copy-{number}.trig" for number in range(800)]
    for path in paths:
        path.write_text(text.replace("gov-plan", path.stem), encoding="utf-8")
    begin = time.process_time()
    documents = [*valid, *(read_document(path) for path in paths)]
    index = Index.of(documents, vocabulary)
    assert check(documents[-1:], vocabulary, index) == []
    assert sum(len(document.quads) for document in documents) > 60_000
    assert time.process_time() - begin < 3


def test_a_file_of_many_misspelt_names_stays_fast(tmp_path: Path, vocabulary: Vocabulary) -> None:
    head = (INVALID / "unknown-thing.trig").read_text(encoding="utf-8").partition("graph:sources {")[0]
    claims = "".join(f"id:kz-concept-{n} aip:partOf id:kz-body-{n} .\n" for n in range(500))
    path = tmp_path / "many.trig"
    path.write_text(f"{head}@prefix x: <urn:x> .\nassertion:many.1 {{\n{claims}}}\n", encoding="utf-8")
    document = read_document(path)
    assert len(check([document], vocabulary, Index.of([document], vocabulary))) == 1001
