"""The sources of the graph."""

from __future__ import annotations

from flask_babel import gettext as _

from web.pages import blueprint
from web.pages.listing import listing


@blueprint.get("/sources")
def sources() -> str:
    """The sources of the graph."""
    return listing("sources", _("Sources"))
