"""Texts of pages for names in queries and in the ontology: headings of columns, groups of questions, links back.

A query names its variables once, in its text; what a reader sees of them is here, so that it can be translated.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from flask_babel import gettext
from pyoxigraph import QuerySolutions, Store

from kg.groups import grouped
from kg.query import CannedQuery, Parameter
from kg.text_files import read_yaml

TARGET_STATES = (
    *("overdue", "due-not-looked-up", "missed", "behind", "open", "on-course", "about-met", "met-time-unknown", "met"),
    *("superseded", "not-computable"),
)
"""The states of targets in the order in which they want attention."""
_TEXTS: dict[str, Any] = read_yaml(Path(__file__).with_suffix(".yaml"))


def labels_of(kind: str, **values: str) -> dict[str, str]:
    """The labels of names of a kind (``search_groups``, ``links_back``), in the reader's language and in order.

    :param values: what placeholders in the labels stand for
    """
    return {key: str(gettext(text, **values)) for key, text in _TEXTS[kind].items()}


def heading(variable: str) -> str:
    """What a column or parameter is called, in the reader's language."""
    text = str(gettext(_english_heading(variable)))
    return text[:1].upper() + text[1:]


def _english_heading(variable: str) -> str:
    """The heading of a variable, else its name in plain words."""
    plain = variable.removesuffix("Label") or variable
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in plain)
    return str(_TEXTS["headings"].get(plain) or words.strip())


def hint(parameter: Parameter) -> str:
    """What a parameter means, in the reader's language if it is translated."""
    return str(gettext(parameter.description)) if parameter.description else ""


def by_group(queries: Iterable[CannedQuery]) -> list[tuple[str, list[CannedQuery]]]:
    """Queries under the names of their groups; the group of a query is its first tag that is one."""
    names = labels_of("query_groups")
    groups = grouped((next((tag for tag in query.tags if tag in names), "countries"), query) for query in queries)
    return [(name, groups[tag]) for tag, name in names.items() if tag in groups]


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


def own_texts() -> Iterator[str]:
    """All texts of this module that are looked up for translation; headings are with the queries that have them."""
    for kind, texts in _TEXTS.items():
        if kind != "headings":
            yield from texts.values() if isinstance(texts, Mapping) else texts
