"""Journeys of at most two actions: acts compared, a chart shown on another site, the offices of a person on a day."""

from __future__ import annotations

import html
import http.server
import re
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]


def test_draft_and_law_compared_on_biometric_identification(opened: Opener) -> None:
    page = opened("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Compare").click()
    page.locator("#acts + ul a[href*='a=kz-draft-law-on-ai']").click()
    row = page.locator("tr#biometric-identification")
    draft, law = row.get_by_role("cell").all()
    expect(draft).to_contain_text("Remote biometric identification in real time")
    expect(law).not_to_be_empty()
    expect(draft.locator("a.ev").first).to_be_visible()


def test_the_offices_of_a_person_on_a_day(opened: Opener) -> None:
    page = opened("/", java_script_enabled=False)
    page.get_by_role("link", name="Who held which office on a day?").click()
    page.get_by_role("combobox", name="Person").fill("Zhaslan Madiyev")
    page.locator("#f-asOf").fill("2026-06-01")
    page.get_by_role("button", name="Ask").click()
    expect(page).to_have_url(re.compile("asOf=2026-06-01"))
    (row,) = page.locator("main tbody tr").all()
    expect(row).to_contain_text("Minister of Artificial Intelligence")
    expect(row.locator("a.mark")).to_be_visible()


def test_the_offices_on_the_page_of_a_person(opened: Opener) -> None:
    page = opened("/id/kz-person-madiyev")
    offices = page.locator("#offices")
    offices.get_by_label("As of").fill("2026-06-01")
    offices.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("asOf=2026-06-01"))
    expect(page.locator("#offices ul.offices li")).to_contain_text(["Minister of Artificial Intelligence"])


@pytest.fixture
def other_site() -> Iterator[tuple[str, dict[str, str]]]:
    """Another site, on a host of its own: its address, and its pages by path."""
    pages: dict[str, str] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(pages.get(self.path, "").encode())

        def log_message(self, *_parts: object) -> None:
            """Nothing is logged."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", pages
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_chart_embedded_in_another_page(
    opened: Opener, browser: Browser, other_site: tuple[str, dict[str, str]]
) -> None:
    address, pages = other_site
    page = opened("/")
    page.get_by_role("link", name="Which targets were set").click()
    page.get_by_text("Show this chart in another page").click()
    code = page.locator("code[data-snippet='iframe']").inner_text()
    pages["/article"] = f"<!DOCTYPE html><title>Article</title><p>Text</p>{code}"
    context = browser.new_context()
    article = context.new_page()
    article.goto(f"{address}/article")
    frame = article.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Which targets were set")
    expect(frame.get_by_role("img")).to_have_js_property("complete", True)
    assert frame.get_by_role("img").evaluate("image => image.naturalWidth") > 300
    assert html.unescape(frame.get_by_role("link").get_attribute("href") or "").startswith("http")
    context.close()


def test_names_in_the_network_do_not_lie_over_each_other(opened: Opener) -> None:
    # While the picture moves, names are parted only every few steps; without movement it is drawn as it ends.
    page = opened("/network?thing=kz-law-on-ai", reduced_motion="reduce")
    page.evaluate("document.fonts.ready")
    names = page.locator(".canvas g[role=button]:not(.crowded, .chosen) > text, .canvas .edge-name:not(.crowded)")
    expect(names.first).to_be_visible()
    boxes = "texts => texts.map(t => t.getBoundingClientRect()).map(b => [b.left, b.right, b.top, b.bottom])"
    rows = [box for box in names.evaluate_all(boxes) if box[1] > box[0]]
    assert len(rows) > 2
    for place, (left, right, top, bottom) in enumerate(rows):
        for other_left, other_right, other_top, other_bottom in rows[:place]:
            across = min(right, other_right) - max(left, other_left)
            down = min(bottom, other_bottom) - max(top, other_top)
            assert across < 6 or down < 6, "two names lie over each other"


NAMES_AND_POINTS = """() => {
  const box = (part) => { const b = part.getBoundingClientRect(); return [b.left, b.right, b.top, b.bottom]; };
  const marks = [...document.querySelectorAll(".canvas g[role=button]")];
  const scale = document.querySelector(".canvas svg > g").getScreenCTM().a;
  const seen = marks.filter((mark) => !mark.matches(".crowded"));
  return {
    canvas: box(document.querySelector(".canvas")),
    points: marks.map((mark) => box(mark.querySelector("circle"))),
    names: seen.map((mark) => [marks.indexOf(mark), box(mark.querySelector("text"))]),
    sizes: seen.map((mark) => scale * parseFloat(getComputedStyle(mark.querySelector("text")).fontSize)),
  };
}"""


@pytest.mark.parametrize("width", [1280, 360])
def test_names_in_the_network_can_be_read_at_first_view(opened: Opener, width: int) -> None:
    """As large on a phone as on a desk, over no point, and not cut by the edge."""
    page = opened("/network", reduced_motion="reduce", viewport={"width": width, "height": 800})
    expect(page.locator(".canvas g.chosen")).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => null)")
    drawn = page.evaluate(NAMES_AND_POINTS)
    assert len(drawn["names"]) >= (15 if width == 1280 else 3)
    assert min(drawn["sizes"]) >= 12.9
    left, right, top, bottom = drawn["canvas"]
    for own, name in drawn["names"]:
        assert name[0] >= left - 2
        assert name[1] <= right + 2
        assert name[2] >= top - 4
        assert name[3] <= bottom + 4
        for place, point in enumerate(drawn["points"]):
            across = min(name[1], point[1]) - max(name[0], point[0])
            down = min(name[3], point[3]) - max(name[2], point[2])
            assert place == own or across < 4 or down < 4, "a name lies over a point"


@pytest.mark.parametrize("path", ["/", "/disagreements"])
def test_links_in_lists_are_large_enough_to_touch(opened: Opener, path: str) -> None:
    page = opened(path, viewport={"width": 1280, "height": 900})
    boxes = "links => links.map(link => link.getBoundingClientRect()).map(box => [box.width, box.height])"
    found = page.locator("main .card ul.plain > li > a, main .dispute .quiet[href^='#']").evaluate_all(boxes)
    assert found
    assert all(min(width, height) >= 23.5 for width, height in found if width), found
