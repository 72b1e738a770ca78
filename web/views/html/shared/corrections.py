"""Links by which a reader reports a mistake: a letter or an issue in which the claim is already written down."""

from urllib.parse import quote, urlencode

from flask import current_app, request
from pyoxigraph import NamedNode

from kg.corrections import write_form
from kg.namespaces import shorten
from kg.terms import Term

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
