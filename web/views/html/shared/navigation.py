"""The main navigation of all pages."""

from flask_babel import gettext as _


def navigation() -> list[tuple[str, str, tuple[str, ...]]]:
    """The main pages in order: endpoint, name, and the other endpoints that belong to it."""
    return [
        ("pages.home", _("Overview"), ("pages.country",)),
        ("pages.targets", _("Targets"), ()),
        ("pages.compare", _("Compare"), ()),
        ("pages.timeline", _("Timeline"), ()),
        ("pages.network", _("Network"), ()),
        ("pages.questions", _("Questions"), ("query_api.answer",)),
        ("pages.builder", _("Query"), ("pages.editor",)),
        ("downloads.listing", _("Data"), ("query_api.documentation", "releases.list", "pages.new", "pages.about")),
        ("pages.sources", _("Sources"), ("pages.disagreements",)),
    ]
