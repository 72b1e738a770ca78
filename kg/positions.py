"""Where a Turtle or TriG file says what (https://www.w3.org/TR/trig/#sec-grammar): the line of each statement.

The engine reads files without telling positions. Here the tokens are walked by the structure of statements alone; what
a token stands for (prefix, base, escapes) the engine says.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from pyoxigraph import NamedNode, RdfFormat, parse

from kg.terms import RDF

BLANK = "[]"
"""What stands for any blank node."""
# No possessive quantifiers: Python before 3.11.5 matches them wrongly.
_TOKEN = re.compile(
    r"""
    (?P<space>\s+|\#[^\n]*)
  | (?P<string>\"\"\"(?:[^"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
      |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
  | (?P<iri><[^<>"{}|^`\s]*>)
  | (?P<word>(?:\\.|[^\s<>"'{}\[\]();,#.\\]|\.(?=[\w:%\\-]))+)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVES = ("@prefix", "@base", "prefix", "base", "@version", "version")


class Token(NamedTuple):
    """A token with its line, counted from 1."""

    kind: str
    text: str
    line: int


_NOTHING = Token("", "", 0)


class _Triple(NamedTuple):
    """A triple as it is written, below the directives before it."""

    prologue: str
    graph: Token
    subject: Token
    property: Token
    value: Token


class Statement(NamedTuple):
    """A triple as it is written, by the IRIs of its parts; ``[]`` for a blank node, empty for a literal.

    :param graph: empty for the default graph
    :param subject_line: the line of the subject, on which the property need not be
    :param property_line: that of the property
    :param value_line: that of the value
    """

    graph: str
    subject: str
    property: str
    value: str
    subject_line: int
    property_line: int
    value_line: int


def line_of(
    statements: Iterable[Statement], subject: str, property_: str | None = None, graph: str | None = None
) -> int | None:
    """The line on which a subject is described (or mentioned, if it is not).

    :param property_: its line is preferred to that of the subject
    :param graph: the named graph that is meant; elsewhere only if the subject is not in it
    """
    about = [statement for statement in statements if statement.subject == subject]
    here = [statement for statement in about if graph in (None, statement.graph)]
    lines = [statement.property_line for statement in here if statement.property == property_]
    lines += [statement.subject_line for statement in here or about]
    return next(iter(lines), None) or next((each.value_line for each in statements if each.value == subject), None)


def read_statements(text: str) -> list[Statement]:
    """The statements of a file that the engine can read, in their order."""
    walk = _Walk()
    for token in _tokens(text):
        walk.take(token)
    return list(walk.resolved())


def _tokens(text: str) -> Iterator[Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup or "mark", match.group()
        if kind != "space":
            yield Token(kind, token, line)
        line += token.count("\n")


@dataclass
class _Frame:
    """The statement that is being read, at the top, in a blank node or in a list.

    :param next: what comes next: subject, property or value
    """

    next: str = "subject"
    subject: Token = _NOTHING
    property: Token = _NOTHING


@dataclass
class _Walk:
    """Follows the structure of statements, token by token."""

    frames: list[_Frame] = field(default_factory=lambda: [_Frame()])
    graph: Token = _NOTHING
    directive: list[str] = field(default_factory=list)
    prologue: str = ""
    last: Token = _NOTHING
    triples: list[_Triple] = field(default_factory=list)

    def take(self, token: Token) -> None:
        """Read the next token."""
        if self.directive or (token.text.lower() in _DIRECTIVES and self._at_start()):
            self._direct(token)
        elif token.kind == "mark":
            self._mark(token)
        elif not self._continues_literal(token):
            self._term(token)
        self.last = token

    def _at_start(self) -> bool:
        return len(self.frames) == 1 and self.frames[0].next == "subject"

    def _direct(self, token: Token) -> None:
        self.directive.append(token.text)
        marked = self.directive[0].startswith("@")
        if token.text == "." if marked else token.kind in ("iri", "string"):
            self.prologue += " ".join(self.directive) + "\n"
            self.directive = []

    def _continues_literal(self, token: Token) -> bool:
        """Whether a token is the language or datatype of a string."""
        typed = self.last.text == "^^"
        return typed or (self.last.kind == "string" and token.text.startswith(("@", "^^")))

    def _mark(self, token: Token) -> None:
        frame = self.frames[-1]
        match token.text:
            case "{":
                self.graph = frame.subject if frame.next == "property" else _NOTHING
                self.frames = [_Frame()]
            case "}":
                self.graph, self.frames = _NOTHING, [_Frame()]
            case ".":
                self.frames = [_Frame()]
            case ";":
                frame.next = "property"
            case ",":
                frame.next = "value"
            case "[" | "(":
                self._term(token)
                inside = "property" if token.text == "[" else "value"
                self.frames.append(_Frame(inside, token, token))
            case "]" | ")":
                self.frames.pop()

    def _term(self, token: Token) -> None:
        frame = self.frames[-1]
        if frame.next == "value":
            self.triples.append(_Triple(self.prologue, self.graph, frame.subject, frame.property, token))
        elif frame.next == "subject":
            if token.text.upper() != "GRAPH":
                frame.subject, frame.next = token, "property"
        elif frame.next == "property":
            frame.property, frame.next = token, "value"

    def resolved(self) -> Iterator[Statement]:
        """The statements with the IRIs that the engine reads."""
        for prologue, group in groupby(self.triples, key=lambda triple: triple.prologue):
            triples = list(group)
            tokens = {token for triple in triples for token in triple[1:] if token.kind in ("iri", "word")}
            iris = _resolve(prologue, {token.text for token in tokens})
            for triple in triples:
                graph, subject, property_, value = (iris.get(token.text, _plain(token)) for token in triple[1:])
                lines = (token.line for token in triple[2:])
                yield Statement(graph, subject, property_, value, *lines)


def _plain(token: Token) -> str:
    return BLANK if token.text in ("[", "(") or token.text.startswith("_:") else ""


def _resolve(prologue: str, names: Iterable[str]) -> dict[str, str]:
    """The IRIs of names, as the engine reads them below a prologue."""
    listed = [name for name in names if name[:1] == "<" or (":" in name and not name.startswith("_:"))]
    iris = {"a": RDF.type.value}
    if listed:
        text = f"{prologue}<urn:x> <urn:x> {' , '.join(listed)} ."
        for name, quad in zip(listed, parse(text, format=RdfFormat.TRIG), strict=True):
            if isinstance(quad.object, NamedNode):
                iris[name] = quad.object.value
    return iris
