"""The audits of drawn statements: their files, what the account of them counts, and that their corrections hold."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from tests.record_answers import select
from tests.served import ROOT

VERDICTS = {"right", "imprecise", "wrong", "source not to be had"}
AUDITS = sorted((ROOT / "data").glob("audit-*.csv"))

#: Each audit whose account is a table of counts, and the words that begin the head of its table.
COUNTED = [("audit-2026-12-01.csv", "| of the 164 rows |"), ("audit-2026-12-01b.csv", "| of the 101 rows |")]

#: Statements that the audits of December found imprecise or wrong, or of the same kind; whether they stand now.
CORRECTIONS = [
    ("id:tm-concept-2026-2028", "aip:replaces", "id:tm-concept-2019-2025", False),
    ("id:tm-concept-2026-2028", "aip:continues", "id:tm-concept-2019-2025", True),
    ("id:uz-newuu-cluster", "aip:partner", "id:int-mit", False),
    ("id:uz-newuu", "aip:partner", "id:int-mit", True),
    ("id:uz-ai-bill-2025--provision-arrest", "aip:matter", "concept:matter-fines", False),
    ("id:uz-ai-bill-2025--provision-arrest", "aip:matter", "concept:matter-detention", True),
    ("id:uz-kk-ai-zone--provision-own-capital", "aip:provisionKind", "concept:provision-duty", False),
    ("id:uz-kk-ai-zone--provision-own-capital", "aip:provisionKind", "concept:provision-incentive", True),
]

#: Things whose description was told wider than its text, and words it has to have.
QUALIFIED = [
    ("id:kz-resolution-948-2024--provision-finance-exempt", "payment services"),
    ("id:kz-draft-law-on-ai--provision-liability-insurance", "is to follow national law"),
    ("id:kz-const-law-alatau--provision-digital-first", "emergency"),
    ("id:uz-kk-ai-zone--provision-electricity-tariff", "without value added tax"),
    ("id:kz-target-ict-export-500m-2025--kz-ministry-digital-development-1", "about 30 million"),
    ("id:uz-pp-320--provision-examination", "exception"),
    ("id:uz-kk-ai-zone--provision-dividend-tax", "foreign shareholders"),
    ("id:tj-decree-1046-2025--provision-single-portal", "by 1 September 2025"),
]


def rows(name: str) -> list[dict[str, str]]:
    """The rows of an audit."""
    with (ROOT / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def values(subject: str, name: str) -> set[str]:
    """What the accepted view has of a thing."""
    return {value for (value,) in select(f"SELECT ?value {{ {subject} {name} ?value }}")}


@pytest.mark.parametrize("name", [path.name for path in AUDITS])
def test_each_row_has_a_verdict(name: str) -> None:
    drawn = rows(name)
    assert [int(row["number"]) for row in drawn] == list(range(1, len(drawn) + 1))
    assert {row["verdict"] for row in drawn} <= VERDICTS
    assert all(row["note"] for row in drawn if row["verdict"] != "right")


@pytest.mark.parametrize("name", [name for name, _ in COUNTED])
def test_no_statement_was_drawn_twice(name: str) -> None:
    keys = ("assertion", "subject", "property", "value")
    drawn = Counter(tuple(row[key] for key in keys) for row in rows(name))
    assert drawn.most_common(1)[0][1] == 1


@pytest.mark.parametrize(("name", "head"), COUNTED)
def test_the_account_counts_as_the_file_does(name: str, head: str) -> None:
    verdicts = Counter(row["verdict"] for row in rows(name))
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    table = text.partition(head)[2].partition("\n\n")[0].splitlines()[2:]
    _, right, imprecise, wrong, missing = (
        sum(int(cell) for cell in column if cell.isdigit())
        for column in zip(*([cell.strip() for cell in line.split("|")[2:-1]] for line in table), strict=True)
    )
    assert (right, imprecise, wrong, missing) == tuple(
        verdicts[word] for word in ("right", "imprecise", "wrong", "source not to be had")
    )


@pytest.mark.parametrize(("subject", "name", "value", "stands"), CORRECTIONS)
def test_a_correction_holds(subject: str, name: str, value: str, stands: bool) -> None:
    assert (value in values(subject, name)) is stands


@pytest.mark.parametrize(("subject", "words"), QUALIFIED)
def test_a_description_keeps_its_limit(subject: str, words: str) -> None:
    (text,) = values(subject, "dcterms:description")
    assert words in text
