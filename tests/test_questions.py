"""A page for every canned query: never an error on first open, forms, tables, snippets, downloads; what is new."""

from __future__ import annotations

import csv
import io
import re
from functools import cache

import pytest
from lxml import etree, html

from kg.query import load_queries
from tests.explorer import application
from tests.served import ROOT

HEADERS = {"Accept": "text/html"}
SLUGS = list(load_queries(ROOT / "queries"))


@cache
def text_of(path: str) -> tuple[int, str]:
    response = application().test_client().get(path, headers=HEADERS)
    return response.status_code, response.get_data(as_text=True)


def page(path: str, status: int = 200) -> html.HtmlElement:
    found, text = text_of(path)
    assert found == status, text[:400]
    return html.fromstring(text)


def test_every_question_is_listed_once() -> None:
    links = page("/questions").xpath("//ul[@class='questions']//a/@href")
    assert sorted(links) == sorted(f"/query/{slug}" for slug in SLUGS)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("slug", SLUGS)
def test_opens_with_an_answer(slug: str, language: str) -> None:
    tree = page(f"/query/{slug}?lang={language}")
    assert not tree.xpath("//*[@role='alert']")
    assert tree.xpath("//table/tbody/tr") or slug == "due-soon"
    assert "SELECT" in tree.xpath("//details[@class='sparql']/pre")[0].text_content()


@pytest.mark.parametrize(
    ("language", "heading", "name"), [("en", "Countries", "Kazakhstan"), ("ru", "Страны", "Казахстан")]
)
def test_names_that_an_answer_joins_are_links_in_the_language_of_the_reader(
    language: str, heading: str, name: str
) -> None:
    tree = page(f"/query/provisions-compared?lang={language}")
    assert name in tree.xpath(f"//tbody/tr/td[@data-head='{heading}']/a/text()")


@pytest.mark.parametrize("slug", SLUGS)
def test_each_parameter_has_a_field_and_a_hint(slug: str) -> None:
    query = load_queries(ROOT / "queries")[slug]
    tree = page(f"/query/{slug}?lang=en")
    for parameter in query.parameters:
        fields = tree.xpath(f"//form[@class='facets']//*[@name='{parameter.name}']")
        if fields[0].get("type") == "checkbox":
            (group,) = {field.xpath("ancestor::fieldset")[0] for field in fields}
            assert all(field.xpath("parent::label") for field in fields)
            assert group.xpath("legend")
            assert group.get("aria-describedby")
        else:
            (field,) = fields
            assert tree.xpath(f"//label[@for='{field.get('id')}']")
            assert field.get("aria-describedby")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/query/targets?country=zz", "country"),
        ("/query/due-soon?within=0", "within"),
        ("/query/due-soon?within=a%20lot", "within"),
        ("/query/timeline?from=2025-13-01", "from"),
        ("/query/life-line?thing=nothing", "thing"),
        ("/timeline?to=soon", "to"),
        ("/disagreements?resolution=maybe", "resolution"),
        ("/sources?kind=rumour", "kind"),
        ("/network?thing=nothing", "thing"),
        ("/new?since=lately", "since"),
    ],
)
def test_a_wrong_value_brings_the_form_back(path: str, name: str) -> None:
    tree = page(path, 400)
    assert {field.get("name") for field in tree.xpath("//*[@aria-invalid='true']")} == {name}
    assert tree.xpath("//*[@role='alert']")


def test_table_and_download_hold_the_same() -> None:
    tree = page("/query/index-ranks?country=uz&index=int-gairi")
    csv_address = tree.xpath("//p[contains(@class, 'downloads')]/a[text()='CSV']/@href")[0]
    body = application().test_client().get(csv_address).get_data(as_text=True)
    assert len(list(csv.DictReader(io.StringIO(body)))) == len(tree.xpath("//tbody/tr"))


def test_several_countries_are_asked_for_at_once() -> None:
    both = page("/query/instruments?country=kz&country=uz")
    assert {box.get("value") for box in both.xpath("//input[@name='country'][@checked]")} == {"kz", "uz"}
    each = [page(f"/query/instruments?country={code}") for code in ("kz", "uz")]
    counts = [int(tree.xpath("//table/caption")[0].text_content().split()[0]) for tree in each]
    address = both.xpath("//p[contains(@class, 'downloads')]/a[text()='CSV']/@href")[0]
    body = application().test_client().get(address).get_data(as_text=True)
    assert len(list(csv.DictReader(io.StringIO(body)))) == sum(counts)


def test_a_table_is_sorted_by_any_column_and_shows_the_columns_chosen() -> None:
    def column(order: str) -> list[str]:
        tree = page(f"/query/index-ranks?index=int-gairi&limit=1000&sort={order}")
        place = [head.text_content().strip() for head in tree.xpath("//thead//th")].index("Value")
        return [row[place].text_content().strip() for row in tree.xpath("//tbody/tr")]

    upwards = [float(text.replace(",", "")) for text in column("value")]
    assert upwards == sorted(upwards)
    assert [float(text.replace(",", "")) for text in column("-value")] == sorted(upwards, reverse=True)
    narrow = page("/query/index-ranks?column=value&column=edition")
    heads = [head.text_content().strip() for head in narrow.xpath("//thead//th")]
    assert heads[1:] == ["Edition", "Value", "Evidence"]


