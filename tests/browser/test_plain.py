"""Journeys without scripts, and by keyboard alone: nothing is lost but the editor, the network and zooming."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]


@pytest.fixture
def plain(opened: Opener) -> Opener:
    """Opens pages in a browser that runs no scripts."""
    return lambda path="/", **options: opened(path, java_script_enabled=False, **options)


def test_overdue_targets_and_who_says_so(plain: Opener) -> None:
    page = plain()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Targets").click()
    page.get_by_role("group", name="Country").get_by_label("Uzbekistan").check()
    page.locator("#f-state").select_option(label="overdue without evidence")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("country=uz&state=overdue|country=uz&state=state-overdue"))
    page.locator("main tbody a.ev").first.click()
    expect(page).to_have_url(re.compile(r"/evidence\?"))
    expect(page.locator("blockquote").first).to_be_visible()
    expect(page.get_by_role("link", name="read the original").first).to_have_attribute("href", re.compile("^https?://"))


def test_status_of_a_law_on_a_day(plain: Opener) -> None:
    page = plain("/id/kz-law-on-ai")
    standing = page.get_by_label("Status", exact=True)
    standing.get_by_label("As of").fill("2025-03-31")
    standing.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Status", exact=True)).to_contain_text("in preparation")


def test_search_language_and_theme(plain: Opener) -> None:
    page = plain()
    page.get_by_role("searchbox").first.fill("жасанды интеллект туралы")
    page.get_by_role("searchbox").first.press("Enter")
    page.locator("ol.hits li a").first.click()
    expect(page).to_have_url(re.compile("/id/kz-law-on-ai"))
    page.get_by_role("button", name="Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    page.get_by_role("button", name="Тёмная").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url(re.compile("/id/kz-law-on-ai"))


def test_a_question_with_its_chart_and_table(plain: Opener) -> None:
    page = plain("/query/index-ranks")
    page.get_by_role("group", name="Country").get_by_label("Kazakhstan").check()
    page.get_by_role("button", name=re.compile("Answer|Show|Ask")).click()
    expect(page).to_have_url(re.compile("country=kz"))
    picture = page.locator("main img[src*='/chart/']").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    assert page.request.get(picture.get_attribute("src") or "").status == 200
    with page.expect_download() as kept:
        page.locator("p.downloads").get_by_role("link", name="CSV", exact=True).click()
    assert kept.value.suggested_filename.endswith(".csv")


def test_countries_disagreements_sources_and_what_is_new(plain: Opener) -> None:
    page = plain("/compare")
    page.get_by_label("Turkmenistan").uncheck()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("region", name="Number of each kind").locator("thead th")).to_have_count(4)
    page.goto("/disagreements")
    page.get_by_role("group", name="Country").get_by_label("Kazakhstan").check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator("article.dispute").first).to_be_visible()
    page.goto("/new?since=2020-01-01")
    expect(page.locator("main li a").first).to_be_visible()


def test_where_scripts_are_needed_there_is_another_way(plain: Opener) -> None:
    page = plain("/network?country=kg")
    assert page.locator("main table tbody tr").count() > 5
    expect(page.locator("#canvas")).to_be_hidden()
    page.goto("/timeline")
    assert page.locator("#line svg circle").count() > 50
    page.goto("/editor")
    page.get_by_label("Query").fill("SELECT ?kind (COUNT(*) AS ?number) { ?s a ?kind } GROUP BY ?kind")
    with page.expect_download() as answer:
        page.get_by_role("button", name="Run").click()
    assert answer.value.path().read_text("utf-8").startswith("kind,number")


def test_evidence_by_keyboard(opened: Opener) -> None:
    page = opened("/id/kz-law-on-ai")
    mark = page.locator("main a.ev").nth(2)
    mark.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(mark).to_be_focused()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(opened: Opener) -> None:
    page = opened("/targets")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")
