"""What a source of Uzbekistan claims is no more than its text says: faults that a reading of the sources found."""

from __future__ import annotations

import pytest

from tests.record_answers import select

#: Claims that went further than the passage they stand in: assertion, subject, property.
FURTHER = [
    ("sipoch-ictweek.3", "id:int-metric-planned-investment--uz-datavolt-programme-2025-06-1", "aip:value"),
    ("energytoday.2", "id:int-metric-prize-fund--uz-president-ai-award-2025-10-31-1", "aip:value"),
    ("zamin-shermatov.2", "id:uz-mdt", "aip:replaces"),
    ("trend-50m.1", "id:uz-presentation-oct6-2025", "aip:date"),
    ("kursiv-dc.1", "id:uz-target-55-databases--uz-videoconf-oct-2025-1", "aip:date"),
]

#: Values that are told with the limit of their text.
LIMITED = [
    ("int-metric-machine-project-capacity--uz-large-supercomputer-2025-08-06-1", "aip:qualifier", "qualifier-up-to"),
    ("int-metric-event-participants--uz-ai-hackathon-samarkand-2026-2026-1", "aip:qualifier", "qualifier-about"),
    ("int-metric-data-centre-power-capacity--uz-datavolt-bukhara-dc-2024-09-06-1", "aip:qualifier", "qualifier-up-to"),
]

LATER_ACT = """
SELECT ?assertion ?issued ?signed {
  GRAPH graph:sources { ?assertion aip:inPassage/aip:inSource/dcterms:issued ?issued }
  GRAPH ?assertion { ?thing aip:provisionOf ?act }
  ?act aip:country id:uz .
  ?event aip:of ?act ; aip:stage concept:stage-signed ; aip:date ?signed .
}"""


@pytest.mark.parametrize(("assertion", "subject", "name"), FURTHER)
def test_a_claim_beyond_its_text_is_gone(assertion: str, subject: str, name: str) -> None:
    assert not select(f"SELECT ?o {{ GRAPH assertion:{assertion} {{ {subject} {name} ?o }} }}")


@pytest.mark.parametrize(("subject", "name", "value"), LIMITED)
def test_a_value_keeps_its_limit(subject: str, name: str, value: str) -> None:
    assert select(f"SELECT ?v {{ id:{subject} {name} ?v }}") == [(f"concept:{value}",)]


def test_no_source_tells_the_provisions_of_an_act_signed_after_it() -> None:
    late = {
        assertion
        for assertion, issued, signed in select(LATER_ACT)
        if (day := issued.rpartition("/")[2].rstrip("~")) != ".." and day < signed[: len(day)]
    }
    assert late == set()