def test_long_answers_come_in_parts() -> None:
    tree = page("/query/sources")
    assert len(tree.xpath("//tbody/tr")) == 100
    following = tree.xpath("//nav[@class='pages']/a[@rel='next']/@href")[0]
    assert page(following).xpath("//tbody/tr/th//text()") != tree.xpath("//tbody/tr/th//text()")


def test_downloads_and_snippets_are_in_sight() -> None:
    tree = page("/query/targets?country=kz")
    links = {a.text_content(): a.get("href") for a in tree.xpath("//p[contains(@class, 'downloads')]/a")}
    assert set(links) == {"CSV", "CSV for Excel", "JSON", "Turtle", "SVG", "PNG"}
    for address in links.values():
        assert application().test_client().get(address).status_code == 200
    snippets = {code.get("data-snippet"): code.text_content() for code in tree.xpath("//code[@data-snippet]")}
    assert set(snippets) == {"curl", "Python (pandas)", "R", "iframe"}
    assert all("country=kz" in code for code in snippets.values())


def test_a_row_leads_to_the_passage_that_says_it() -> None:
    tree = page("/query/overdue")
    marks = tree.xpath("//tbody/tr/td/a[@class='mark']/@href")
    assert len(marks) == len(tree.xpath("//tbody/tr"))
    assert "blockquote" in text_of(marks[0])[1]


def test_no_text_of_a_reader_becomes_markup() -> None:
    status, text = text_of("/query/sources?language=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert status == 400
    assert "<script>alert" not in text
    status, text = text_of("/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in text


def test_the_feed_is_atom() -> None:
    response = application().test_client().get("/new.atom")
    assert response.mimetype == "application/atom+xml"
    feed = etree.fromstring(response.data)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    entries = feed.xpath("a:entry", namespaces=atom)
    assert entries
    identifiers = [entry.findtext("a:id", namespaces=atom) for entry in entries]
    assert len(set(identifiers)) == len(identifiers)
    assert all(re.match(r"\d{4}-\d\d-\d\dT", entry.findtext("a:updated", namespaces=atom)) for entry in entries)


def test_disagreements_show_every_side_with_its_sources() -> None:
    for dispute in page("/disagreements").xpath("//article"):
        sides = dispute.xpath(".//div[contains(@class, 'claim-card')]")
        assert sides
        assert all(side.xpath(".//a[contains(@href, '/source/')]") for side in sides), dispute.get("id")


def test_compare_takes_some_countries_only() -> None:
    tree = page("/compare?c=kz&c=tm")
    heads = tree.xpath("(//table)[1]/thead//th")
    assert [head.text_content().strip() for head in heads] == ["Kazakhstan", "Turkmenistan"]


def test_the_editor_has_a_policy_of_its_own_for_styles_only() -> None:
    response = application().test_client().get("/editor?question=overdue&country=uz", headers=HEADERS)
    policy = response.headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy
    assert "id/uz" in response.get_data(as_text=True)
    other = application().test_client().get("/targets", headers=HEADERS).headers["Content-Security-Policy"]
    assert "unsafe" not in other


def test_who_opens_the_address_of_a_query_gets_the_editor_and_a_program_does_not() -> None:
    client = application().test_client()
    person = client.get("/sparql?query=ASK%7B%7D", headers={**HEADERS, "Sec-Fetch-Dest": "document"})
    assert person.status_code == 303
    assert person.headers["Location"] == "/editor?query=ASK%7B%7D&run=1"
    assert client.get("/sparql?query=ASK%7B%7D", headers=HEADERS).status_code != 303
    download = client.get("/sparql?query=ASK%7B%7D&format=csv", headers={**HEADERS, "Sec-Fetch-Dest": "document"})
    assert download.status_code != 303


def test_links_of_a_thing_as_json() -> None:
    found = application().test_client().get("/network.json?thing=kz-law-on-ai").get_json()
    known = {node["id"] for node in found["nodes"]}
    assert "kz-law-on-ai" in known
    assert all({edge["source"], edge["target"]} <= known for edge in found["edges"])


def test_the_number_of_an_act_is_not_called_a_count() -> None:
    """One variable is the number of an act in one question and how many there are in another."""
    heads = {}
    for slug in ("instruments", "comparison"):
        page = html.fromstring(
            application().test_client().get(f"/query/{slug}?lang=ru", headers={"Accept": "text/html"}).text
        )
        heads[slug] = {" ".join(head.text_content().split()) for head in page.xpath("//main//thead//th")}
    assert "Номер акта" in heads["instruments"]
    assert "Число" not in heads["instruments"]
    assert "Число" in heads["comparison"]
