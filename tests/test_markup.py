"""Markup of every kind of page that a validator does not judge: names, headings, landmarks, dates in words."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import pairwise

import pytest
from lxml import html

from tests.explorer import PAGES, application

NAMELESS = ("span", "div", "p", "li", "b", "i", "em", "strong", "small", "code", "sub", "sup")
"""Elements that take no name unless they have a role (https://www.w3.org/TR/wai-aria-1.2/#namefromprohibited)."""
LANDMARKS = {"nav": "navigation", "aside": "complementary", "header": "banner", "footer": "contentinfo", "main": "main"}
EDTF = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
HEADINGS = ".//h1 | .//h2 | .//h3 | .//h4"


@cache
def tree(kind: str) -> html.HtmlElement:
    client = application().test_client(use_cookies=False)
    response = client.get(PAGES[kind], headers={"Accept": "text/html", "Cookie": "lang=ru"})
    return html.fromstring(response.data.decode())


@pytest.mark.parametrize("kind", PAGES)
def test_only_what_may_have_a_name_has_one(kind: str) -> None:
    named = [node for node in tree(kind).iter(*NAMELESS) if node.get("aria-label") and not node.get("role")]
    assert [html.tostring(node)[:120] for node in named] == []


@pytest.mark.parametrize("kind", PAGES)
def test_a_time_is_one_that_html_knows(kind: str) -> None:
    assert [t.get("datetime") for t in tree(kind).iter("time") if not EDTF.fullmatch(t.get("datetime") or "")] == []


@pytest.mark.parametrize("kind", PAGES)
def test_a_section_has_a_heading_or_a_name(kind: str) -> None:
    bare = [s for s in tree(kind).iter("section", "article") if not (s.xpath(HEADINGS) or s.get("aria-label"))]
    assert [html.tostring(section)[:120] for section in bare] == []


@pytest.mark.parametrize("kind", PAGES)
def test_landmarks_of_one_kind_have_names_of_their_own(kind: str) -> None:
    names = Counter()
    for node in tree(kind).xpath("//body//*"):
        role = node.get("role") or LANDMARKS.get(node.tag if isinstance(node.tag, str) else "")
        role = role or ("region" if node.tag == "section" and node.get("aria-label") else None)
        if role in ("navigation", "complementary", "region", "form", "search"):
            names[role, node.get("aria-label") or node.get("aria-labelledby")] += 1
    assert {name: times for name, times in names.items() if times > 1} == {}


@pytest.mark.parametrize("kind", PAGES)
def test_headings_leave_no_level_out(kind: str) -> None:
    levels = [int(node.tag[1]) for node in tree(kind).xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert levels[:1] == [1]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize("kind", ["instrument on a day", "country on a day", "question", "person", "post", "target"])
def test_the_day_of_a_date_field_stands_beside_it_in_words(kind: str) -> None:
    """A browser writes a date field in its own language and order, whatever the language of the page."""
    for field in tree(kind).xpath("//input[@type='date'][@value!='']"):
        described = (field.get("aria-describedby") or "").split()
        texts = " ".join(tree(kind).xpath(f"string(//*[@id='{name}'])") for name in described)
        assert re.search(r"\d{1,2}\s+\w+\s+\d{4}", texts), html.tostring(field)[:160]


@pytest.mark.parametrize("kind", PAGES)
def test_no_two_elements_have_one_id(kind: str) -> None:
    assert [name for name, times in Counter(tree(kind).xpath("//@id")).items() if times > 1] == []
