"""Pages of things told as stories: first a sentence with evidence; offices on a day, the way to a target, gaps."""

from __future__ import annotations

import pytest
from lxml import html

from tests.explorer import application


def page(path: str, language: str = "en") -> html.HtmlElement:
    headers = {"Accept": "text/html", "Cookie": f"lang={language}"}
    response = application().test_client(use_cookies=False).get(path, headers=headers)
    assert response.status_code == 200
    return html.fromstring(response.text)


def text(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def lead(path: str, language: str = "en") -> str:
    first, *_rest = page(path, language).xpath("//main/p[@class='read']")
    assert first.xpath(".//a[contains(@class, 'ev')]"), "the sentence has its evidence"
    return text(first)


@pytest.mark.parametrize(
    ("path", "language", "expected"),
    [
        ("/id/kz-law-on-ai--in-force-1", "en", "entered into force on 18 January 2026"),
        ("/id/kz-law-on-ai--in-force-1", "ru", "вступление в силу 18 января 2026 года"),
        ("/id/kz-law-on-ai", "en", "To develop artificial intelligence"),
        ("/id/uz-target-labs-10", "en", "set “Ten AI research laboratories by 2030”"),
        ("/id/kz-person-madiyev?asOf=2026-06-01", "en", "holds the post “Deputy Prime Minister"),
    ],
)
def test_a_page_begins_with_what_the_thing_is(path: str, language: str, expected: str) -> None:
    assert expected in lead(path, language)


@pytest.mark.parametrize("path", ["/id/kz-law-on-ai", "/id/uz-ai-strategy-2030"])
def test_what_the_first_sentence_tells_is_not_told_again(path: str) -> None:
    tree = page(path)
    purpose = text(tree.xpath("//main/p[@class='read']")[0]).partition(": ")[2][:40]
    assert purpose
    assert text(tree.xpath("//main")[0]).count(purpose) == 1


@pytest.mark.parametrize(
    ("path", "strategy", "law"),
    [
        ("/country/kz", "Concept for the Development of Artificial Intelligence", "Law of the Republic of Kazakhstan"),
        ("/country/uz?asOf=2025-01-01", "Strategy for the Development of Artificial", "no law on AI was in force"),
        ("/country/uz?asOf=2020-01-01", "Sources show no strategy on AI by then", "no law on AI was in force"),
    ],
)
def test_a_country_begins_with_its_first_strategy_and_law(path: str, strategy: str, law: str) -> None:
    (first,) = page(path).xpath("//main/p[@class='read']")
    assert strategy in text(first)
    assert law in text(first)
    assert len(first.xpath(".//a[contains(@class, 'ev')]")) == len(first.xpath(".//a[starts-with(@href, '/id/')]"))


def test_a_country_is_told_in_order() -> None:
    tree = page("/country/kz")
    sections = tree.xpath("//main/section/@id")
    assert sections[:4] == ["events", "instruments", "targets", "bodies"]
    assert sections[-2:] == ["coverage", "identifiers"]
    assert "Sources were read until" in text(tree.xpath("//section[@class='standing']")[0])
    rows = tree.xpath("//section[@id='instruments']//details[@open][1]//tbody/tr")
    names = [text(row.xpath("th")[0]) for row in rows]
    older, newer = (
        next(place for place, name in enumerate(names) if name.startswith(start))
        for start in ("Concept for the Development of Artificial", "Nationwide Strategy")
    )
    assert older < newer


def test_what_is_not_known_of_a_country_is_one_line() -> None:
    tree = page("/country/tm?asOf=2015-01-01")
    (line,) = tree.xpath("//section[@id='coverage']/p[contains(@class, 'gaps')]")
    assert "Sources read show none of these: " in text(line)
    assert "targets" in text(line)
    assert not tree.xpath("//section[@id='targets']")
    assert line.xpath(".//a[contains(@href, 'silence')]")


def offices(day: str) -> list[str]:
    tree = page(f"/id/kz-person-madiyev?asOf={day}")
    return [text(item) for item in tree.xpath("//section[@id='offices']//ul[contains(@class, 'offices')]/li")]


def test_the_offices_of_a_person_on_a_day() -> None:
    (late,) = offices("2026-06-01")
    assert "Minister of Artificial Intelligence and Digital Development" in late
    (early,) = offices("2024-07-01")
    assert "Minister of Digital Development, Innovations and Aerospace Industry" in early
    assert offices("2001-01-01") == ["no source shows an office on that day"]


def test_holders_of_a_post_stand_once_and_with_their_names() -> None:
    rows = page("/id/kz-post-minister-ai").xpath("//section[@id='offices']//table//tbody/tr")
    assert rows
    assert all(text(row.xpath("td")[0]) for row in rows)


def test_the_way_to_a_target_is_drawn() -> None:
    tree = page("/id/uz-target-gairi-top50-2030")
    (picture,) = tree.xpath("//figure[@class='chart']//img")
    assert "/chart/progress.svg" in picture.get("src")
    assert "target=id:uz-target-gairi-top50-2030" in picture.get("src").replace("%3A", ":")
    image = application().test_client().get(picture.get("src"))
    assert image.status_code == 200
    assert "Target value: 50 (2030)" in image.text


def test_what_no_source_shows_is_told_in_one_line() -> None:
    (line,) = page("/id/uz-target-labs-10").xpath("//p[contains(@class, 'gaps')]")
    assert "measurements" in text(line)
    assert line.xpath(".//a[contains(@href, 'silence')]")
    assert not page("/id/uz-target-labs-10").xpath("//section[not(*[2])]"), "no empty section"


def test_neighbours_are_drawn_with_their_names_and_none_twice() -> None:
    (drawing,) = page("/id/kz-law-on-ai").xpath("//figure[@class='neighbours']//*[local-name()='svg']")
    links = drawing.xpath(".//@href")
    assert len(links) >= 3
    assert len(links) == len(set(links))
    assert not any("--" in link.rpartition("/")[2] for link in links), "only things with names of their own"


def test_the_properties_are_one_click_away() -> None:
    tree = page("/source/law-at", "ru")
    assert tree.xpath("//ul[@class='claims-of']/li/a")
    (first, *_rest) = tree.xpath("//details[@class='raw']")
    assert "предмет" in text(first) or "о чём" in text(first)
