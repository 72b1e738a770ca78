"""Two acts side by side: what both say, what only one says, and how wrong addresses are answered."""

from __future__ import annotations

import re

import pytest
from lxml import html

from tests.explorer import application

PAIR = "/compare-acts?a=kz-draft-law-on-ai&b=kz-law-on-ai"


def page(path: str, language: str = "en") -> html.HtmlElement:
    headers = {"Accept": "text/html", "Cookie": f"lang={language}"}
    response = application().test_client(use_cookies=False).get(path, headers=headers)
    assert response.status_code == 200
    return html.fromstring(response.text)


def cells(tree: html.HtmlElement, matter: str) -> list[str]:
    """What the two acts say on a matter."""
    return [" ".join(cell.text_content().split()) for cell in tree.xpath(f"//tr[@id='{matter}']/td")]


def test_a_draft_and_the_law_that_came_of_it_by_matter() -> None:
    draft, law = cells(page(PAIR), "biometric-identification")
    assert "Remote biometric identification in real time" in draft
    assert "no provision known" in law or "biometric" in law.lower()
    draft, law = cells(page(PAIR), "biometric-categorisation")
    assert draft == "no provision known"
    assert "biometric" in law.lower()


def test_what_both_have_comes_first_and_is_counted() -> None:
    tree = page(PAIR)
    rows = tree.xpath("//section//tr[@id] | //table[1]//tr[@id]")
    both = [row for row in rows if not row.xpath("td[@class='none']")]
    assert rows[: len(both)] == both
    assert f"Matters in both: {len(both)};" in tree.text_content()


def test_articles_stand_in_the_order_of_their_numbers() -> None:
    tree = page("/compare-acts?a=id:kz-digital-code&b=kz-law-on-ai")
    heads = [head.text_content().strip() for head in tree.xpath("//table[last()]//tbody//th")]
    numbers = [int(number[0]) for head in heads if (number := re.match(r"\d+", head))]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 10


def test_without_both_acts_the_pairs_are_offered() -> None:
    links = page("/compare-acts", "ru").xpath("//main//a/@href")
    assert any("a=kz-draft-law-on-ai" in link and "b=kz-law-on-ai" in link for link in links)
    chosen = page("/compare-acts?a=kz-law-on-ai").xpath("//select[@id='f-a']/option[@selected]/@value")
    assert chosen == ["kz-law-on-ai"]


@pytest.mark.parametrize(
    "path", ["/compare-acts?a=kz-person-tokayev", "/compare-acts?a=x&b=y", "/compare-acts?a=1&a=2"]
)
def test_what_is_no_act_is_refused(path: str) -> None:
    response = application().test_client().get(path)
    assert response.status_code == 400
    assert "kz-law-on-ai" in response.text or "more than once" in response.text


def test_a_law_leads_to_the_comparison_with_its_draft() -> None:
    assert page("/id/kz-law-on-ai").xpath("//a[contains(@href, '/compare-acts?a=kz-draft-law-on-ai')]")
