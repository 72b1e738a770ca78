"""The rules beside the ontology: given this graph, exactly that is added (SPARQL 1.1, section 16.2 CONSTRUCT)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml
from pyoxigraph import BlankNode, Literal, Quad, RdfFormat, Store, Triple, parse

ROOT = Path(__file__).parents[1]
RULES = ROOT / "ontology" / "rules"
CASES = Path(__file__).parent / "data" / "rules"
NAMES = sorted(path.stem for path in RULES.glob("*.rq"))


def triples(path: Path) -> set[Triple]:
    return {quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE)}


@cache
def concepts() -> frozenset[Triple]:
    files = sorted((ROOT / "ontology" / "concepts").glob("*.ttl"))
    return frozenset(triple for path in files for triple in triples(path))


def construct(name: str, given: set[Triple]) -> set[Triple]:
    store = Store()
    store.extend(Quad(*triple) for triple in given | concepts())
    text = (RULES / f"{name}.rq").read_text(encoding="utf-8")
    return {Triple(*triple) for triple in store.query(text)}  # type: ignore[union-attr,misc]


def header(name: str) -> dict[str, str]:
    lines = (RULES / f"{name}.rq").read_text(encoding="utf-8").splitlines()
    return yaml.safe_load("\n".join(line[3:] for line in lines if line.startswith("#+")))  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", NAMES)
def test_given_and_expected(name: str) -> None:
    added = construct(name, triples(CASES / name / "given.ttl"))
    assert added == triples(CASES / name / "expected.ttl")


@pytest.mark.parametrize("name", NAMES)
def test_names_no_blank_node_and_takes_nothing_back(name: str) -> None:
    given = triples(CASES / name / "given.ttl")
    added = construct(name, given)
    assert not any(isinstance(term, BlankNode) for triple in added for term in triple)
    assert construct(name, given | added) == added


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("label-")])
def test_one_label_a_language(name: str) -> None:
    labels = [
        (triple.subject, triple.object.language)
        for triple in construct(name, triples(CASES / name / "given.ttl"))
        if isinstance(triple.object, Literal)
    ]
    assert len(labels) == len(set(labels))
    assert {(subject, language) for subject, _ in labels for language in ("en", "ru")} == set(labels)


@pytest.mark.parametrize("name", NAMES)
def test_header(name: str) -> None:
    found = header(name)
    assert set(found) == {"summary", "label"}
    assert found["summary"].endswith(".")


def test_every_case_has_a_rule_and_every_label_is_its_own() -> None:
    assert sorted(path.name for path in CASES.iterdir()) == NAMES
    labels = [header(name)["label"] for name in NAMES]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("name", NAMES)
def test_no_time_chance_or_aggregate(name: str) -> None:
    text = (RULES / f"{name}.rq").read_text(encoding="utf-8").upper()
    forbidden = ("NOW(", "RAND(", "UUID(", "BNODE(", "COUNT(", "SAMPLE(", "GROUP BY", "SELECT", "SERVICE", "GRAPH ")
    assert [word for word in forbidden if word in text] == []
