"""One linear scan of a query: what it is, and whether it is within the limits.

The engine's parser and planner are recursive and overflow on deep nesting (1,000 nested EXISTS, 10,000 parentheses) or
never end on very long patterns, so both are measured before it parses anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.message import Message
from kg.query.lexer import has_two_readings, prologue_end, tokens
from web.engine.accepted_view import names_accepted_view
from web.engine.limits import DEFAULT, MORE, NO_SERVICE, NO_SERVICE_HINT, Limits, RefusedError, at_most
from web.engine.look_up import MAX_TRIPLES, LookUpDetector

_VOLATILE = {"NOW", "RAND", "UUID", "STRUUID", "BNODE"}
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"}
_FORMS = {"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"}
_IN_ACCEPTED_VIEW = {"SELECT", "CONSTRUCT", "ASK"}
"""Forms that may read the accepted view alone; DESCRIBE is left to the engine's idea of a description."""
_CLAUSES = {"BIND", "FILTER", "MINUS", "OPTIONAL", "UNION", "GRAPH", "VALUES", "AS", "EXISTS", "SELECT"}


@dataclass(frozen=True)
class Scan:
    """What the scan found out about a query.

    :param form: SELECT, CONSTRUCT, DESCRIBE, ASK, or an empty string
    :param volatile: whether two runs may differ (NOW, RAND, UUID, …)
    :param limit: the outermost LIMIT, if there is one
    :param limit_at: where the number of that LIMIT stands in the text
    :param modifiers_end: where a LIMIT may be written, as an index of the text
    :param own_dataset: whether it names its dataset by FROM
    :param is_lookup: whether it can only look up a few IRIs
    :param accepted_only: whether it certainly reads the accepted view alone, unless the request names a dataset
    """

    form: str
    volatile: bool = False
    limit: int | None = None
    limit_at: tuple[int, int] = (0, 0)
    modifiers_end: int = 0
    own_dataset: bool = False
    is_lookup: bool = False
    accepted_only: bool = False


def scan(text: str, limits: Limits = DEFAULT) -> Scan:
    """Scan a query as it stands.

    :raises RefusedError: if it is too deep, has too many parts, makes outbound requests, or is an update
    """
    if has_two_readings(text):
        _count(text, limits, as_comparison=True)
        return replace(_count(text, limits), accepted_only=False)
    return _count(text, limits)


def _count(text: str, limits: Limits, as_comparison: bool = False) -> Scan:
    counts = _Counts(limits)
    begin = prologue_end(text)
    counts.add_terms(3 * text.count(":", 0, begin))
    for kind, token, start in tokens(text, begin, as_comparison):
        counts.take(kind, token, start)
    outcome = counts.result(len(text))
    other = outcome.own_dataset or counts.declares or outcome.form not in _IN_ACCEPTED_VIEW
    return replace(outcome, accepted_only=not other and names_accepted_view(text, counts.graphs))


class _Counts:
    """The running counts of one scan. ``V`` on the stack is the block of a VALUES."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.stack: list[str] = []
        self.members: list[int] = [0]
        self.terms = self.values = self.steps = self.patterns = self.clauses = self.operators = self.run = 0
        self.form = ""
        self.volatile = False
        self.limit: int | None = None
        self.limit_at = (0, 0)
        self.after_where = self.values_coming = False
        self.values_at: int | None = None
        self.last = self.last_kind = ""
        self.own_dataset = self.declares = False
        self.graphs: list[str] = []
        self.look_up = LookUpDetector()

    def add_terms(self, count: int) -> None:
        """Count terms."""
        self.terms += count
        at_most(self.limits.terms, self.terms, MORE["terms"])

    def take(self, kind: str, token: str, start: int) -> None:
        """Count one token."""
        if kind == "mark":
            self._mark(token)
        elif kind != "language":
            self.run = 0
            self.look_up.term(kind, token)
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
        self.look_up.mark(mark, self.last, self.stack)
        self._separate(mark)
        self._operate(mark)

    def _open(self, mark: str) -> None:
        values = mark == "{" and self.values_coming
        self.stack.append("V" if values else mark)
        self.values_coming = self.values_coming and not values
        self.members.append(0)
        if len(self.stack) > self.limits.depth:
            raise RefusedError(
                "too-deep", Message("the query nests more than %(limit)s brackets", limit=self.limits.depth)
            )

    def _separate(self, mark: str) -> None:
        """Count the steps of a path and the triples that a separator ends."""
        if mark in ("/", "|", "^"):
            self.steps += 1
            at_most(self.limits.path, self.steps, MORE["path"])
        elif mark in ".;,{}":
            self.steps = 0
        if mark in (".", ";", "{") or (mark == "," and self.stack and self.stack[-1] in "{["):
            self._pattern()

    def _pattern(self) -> None:
        self.patterns += 1
        at_most(self.limits.patterns, self.patterns, MORE["patterns"])

    def _operate(self, mark: str) -> None:
        """Count operators in a row, which the parser recurses on, and in one expression."""
        if mark in "{}.;,":
            self.operators = self.run = 0
        elif mark not in "()[]":
            self.operators += 1
            self.run += 1
            at_most(self.limits.unary, self.run, MORE["unary"])
            at_most(self.limits.chain, self.operators, MORE["chain"])

    def _term(self, kind: str, token: str, start: int) -> None:
        if "V" in self.stack:
            self.values += 1
            at_most(self.limits.values, self.values, MORE["values"])
        else:
            self._member()
        if self.last_kind == "word" and self.last.upper() == "GRAPH":
            self.graphs.append(token)
        if kind == "word":
            self._word(token.upper(), start)
        elif kind == "number" and self.last.upper() == "LIMIT" and not self.stack:
            self.limit, self.limit_at = int(token) if token.isdigit() else None, (start, start + len(token))
        elif self._in_collection():
            self._pattern()

    def _member(self) -> None:
        self.add_terms(1)
        self.members[-1] += 1
        at_most(self.limits.list_length, self.members[-1], MORE["list_length"])

    def _in_collection(self) -> bool:
        """Whether a term stands beside another in round brackets: each such member is two triples to the planner."""
        beside = self.last_kind in ("iri", "pname", "variable", "string", "number", "language")
        return beside and not self.values_coming and "V" not in self.stack and self.stack[-1:] == ["("]

    def _word(self, word: str, start: int) -> None:
        if word in _FORMS and not self.form and not self.stack:
            self.form = word
        elif word in _UPDATES and not self.form and not self.stack:
            raise RefusedError(
                "update", Message("%(word)s changes data; this endpoint only answers queries", word=word)
            )
        elif word == "SERVICE":
            raise RefusedError("service", NO_SERVICE, NO_SERVICE_HINT)
        elif word in _VOLATILE:
            self.volatile = True
        elif word in ("PREFIX", "BASE"):
            self.declares = True  # after the prologue that `prologue_end` reads
        elif word == "FROM" and not self.stack:
            self.own_dataset = True
        if word in _CLAUSES:
            self._clause(word, start)

    def _clause(self, word: str, start: int) -> None:
        self.clauses += 1
        at_most(self.limits.clauses, self.clauses, MORE["clauses"])
        if word == "VALUES":
            self.values_coming = True
            if not self.stack and self.after_where:
                self.values_at = start

    def result(self, end: int) -> Scan:
        """The outcome, once the text has ended."""
        is_lookup = self.look_up.possible and self.patterns <= MAX_TRIPLES and bool(self.form)
        modifiers_end = end if self.values_at is None else self.values_at
        return Scan(self.form, self.volatile, self.limit, self.limit_at, modifiers_end, self.own_dataset, is_lookup)
