"""Canned queries as rows for pages: run where all queries run, read once while the snapshot is current."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.query import bind, get_query
from kg.terms import XSD, Term
from web.answers.service import answer_service
from web.memo import Kind
from web.snapshot import snapshot


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
class CannedAnswer:
    """Rows of a canned query with the names of its variables.

    :param text: the query as it was run
    """

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    text: str


ANSWERS: Kind[CannedAnswer] = Kind("answers to canned queries", max_size=300)


def ask(slug: str, **values: str | None) -> tuple[Row, ...]:
    """The rows of a canned query; a value of ``None`` counts as not given."""
    return answer(slug, **values).rows


def answer(slug: str, **values: str | None) -> CannedAnswer:
    """The whole answer to a canned query.

    :raises ParameterError: if a value is not allowed
    """
    current = snapshot()
    query = get_query(current.queries, slug)
    text = bind(query, {key: value for key, value in values.items() if value}, current.choices)
    return current.memo.get(ANSWERS, text, lambda: _read(json.loads(answer_service().canned(current.name, text)), text))


def _read(document: dict[str, Any], text: str) -> CannedAnswer:
    rows = tuple(Row({key: _term(cell) for key, cell in row.items()}) for row in document["results"]["bindings"])
    return CannedAnswer(tuple(document["head"]["vars"]), rows, text)


def _term(cell: dict[str, str]) -> Term:
    value = cell["value"]
    if cell["type"] == "uri":
        return NamedNode(value)
    if cell["type"] == "bnode":
        return BlankNode(value)
    if "xml:lang" in cell:
        return Literal(value, language=cell["xml:lang"])
    return Literal(value, datatype=NamedNode(cell["datatype"]) if "datatype" in cell else XSD.string)
