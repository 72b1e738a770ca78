"""The differences between releases as JSON: each change in words and as terms, with the address of its evidence."""

from collections import Counter
from typing import Any

from flask import Response

from kg.diff.words import as_json
from kg.namespaces import shorten
from kg.text_files import to_json
from web.addresses import address_of, address_of_iri
from web.answers.arguments import refuse_unknown
from web.answers.changes import asked_pair, day_of, difference
from web.answers.conditional import conditional
from web.answers.told_changes import ToldChange
from web.locale import language


def differences() -> Response:
    """What changed from ``?from=`` to ``?to=``.

    :raises ParameterError: if one of them is no release
    """
    refuse_unknown("from", "to", "format")
    before, after = asked_pair()
    parts = ("diff", before, after, language(), address_of("pages.home"))
    response = conditional(parts, "application/json", lambda: _document(before, after))
    response.vary.add("Accept")
    return response


def _document(before: str, after: str) -> str:
    changes = difference(before, after)
    document = {
        "from": {"version": before, "day": str(day_of(before))},
        "to": {"version": after, "day": str(day_of(after))},
        "counts": dict(Counter(described.change.kind for described in changes)),
        "changes": [_change(described) for described in changes],
    }
    return to_json(document)


def _change(described: ToldChange) -> dict[str, Any]:
    change = described.change
    evidence = [{"iri": node.value, "url": address_of_iri(node.value)} for node in change.evidence]
    about = address_of("pages.evidence", s=shorten(change.subject.value))
    return as_json(change, described.text(language())) | {"evidence": evidence, "about": about}
