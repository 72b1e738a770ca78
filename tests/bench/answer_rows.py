"""Answers of SPARQL endpoints as text to compare, whichever engine gave them."""

from __future__ import annotations

import json
from typing import Any

NUMBERS = ("integer", "decimal", "double", "int", "float", "nonNegativeInteger")


def rows(document: dict[str, Any]) -> list[str]:
    """The rows in order: a truth value may come as a number, a joined label without its language.

    A joined text of nothing is empty to Virtuoso and unbound to the others; in a table both are an empty cell.
    """
    if "boolean" in document:
        return [str(document["boolean"])]
    bindings = document["results"]["bindings"]
    filled = ({name: text for name, term in row.items() if (text := _value(term))} for row in bindings)
    return sorted(json.dumps(row, sort_keys=True) for row in filled)


def _value(term: dict[str, str]) -> str:
    kind = term.get("datatype", "").rpartition("#")[2]
    if kind == "boolean":
        return {"true": "1.0", "false": "0.0"}.get(term["value"], term["value"])
    return repr(float(term["value"])) if kind in NUMBERS else term["value"]
