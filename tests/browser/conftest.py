"""One browser for all journeys: Debian's Chromium, headless, with nothing kept between pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.explorer import chromium, explorer

Opener = Callable[..., Page]

PATIENCE = 60_000  # milliseconds, for whatever a page is expected to do: a busy machine is not a fault of the page
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser; skipped with a reason where there is none."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opener]:
    """Opens a page of the explorer in a context of its own; nothing may fail or be refused on the way."""
    with watched(browser) as open_page:
        yield open_page


@contextmanager
def watched(browser: Browser) -> Iterator[Opener]:
    """What opens a page; at the end all are closed, and none of them may have complained."""
    faults: list[str] = []
    contexts = []

    def open_page(path: str = "/", wanted: str = "\0", **options: object) -> Page:
        """A page; ``wanted`` is part of a complaint of the browser that the test itself provokes."""
        context = browser.new_context(base_url=explorer().url, **{"locale": "en-GB", **options})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: _complaint(line, wanted, faults))
        page.on("request", lambda request: _ours(request.url, faults))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


def _complaint(line: ConsoleMessage, wanted: str, faults: list[str]) -> None:
    if line.type == "error" and wanted not in line.text:
        faults.append(line.text)


def _ours(url: str, faults: list[str]) -> None:
    """No request leaves for another host."""
    if not url.startswith((explorer().url, "data:", "blob:")):
        faults.append(f"asked {url}")
