"""Reads a FILTER whose cost is small for every solution: comparisons, and functions that build no value."""

from __future__ import annotations

from web.engine.cursor import Cursor, OtherTokenError, Token

CONSTANT = "urn:constant"
"""An IRI that stands for some thing, source, passage or assertion, whichever it is."""
MAX_TOKENS = 60
"""Tokens of all filters of a query together."""
_FUNCTIONS = {
    *("LANG", "LANGMATCHES", "STR", "BOUND", "DATATYPE", "SAMETERM", "ISIRI", "ISURI", "ISLITERAL", "ISBLANK"),
    *("ISNUMERIC", "STRSTARTS", "STRENDS", "CONTAINS"),
}
_WORDS = {"TRUE", "FALSE", "IN", "NOT"}
_MARKS = {"(", ")", ",", "=", "!", "<", ">", "&&", "||", "^^"}


def read_filter(cursor: Cursor) -> int:
    """Read what follows FILTER, to the bracket that closes it; returns the number of tokens.

    :raises OtherTokenError: if there is anything that is not known to be cheap
    """
    begin, depth = cursor.at, 0
    while True:
        token = cursor.take()
        if not _is_cheap(token, cursor.peek()):
            raise OtherTokenError
        depth += {("mark", "("): 1, ("mark", ")"): -1}.get(token, 0)
        if depth <= 0 and cursor.at > begin + 1:
            break
        if depth == 0 and token[0] != "word":
            raise OtherTokenError
    if depth:
        raise OtherTokenError
    return cursor.at - begin


def _is_cheap(token: Token, after: Token) -> bool:
    """Whether a token of a filter is cheap, and the engine reads it as the same one.

    A name before a bracket is a function of whoever has defined one. And ``?a<?b&&?c>?d`` looks like an IRI, but is two
    comparisons; an address with a scheme cannot be one.
    """
    kind, text = token
    if kind == "mark":
        return text in _MARKS
    if kind == "word":
        return text.upper() in _WORDS or (text.upper() in _FUNCTIONS and after == ("mark", "("))
    if kind == "iri":
        return text.startswith(("<http://", "<https://", f"<{CONSTANT}>")) and after != ("mark", "(")
    return kind in ("variable", "string", "number", "language") or (kind == "pname" and after != ("mark", "("))
