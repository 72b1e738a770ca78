"""Which queries can only be look-ups: simple keywords, and an IRI as the subject of each pattern."""

from __future__ import annotations

_KEYWORDS = {
    *("SELECT", "ASK", "DESCRIBE", "CONSTRUCT", "WHERE", "LIMIT", "OFFSET", "PREFIX", "BASE", "GRAPH", "A", "DISTINCT"),
    *("FILTER", "LANG", "LANGMATCHES", "STR", "BOUND"),
}
_BEFORE_BRACKET = {"FILTER", "LANG", "LANGMATCHES", "STR", "BOUND", "(", "!", "=", "&&", "||"}
_MARKS = {"{", "}", ".", ";", ",", "(", ")", "=", "!", "&&", "||"}
MAX_TRIPLES = 3
"""How many triple patterns a look-up may have."""


class LookUpDetector:
    """Reads the tokens of a query; ``possible`` tells whether it can be a look-up as far as it has been read."""

    def __init__(self) -> None:
        self.possible = True
        self._subject_next = self._graph_next = False

    def mark(self, mark: str, before: str, stack: list[str]) -> None:
        """Read a punctuation mark.

        :param before: the token before it
        :param stack: the brackets that are open after it
        """
        if mark not in _MARKS and not (mark == "*" and before.upper() == "SELECT"):
            self.possible = False
        is_argument = before == "," and stack[-2:-1] == ["("]
        if mark == "(" and not is_argument and before.upper() not in _BEFORE_BRACKET:
            self.possible = False  # a collection
        self._subject_next = mark in ("{", "}", ".", ")") and stack[-1:] == ["{"]

    def term(self, kind: str, token: str) -> None:
        """Read a term or keyword."""
        word = token.upper() if kind == "word" else ""
        if word and word not in _KEYWORDS:
            self.possible = False
        elif self._graph_next:
            self._graph_next = False
        elif self._subject_next and word in ("GRAPH", "FILTER"):
            self._graph_next = word == "GRAPH"
        elif self._subject_next:
            self.possible = self.possible and kind in ("iri", "pname")
        self._subject_next = False
