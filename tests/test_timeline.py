"""The timeline: events in groups, folded with their counts, sorted by any column, with the columns asked for."""

from __future__ import annotations

import re

import pytest
from lxml import html

from tests.explorer import application
from web.views.html.timeline import COLUMNS, MAX_OPEN


def page(path: str) -> html.HtmlElement:
    response = application().test_client().get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200
    return html.fromstring(response.text)


def counts(tree: html.HtmlElement) -> list[int]:
    texts = tree.xpath("//details[@class='group']/summary/span/text()")
    return [int(text.split()[0]) for text in texts]


def test_all_events_are_there_and_most_of_them_folded() -> None:
    tree = page("/timeline")
    (total,) = re.findall(r"(\d+) events\.", tree.xpath("//figcaption")[0].text_content())
    rows = tree.xpath("//details[@class='group']//tbody/tr")
    assert int(total) == len(rows) == sum(counts(tree))
    open_rows = tree.xpath("//details[@class='group'][@open]//tbody/tr")
    assert MAX_OPEN <= len(open_rows) < 3 * MAX_OPEN


def test_the_newest_come_first_and_each_heading_once() -> None:
    headings = page("/timeline").xpath("//details[@class='group']//h2/text()")
    years = [int(heading[-4:]) for heading in headings]
    assert years == sorted(years, reverse=True)
    assert len(headings) == len(set(headings))
    oldest = page("/timeline?sort=date").xpath("//details[@class='group']//h2/text()")
    assert oldest == headings[::-1]


@pytest.mark.parametrize("column", ["what", *COLUMNS])
def test_is_sorted_and_grouped_by_any_column_either_way(column: str) -> None:
    headings = []
    for order, how in ((column, "ascending"), (f"-{column}", "descending")):
        tree = page(f"/timeline?sort={order}&country=kg")
        assert set(tree.xpath("//th[@aria-sort]/@aria-sort")) == {how}
        headings.append(tree.xpath("//details[@class='group']//h2/text()"))
    assert headings[0] == headings[1][::-1]


def test_countries_spans_and_columns_are_in_the_address() -> None:
    tree = page("/timeline?country=kz&country=tj&from=2025-01-01&to=2025-12-31&column=date&column=country")
    first = tree.xpath("//details[@class='group']//thead")[0]
    assert [head.text_content().strip() for head in first.xpath(".//th")] == ["What", "Date", "Country"]
    places = set(tree.xpath("//tbody//td[2]/a/text()"))
    assert places == {"Kazakhstan", "Tajikistan"}
    assert all("2025" in text for text in tree.xpath("//details[@class='group']//h2/text()"))
    sort = tree.xpath("//th/a[@class='sort']/@href")[0]
    assert "country=kz&country=tj" in sort
    assert "column=date" in sort
