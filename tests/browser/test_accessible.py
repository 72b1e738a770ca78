"""No kind of page has a fault that axe-core calls serious or critical, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.explorer import PAGES
from tests.served import ROOT

pytestmark = pytest.mark.browser
AXE = ROOT / "web" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", [*PAGES, "editor"])
def test_no_serious_fault(opened: Callable[..., Page], kind: str, theme: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make frontend")
    page = opened(PAGES.get(kind, "/editor"), color_scheme=theme, bypass_csp=True)
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    faults = [
        f"{fault['id']}: {fault['help']}\n  " + "\n  ".join(node["html"][:200] for node in fault["nodes"][:4])
        for fault in found
        if fault["impact"] in GRAVE
    ]
    assert not faults, "\n".join(faults)
