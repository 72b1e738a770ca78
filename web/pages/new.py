"""What is new in the graph, as a page and as an Atom feed."""

from __future__ import annotations

import datetime
from email.utils import format_datetime

from feedgen.feed import FeedGenerator
from flask import Response, url_for
from flask_babel import gettext as _

from kg.namespaces import BASE
from web.pages import blueprint
from web.pages.listing import listing
from web.snapshot import snapshot


@blueprint.get("/new")
def new() -> str:
    """What was entered lately."""
    return listing("entered-since", _("What is new"))


@blueprint.get("/new.atom")
def atom() -> Response:
    """A feed with one entry: the current snapshot."""
    current = snapshot()
    changed = current.modified or datetime.datetime.fromtimestamp(0, datetime.UTC)
    feed = FeedGenerator()
    feed.id(f"{BASE}new")
    feed.title(_("What is new"))
    feed.updated(format_datetime(changed))
    feed.link(href=url_for("pages.new", _external=True))
    return Response(feed.atom_str(pretty=True), content_type="application/atom+xml; charset=utf-8")
