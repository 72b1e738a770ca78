"""What happened when."""

from __future__ import annotations

from flask_babel import gettext as _

from web.pages import blueprint
from web.pages.listing import listing


@blueprint.get("/timeline")
def timeline() -> str:
    """What happened when."""
    return listing("timeline", _("Timeline"))
