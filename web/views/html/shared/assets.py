"""The addresses that every page has: bundled files (an address changes when its file does), the navigation, and
where a mistake is reported."""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

from flask import current_app, request, url_for
from flask_babel import gettext as _
from pyoxigraph import NamedNode

from kg.corrections import write_form
from kg.namespaces import shorten
from kg.terms import Term
from web.locale import language, scripts_of


def asset(file_name: str) -> str:
    """The address of a bundled file; it changes when the file does, so browsers may keep the file for a year."""
    return url_for("static", filename=f"dist/{file_name}", v=_version(_bundle() / file_name))


def fonts() -> list[str]:
    """The addresses of the fonts for the scripts of the reader's language, to be fetched while the style sheet is."""
    scripts = {"latin"} | scripts_of(language())
    files = [
        file for script in sorted(scripts, reverse=True) for file in _fonts(_bundle()) if f"-{script}-wght" in file
    ]
    return [url_for("static", filename=f"dist/{file}") for file in files]


def _bundle() -> Path:
    return Path(current_app.static_folder or "") / "dist"


@cache
def _fonts(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("*.woff2"))


@cache
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.exists() else "none"


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


SUBJECT = "Correction: {what}"
MAX_VALUE = 300
"""Characters of a value in the form: an address that is too long is cut by mail programs."""


def correction_link(
    subject: NamedNode | None = None, predicate: NamedNode | None = None, value: Term | None = None
) -> str:
    """The address that opens the form about a statement, a thing or this page; empty if the operator gave none.

    An address for letters gets ``subject`` and ``body`` (RFC 6068), that of an issue tracker ``title`` and ``body``.
    """
    address = current_app.config["WEB"].corrections
    if not address:
        return ""
    claim = {"Page": request.base_url}
    if isinstance(subject, NamedNode):
        claim["Thing"] = shorten(subject.value)
    if predicate is not None:
        claim["Property"] = shorten(predicate.value)
    if value is not None:
        claim["Value"] = (shorten(value.value) if isinstance(value, NamedNode) else str(value))[:MAX_VALUE]
    title, form = SUBJECT.format(what=claim.get("Thing", request.path)), write_form(claim)
    is_letter = address.startswith("mailto:")
    fields = {"subject" if is_letter else "title": title, "body": form.replace("\n", "\r\n") if is_letter else form}
    return f"{address}{'&' if '?' in address else '?'}{urlencode(fields, quote_via=quote)}"
