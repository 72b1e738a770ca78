"""Journeys through the answers: countries compared, sources that disagree, a table taken along, SPARQL, search."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]
RUN = "Run"


def test_countries_compared(opened: Opener) -> None:
    page = opened("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Compare").click()
    kinds = page.get_by_role("region", name="Number of each kind")
    expect(kinds.locator("thead th")).to_have_count(5)
    laws = kinds.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Law", exact=True))
    number = int(laws.get_by_role("cell").first.get_by_role("link").first.inner_text())
    laws.get_by_role("cell").first.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/query/instruments\?country=kz&kind=Law"))
    expect(page.locator("main table tbody tr")).to_have_count(number)
    page.go_back()
    for country in ("Kyrgyzstan", "Tajikistan", "Turkmenistan"):
        page.get_by_label(country).uncheck()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("region", name="Ranks").locator("thead th")).to_have_count(2)


def test_where_sources_disagree_on_a_date(opened: Opener) -> None:
    page = opened("/")
    page.get_by_role("contentinfo").get_by_role("link", name="Disagreements").click()
    dispute = page.locator("article.dispute").filter(has_text=": date").first
    sides = dispute.locator(".claim-card")
    assert sides.count() >= 2
    for side in sides.all():
        expect(side.locator("a[href*='/source/']").first).to_be_visible()
        expect(side.locator("q").first).to_be_visible()
    expect(dispute.locator(".badge.good, .badge.bad, .badge.warn").first).to_be_visible()
    dispute.get_by_role("link", name="the ruling").click()
    expect(page).to_have_url(re.compile(r"/id/.*ruling"))


def test_a_table_into_pandas_from_the_copied_snippet(opened: Opener) -> None:
    page = opened("/query/overdue?country=uz")
    rows = page.locator("main table tbody tr").count()
    code = page.locator("code[data-snippet='Python (pandas)']").inner_text()
    program = code + "\nprint('rows', len(table), 'columns', len(table.columns))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    assert f"rows {rows} " in ran.stdout


def test_a_table_by_the_copied_command(opened: Opener, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    page = opened("/query/overdue?country=uz")
    rows = page.locator("main table tbody tr").count()
    command = shlex.split(page.locator("code[data-snippet='curl']").inner_text())
    subprocess.run([*command, "--silent"], cwd=tmp_path, timeout=60, check=True)
    with (tmp_path / "overdue.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == rows


def test_a_query_with_a_mistake_is_mended_and_charted(opened: Opener) -> None:
    page = opened("/editor", wanted="400 (Bad Request)")
    page.get_by_label("Query").focus()
    expect(page.locator(".CodeMirror")).to_be_visible()
    wrong = "SELECT ?kind (COUNT(?thing) AS ?number) {\n  ?thing a ?kind ; aip:country id:uz\n} "
    wrong += "GROUP BY ?kid ORDER BY DESC(?number"
    write = "text => document.querySelector('.CodeMirror').CodeMirror.setValue(text)"
    page.evaluate(write, wrong)
    with page.expect_response(lambda response: "/sparql" in response.url) as answered:
        page.get_by_role("button", name=RUN).click()
    assert answered.value.status == 400
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text(re.compile(r"Line \d+, column \d+"))
    expect(page.locator(".wrong-line")).to_have_count(1)
    problem.get_by_role("button", name="Go there").click()
    text = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    assert "PREFIX aip:" in text
    page.evaluate(write, text.replace("?kid", "?kind") + ")")
    page.get_by_role("button", name=RUN).click()
    expect(page.locator(".yasr .dataTable tbody tr").first).to_be_visible()
    page.locator(".select_chart").click()
    chart = page.get_by_role("img", name=re.compile("Chart: number"))
    assert chart.locator("rect").count() > 5


def test_a_question_opens_in_the_editor(opened: Opener) -> None:
    page = opened("/query/models?country=kz")
    page.get_by_text("The question in SPARQL").click()
    page.get_by_role("link", name="Open it in the editor").click()
    page.get_by_label("Query").focus()
    expect(page.locator(".tabPanel.active .CodeMirror")).to_be_visible()
    assert "id/kz" in page.evaluate("document.querySelector('.tabPanel.active .CodeMirror').CodeMirror.getValue()")
    page.locator("#example").select_option("overdue")
    page.get_by_role("button", name=RUN).click()
    expect(page.locator(".tabPanel.active .dataTable tbody tr").first).to_be_visible()


def test_who_enters_the_query_before_the_scripts_run_gets_the_editor(opened: Opener) -> None:
    page = opened("/about")
    held: list[Route] = []
    page.route(re.compile(r"/editor\.js"), lambda route: held.append(route))  # noqa: PLW0108 (a method of list takes no attribute)
    with page.expect_request(re.compile(r"/editor\.js")):
        page.goto("/editor", wait_until="commit")
    page.get_by_label("Query").focus()
    held[0].continue_()
    expect(page.locator(".tabPanel.active .CodeMirror")).to_be_visible()


def test_the_address_of_a_query_shows_its_answer(opened: Opener) -> None:
    page = opened("/sparql?query=SELECT * { id:kz a ?kind }".replace(" ", "%20"))
    expect(page).to_have_url(re.compile(r"/editor\?query=SELECT.*run=1"))
    expect(page.locator(".tabPanel.active .dataTable tbody tr").first).to_be_visible()


def test_a_cyrillic_search(opened: Opener) -> None:
    page = opened("/?lang=ru")
    page.locator("#site-search").fill("жасанды интелект туралы")
    page.locator("#site-search").press("Enter")
    first = page.locator("ol.hits li").first
    expect(first).to_contain_text("Жасанды интеллект туралы")
    first.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/id/kz-law-on-ai"))


def test_uzbek_in_either_script_finds_the_same(opened: Opener) -> None:
    page = opened("/search?q=sun'iy intellekt")
    latin = page.locator("ol.hits li > a").all_inner_texts()
    page.goto("/search?q=сунъий интеллект")
    assert page.locator("ol.hits li > a").all_inner_texts() == latin


def test_latin_uzbek_finds_a_title_known_in_cyrillic_only(opened: Opener) -> None:
    page = opened("/search?q=bir million dasturchi")
    first = page.locator("ol.hits li").first
    expect(first).to_contain_text("Бир миллион дастурчи")
    first.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/id/uz-1m-coders"))


def test_the_time_line_zooms(opened: Opener) -> None:
    page = opened("/timeline")
    drawing = page.locator("#line svg")
    before = float(drawing.get_attribute("width") or 0)
    page.get_by_role("button", name="Zoom in").click()
    assert float(drawing.get_attribute("width") or 0) > before * 1.4
    page.get_by_role("button", name="Show all").click()
    assert float(drawing.get_attribute("width") or 0) <= before


def test_the_network_grows_by_a_click(opened: Opener) -> None:
    page = opened("/network?thing=kz-ministry-ai-digital-development", reduced_motion="reduce")
    points = page.locator("#canvas g[role='button']")
    expect(points.nth(3)).to_be_visible()
    before = points.count()
    for number in range(1, before):
        points.nth(number).focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(150)
        if points.count() > before:
            break
    assert points.count() > before
    expect(page.locator("#chosen a")).to_be_visible()


def test_without_scripts_there_is_a_table_a_form_and_a_box(opened: Opener) -> None:
    page = opened("/network?country=kg", java_script_enabled=False)
    assert page.locator("main table tbody tr").count() > 5
    expect(page.locator("#canvas")).to_be_hidden()
    page.goto("/editor")
    expect(page.get_by_label("Query")).to_be_visible()
    page.goto("/timeline")
    assert page.locator("#line svg circle").count() > 50


@pytest.mark.parametrize(
    "path", ["/targets", "/compare", "/timeline", "/query/index-ranks", "/disagreements", "/sources"]
)
def test_no_page_is_wider_than_a_phone(opened: Opener, path: str) -> None:
    page = opened(path, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_long_word_in_an_error_is_broken_on_a_phone(opened: Opener) -> None:
    page = opened(f"/search?q={'x' * 301}", viewport={"width": 360, "height": 740}, wanted="status of 400")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
