"""Who is responsible for what."""

from __future__ import annotations

from flask_babel import gettext as _

from web.pages import blueprint
from web.pages.listing import listing


@blueprint.get("/network")
def network() -> str:
    """Who is responsible for what."""
    return listing("network", _("Network"))
