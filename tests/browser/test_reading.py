"""Journeys of readers: what is overdue and who says so, the status of a law on a day, language and theme."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]


def test_targets_overdue_in_uzbekistan_with_evidence(opened: Opener) -> None:
    page = opened("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Targets").click()
    page.get_by_role("group", name="Country").get_by_label("Uzbekistan").check()
    page.locator("#f-state").select_option(label="overdue without evidence")
    page.get_by_role("button", name="Show").click()
    rows = page.locator("main tbody tr")
    assert rows.count() > 3
    expect(rows.first).to_contain_text("overdue")
    rows.first.locator("a.ev").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("blockquote").first).to_be_visible()
    expect(dialog.get_by_role("link", name="read the original").first).to_have_attribute(
        "href", re.compile("^https?://")
    )
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_overdue_in_two_clicks_and_who_says_so_in_one_more(opened: Opener) -> None:
    page = opened("/")
    page.locator("main").get_by_role("link", name="Uzbekistan", exact=True).first.click()
    page.locator("main a[href*='state=state-overdue']").first.click()
    rows = page.locator("main tbody tr")
    assert rows.count() > 3
    expect(rows.first).to_contain_text("overdue")
    rows.first.locator("a.ev").first.click()
    expect(page.get_by_role("dialog").locator("blockquote").first).to_be_visible()


def test_evidence_without_scripts(opened: Opener) -> None:
    page = opened("/targets?country=uz&state=overdue", java_script_enabled=False)
    page.locator("main a.ev").first.click()
    expect(page.locator("blockquote.passage").first).to_be_visible()


def test_status_of_the_kazakh_law_on_two_days(opened: Opener) -> None:
    page = opened("/search?q=Law+on+Artificial+Intelligence+Kazakhstan")
    law = "Law of the Republic of Kazakhstan on Artificial Intelligence"
    page.get_by_role("link", name=law, exact=True).first.click()
    standing = page.get_by_label("Status", exact=True)
    expect(standing).to_contain_text("in force")
    expect(standing).to_contain_text("since 18 January 2026")
    standing.get_by_label("As of").fill("2025-03-31")
    standing.get_by_role("button", name="Show").click()
    expect(standing).to_contain_text("On 31 March 2025 it did not exist yet")
    expect(standing).to_contain_text("Its draft was then: in preparation")
    assert "asOf=2025-03-31" in page.url
    standing.locator("a.ev").first.click()
    expect(page.get_by_role("dialog").locator("ul.tree li").first).to_be_visible()


def test_an_inference_shows_why(opened: Opener) -> None:
    page = opened("/id/kz-law-on-ai")
    page.locator("main a.ev.inferred").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("it follows from")
    expect(dialog.locator("ul.tree li").first).to_be_visible()


def test_a_dispute_shows_both_sides(opened: Opener) -> None:
    page = opened("/id/kz-law-on-ai")
    page.locator("main a.ev.disputed[href*='in-force-1']").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("18 January 2026")
    expect(dialog).to_contain_text("16 January 2026")
    expect(dialog).to_contain_text("Our ruling")


def test_language_and_theme_are_remembered(opened: Opener) -> None:
    page = opened("/country/uz")
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Узбекистан")
    page.get_by_role("button", name="Тёмная").click()
    assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") == "rgb(20, 24, 27)"
    page.get_by_role("navigation", name="Главное").get_by_role("link", name="Обзор").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")


def test_the_map_by_keyboard(opened: Opener) -> None:
    page = opened("/?figure=readiness")
    country = page.locator("svg.countries a").first
    country.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kazakhstan")


@pytest.mark.parametrize("width", [360, 1280, 2560])
@pytest.mark.parametrize("path", ["/", "/country/kz", "/id/kz-law-on-ai", "/targets", "/compare", "/ontology"])
def test_nothing_is_wider_than_the_window(opened: Opener, path: str, width: int) -> None:
    page = opened(path, viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
