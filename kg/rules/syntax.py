"""The part of SPARQL that rules are written in: CONSTRUCT over one group.

https://www.w3.org/TR/sparql11-query/#construct

A derivation is explained by the patterns of its rule. pyoxigraph does not hand out the patterns of a query; rdflib
does, but takes ten times as long and turns each FILTER and BIND into a tree that would have to be written back as
SPARQL. So the text is cut into clauses here, and the triple patterns between them are read as Turtle.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

from pyoxigraph import NamedNode, RdfFormat, Variable, parse

from kg.errors import SyntaxDataError
from kg.rules import Clause, Pattern, TermOrVariable
from kg.terms import Term

_TOKENS = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
      | (?P<iri><[^<>"{}|^`\\\s?]*>)
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<tag>@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)
      | (?P<variable>[?$]\w+)
      | (?P<name>[A-Za-z][\w-]*:(?:[\w-](?:[\w.%-]*[\w%-])?)?)
      | (?P<number>[+-]?\d+(?:\.\d+)?)
      | (?P<word>[A-Za-z_]\w*)
      | (?P<sign>\^\^|&&|\|\||!=|<=|>=|[^\w\s])""",
    re.VERBOSE,
)
_PAIRS = {"(": ")", "{": "}"}
_CLAUSES = {"FILTER", "BIND", "VALUES", "OPTIONAL"}
_TURTLE = {"a", "true", "false", ".", ";", ",", "^^"}
_CLOSE = ("(", "^^", ",")
_VARIABLE = "urn:variable:"
HINT = "a rule is CONSTRUCT { triple patterns } WHERE { triple patterns, FILTER, BIND, VALUES, OPTIONAL }"


class Token(NamedTuple):
    """A word of a query, with the line it is on; names are in full."""

    kind: str
    text: str
    line: int


def tokens(text: str, path: Path) -> list[Token]:
    """The words of a query, without its prologue, comments and spaces.

    :raises SyntaxDataError: if a prefix is not declared
    """
    prefixes: dict[str, str] = {}
    words: list[Token] = []
    for match in _TOKENS.finditer(text):
        kind, word = match.lastgroup or "", match.group()
        line = text.count("\n", 0, match.start()) + 1
        declared = [token.text.upper() for token in words[-2:-1]] == ["PREFIX"]
        if kind == "iri" and declared:
            prefixes[words[-1].text] = word[1:-1]
            del words[-2:]
        elif kind == "name" and words and words[-1].text.upper() != "PREFIX":
            prefix, colon, local = word.partition(":")
            if prefix + colon not in prefixes:
                raise SyntaxDataError(f"prefix {prefix}: is not declared", path=path, line=line)
            words.append(Token("iri", f"<{prefixes[prefix + colon]}{local}>", line))
        elif kind != "space":
            words.append(Token(kind, word.replace("$", "?") if kind == "variable" else word, line))
    return words


class Reader:
    """Reads the tokens of one query from left to right.

    ``optional`` and ``negated`` collect the patterns inside OPTIONAL and FILTER NOT EXISTS.
    """

    def __init__(self, words: Sequence[Token], path: Path) -> None:
        self._tokens = words
        self._path = path
        self._at = 0
        self.optional: list[Pattern] = []
        self.negated: list[Pattern] = []

    def query(self) -> tuple[list[Pattern], list[Pattern | Clause]]:
        """Head and body of a CONSTRUCT query.

        :raises SyntaxDataError: if it is anything else
        """
        self._expect("CONSTRUCT")
        head = self._patterns("the head")
        if self._word() == "WHERE":
            self._next()
        body = self._group()
        if self._at < len(self._tokens):
            self._fail(f"{self._peek().text!r} after the query")
        return head, body

    def _group(self) -> list[Pattern | Clause]:
        """Everything between a pair of braces."""
        self._expect("{")
        elements: list[Pattern | Clause] = []
        while self._word() != "}":
            if self._word() in _CLAUSES:
                elements.append(self._clause())
            else:
                elements += self._triples()
        self._next()
        return elements

    def _patterns(self, where: str) -> list[Pattern]:
        """A group in which all but triple patterns is passed over; it may not be empty."""
        patterns = [element for element in self._group() if isinstance(element, Pattern)]
        if not patterns:
            self._fail(f"{where} holds no triple pattern")
        return patterns

    def _triples(self) -> list[Pattern]:
        """The triple patterns before the next clause, read as Turtle in which each variable is an IRI of its own."""
        start = self._at
        while self._word() not in (*_CLAUSES, "}"):
            token = self._next()
            if token.kind in ("sign", "word") and token.text not in _TURTLE:
                self._at -= 1
                self._fail(f"{token.text!r} cannot stand here")
        turtle = _joined(map(_as_turtle, self._tokens[start : self._at])).strip(" .")
        try:
            quads = list(parse(f"{turtle} .", format=RdfFormat.TURTLE)) if turtle else []
        except SyntaxError as error:
            self._at = start
            self._fail(f"not a group of triple patterns: {error.msg}")
        return [Pattern(*(_from_turtle(term) for term in quad.triple)) for quad in quads]

    def _clause(self) -> Clause:
        """FILTER, BIND, VALUES or OPTIONAL with all that belongs to it."""
        start = self._at
        opening = tuple(token.text.upper() for token in self._tokens[start : start + 3])
        if opening[0] == "OPTIONAL":
            self._next()
            self.optional += self._patterns("OPTIONAL")
        elif opening == ("FILTER", "NOT", "EXISTS"):
            self._at += 3
            self.negated += self._patterns("FILTER NOT EXISTS")
        else:
            self._brackets(opening[0] == "VALUES")
        return Clause(_joined(self._tokens[start : self._at]))

    def _brackets(self, braces_only: bool) -> None:
        """Skip to the end of the first pair of brackets; the list of variables of VALUES is not that pair."""
        closing: list[str] = []
        done = False
        while not done:
            text = self._next().text
            if text.upper() == "EXISTS":
                self._fail("EXISTS: write the pattern itself, or FILTER NOT EXISTS")
            if text in _PAIRS:
                closing.append(text)
            elif closing and text == _PAIRS[closing[-1]]:
                done = (closing.pop() == "{" or not braces_only) and not closing

    def _expect(self, word: str) -> None:
        if self._word() != word:
            self._fail(f"expected {word}, got {self._peek().text!r}")
        self._next()

    def _next(self) -> Token:
        token = self._peek()
        if not token.kind:
            self._fail("the query ends too early")
        self._at += 1
        return token

    def _peek(self) -> Token:
        last = self._tokens[-1].line if self._tokens else 1
        return self._tokens[self._at] if self._at < len(self._tokens) else Token("", "", last)

    def _word(self) -> str:
        return self._peek().text.upper()

    def _fail(self, problem: str) -> NoReturn:
        raise SyntaxDataError(problem, path=self._path, line=self._peek().line, hint=HINT)


def _joined(words: Iterable[Token]) -> str:
    """Tokens with spaces between them; the engine wants none before a bracket or a tag."""
    return "".join(f"{'' if word.text in _CLOSE or word.kind == 'tag' else ' '}{word.text}" for word in words).strip()


def _as_turtle(token: Token) -> Token:
    return Token("iri", f"<{_VARIABLE}{token.text[1:]}>", token.line) if token.kind == "variable" else token


def _from_turtle(term: Term) -> TermOrVariable:
    if isinstance(term, NamedNode) and term.value.startswith(_VARIABLE):
        return Variable(term.value.removeprefix(_VARIABLE))
    return term
