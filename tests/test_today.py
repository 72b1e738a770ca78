"""Questions about today as a journalist, a minister's aide and a sceptic ask them, with what public pages say."""

from __future__ import annotations

import pytest

from tests.record_answers import ask, select, states, status


@pytest.mark.parametrize(
    ("post", "person", "since"),
    [
        ("kz-post-president", "kz-person-tokayev", "2019-03-20"),
        ("uz-post-president", "uz-person-mirziyoyev", "2016-12-14"),
        ("kg-post-president", "kg-person-sadyr-japarov", "2021-01-28"),
        ("tj-post-president", "tj-person-emomali-rahmon", "1994-01-01"),
        ("tm-post-president", "tm-person-serdar-berdimuhamedov", "2022-03-19"),
    ],
)
def test_a_head_of_state_holds_office_since_the_oath(post: str, person: str, since: str) -> None:
    rows = select(
        f"SELECT ?p ?d {{ ?i aip:post id:{post} ; aip:incumbent ?p ; aip:fromEarliest ?d"
        " FILTER NOT EXISTS { ?i aip:untilLatest ?e } }"
    )
    assert rows == [(f"id:{person}", since)]


def test_the_first_law_on_ai_counts_from_its_signing_and_a_draft_is_no_strategy() -> None:
    cells = {(row["kind"], row["country"]): row for row in ask("comparison")}
    assert cells["aip:Law", "id:kz"]["firstDate"] == "2025-11-17"
    assert cells["aip:Law", "id:uz"]["firstDate"] == "2026-01-21/2026-01-23"
    for country, first in (("tj", "2022-09-30"), ("uz", "2024-10-14")):
        assert cells["aip:Strategy", f"id:{country}"]["firstDate"] == first
    assert cells["aip:Concept", "id:kz"]["firstDate"] == "2024-07-24"
    for country in ("kg", "tm"):
        assert cells["aip:Strategy", f"id:{country}"]["number"] == "0"


def test_what_is_on_supervision_or_the_digital_economy_is_no_strategy_on_ai() -> None:
    """A minister's aide: the map of the first page, and the first sentence on a country."""
    rows = [row for row in ask("country-profile") if row["figure"] == "concept:figure-first-strategy"]
    first = {row["country"]: (row["thing"], row["date"]) for row in rows if row["date"]}
    assert first == {
        "id:kz": ("id:kz-concept-ai-2024-2029", "2024-07-24"),
        "id:uz": ("id:uz-ai-strategy-2030", "2024-10-14"),
        "id:tj": ("id:tj-ai-strategy-2040", "2022-09-30"),
    }


def test_an_act_that_two_steps_adopted_is_one_row() -> None:
    rows = [(row["instrument"], row["country"]) for row in ask("instruments")]
    assert ("id:tj-law-false-information-2020", "id:tj") in rows
    assert len(rows) == len(set(rows))


def test_the_law_of_kazakhstan_is_in_force_since_18_january_2026() -> None:
    """A journalist; zakon.kz, 17 January 2026."""
    assert status("id:kz-law-on-ai") == ("in-force", "2026-01-18", "event")


def test_what_uzbekistan_must_deliver_by_the_end_of_2026() -> None:
    """A minister's aide; the decree UP-189, cis-legislation.com."""
    due = {row["target"]: row for row in ask("due-soon", country="id:uz", within="60")}
    for target, value in (("id:uz-target-100-projects", "100"), ("id:uz-target-labs-15", "15")):
        assert due[target]["deadline"] == "2026-12-31"
        assert select(f"SELECT ?v {{ ?f aip:formulationOf {target} ; aip:targetValue ?v }}") == [(value,)]


def test_the_fine_for_unlawful_processing_of_personal_data_with_ai_in_uzbekistan() -> None:
    """A journalist; cemc.uz."""
    rules = {row["provision"]: row["rule"] for row in ask("provisions", instrument="id:uz-zru-1115")}
    assert "50 to 100 base calculation units" in rules["id:uz-zru-1115--provision-fine"]


def test_how_many_use_the_language_model_of_kazakhstan() -> None:
    """A sceptic; el.kz, 10 February 2026."""
    assert select(
        "SELECT ?v ?e ?q { ?o aip:about id:kz-kazllm ; aip:metric id:int-metric-users ; aip:value ?v ; aip:edition ?e ;"
        " aip:qualifier ?q }"
    ) == [("600000", "2026-02", "concept:qualifier-more-than")]


def test_who_heads_the_governments_of_uzbekistan_and_kazakhstan() -> None:
    """A minister's aide; lenta.ru, 20 November 2024."""
    rows = {row["post"]: row for row in ask("office-holders")}
    assert (rows["id:uz-post-prime-minister"]["person"], rows["id:uz-post-prime-minister"]["from"]) == (
        "id:uz-person-aripov",
        "2016-12-14",
    )
    assert rows["id:uz-post-prime-minister"]["confirmed"] == "false"
    assert rows["id:kz-post-prime-minister"]["person"] == "id:kz-person-bektenov"


def test_what_becomes_of_the_draft_strategy_of_kyrgyzstan_is_not_said() -> None:
    """A sceptic: no page shows it adopted."""
    assert status("id:kg-ai-strategy")[0] == "in-preparation"
    assert ("aip:Draft",) in select("SELECT ?t { id:kg-ai-strategy a ?t }")


def test_overdue_is_only_what_somebody_looked_for() -> None:
    """A sceptic: each row names the day of the search or says that nobody has looked yet."""
    rows = ask("overdue")
    assert rows
    for row in rows:
        assert bool(row["searched"]) == (row["state"] == "concept:state-overdue"), row["target"]
    assert states("id:uz-target-100-projects") == {"open"}
