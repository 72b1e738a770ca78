"""How pages are laid out: the head in one row, the builder dark where pages are, lists and filters on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]


def test_the_head_of_a_page_stands_in_one_row_in_every_language(opened: Opener) -> None:
    page = opened("/about", viewport={"width": 1280, "height": 800})
    languages = page.locator("button[name='lang']").evaluate_all("buttons => buttons.map(one => one.value)")
    assert len(languages) > 1
    for language in languages:
        page.locator(f"button[name='lang'][value='{language}']").click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        middle = "parts => parts.map(part => part.getBoundingClientRect()).map(box => box.top + box.height / 2)"
        heights = page.locator("header .brand, header form.choices, header form.find").evaluate_all(middle)
        assert max(heights) - min(heights) < 12, language


def test_the_builder_is_dark_where_pages_are(opened: Opener) -> None:
    shown = "element => getComputedStyle(element).filter"
    for scheme, inverted in (("dark", True), ("light", False)):
        page = opened("/builder", color_scheme=scheme)
        page.locator("[data-shape$='/Law']").click()
        builder = page.locator("spar-natural .Sparnatural")
        expect(builder).to_be_visible()
        assert ("invert(1)" in builder.evaluate(shown)) == inverted


def test_the_timeline_is_short_on_a_phone_and_unfolds(opened: Opener) -> None:
    page = opened("/timeline", viewport={"width": 360, "height": 740}, java_script_enabled=False)
    # What is not in sight has an estimated height until it is laid out.
    page.evaluate("for (const part of document.querySelectorAll('main *')) part.style.contentVisibility = 'visible'")
    folded = page.evaluate("document.documentElement.scrollHeight")
    unfold = "groups => groups.map(group => [group.open, group.open = true][0])"
    was_open = page.locator("details.group").evaluate_all(unfold)
    assert folded < page.evaluate("document.documentElement.scrollHeight") / 4
    fold = "(groups, was_open) => groups.forEach((group, number) => group.open = was_open[number])"
    page.locator("details.group").evaluate_all(fold, was_open)
    last = page.locator("details.group").last
    expect(last.locator("tbody tr").first).to_be_hidden()
    last.locator("summary").click()
    expect(last.locator("tbody tr").first).to_be_visible()


def test_a_table_is_sorted_and_narrowed_on_a_phone(opened: Opener) -> None:
    page = opened("/targets", viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page.get_by_text("Filters").click()
    page.get_by_text("Columns and order").click()
    page.get_by_label("Sort by").select_option("due")
    page.get_by_label("Responsible").uncheck()
    page.get_by_role("button", name="Show").click()
    expect(page.locator("main tbody td[data-head='Responsible']")).to_have_count(0)
    assert "sort=due" in page.url
    page.get_by_text("Filters").click()
    expect(page.get_by_label("Sort by")).to_have_value("due")


@pytest.mark.parametrize("slug", ["targets", "instruments", "status-on-date", "provisions", "office-holders"])
def test_the_table_of_a_question_fits_a_screen(opened: Opener, slug: str) -> None:
    page = opened(f"/query/{slug}", viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    box = page.locator("main .scroll:has(> table.stacks)")
    assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 1
    if slug != "provisions":  # it has no column to leave out
        before = page.locator("main table.stacks thead th").count()
        page.get_by_role("link", name="Show all columns").click()
        assert page.locator("main table.stacks thead th").count() > before


OVERFLOWING = """() => [...document.querySelectorAll("main :is(td, th)")].flatMap(cell => {
  if (getComputedStyle(cell).display !== "table-cell") return [];
  const edge = cell.getBoundingClientRect().right + 1;
  return [...cell.querySelectorAll("a, span")].filter(part => part.getBoundingClientRect().right > edge);
}).map(part => part.textContent.trim())"""
"""What stands beyond the edge of its cell, over the next one."""


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", ["/compare", "/targets", "/timeline", "/query/worklist"])
def test_long_words_stay_in_their_cells_and_pages_on_the_screen(
    opened: Opener, path: str, width: int, language: str
) -> None:
    """Dates, states and names are longer in Russian and Kazakh than in English."""
    page = opened(f"{path}?lang={language}", viewport={"width": width, "height": 800}, java_script_enabled=False)
    page.evaluate("for (const part of document.querySelectorAll('main *')) part.style.contentVisibility = 'visible'")
    page.evaluate("document.fonts.ready.then(() => null)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERFLOWING) == []


def test_an_interval_does_not_widen_the_column_of_deadlines(opened: Opener) -> None:
    page = opened("/targets?lang=ru", viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    heads = page.locator("main table thead th").evaluate_all("heads => heads.map(head => head.offsetWidth)")
    assert heads[0] == max(heads)
