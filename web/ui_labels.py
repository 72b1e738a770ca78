"""Texts of canned queries in the reader's language: names of columns and parameters, groups of questions.

A query names its variables once, in its text; what a reader sees of them is here, so that it can be translated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from flask_babel import gettext
from pyoxigraph import QuerySolutions, Store

from kg.query import CannedQuery, Parameter


def N_(text: str) -> str:  # noqa: N802  a name that pybabel looks for
    """Mark a text for translation that is translated where it is shown."""
    return text


TARGET_STATES = ("overdue", "missed", "open", "on-course", "met", "superseded", "not-computable")
"""The states of targets in the order in which they want attention."""
_HEADINGS = {
    "aim": "target value",
    "aimUnit": "unit of the target",
    "assessors": "assessed by",
    "bases": "based on",
    "better": "direction",
    "chairs": "chaired by",
    "comparator": "comparison",
    "confidence": "our confidence",
    "daysOver": "days overdue",
    "developers": "developed by",
    "dimension": "aspect",
    "earliest": "not before",
    "firstDate": "date of the first",
    "funders": "funded by",
    "hedge": "how it is stated",
    "isoAlpha2": "ISO 3166-1 alpha-2",
    "isoAlpha3": "ISO 3166-1 alpha-3",
    "issued": "published",
    "issuers": "issued by",
    "labelRu": "name in Russian",
    "lastSeen": "last seen in office",
    "latest": "not after",
    "locator": "place in the source",
    "most": "maximum number of sources",
    "noDeadline": "reason for no deadline",
    "observed": "measured on",
    "of": "belongs to",
    "operators": "operated by",
    "organisers": "organised by",
    "owners": "owned by",
    "paraphrase": "what the source says",
    "parents": "part of",
    "pilots": "pilot sites",
    "planned": "planned for",
    "publishers": "published by",
    "qualifier": "precision",
    "query": "question that lists them",
    "resolution": "ruling",
    "satisfied": "objective met",
    "searched": "searched on",
    "setter": "set in",
    "sourceKind": "kind of source",
    "sourceKinds": "kinds of sources",
    "speech": "statement",
    "targetKind": "kind of target",
    "tenure": "term of office",
    "tokens": "training tokens",
    "unM49": "UN M49 code",
    "url": "address",
    "voice": "speaking for",
    "wikidata": "Wikidata",
    "within": "days ahead",
}
"""Headings of variables whose name in plain words would not do."""
_QUERY_TEXTS = (
    N_("a factor without a baseline"),
    N_("the metric does not say whether more or less is better"),
    N_("completed after the deadline"),
    N_("measured after the deadline and short of the value"),
    N_("first seen to be reached after the deadline"),
    N_("neither a value nor a deadline"),
)
"""Texts that canned queries write themselves."""
GROUPS = {
    "targets": N_("Targets and deadlines"),
    "status": N_("Status on a day"),
    "instruments": N_("Laws and strategies"),
    "provisions": N_("What the laws say"),
    "bodies": N_("Bodies and offices"),
    "people": N_("People and statements"),
    "assets": N_("Computers, data, models, programmes"),
    "rankings": N_("Rankings"),
    "events": N_("Events"),
    "international": N_("International relations"),
    "economy": N_("Money"),
    "assessments": N_("Assessments"),
    "countries": N_("Countries"),
    "coverage": N_("What is not known"),
    "evidence": N_("Evidence"),
    "network": N_("Links"),
    "identifiers": N_("Names and codes"),
    "sources": N_("Sources"),
    "changes": N_("Changes to the graph"),
}
"""Groups of questions by tag, in the order in which they are shown."""


def heading(variable: str) -> str:
    """What a column or parameter is called, in the reader's language."""
    text = str(gettext(_english_heading(variable)))
    return text[:1].upper() + text[1:]


def _english_heading(variable: str) -> str:
    """The heading of a variable, else its name in plain words."""
    plain = variable.removesuffix("Label") or variable
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in plain)
    return _HEADINGS.get(plain) or words.strip()


def hint(parameter: Parameter) -> str:
    """What a parameter means, in the reader's language if it is translated."""
    return str(gettext(parameter.description)) if parameter.description else ""


def say(text: str) -> str:
    """A text that a canned query writes, in the reader's language; any other text as it is."""
    return str(gettext(text)) if text in _QUERY_TEXTS else text


def by_group(queries: Iterable[CannedQuery]) -> list[tuple[str, list[CannedQuery]]]:
    """Queries under the names of their groups; the group of a query is its first tag that is one."""
    groups: dict[str, list[CannedQuery]] = defaultdict(list)
    for query in queries:
        groups[next((tag for tag in query.tags if tag in GROUPS), "countries")].append(query)
    return [(str(gettext(GROUPS[tag])), groups[tag]) for tag in GROUPS if groups[tag]]


def plain_description(query: CannedQuery) -> str:
    """The description of a question on one line, as it is looked up for translation."""
    return " ".join(query.description.split())


def description_of(query: CannedQuery) -> str:
    """What a row of the answer is, in the reader's language if it is translated."""
    text = plain_description(query)
    return str(gettext(text)) if text else ""


def texts_of(query: CannedQuery) -> Iterator[str]:
    """All texts of a query that are looked up for translation."""
    yield plain_description(query)
    solutions = Store().query(query.text)
    variables = [variable.value for variable in solutions.variables] if isinstance(solutions, QuerySolutions) else []
    yield from map(_english_heading, [*variables, *(parameter.name for parameter in query.parameters)])
    yield from (parameter.description for parameter in query.parameters if parameter.description)
