"""A query run on a store, with the engine's errors told by line and column."""

from __future__ import annotations

import re

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.errors import QueryError
from kg.namespaces import PREFIXES
from kg.terms import GRAPH

MOST_EXPECTED = 12
_TOKENS = re.compile(r'"(?:\\.|[^"\\])*"|\[[^\[\]]*\]|[^,\s][^,]*')


def run(store: Store, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Run a query with the accepted view as default graph.

    :raises QueryError: with line and column, if it cannot be parsed or run
    """
    try:
        return store.query(text, prefixes=PREFIXES, default_graph=GRAPH.accepted)
    except SyntaxError as error:
        raise syntax_error(str(error.msg)) from error
    except (ValueError, RuntimeError) as error:
        raise QueryError(str(error)) from error


def syntax_error(message: str) -> QueryError:
    """The engine's message ``error at L:C: …`` as an error with line and column, told in words a person reads."""
    found = re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if not found:
        return QueryError(message)
    return QueryError(_readable(found.group(3)), line=int(found.group(1)), column=int(found.group(2)))


def _readable(message: str) -> str:
    """The message without classes of characters; where the parser names a cause among what it expected, that alone."""
    if message.startswith("expected ["):
        return "this is not allowed here"
    opening, listed, rest = message.partition("expected one of ")
    if opening or not listed:
        return message
    expected = [token.strip() for token in _TOKENS.findall(rest)]
    causes = [token for token in expected if " " in token and token[0] not in '"[']
    if causes:
        return "; ".join(causes)
    named = ["a name" if token.startswith("['A'") else token for token in expected]
    named = [token for token in dict.fromkeys(named) if token and not token.startswith("[")]
    return f"expected one of {', '.join(named[:MOST_EXPECTED])}{', …' if len(named) > MOST_EXPECTED else ''}"
