"""Pages for people. Each module holds a group of pages; this one holds the blueprint they hang on.

terms      names, addresses and marks of languages for whatever the graph names
facts      what stands of a thing, each statement with the number of origins behind it
asking     canned queries as rows
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from flask import Blueprint
from flask_babel import gettext as _

from web.snapshot import snapshot
from web.views.html.assets import asset, fonts

blueprint = Blueprint("pages", __name__)


def navigation() -> list[tuple[str, str]]:
    """The main pages: endpoint and name, in order."""
    return [
        ("pages.home", _("Overview")),
        ("pages.targets", _("Targets")),
        ("pages.compare", _("Compare")),
        ("pages.timeline", _("Timeline")),
        ("pages.network", _("Network")),
        ("pages.questions", _("Questions")),
    ]


def snapshot_date() -> datetime.date | None:
    """The day the snapshot was built."""
    built = snapshot().modified
    return built.date() if built else None


@blueprint.app_context_processor
def page_context() -> dict[str, Callable[..., object]]:
    """What every template can call."""
    return {"navigation": navigation, "asset": asset, "fonts": fonts, "snapshot_date": snapshot_date}
