"""Where an address has a page for people as well: found by name, so that the page may live in ``web.views.html``."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import current_app
from werkzeug.wrappers import Response

from web.views import html

Page = Callable[[str], Response | str]


def page(name: str) -> Page | None:
    """The page of that name: a view of the blueprint ``pages``, or a function of the package; ``None`` if none."""
    found = current_app.view_functions.get(f"pages.{name}") or getattr(html, name, None)
    return cast("Page | None", found)
