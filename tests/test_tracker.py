"""The target tracker: facets, states, progress, evidence, and how it takes a wrong value."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html
from pyoxigraph import Literal

from kg.namespaces import PREFIXES
from tests.explorer import application
from web.answers.canned import Row, ask
from web.views.html.template_helpers import progress_ratio

HEADERS = {"Accept": "text/html"}


def page(path: str, status: int = 200) -> html.HtmlElement:
    response = application().test_client().get(path, headers=HEADERS)
    assert response.status_code == status
    return html.fromstring(response.get_data(as_text=True))


def states(tree: html.HtmlElement) -> set[str]:
    return {badge.text_content() for badge in tree.xpath("//tbody/tr/td[2]/span[contains(@class, 'badge')]")}


def test_shows_every_wording() -> None:
    with application().test_request_context("/"):
        count = len(ask("targets"))
    assert len(page("/targets").xpath("//tbody/tr")) == count


def test_facets_narrow_and_add_up() -> None:
    overdue = page("/targets?country=uz&state=overdue")
    assert states(overdue) == {"overdue without evidence"}
    counted = overdue.xpath("//p[@class='states']/a[contains(@href, 'state-overdue')]")[0].text_content().split()[-1]
    assert int(counted) == len(overdue.xpath("//tbody/tr"))


def test_due_before_and_as_of() -> None:
    early = page("/targets?dueBefore=2025-12-31")
    every = page("/targets")
    assert 0 < len(early.xpath("//tbody/tr")) < len(every.xpath("//tbody/tr"))
    then = page("/targets?asOf=2024-01-01")
    assert "1 January 2024" in then.text_content()
    assert len(then.xpath("//tbody/tr")) < len(every.xpath("//tbody/tr"))


def test_every_row_opens_its_evidence() -> None:
    for row in page("/targets?country=uz").xpath("//tbody/tr"):
        marks = row.xpath(".//a[contains(@class, 'ev')]/@href")
        assert marks, row.text_content()
        assert all(parse_qs(urlsplit(mark).query)["s"] for mark in marks)


def test_facets_offer_only_what_there_is() -> None:
    tree = page("/targets")
    for value in tree.xpath("//select[@name='topic']/option/@value")[1:4]:
        assert page(f"/targets?topic={value}").xpath("//tbody/tr")
    for value in tree.xpath("//select[@name='body']/option/@value")[1:4]:
        assert page(f"/targets?body={value}").xpath("//tbody/tr")


@pytest.mark.parametrize("query", ["state=nonsense", "asOf=yesterday", "country=atlantis", "dueBefore=2025"])
def test_a_wrong_value_brings_the_form_back(query: str) -> None:
    tree = page(f"/targets?{query}", 400)
    assert tree.xpath("//*[@role='alert']")
    wrong = tree.xpath("//*[@aria-invalid='true']")
    assert [field.get("name") for field in wrong] == [query.partition("=")[0]]
    assert query.partition("=")[2] in tree.xpath("//p[@class='error']")[0].text_content()


def test_says_what_was_looked_for_where_nothing_fits() -> None:
    tree = page("/targets?country=tm&state=met")
    assert not tree.xpath("//tbody")
    assert tree.xpath("//p[@class='note']/a[contains(@href, 'silence')]")


def row(**numbers: str) -> Row:
    return Row({name: Literal(text, datatype=None) for name, text in numbers.items()})


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({"value": "10", "reached": "4"}, 0.4),
        ({"value": "10", "reached": "14"}, 1.0),
        ({"value": "10", "reached": "7", "baseline": "4"}, 0.5),
        ({"value": "20", "reached": "35", "baseline": "50"}, 0.5),
        ({"value": "2", "reached": "15", "baseline": "10", "comparator": "comparator-times-baseline"}, 0.5),
        ({"value": "2", "reached": "15", "comparator": "comparator-times-baseline"}, None),
        ({"value": "30", "reached": "24", "unit": PREFIXES["concept"] + "unit-rank"}, None),
        ({"value": "10"}, None),
    ],
)
def test_progress_ratio(numbers: dict[str, str], expected: float | None) -> None:
    assert progress_ratio(row(**numbers)) == expected


def test_tracker_and_page_of_a_target_show_the_same_progress() -> None:
    with application().test_request_context("/"):
        done = {row.text("target"): progress_ratio(row) for row in ask("targets")}
    rank = "uz-target-gairi-top50-2030"
    assert done[PREFIXES["id"] + rank] is not None
    for target in [iri.removeprefix(PREFIXES["id"]) for iri, ratio in done.items() if ratio]:
        in_table = page("/targets").xpath(f"//tr[th/a/@href='/id/{target}']//progress/@value")
        on_page = page(f"/id/{target}").xpath("//dl//progress/@value")
        assert set(on_page) == set(in_table), target
