"""The target tracker: facets, states, progress, evidence, and how it takes a wrong value."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html
from pyoxigraph import Literal

from kg.namespaces import PREFIXES
from tests.explorer import application
from web.answers.canned import Row, ask
from web.views.html.template_helpers import progress_ratio
from web.views.html.tracker import COLUMNS, PAGE_SIZE

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
    parts = [page(f"/targets?page={number}") for number in range(1, 2 + (count - 1) // PAGE_SIZE)]
    assert sum(len(part.xpath("//tbody/tr")) for part in parts) == count
    assert not parts[-1].xpath("//nav[@class='pages']/a[@rel='next']")


def number(tree: html.HtmlElement) -> int:
    return int(tree.xpath("//table/caption")[0].text_content().split()[0])


def test_what_is_due_nearest_to_the_day_comes_first() -> None:
    def distance(row: html.HtmlElement) -> int:
        text = row.xpath("td[@data-head='Due']")[0].text_content()
        found = re.search(r"(\d+) days? (?:left|ago)", text)
        return int(found[1]) if found else 99_999

    distances = [distance(row) for row in page("/targets?asOf=2026-11-30").xpath("//tbody/tr")[:6]]
    assert distances == sorted(distances)
    assert distances[0] < 60


@pytest.mark.parametrize("column", ["target", *COLUMNS])
def test_is_sorted_by_any_column_either_way(column: str) -> None:
    first = [page(f"/targets?sort={order}") for order in (column, f"-{column}")]
    assert [tree.xpath("//th[@aria-sort]/@aria-sort") for tree in first] == [["ascending"], ["descending"]]
    rows = [[row.text_content() for row in tree.xpath("//tbody/tr")] for tree in first]
    assert rows[0] != rows[1]


def test_countries_spans_and_columns_are_in_the_address() -> None:
    path = "/targets?country=kz&country=uz&dueFrom=2026-12-01&dueBefore=2027-05-31&column=due&column=state"
    tree = page(path)
    assert [head.text_content().strip() for head in tree.xpath("//thead//th")] == ["Target", "State", "Due"]
    with application().test_request_context("/"):
        rows = [row for code in ("kz", "uz") for row in ask("targets", country=code)]
    due = [row for row in rows if "2026-12-01" <= row.text("dueBy") <= "2027-05-31"]
    assert 0 < number(tree) == len(due)
    boxes = tree.xpath("//input[@type='checkbox'][@checked]/@value")
    assert {"kz", "uz", "due", "state"} == set(boxes) - {"on"}


def test_facets_narrow_and_add_up() -> None:
    overdue = page("/targets?country=uz&state=overdue")
    assert states(overdue) == {"overdue without evidence"}
    counted = overdue.xpath("//p[@class='states']/a[contains(@href, 'state-overdue')]")[0].text_content().split()[-1]
    assert int(counted) == number(overdue)


def test_due_before_and_as_of() -> None:
    early = page("/targets?dueBefore=2025-12-31")
    every = page("/targets")
    assert 0 < number(early) < number(every)
    then = page("/targets?asOf=2024-01-01")
    assert "1 January 2024" in then.text_content()
    assert number(then) < number(every)


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
    assert {field.get("name") for field in wrong} == {query.partition("=")[0]}
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
        rows = ask("targets")
        done = {row.text("target"): progress_ratio(row) for row in rows}
    rank = "uz-target-gairi-top50-2030"
    assert done[PREFIXES["id"] + rank] is not None
    parts = [page(f"/targets?page={number}") for number in range(1, 1 + -(-len(rows) // PAGE_SIZE))]
    for target in [iri.removeprefix(PREFIXES["id"]) for iri, ratio in done.items() if ratio]:
        in_table = [
            value for part in parts for value in part.xpath(f"//tr[th/a/@href='/id/{target}']//progress/@value")
        ]
        on_page = page(f"/id/{target}").xpath("//dl//progress/@value")
        assert set(on_page) == set(in_table), target
