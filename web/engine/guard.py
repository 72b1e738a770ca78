"""Look at a query before the engine does.

The engine's parser and planner are recursive and overflow on deep nesting (1,000 nested EXISTS,
10,000 parentheses) or take for ever on very long patterns, so both are measured here by one
linear scan of the tokens. The scan follows the lexical rules of SPARQL 1.1 (section 19.8) and
reads code point escapes (section 19.2), so ``\\u0053ERVICE`` is seen as what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.errors import QueryError

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+)
  | (?P<comment>\#[^\n\r]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"\"\"(?:[^"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
      |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<name>[?$@]?[^\W\d]\w*(?:[-.]*\w+)*:?(?:[\w%\\~.!$&'*+,=@-]*[\w%=-])?|[?$]\w+|:[\w%.-]*\w|:)
  | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
  | (?P<mark>[{}()\[\]]|[.;,|/^])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_VOLATILE = {"NOW", "RAND", "UUID", "STRUUID", "BNODE"}
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"}
_FORMS = {"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"}


@dataclass(frozen=True)
class Limits:
    """What a query may be.

    :param length: characters
    :param depth: nested brackets of any kind
    :param terms: names, IRIs and literals in it
    :param path: steps of one property path, or alternatives in one
    :param list_length: members of one IN list, VALUES block or list of arguments
    """

    length: int = 100_000
    depth: int = 60
    terms: int = 4_000
    patterns: int = 150
    path: int = 60
    list_length: int = 2_000


class RefusedError(QueryError):
    """The query is well-formed perhaps, but larger or mightier than this endpoint allows.

    :param reason: a short name: ``too-long``, ``too-deep``, ``too-many``, ``service``, ``update``
    """

    def __init__(self, reason: str, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


@dataclass(frozen=True)
class Scan:
    """What the scan saw.

    :param form: SELECT, CONSTRUCT, DESCRIBE, ASK, or an empty string
    :param volatile: whether two runs may differ (NOW, RAND, UUID, …)
    :param limit: the outermost LIMIT, if there is one
    :param modifiers_end: where a LIMIT may be written, as an index of the text
    """

    form: str
    volatile: bool
    limit: int | None
    modifiers_end: int


def unescape(text: str) -> str:
    """Code point escapes replaced by their characters, as SPARQL 1.1 section 19.2 says."""

    def character(match: re.Match[str]) -> str:
        code = int(match.group(1) or match.group(2), 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise RefusedError("bad-escape", f"{match.group(0)} is no character")
        return chr(code)

    return _ESCAPE.sub(character, text) if "\\u" in text or "\\U" in text else text


def scan(text: str, limits: Limits = Limits()) -> Scan:
    """Measure a query and find where its row cap goes.

    :raises RefusedError: if it is too long, too deep, has too many parts, calls out, or is an update
    """
    if len(text) > limits.length:
        raise RefusedError("too-long", f"the query has {len(text):,} characters, the limit is {limits.length:,}")
    state = _State(limits)
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind not in ("space", "comment"):
            state.take(kind, match.group(), match.end())
    return state.result(len(text))


class _State:
    """The running counts of one scan."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.stack: list[str] = []
        self.members: list[int] = [0]
        self.terms = self.steps = self.patterns = 0
        self.form = ""
        self.volatile = False
        self.limit: int | None = None
        self.after_where = False
        self.values_at: int | None = None
        self.last = ""
        self.prologue = True

    def take(self, kind: str, token: str, end: int) -> None:
        """Count one token."""
        if kind == "mark":
            self._mark(token)
        elif kind in ("iri", "string", "name", "number"):
            self._term(kind, token, end)
        self.last = token

    def _mark(self, mark: str) -> None:
        if mark in "{([":
            self.stack.append(mark)
            self.members.append(0)
            if len(self.stack) > self.limits.depth:
                raise RefusedError("too-deep", f"the query nests more than {self.limits.depth} brackets")
        elif mark in "})]":
            if self.stack:
                self.stack.pop()
                self.members.pop()
            self.after_where = self.after_where or (not self.stack and mark == "}")
        self._separators(mark)

    def _separators(self, mark: str) -> None:
        if mark in "/|^":
            self.steps += 1
            if self.steps > self.limits.path:
                raise RefusedError("too-many", f"a property path has more than {self.limits.path} steps")
        elif mark in ".;,{}":
            self.steps = 0
        if mark in ".;{" and self.stack and "{" in self.stack:
            self.patterns += 1
            if self.patterns > self.limits.patterns and not self._in_values():
                raise RefusedError("too-many", f"the query has more than {self.limits.patterns} triple patterns")

    def _in_values(self) -> bool:
        return self.values_at is not None

    def _term(self, kind: str, token: str, end: int) -> None:
        self.terms += 1
        self.members[-1] += 1
        if self.terms > self.limits.terms:
            raise RefusedError("too-many", f"the query has more than {self.limits.terms:,} terms")
        if self.members[-1] > self.limits.list_length:
            raise RefusedError("too-many", f"a list has more than {self.limits.list_length:,} members")
        if kind == "name":
            self._word(token.upper(), end - len(token))
        elif kind == "number" and self.last.upper() == "LIMIT" and not self.stack:
            self.limit = int(float(token)) if len(token) < 19 else None

    def _word(self, word: str, start: int) -> None:
        if word in _FORMS and not self.form and not self.stack:
            self.form = word
        elif word in _UPDATES and not self.form and not self.stack:
            raise RefusedError("update", f"{word} changes data; this endpoint only answers queries")
        elif word == "SERVICE":
            hint = "query the other endpoint yourself and join the answers, or use a federating client"
            raise RefusedError("service", "SERVICE is switched off: this endpoint calls no other", hint)
        elif word in _VOLATILE:
            self.volatile = True
        elif word == "VALUES" and not self.stack and self.after_where:
            self.values_at = start

    def result(self, end: int) -> Scan:
        """What was seen, once the text has ended."""
        return Scan(self.form, self.volatile, self.limit, end if self.values_at is None else self.values_at)


def cap_rows(text: str, seen: Scan, rows: int) -> str:
    """The query with a LIMIT where it has none, or one above the cap; a query without solutions as it is."""
    if seen.form not in ("SELECT", "CONSTRUCT", "DESCRIBE") or (seen.limit is not None and seen.limit <= rows):
        return text
    if seen.limit is not None:
        return re.sub(r"(?is)(\bLIMIT\s+)\d+(?!.*\bLIMIT\b)", lambda m: f"{m.group(1)}{rows}", text)
    return f"{text[: seen.modifiers_end]}\nLIMIT {rows}\n{text[seen.modifiers_end :]}"
