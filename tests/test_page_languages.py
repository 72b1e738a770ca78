"""Every kind of page in Russian and Kazakh: no text of the interface is English, definitions are Russian."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.pofile import read_po
from lxml import html

from tests.explorer import PAGES, application
from web.messages import FOLDER, PO_FILE

ELSEWHERE = {
    **{"a question without an answer": "/query/compute?country=tm", "worklist": "/query/worklist"},
    **{"downloads": "/download", "dictionary": "/data/dictionary", "api": "/api/", "cookbook": "/cookbook"},
    **{"builder": "/builder", "editor": "/editor", "nothing found": "/search?q=qwertyzxcv"},
}
NOT_READ = "@lang", "self::code", "self::pre", "self::script", "self::textarea", "self::svg"
SPOKEN = ("aria-label", "placeholder", "title", "alt", "data-head")


@cache
def english(tag: str) -> frozenset[str]:
    """The English texts of two words or more that read otherwise in a language."""
    with (FOLDER / tag / PO_FILE).open("rb") as file:
        texts = {message.id: message.string for message in read_po(file, locale=tag) if isinstance(message.id, str)}
    return frozenset(text for text, translation in texts.items() if " " in text and text != translation)


def page(address: str, tag: str) -> html.HtmlElement:
    client = application().test_client(use_cookies=False)
    answer = client.get(address, headers={"Accept": "text/html", "Cookie": f"lang={tag}"})
    assert answer.status_code == 200
    return html.fromstring(answer.get_data(as_text=True))


def said(tree: html.HtmlElement) -> Iterator[str]:
    """What a page says in the language of the reader: its texts and what is spoken of its parts."""
    (body,) = tree.xpath("//body")
    for part in body.xpath(f".//*[{' or '.join(NOT_READ)}]"):
        tail = part.tail
        part.clear()
        part.tail = tail
    yield from body.xpath(".//text()")
    for name in SPOKEN:
        yield from body.xpath(f".//@{name}")


@pytest.mark.parametrize("tag", ["ru", "kk"])
@pytest.mark.parametrize("address", [*PAGES.values(), *ELSEWHERE.values()], ids=[*PAGES, *ELSEWHERE])
def test_no_text_of_the_interface_is_english(address: str, tag: str) -> None:
    texts = {" ".join(text.split()).rstrip(":,. ") for text in said(page(address, tag))}
    assert not texts & english(tag)


@pytest.mark.parametrize("address", ["/ontology/Target", "/ontology/deadline", "/concept/topics"])
def test_definitions_are_in_the_language_of_the_reader(address: str) -> None:
    tree = page(address, "ru")
    for meaning in tree.xpath("//p[@class='lead'] | //td[@class='says']"):
        assert re.search("[а-яё]{3}", meaning.text_content())
        assert meaning.get("lang") is None


def test_the_list_of_terms_explains_them_in_russian() -> None:
    tree = page("/ontology", "ru")
    titles = tree.xpath("//main//table//a[contains(@href, '/ontology/')]/@title")
    assert len(titles) > 200
    schemes = tree.xpath("//*[@id='schemes']/following-sibling::ul[1]//span[@class='quiet']/text()")
    assert len(schemes) > 25
    assert not [text for text in (*titles, *schemes) if text and not re.search("[а-яё]{3}", text)]


@pytest.mark.parametrize("tag", ["ru", "kk"])
def test_the_data_dictionary_is_in_the_language_of_the_reader(tag: str) -> None:
    tree = page("/data/dictionary", tag)
    meanings = [cell.text_content() for cell in tree.xpath("//td[@class='says'] | //main//section/p[not(@class)]")]
    assert len(meanings) > 400
    assert not [text for text in meanings if not re.search("[а-яёәіңғүұқөһ]{2}", text)]
