"""Where sources differ, and what we made of it."""

from __future__ import annotations

from flask_babel import gettext as _

from web.pages import blueprint
from web.pages.listing import listing


@blueprint.get("/disagreements")
def disagreements() -> str:
    """Where sources differ, and what we made of it."""
    return listing("disagreements", _("Disagreements"))
