"""A query run on a store, with the engine's errors told by line and column."""

from __future__ import annotations

import re

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.errors import QueryError
from kg.namespaces import GRAPH_ACCEPTED, PREFIXES


def run(store: Store, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Run a query with the accepted view as default graph.

    :raises QueryError: with line and column, if it cannot be parsed or run
    """
    try:
        return store.query(text, prefixes=PREFIXES, default_graph=NamedNode(GRAPH_ACCEPTED))
    except SyntaxError as error:
        raise syntax_error(str(error.msg)) from error
    except (ValueError, RuntimeError) as error:
        raise QueryError(str(error)) from error


def syntax_error(message: str) -> QueryError:
    """The engine's message ``error at L:C: …`` as an error with line and column."""
    found = re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if not found:
        return QueryError(message)
    return QueryError(found.group(3), line=int(found.group(1)), column=int(found.group(2)))
