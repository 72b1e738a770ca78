"""The part of SPARQL that rules are written in: CONSTRUCT over one group.

https://www.w3.org/TR/sparql11-query/#construct

No engine we have hands out the patterns of a query, and a derivation is explained by its patterns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

from pyoxigraph import Literal, NamedNode, Variable

from kg.errors import SyntaxDataError
from kg.namespaces import expand
from kg.rules import Clause, Pattern, TermOrVariable
from kg.terms import RDF, XSD

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
    found: list[Token] = []
    for match in _TOKENS.finditer(text):
        kind, word = match.lastgroup or "", match.group()
        line = text.count("\n", 0, match.start()) + 1
        declared = [token.text.upper() for token in found[-2:-1]] == ["PREFIX"]
        if kind == "iri" and declared:
            prefixes[found[-1].text] = word[1:-1]
            del found[-2:]
        elif kind == "name" and found and found[-1].text.upper() != "PREFIX":
            found.append(Token("iri", _in_full(word, prefixes, path, line), line))
        elif kind != "space":
            found.append(Token(kind, word, line))
    return found


def _in_full(name: str, prefixes: dict[str, str], path: Path, line: int) -> str:
    prefix, _, local = name.partition(":")
    if f"{prefix}:" not in prefixes:
        raise SyntaxDataError(f"prefix {prefix}: is not declared", path=path, line=line)
    return f"<{prefixes[f'{prefix}:']}{local}>"


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
        found: list[Pattern | Clause] = []
        while self._word() != "}":
            if self._word() in {"FILTER", "BIND", "VALUES", "OPTIONAL"}:
                found.append(self._clause())
            elif self._word() == ".":
                self._next()
            else:
                found += self._triples()
        self._next()
        return found

    def _patterns(self, where: str) -> list[Pattern]:
        """A group in which all but triple patterns is passed over; it may not be empty."""
        found = [element for element in self._group() if isinstance(element, Pattern)]
        if not found:
            self._fail(f"{where} holds no triple pattern")
        return found

    def _triples(self) -> list[Pattern]:
        """One subject with its predicates and objects."""
        subject, predicate = self._term(), self._term()
        found = [Pattern(subject, predicate, self._term())]
        while self._word() in {";", ","}:
            if self._next().text == ";":
                if self._word() in {";", ".", "}"}:
                    continue
                predicate = self._term()
            found.append(Pattern(subject, predicate, self._term()))
        return found

    def _term(self) -> TermOrVariable:
        token = self._next()
        if token.text in {"true", "false"}:
            return Literal(token.text, datatype=XSD.boolean)
        if token.text != "a" and token.kind not in {"variable", "iri", "string", "number"}:
            self._at -= 1
            self._fail(f"{token.text!r} cannot stand here")
        match token.kind:
            case "variable":
                return Variable(token.text[1:])
            case "iri":
                return NamedNode(token.text[1:-1])
            case "string":
                return self._literal(token.text[1:-1])
            case "number":
                kind = "xsd:decimal" if "." in token.text else "xsd:integer"
                return Literal(token.text, datatype=NamedNode(expand(kind)))
        return RDF.type

    def _literal(self, text: str) -> Literal:
        if "\\" in text:
            self._fail("a text in a triple pattern has no backslash")
        if self._peek().kind == "tag":
            return Literal(text, language=self._next().text[1:])
        if self._peek().text == "^^":
            self._next()
            return Literal(text, datatype=NamedNode(self._next().text[1:-1]))
        return Literal(text)

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
        return Clause(tuple(part for token in self._tokens[start : self._at] for part in _spaced(token)))

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
            self._fail(f"expected {word}, found {self._peek().text!r}")
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


def _spaced(token: Token) -> tuple[str, ...]:
    """A token and the space before it; the engine wants none before a bracket or a tag."""
    return (token.text,) if token.text in {"(", "^^", ","} or token.kind == "tag" else (" ", token.text)
