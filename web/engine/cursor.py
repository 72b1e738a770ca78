"""A place in the tokens of a query, for whoever reads them one by one."""

from __future__ import annotations

from dataclasses import dataclass

Token = tuple[str, str]
"""Kind and text, as `web.engine.lexer` gives them."""


class OtherTokenError(Exception):
    """The next token is none that is expected."""


@dataclass
class Cursor:
    """Reads tokens.

    :param at: the index of the next one
    """

    tokens: list[Token]
    at: int = 0

    def peek(self) -> Token:
        """The next token; an empty one at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self) -> Token:
        """Read the next token."""
        token = self.peek()
        self.at += 1
        return token

    def word(self, name: str) -> bool:
        """Read a keyword, if it is next."""
        kind, token = self.peek()
        matches = kind == "word" and token.upper() == name
        self.at += matches
        return matches

    def mark(self, mark: str) -> bool:
        """Read a punctuation mark, if it is next."""
        matches = self.peek() == ("mark", mark)
        self.at += matches
        return matches

    def expect(self, mark: str) -> None:
        """Read a punctuation mark."""
        if not self.mark(mark):
            raise OtherTokenError
