"""Reads the shape of a simple query: flat triple patterns, nothing else that could make the engine work hard.

The language is small on purpose. Whatever is not in it has no shape here, and then the query runs in a worker::

    query    = PREFIX* (SELECT [DISTINCT | REDUCED] (* | variable+) | ASK) [WHERE] "{" block* optional* "}" modifiers
    block    = triples | GRAPH name "{" triples filter* "}"         a filter in GRAPH only if that is the only block
    optional = OPTIONAL "{" triple "}" | OPTIONAL "{" GRAPH name "{" triple "}" "}"
    filter   = FILTER, anywhere between blocks, of cheap functions and comparisons

There are no paths, blank nodes, collections, aggregates, expressions that build values, VALUES, UNION, MINUS, EXISTS,
sub-queries, BIND, SERVICE, FROM, BASE and escapes. The engine joins such patterns by loops from the most selective one
(see `web.engine.bound`); a filter or a group inside the joins would make it read the parts on their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kg.degrees import ACCEPTED
from kg.namespaces import PREFIXES
from kg.query.lexer import declared_prefixes, has_two_readings, prologue_end, tokens
from web.engine.cheap_filter import MAX_TOKENS, read_filter
from web.engine.cursor import Cursor, OtherTokenError

MAX_LENGTH = 2000
"""Characters of a query that may have a shape."""
MAX_PATTERNS, MAX_COLUMNS = 12, 20
"""Patterns, and variables that are selected."""
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!.*/\.)")
"""An IRI that no base changes: with a scheme and without dot segments."""


@dataclass(frozen=True)
class Pattern:
    """A quad pattern: variables as ``?name``, IRIs without brackets, literals as one token.

    :param graph: empty for the default graph
    """

    subject: str
    predicate: str
    object: str
    graph: str = ""

    @property
    def variables(self) -> frozenset[str]:
        """The variables in it."""
        return frozenset(t for t in (self.subject, self.predicate, self.object, self.graph) if t.startswith("?"))


@dataclass(frozen=True)
class Shape:
    """What a simple query matches.

    :param required: the patterns that every solution matches
    :param optional: one pattern for each OPTIONAL
    """

    required: tuple[Pattern, ...] = ()
    optional: tuple[Pattern, ...] = ()

    @property
    def accepted_only(self) -> bool:
        """Whether it matches the accepted view alone."""
        return all(pattern.graph in ("", ACCEPTED) for pattern in (*self.required, *self.optional))


def read_shape(text: str) -> Shape | None:
    """The shape of a query; ``None`` for one that is not as simple as this module describes, or no query at all."""
    if len(text) > MAX_LENGTH or "\\" in text or has_two_readings(text):
        return None
    begin = prologue_end(text)
    declared = declared_prefixes(text)
    if not all(map(_ABSOLUTE.match, declared.values())):
        return None
    try:
        return _Reader(
            [(kind, token) for kind, token, _ in tokens(text, begin)], prefixes={**PREFIXES, **declared}
        ).query()
    except OtherTokenError:
        return None


@dataclass
class _Reader(Cursor):
    """Reads the tokens of a query from the first to the last.

    :param filters: tokens of filters so far
    :param filtered_block: whether a filter stands inside GRAPH
    """

    prefixes: dict[str, str] = field(default_factory=dict)
    filters: int = 0
    blocks: int = 0
    filtered_block: bool = False
    required: list[Pattern] = field(default_factory=list)
    optional: list[Pattern] = field(default_factory=list)

    def query(self) -> Shape:
        """The complete query."""
        if self.word("SELECT"):
            _ = self.word("DISTINCT") or self.word("REDUCED")
            if not self.mark("*"):
                self.variables()
        elif not self.word("ASK"):
            raise OtherTokenError
        self.word("WHERE")
        self.expect("{")
        self.where()
        self.modifiers()
        too_many = len(self.required) + len(self.optional) > MAX_PATTERNS or self.filters > MAX_TOKENS
        if self.at != len(self.tokens) or too_many or (self.filtered_block and self.blocks > 1):
            raise OtherTokenError
        return Shape(tuple(self.required), tuple(self.optional))

    def variables(self) -> None:
        """Read one variable or more."""
        begin = self.at
        while self.peek()[0] == "variable":
            self.at += 1
        if not 0 < self.at - begin <= MAX_COLUMNS:
            raise OtherTokenError

    def where(self) -> None:
        """Read the group of the query, to its closing bracket."""
        while not self.mark("}"):
            if self.word("FILTER"):
                self.filters += read_filter(self)
            elif self.word("OPTIONAL"):
                self.optional.append(self.optional_pattern())
            elif self.optional:
                raise OtherTokenError  # the engine would not join what follows by loops
            else:
                self.block()
            self.mark(".")

    def block(self) -> None:
        """Read triples, in a graph or not."""
        self.blocks += 1
        if not self.word("GRAPH"):
            self.required += self.triples("")
            return
        graph = self.term(variable=True)
        self.expect("{")
        self.required += self.triples(graph)
        while not self.mark("}"):
            if not self.word("FILTER"):
                raise OtherTokenError
            self.filters += read_filter(self)
            self.filtered_block = True

    def optional_pattern(self) -> Pattern:
        """Read what is in an OPTIONAL: a single pattern."""
        self.expect("{")
        in_graph = self.word("GRAPH")
        graph = self.term(variable=True) if in_graph else ""
        if in_graph:
            self.expect("{")
        patterns = self.triples(graph)
        if in_graph:
            self.expect("}")
        self.expect("}")
        if len(patterns) != 1:
            raise OtherTokenError
        return patterns[0]

    def triples(self, graph: str) -> list[Pattern]:
        """Read triples with their abbreviations, to what is no subject."""
        patterns: list[Pattern] = []
        while self.peek()[0] in ("iri", "pname", "variable"):
            subject = self.term(variable=True)
            while True:
                predicate = self.predicate()
                patterns.append(Pattern(subject, predicate, self.value(), graph))
                while self.mark(","):
                    patterns.append(Pattern(subject, predicate, self.value(), graph))
                if not self.mark(";") or self.peek()[1] in (".", "}", ";"):
                    break
            if not self.mark("."):
                break
        if not patterns:
            raise OtherTokenError
        return patterns

    def predicate(self) -> str:
        """Read a predicate, which is no path."""
        if self.peek() == ("word", "a"):
            self.at += 1
            return PREFIXES["rdf"] + "type"
        return self.term(variable=True)

    def term(self, *, variable: bool) -> str:
        """Read an IRI, or a variable where one may stand."""
        kind, token = self.take()
        if kind == "variable" and variable:
            return "?" + token[1:]
        prefix, _, name = token.partition(":")
        if kind == "pname" and prefix in self.prefixes:
            iri = self.prefixes[prefix] + name
        else:
            iri = token[1:-1] if kind == "iri" else ""
        if not _ABSOLUTE.match(iri):
            raise OtherTokenError
        return iri

    def value(self) -> str:
        """Read an object: a term or a literal."""
        kind, token = self.peek()
        if kind == "number" or (kind == "word" and token in ("true", "false")):
            self.at += 1
            return f'"{token}"'
        if kind != "string":
            return self.term(variable=True)
        self.at += 1
        if self.peek()[0] == "language":
            self.at += 1
        elif self.mark("^^"):
            self.term(variable=False)
        return f'"{token}"'

    def modifiers(self) -> None:
        """Read ORDER BY with variables, LIMIT and OFFSET."""
        while self.peek()[0] == "word":
            if self.word("ORDER"):
                self.order()
            elif not (self.word("LIMIT") or self.word("OFFSET")) or self.take()[0] != "number":
                raise OtherTokenError

    def order(self) -> None:
        """Read what follows ORDER."""
        if not self.word("BY"):
            raise OtherTokenError
        while True:
            if self.word("ASC") or self.word("DESC"):
                self.expect("(")
                self.variables()
                self.expect(")")
            elif self.peek()[0] == "variable":
                self.at += 1
            else:
                return
