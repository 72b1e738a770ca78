"""Journeys from a word or from the first page to an answer, each in two actions at most."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]


def test_a_passage_is_found_by_its_words(opened: Opener) -> None:
    page = opened("/", java_script_enabled=False)
    page.locator("#home-search").fill("fine for unlawful use of personal data")
    page.locator("#home-search").press("Enter")
    first = page.locator("ol.hits li").first
    expect(first.get_by_role("link").first).to_have_attribute("href", re.compile("uz-zru-1115--provision-fine"))
    expect(page.locator("ol.hits mark").first).to_be_visible()
    page.get_by_role("navigation", name="By kind").get_by_role("link", name=re.compile("Passages")).click()
    expect(page.locator("ol.hits li mark").first).to_be_visible()


def test_a_search_offers_the_question_it_means(opened: Opener) -> None:
    page = opened("/search?q=overdue uzbekistan")
    page.get_by_role("region", name="Questions that may answer this").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/query/overdue\?country=uz"))
    expect(page.get_by_role("group", name="Country").get_by_label("Uzbekistan")).to_be_checked()


def test_suggestions_while_one_types(opened: Opener) -> None:
    page = opened("/")
    field = page.locator("#home-search")
    field.press_sequentially("tokay")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_contain_text("Tokayev")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(options.first).to_be_hidden()
    field.press("ArrowDown")
    field.press("Enter")
    expect(page).to_have_url(re.compile("/id/kz-person-tokayev"))


def test_strategies_on_ai_in_order_of_adoption_with_proof(opened: Opener) -> None:
    page = opened("/", java_script_enabled=False)
    page.get_by_role("link", name="AI strategies in order of adoption").click()
    rows = page.locator("main table tbody tr")
    expect(rows.nth(0)).to_contain_text("Tajikistan")
    expect(rows.nth(1)).to_contain_text("Uzbekistan")
    rows.nth(0).locator("a.mark").click()
    expect(page).to_have_url(re.compile("/assertion/"))


def test_what_is_due_in_the_next_half_year_in_two_countries(opened: Opener) -> None:
    page = opened("/", java_script_enabled=False)
    door = page.get_by_role("region", name="Check a target")
    door.get_by_label("Kazakhstan").check()
    door.get_by_label("Uzbekistan").check()
    door.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"country=kz&country=uz&dueBefore=\d{4}-\d\d-\d\d&dueFrom="))
    cells = page.locator("main tbody td[data-head='Country']")
    assert {text.strip() for text in cells.all_inner_texts()} == {"Kazakhstan", "Uzbekistan"}


def test_a_query_built_by_clicking_is_charted_and_downloaded(opened: Opener) -> None:
    page = opened("/")
    page.get_by_role("link", name="Build a query by clicking").click()
    page.get_by_role("region", name="What to find").get_by_role("link", name="Instrument").click()
    page.locator(".EndClassGroup li[data-id$='/Country'] .item-sel").first.click()
    country = page.locator(".ObjectPropertyGroup li[data-id$='.country'] .item-sel").first
    country.wait_for(state="attached")
    if country.is_visible():  # the only property between two classes is chosen by itself
        country.click()
    page.get_by_role("button", name="Run", exact=True).click()
    rows = page.locator("div[data-table] tbody tr")
    expect(rows.nth(50)).to_be_attached()
    assert page.get_by_role("img", name=re.compile("Chart")).locator("rect").count() > 1
    with page.expect_download() as kept:
        page.get_by_role("link", name="CSV", exact=True).click()
    with kept.value.path().open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == rows.count()
    page.get_by_role("link", name="Open it in the editor").click()
    page.get_by_label("Query").focus()
    expect(page.locator(".tabPanel.active .CodeMirror")).to_be_visible()
    text = page.evaluate("document.querySelector('.tabPanel.active .CodeMirror').CodeMirror.getValue()")
    assert "Instrument" in text


def test_the_builder_speaks_russian(opened: Opener) -> None:
    page = opened("/builder?lang=ru")
    page.get_by_role("region", name="Что искать").get_by_role("link", name="Документ политики").click()
    expect(page.locator(".StartClassGroup .current.selected").first).to_contain_text("Документ политики")
    expect(page.locator(".EndClassGroup li[data-id$='/Country'] .item-label").first).to_have_text("Страна")


def test_the_large_scripts_come_when_they_are_needed(opened: Opener) -> None:
    """To read about the builder and the editor costs nothing."""
    for path, script in (("/builder", "sparnatural.js"), ("/editor", "yasgui.js")):
        page = opened(path)
        page.wait_for_load_state("networkidle")
        fetched = "performance.getEntriesByType('resource').map(one => one.name)"
        assert not [address for address in page.evaluate(fetched) if script in address]


def test_who_writes_goes_on_writing_when_the_editor_is_there(opened: Opener) -> None:
    page = opened("/editor")
    field = page.get_by_label("Query")
    field.fill("SELECT * { ?law a aip:Law } LIMIT 3")
    expect(page.locator(".tabPanel.active .CodeMirror-focused")).to_be_visible()
    page.keyboard.type("3")
    text = page.evaluate("document.querySelector('.tabPanel.active .CodeMirror').CodeMirror.getValue()")
    assert text == "SELECT * { ?law a aip:Law } LIMIT 33"


@pytest.mark.parametrize("step", range(1, 6))
def test_each_worked_step_runs(opened: Opener, step: int) -> None:
    page = opened("/editor")
    page.get_by_role("list", name="SPARQL in five steps").get_by_role("link").nth(step - 1).click()
    expect(page.locator(".tabPanel.active .dataTable tbody tr").first).to_be_visible()


def test_filters_unfold_on_a_phone(opened: Opener) -> None:
    page = opened("/targets", viewport={"width": 360, "height": 740}, java_script_enabled=False)
    expect(page.locator("#f-state")).to_be_hidden()
    page.get_by_text("Filters").click()
    expect(page.locator("#f-state")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/search?q=law", "/query/instruments", "/ontology", "/editor", "/questions"])
@pytest.mark.parametrize("width", [360, 2560])
def test_no_page_is_wider_than_the_screen(opened: Opener, path: str, width: int) -> None:
    page = opened(path, viewport={"width": width, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_page_explains_the_marks_it_has(opened: Opener) -> None:
    page = opened("/id/kz-law-on-ai", java_script_enabled=False)
    page.get_by_text("What the marks mean").click()
    expect(page.locator("details.legend")).to_contain_text("a name, kind or identifier from our registry")
    assert page.locator("main .ev.registry").first.get_attribute("title")
