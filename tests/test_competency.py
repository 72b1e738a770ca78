"""Questions of a policy analyst to the record, theme by theme, in ``competency/<theme>.yaml``: text, pattern and rows.

A pattern is read over what is accepted and the searches. Where ``more`` is true the list may grow, and the rows
must be among the answers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import Literal, NamedNode, QuerySolutions

from kg.namespaces import PREFIXES, shorten
from tests.served import record

FILES = sorted((Path(__file__).parent / "competency").glob("*.yaml"))
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
READ = [NamedNode(PREFIXES["graph"] + name) for name in ("accepted", "coverage")]
#: A theme has this many questions.
QUESTIONS = 10


def themes() -> dict[str, list[dict[str, Any]]]:
    """The questions of each file."""
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))["questions"] for path in FILES}


CASES = [
    pytest.param(case, id=f"{theme}-{number}")
    for theme, cases in themes().items()
    for number, case in enumerate(cases, 1)
]


def answers(case: dict[str, Any]) -> set[tuple[str, ...]]:
    """The distinct rows of a question, IRIs shortened."""
    text = f"{PROLOGUE}SELECT DISTINCT {case['find']} {{ {case['where']} }}"
    results = record().query(text, default_graph=READ)
    assert isinstance(results, QuerySolutions)
    return {tuple(_short(term) for term in row) for row in results}


def _short(term: object) -> str:
    if isinstance(term, Literal):
        return term.value
    return shorten(term.value) if isinstance(term, NamedNode) else ""


@pytest.mark.parametrize("case", CASES)
def test_the_record_answers(case: dict[str, Any]) -> None:
    expected = {tuple(row) for row in case["rows"]}
    found = answers(case)
    assert expected <= found, case["question"]
    if not case.get("more"):
        assert found == expected, case["question"]


@pytest.mark.parametrize("theme", sorted(themes()))
def test_a_theme_has_ten_questions_and_no_answer_is_a_guess(theme: str) -> None:
    cases = themes()[theme]
    assert len(cases) == QUESTIONS
    assert len({case["question"] for case in cases}) == QUESTIONS
    for case in cases:
        assert case["question"].endswith("?")
        # A list that may grow must not be empty: it would then hold of any record.
        assert case["rows"] or not case.get("more"), case["question"]
