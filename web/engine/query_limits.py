"""Look at a query before the engine does.

The engine's parser and planner are recursive and overflow on deep nesting (1,000 nested EXISTS,
10,000 parentheses) or take for ever on very long patterns, so both are measured here by one
linear scan of the tokens. The scan follows the lexical rules of SPARQL 1.1 (section 19.8) and
reads code point escapes (section 19.2), so ``\\u0053ERVICE`` is seen as what it is. It is the first of
two fences: what it lets by meets a worker that can open nothing and is killed in time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.errors import QueryError

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_IRI = r"""<[^<>"{}|^`\\\x00-\x20]*+>"""
_TOKENS = r"""
    (?P<space>[ \t\r\n]++)
  | (?P<comment>\#[^\n\r]*+)
  | (?P<iri>IRI)
  | (?P<string>\"\"\"(?:[^"\\]|\\.|\"(?!\"\"))*+\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*+'''
      |"(?:[^"\\\n\r]|\\.)*+"|'(?:[^'\\\n\r]|\\.)*+')
  | (?P<variable>[?$]\w++)
  | (?P<pname>(?:[^\W\d](?:[\w.-]{0,80}[\w-])?)?:
      (?:[\w:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]|\.(?=[\w:.%\\-]))*+)
  | (?P<word>[^\W\d]\w*+)
  | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
  | (?P<number>[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)
  | (?P<mark>\|\||&&|\^\^|[{}()\[\].;,|/^!+*<>=-])
  | (?P<other>.)
"""
_TOKEN = re.compile(_TOKENS.replace("IRI", _IRI), re.VERBOSE | re.DOTALL)
# The same where "<" before a quotation mark is a comparison: <'> can be read both ways, so both are looked at.
_TOKEN_QUOTED = re.compile(_TOKENS.replace("IRI", _IRI.replace("<[^", "<[^'")), re.VERBOSE | re.DOTALL)
_PROLOGUE = re.compile(
    r"""(?:[ \t\r\n]*+PREFIX[ \t\r\n]++(?:[A-Za-z][\w-]*+)?:[ \t\r\n]*+<[^<>"'{}|^`\\\x00-\x20]*+>)++""", re.IGNORECASE
)
_QUOTED_IRI = re.compile(r"""<[^<>"{}|^`\\\x00-\x20']*+'""")
_VOLATILE = {"NOW", "RAND", "UUID", "STRUUID", "BNODE"}
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"}
_FORMS = {"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"}
_CLAUSES = {"BIND", "FILTER", "MINUS", "OPTIONAL", "UNION", "GRAPH", "VALUES", "AS", "EXISTS", "SELECT"}
_LOOK_UP = {
    *("SELECT", "ASK", "DESCRIBE", "CONSTRUCT", "WHERE", "LIMIT", "OFFSET", "PREFIX", "BASE", "GRAPH", "A", "DISTINCT"),
    *("FILTER", "LANG", "LANGMATCHES", "STR", "BOUND"),
}
_LOOK_UP_OPENERS = {"FILTER", "LANG", "LANGMATCHES", "STR", "BOUND", "(", "!", "=", "&&", "||"}
_LOOK_UP_MARKS = {"{", "}", ".", ";", ",", "(", ")", "=", "!", "&&", "||"}
_LOOK_UP_TRIPLES = 3


@dataclass(frozen=True)
class Limits:
    """What a query may be.

    :param length: characters
    :param depth: nested brackets of any kind
    :param terms: names, IRIs and literals in it
    :param patterns: triples that patterns write down, members of collections among them
    :param clauses: BIND, FILTER, OPTIONAL, UNION, … together
    :param path: steps of one property path, or alternatives in one
    :param chain: operators between two brackets or separators
    :param unary: operators one after the other
    :param list_length: members of one IN list, VALUES block or list of arguments
    """

    length: int = 100_000
    depth: int = 60
    terms: int = 4_000
    patterns: int = 150
    clauses: int = 300
    path: int = 60
    chain: int = 300
    unary: int = 20
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
    :param limit_at: where the number of that LIMIT stands in the text
    :param modifiers_end: where a LIMIT may be written, as an index of the text
    :param own_dataset: whether it names its dataset by FROM
    :param tiny: whether it can only look up a few IRIs, so may take the express lane
    """

    form: str
    volatile: bool = False
    limit: int | None = None
    limit_at: tuple[int, int] = (0, 0)
    modifiers_end: int = 0
    own_dataset: bool = False
    tiny: bool = False


def unescape(text: str) -> str:
    """Code point escapes replaced by their characters, as SPARQL 1.1 section 19.2 says."""

    def character(match: re.Match[str]) -> str:
        code = int(match.group(1) or match.group(2), 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise RefusedError("bad-escape", f"{match.group(0)} is no character")
        return chr(code)

    return _ESCAPE.sub(character, text) if "\\u" in text or "\\U" in text else text


def check(text: str, limits: Limits = Limits()) -> Scan:
    """Measure a query, also as it reads once its code point escapes are decoded.

    :raises RefusedError: if it is too long, too deep, has too many parts, calls out, or is an update
    :raises QueryError: if it is no query
    """
    if len(text) > limits.length:
        raise RefusedError("too-long", f"the query has {len(text):,} characters, the limit is {limits.length:,}")
    decoded = unescape(text)
    if decoded != text:
        scan(decoded, limits)
    seen = scan(text, limits)
    if not seen.form:
        raise QueryError("the query has no SELECT, CONSTRUCT, DESCRIBE or ASK")
    return seen


def scan(text: str, limits: Limits = Limits()) -> Scan:
    """Measure a query as it stands and find where its row cap goes.

    :raises RefusedError: if it is too deep, has too many parts, calls out, or is an update
    """
    if _QUOTED_IRI.search(text):
        _scan(text, limits, _TOKEN_QUOTED)
    return _scan(text, limits, _TOKEN)


def _scan(text: str, limits: Limits, tokens: re.Pattern[str]) -> Scan:
    state = _State(limits)
    # Declarations of prefixes come first in most queries and say nothing that matters here.
    prologue = _PROLOGUE.match(text)
    begin = prologue.end() if prologue else 0
    state.terms = 3 * text.count(":", 0, begin)
    if state.terms > limits.terms:
        raise RefusedError("too-many", f"the query has more than {limits.terms:,} terms")
    for match in tokens.finditer(text, begin):
        kind = match.lastgroup or "other"
        if kind not in ("space", "comment"):
            state.take(kind, match.group(), match.start())
    return state.result(len(text))


class _State:
    """The running counts of one scan. ``V`` on the stack is the block of a VALUES."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.stack: list[str] = []
        self.members: list[int] = [0]
        self.terms = self.steps = self.patterns = self.clauses = self.operators = self.run = 0
        self.form = ""
        self.volatile = False
        self.limit: int | None = None
        self.limit_at = (0, 0)
        self.after_where = self.values_coming = False
        self.values_at: int | None = None
        self.last = self.last_kind = ""
        self.look_up = True
        self.subject_next = self.graph_next = self.own_dataset = False

    def take(self, kind: str, token: str, start: int) -> None:
        """Count one token."""
        if kind == "mark":
            self._mark(token)
        elif kind != "language":
            self.run = 0
            self._place(kind, token)
            self._term(kind, token, start)
        self.last, self.last_kind = token, kind

    def _mark(self, mark: str) -> None:
        if mark in "{([":
            self._open(mark)
        elif mark in "})]":
            if self.stack:
                self.stack.pop()
                self.members.pop()
            self.after_where = self.after_where or (not self.stack and mark == "}")
        if mark not in _LOOK_UP_MARKS and not (mark == "*" and self.last.upper() == "SELECT"):
            self.look_up = False
        self.subject_next = mark in ("{", "}", ".", ")") and self.stack[-1:] == ["{"]
        self._separate(mark)
        self._operate(mark)

    def _open(self, mark: str) -> None:
        argument = self.last == "," and self.stack[-1:] == ["("]
        if mark == "(" and not argument and self.last.upper() not in _LOOK_UP_OPENERS:
            self.look_up = False  # a collection
        values = mark == "{" and self.values_coming
        self.stack.append("V" if values else mark)
        self.values_coming = self.values_coming and not values
        self.members.append(0)
        if len(self.stack) > self.limits.depth:
            raise RefusedError("too-deep", f"the query nests more than {self.limits.depth} brackets")

    def _separate(self, mark: str) -> None:
        """Count the steps of a path and the triples that a separator ends."""
        if mark in ("/", "|", "^"):
            self.steps += 1
            if self.steps > self.limits.path:
                raise RefusedError("too-many", f"a property path has more than {self.limits.path} steps")
        elif mark in ".;,{}":
            self.steps = 0
        if mark in (".", ";", "{") or (mark == "," and self.stack and self.stack[-1] in "{["):
            self._pattern()

    def _pattern(self) -> None:
        self.patterns += 1
        if self.patterns > self.limits.patterns:
            raise RefusedError("too-many", f"the query has more than {self.limits.patterns} triple patterns")

    def _operate(self, mark: str) -> None:
        """Count operators in a row, which the parser recurses on, and in one expression."""
        if mark in "{}.;,":
            self.operators = self.run = 0
        elif mark not in "()[]":
            self.operators += 1
            self.run += 1
            if self.run > self.limits.unary or self.operators > self.limits.chain:
                message = f"an expression has more than {self.limits.chain} operators, or {self.limits.unary} in a row"
                raise RefusedError("too-many", message)

    def _place(self, kind: str, token: str) -> None:
        """Whether this can still be a look-up: no words but the plainest, and an IRI for each subject."""
        if kind == "word" and token.upper() not in _LOOK_UP:
            self.look_up = False
        elif self.graph_next:
            self.graph_next = False
        elif self.subject_next and kind == "word" and token.upper() in ("GRAPH", "FILTER"):
            self.graph_next = token.upper() == "GRAPH"
        elif self.subject_next:
            self.look_up = self.look_up and kind in ("iri", "pname")
        self.subject_next = False

    def _term(self, kind: str, token: str, start: int) -> None:
        self.terms += 1
        self.members[-1] += 1
        if self.terms > self.limits.terms:
            raise RefusedError("too-many", f"the query has more than {self.limits.terms:,} terms")
        if self.members[-1] > self.limits.list_length:
            raise RefusedError("too-many", f"a list has more than {self.limits.list_length:,} members")
        if kind == "word":
            self._word(token.upper(), start)
        elif kind == "number" and self.last.upper() == "LIMIT" and not self.stack:
            self.limit, self.limit_at = int(token) if token.isdigit() else None, (start, start + len(token))
        elif self._in_collection():
            self._pattern()

    def _in_collection(self) -> bool:
        """Whether a term stands beside another in round brackets: each such member is two triples to the planner."""
        beside = self.last_kind in ("iri", "pname", "variable", "string", "number", "language")
        return beside and not self.values_coming and "V" not in self.stack and self.stack[-1:] == ["("]

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
        elif word == "FROM" and not self.stack:
            self.own_dataset = True
        if word in _CLAUSES:
            self._clause(word, start)

    def _clause(self, word: str, start: int) -> None:
        self.clauses += 1
        if self.clauses > self.limits.clauses:
            raise RefusedError("too-many", f"the query has more than {self.limits.clauses} clauses")
        if word == "VALUES":
            self.values_coming = True
            if not self.stack and self.after_where:
                self.values_at = start

    def result(self, end: int) -> Scan:
        """What was seen, once the text has ended."""
        tiny = self.look_up and self.patterns <= _LOOK_UP_TRIPLES and bool(self.form)
        place = end if self.values_at is None else self.values_at
        return Scan(self.form, self.volatile, self.limit, self.limit_at, place, self.own_dataset, tiny)


def cap_rows(text: str, seen: Scan, rows: int) -> str:
    """A SELECT query with a LIMIT where it has none, or one above the cap; any other as it is."""
    if seen.form != "SELECT" or (seen.limit is not None and seen.limit <= rows):
        return text
    start, end = seen.limit_at
    if end:
        return f"{text[:start]}{rows}{text[end:]}"
    return f"{text[: seen.modifiers_end]}\nLIMIT {rows}\n{text[seen.modifiers_end :]}"
