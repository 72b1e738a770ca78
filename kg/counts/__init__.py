"""Counts over a store: queries, so that the engine counts, and other threads run meanwhile."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, QuerySolution, Store

Row = tuple[Any, ...]
"""A term for each variable, of the kind that the query gives; ``None`` where it is not bound."""


def count(store: Store, name: str, **terms: NamedNode | str) -> list[Row]:
    """The rows of one of the queries beside this file.

    :param name: the file without its suffix
    :param terms: what stands in the place of a variable: a term, or the name of another variable
    """
    text = _text(name)
    for variable, term in terms.items():
        text = re.sub(rf"\?{variable}\b", f"?{term}" if isinstance(term, str) else str(term), text)
    rows: list[QuerySolution] = list(store.query(text))  # type: ignore[arg-type]
    return [tuple(row) for row in rows]


@cache
def _text(name: str) -> str:
    return Path(__file__).with_name(f"{name}.rq").read_text("utf-8")
