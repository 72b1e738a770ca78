"""Which observations show the progress of a formulation and which fulfil it: given these triples, exactly those."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kg.history.facts import Facts
from kg.history.model import Moment, Span
from kg.history.progress import Fit, fit
from kg.history.read_targets import TargetReader
from kg.terms import AIP
from tests.history import day

CASES = Path(__file__).parent / "data" / "history"
SET_ON = Moment(Span(day("2024-01-01"), day("2024-01-01")))


def triples(path: Path) -> set[Triple]:
    return {quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE)}


def reader(case: Path) -> tuple[Facts, TargetReader]:
    facts = Facts(triples(case / "given.ttl"), [])
    return facts, TargetReader(facts)


@pytest.mark.parametrize("case", sorted(CASES.glob("satisfies-*")), ids=lambda path: path.name)
def test_observations_that_fulfil_a_formulation(case: Path) -> None:
    facts, targets = reader(case)
    found = set()
    for seen, formulation in facts.pairs(AIP.progressOf):
        value = targets.value(seen, "same")
        if value and fit(targets.formulation(formulation, SET_ON), value) is Fit.MEETS:
            found.add(Triple(seen, AIP.satisfies, formulation))
    assert found == triples(case / "expected.ttl")


@pytest.mark.parametrize("case", sorted(CASES.glob("progress-of*")), ids=lambda path: path.name)
def test_observations_that_show_progress(case: Path) -> None:
    facts, targets = reader(case)
    aims = facts.pairs(AIP.formulationOf)
    found = {Triple(seen, AIP.progressOf, node) for node, aim in aims for seen, _ in targets.progress(node, aim)}
    assert found == triples(case / "expected.ttl")


def test_a_narrower_metric_shows_the_progress_of_a_wider_one(tmp_path: Path) -> None:
    text = (CASES / "progress-of-country" / "given.ttl").read_text("utf-8")
    text += "id:int-metric-it-jobs aip:includedIn id:int-metric-jobs .\n"
    text += (
        "id:int-metric-it-jobs--uz-2024-1 a aip:Observation ; aip:metric id:int-metric-it-jobs ; aip:about id:uz .\n"
    )
    (tmp_path / "given.ttl").write_text(text, "utf-8")
    _, targets = reader(tmp_path)
    id_ = "https://w3id.org/ca-ai-policy/id/"
    node, aim = NamedNode(id_ + "uz-target--uz-act-1"), NamedNode(id_ + "uz-target")
    found = {seen.value.removeprefix(id_) for seen, _ in targets.progress(node, aim)}
    assert found == {"int-metric-jobs--uz-2024-1", "int-metric-it-jobs--uz-2024-1"}
