"""All targets with their state."""

from __future__ import annotations

from flask_babel import gettext as _

from web.pages import blueprint
from web.pages.listing import listing


@blueprint.get("/targets")
def targets() -> str:
    """All targets with their state."""
    return listing("targets", _("Targets"))
