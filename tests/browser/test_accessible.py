"""No kind of page has a fault of level A or AA of WCAG 2.2, or one that axe-core calls serious, light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import watched
from tests.explorer import PAGES
from tests.served import ROOT

pytestmark = pytest.mark.browser
AXE = ROOT / "web" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
LEVELS = {"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"}
"""The rules of the levels A and AA; that on the size of targets is of WCAG 2.2 and not among those run by default."""


KINDS = {
    **PAGES,
    "editor": "/editor",
    "builder": "/builder",
    "interface": "/api/",
    "nothing there": "/id/nothing-of-the-kind",
}


@pytest.fixture(scope="module", params=KINDS)
def shown(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of each kind, opened once for all themes: nothing but its style depends on them."""
    with watched(browser) as open_page:
        page = open_page(KINDS[request.param], wanted="404 (Not Found)", bypass_csp=True)
        unfold(page)
        yield page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_serious_fault(shown: Page, theme: Literal["light", "dark"]) -> None:
    shown.emulate_media(color_scheme=theme)
    assert not faults(shown)


@pytest.mark.parametrize("kind", ["home", "country", "instrument", "targets", "question", "source", "editor"])
def test_no_serious_fault_in_russian(opened: Callable[..., Page], kind: str) -> None:
    page = opened("/preferences?lang=ru", bypass_csp=True)
    page.goto(KINDS[kind])
    assert page.locator("html").get_attribute("lang") == "ru"
    unfold(page)
    assert not faults(page)


def unfold(page: Page) -> None:
    """What comes only when somebody turns to it: the editor and the builder themselves."""
    for address, first, there in (
        ("/editor", "textarea[name='query']", "#yasgui .CodeMirror"),
        ("/builder", "[data-shape$='/Law']", "spar-natural .EndClassGroup li >> nth=0"),
    ):
        if page.url.endswith(address):
            page.locator(first).click()
            page.locator(there).wait_for()


def test_a_fault_would_be_found(opened: Callable[..., Page]) -> None:
    page = opened("/about", bypass_csp=True)
    page.evaluate("document.querySelector('main').innerHTML += '<img src=\"data:,\"><p><input></p>'")
    found = faults(page)
    assert "image-alt" in found
    assert "label" in found


def faults(page: Page) -> str:
    """Faults of level A or AA, and what axe-core calls serious or critical; empty if there are none."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make frontend")
    if page.evaluate("!window.axe"):
        page.add_script_tag(path=AXE)
    found = page.evaluate(f"axe.run({{runOnly: {[*LEVELS, 'best-practice']}, resultTypes: ['violations']}})")[
        "violations"
    ]
    grave = [fault for fault in found if fault["impact"] in GRAVE or not LEVELS.isdisjoint(fault["tags"])]
    return "\n".join(f"{fault['id']}: {fault['help']}\n  {_places(fault)}" for fault in grave)


def _places(fault: dict[str, Any]) -> str:
    return "\n  ".join(node["html"][:200] for node in fault["nodes"][:4])
