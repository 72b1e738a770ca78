"""Statements are counted without types, ordinals and keys, by what they rest on."""

from __future__ import annotations

import json

from pyoxigraph import RdfFormat, parse

from kg.namespaces import PREFIXES
from kg.read import read_ontology
from kg.settings import Settings
from kg.statements import count_statements
from kg.vocabulary import Vocabulary
from tests.served import ROOT, snapshots

PROLOGUE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
SOURCES = """
graph:sources {
  source:law a aip:Source ; aip:sourceKind concept:source-official-law .
  source:agency a aip:Source ; aip:sourceKind concept:source-news .
  source:paper a aip:Source ; aip:sourceKind concept:source-news ; aip:rewrites source:agency .
  source:tracker a aip:Source ; aip:sourceKind concept:source-compilation .
  passage:law.1 aip:inSource source:law . assertion:law.1 aip:inPassage passage:law.1 .
  passage:agency.1 aip:inSource source:agency . assertion:agency.1 aip:inPassage passage:agency.1 .
  passage:paper.1 aip:inSource source:paper . assertion:paper.1 aip:inPassage passage:paper.1 .
  passage:tracker.1 aip:inSource source:tracker . assertion:tracker.1 aip:inPassage passage:tracker.1 .
}
"""
SIGNED = """id:kz-law--signed-1 a aip:LifecycleEvent ;
  aip:of id:kz-law ; aip:stage concept:stage-signed ; aip:ordinal 1 ; aip:date "2025-11-17"^^xsd:date"""
RANK = """id:int-metric-rank--kz-2025-1 a aip:Observation ; aip:metric id:int-metric-rank ; aip:about id:kz ;
  aip:edition "2025" ; aip:release 1 ; aip:unit concept:unit-rank ; aip:date "2025"^^xsd:gYear ; aip:value 58"""


def count(claims: str) -> dict[str, int]:
    vocabulary = Vocabulary.from_quads(
        quad for document in read_ontology(Settings.default(ROOT)) for quad in document.quads
    )
    return count_statements(parse(PROLOGUE + SOURCES + claims, format=RdfFormat.TRIG), vocabulary)


def test_type_ordinal_and_key_state_nothing() -> None:
    counts = count(f"assertion:law.1 {{ {SIGNED} . }} assertion:agency.1 {{ {RANK} . }}")
    assert counts == {"statements": 2, "single_source": 2, "two_origins": 0, "official_text": 1, "compilation": 0}


def test_one_statement_of_two_sources_is_counted_once() -> None:
    counts = count(
        f"assertion:law.1 {{ {SIGNED} . }} assertion:agency.1 {{ {SIGNED} ; aip:by id:kz-post-president . }}"
    )
    assert counts == {"statements": 2, "single_source": 1, "two_origins": 1, "official_text": 1, "compilation": 0}


def test_a_source_that_rewrites_another_is_no_second_origin() -> None:
    counts = count(f"assertion:agency.1 {{ {SIGNED} . }} assertion:paper.1 {{ {SIGNED} . }}")
    assert counts == {"statements": 1, "single_source": 0, "two_origins": 0, "official_text": 0, "compilation": 0}


def test_what_a_tracker_alone_says_is_counted_apart() -> None:
    counts = count(f"assertion:tracker.1 {{ {SIGNED} . {RANK} . }} assertion:law.1 {{ {SIGNED} . }}")
    assert (counts["statements"], counts["compilation"], counts["official_text"]) == (2, 1, 1)


def test_the_build_reports_them_beside_the_triples() -> None:
    counts = json.loads((snapshots() / "current" / "report.json").read_text("utf-8"))["counts"]
    assert counts["claims"] > counts["statements"] > counts["single_source"] > 0
    assert counts["statements"] >= counts["single_source"] + counts["two_origins"]
