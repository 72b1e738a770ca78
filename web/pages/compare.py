"""The five countries side by side."""

from __future__ import annotations

from flask_babel import gettext as _

from web.pages import blueprint
from web.pages.listing import listing


@blueprint.get("/compare")
def compare() -> str:
    """The five countries side by side."""
    return listing("comparison", _("Compare"))
