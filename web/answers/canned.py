"""Canned queries as rows for pages: run where all queries run, read once, kept while the snapshot is current."""

from __future__ import annotations

import datetime
import json
import threading
from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache
from flask import request
from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import ParameterError
from kg.labels import Term
from kg.namespaces import PREFIXES
from kg.query import bind, get_query
from web.snapshot import snapshot
from web.views.api.queries import whole

KEPT = 300
"""How many answers are kept as rows."""
_XSD_STRING = PREFIXES["xsd"] + "string"
_lock = threading.Lock()


class Row(dict[str, Term]):
    """One solution: terms by variable; what is unbound is not there. ``row.text("x")`` is the text of a term."""

    def text(self, variable: str, default: str = "") -> str:
        """The text of a literal or the IRI of a node."""
        term = self.get(variable)
        return default if term is None else str(getattr(term, "value", term))

    def number(self, variable: str) -> float | None:
        """The number of a literal, if it is one."""
        try:
            return float(self.text(variable))
        except ValueError:
            return None


@dataclass(frozen=True)
class Answer:
    """Rows of a canned query with the names of its variables.

    :param text: the query as it was run
    """

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    text: str


def ask(slug: str, **values: str | None) -> tuple[Row, ...]:
    """The rows of a canned query; a value of ``None`` counts as not given."""
    return answer(slug, **values).rows


def answer(slug: str, **values: str | None) -> Answer:
    """The whole answer to a canned query.

    :raises ParameterError: if a value is not allowed
    """
    current = snapshot()
    query = get_query(current.queries, slug)
    text = bind(query, {key: value for key, value in values.items() if value}, current.choices)
    kept: LRUCache[str, Answer] = current.cache.setdefault("rows", LRUCache(KEPT))
    with _lock:
        found = kept.get(text)
    if found is None:
        found = _read(json.loads(whole(current, text)), text)
        with _lock:
            kept[text] = found
    return found


def _read(document: dict[str, Any], text: str) -> Answer:
    rows = tuple(Row({key: _term(cell) for key, cell in row.items()}) for row in document["results"]["bindings"])
    return Answer(tuple(document["head"]["vars"]), rows, text)


def _term(cell: dict[str, str]) -> Term:
    value = cell["value"]
    if cell["type"] == "uri":
        return NamedNode(value)
    if cell["type"] == "bnode":
        return BlankNode(value)
    if "xml:lang" in cell:
        return Literal(value, language=cell["xml:lang"])
    return Literal(value, datatype=NamedNode(cell.get("datatype", _XSD_STRING)))


def as_of() -> datetime.date:
    """The day a page is asked for by ``?asOf=``; today without it.

    :raises ParameterError: if it is no date
    """
    given = request.args.get("asOf", "").strip()
    if given in ("", "today"):
        return datetime.date.today()
    try:
        return datetime.date.fromisoformat(given)
    except ValueError:
        raise ParameterError("asOf", given[:40], "not a date", ["YYYY-MM-DD", "today"]) from None
