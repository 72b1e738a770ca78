"""Where a query is wrong and what may stand there, which the engine's own message does not say.

The engine reports the furthest place that it looked at, which is beyond the error by the length of a keyword it tried,
and of what it expected only what it tried there. Both come right in a text whose tokens are far apart: no keyword then
reaches beyond its own place, and what may stand there is each candidate after which the engine reads on.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import Store

from kg.errors import QueryError
from kg.message import Message
from kg.namespaces import PREFIXES
from kg.query.lexer import UNSPACED, tokens

_GAP = " " * 40
"""Longer than any keyword."""
_SEPARATORS = frozenset("{}()[].;,")
_ATTACHED = frozenset("<>|")
_REPORT = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_EXPECTED = re.compile(r'"(?:\\.|[^"\\])*"|\[[^\[\]]*\]|[^,\s][^,]*')
_KEYWORD = re.compile(r"\w+\Z")
_DECLARED = re.compile(r"\bPREFIX\s++([\w.-]*+):", re.IGNORECASE)
_NOT_IN_IRI = re.compile(r'[\x00-\x20"{}|^`\\<]')
MAX_LENGTH = 50_000
"""Characters before an error up to which all that may stand there is tried out."""
_CANDIDATES: dict[str, str] = {
    **{Message("a variable"): "?x", Message("an IRI"): "<urn:x>", Message("a string"): "'x'", Message("a number"): "1"},
    **{Message("a function"): "STR(", Message("an aggregate"): "COUNT(", Message("true or false"): "true"},
    **{Message("a language tag"): "@en", Message("a prefix and a colon"): "x:"},
    **{f'"{mark}"': mark for mark in ("{", "}", "(", ")", "[", "]", ".", ";", ",", "*", "/", "|", "^", "^^", "!")},
    **{'"+"': "+ ?x", '"-"': "- ?x", Message("a comparison"): "=", '"&&"': "&&", '"||"': "||"},
    **{
        word: word for word in ("SELECT", "CONSTRUCT", "DESCRIBE", "ASK", "BASE", "PREFIX", "DISTINCT", "REDUCED", "AS")
    },
    **{word: word for word in ("FROM", "NAMED", "WHERE", "GROUP", "ORDER", "BY", "ASC", "DESC", "HAVING", "LIMIT")},
    **{word: word for word in ("OFFSET", "VALUES", "UNDEF", "OPTIONAL", "UNION", "MINUS", "GRAPH", "BIND", "FILTER")},
    **{word: word for word in ("EXISTS", "NOT", "IN", "SEPARATOR", "a")},
}
"""What may stand at a place, by the words for it."""
_CLOSE = Message("write a quotation mark of the same kind at its end")


class _Token(NamedTuple):
    """A token with its position in the text, and in the text whose tokens stand far apart."""

    kind: str
    text: str
    start: int
    apart: int

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class _Failure:
    """How far the engine came in a text, and what it expected there."""

    position: int
    expected: tuple[str, ...]

    @property
    def causes(self) -> list[str]:
        """What was wrong, where the engine says so; one that it is told of an IRI is not said in words."""
        return [token for token in self.expected if " " in token and token[0] not in '"[']

    @property
    def place(self) -> int:
        """Where the wrong token is: a keyword was tried as far as it is long."""
        if self.expected and all(_KEYWORD.match(token) for token in self.expected):
            return self.position - len(self.expected[0])
        return self.position - bool(self.causes)


def engine_says(words: str) -> Message:
    """The message of an error that only the engine has words for."""
    return Message("the engine says: %(words)s", words=words)


def diagnose(text: str, message: str, prefixes: Mapping[str, str] = PREFIXES, base: str | None = None) -> QueryError:
    """The error of a query that the engine cannot parse.

    :param message: what the engine says of it
    :param prefixes: those that need no declaration
    """
    return _Diagnosis(text, prefixes, base).error(message)


class _Diagnosis:
    def __init__(self, text: str, prefixes: Mapping[str, str], base: str | None) -> None:
        self.text = text
        self.prefixes = dict(prefixes)
        self.base = base
        self.store = Store()
        self.tokens, self.apart = _spread(text)

    def error(self, message: str) -> QueryError:
        failure = self._parse(self.apart)
        if failure is None:  # it can be read once its tokens stand apart: only the engine's message is left
            return QueryError(engine_says(message.partition(": ")[2] or message))
        unclosed = next((token for token in self.tokens if token.kind == "other" and token.text in "\"'"), None)
        if unclosed:
            return self._at(unclosed, Message("this string is not closed"), _CLOSE)
        index = sum(token.apart <= failure.place for token in self.tokens) - 1
        at_end = failure.place >= len(self.apart)
        causes = failure.causes or self._hidden_causes(len(self.tokens) if at_end else index)
        wrong = None if at_end or index < 0 else self.tokens[index]
        return self._named(wrong, index, causes) or self._unexpected(wrong)

    def _parse(self, text: str) -> _Failure | None:
        """How far the engine comes; ``None`` if it reads all of it."""
        try:
            self.store.query(text, base_iri=self.base, prefixes=self.prefixes)
        except SyntaxError as error:
            match = _REPORT.match(str(error.msg))
            if not match:
                return _Failure(0, (str(error.msg),))
            before = sum(len(line) + 1 for line in text.split("\n")[: int(match[1]) - 1])
            expected = (token.strip() for token in _EXPECTED.findall(match[3]))
            return _Failure(before + int(match[2]) - 1, tuple(token for token in expected if token))
        except ValueError:
            pass
        return None

    def _hidden_causes(self, index: int) -> list[str]:
        """What the engine finds wrong with all that comes before a token, if it ends there."""
        if index < 1:
            return []
        last = self.tokens[index - 1]
        failure = self._parse(self.apart[: last.apart + len(last.text)])
        return failure.causes if failure else []

    def _named(self, wrong: _Token | None, index: int, causes: list[str]) -> QueryError | None:
        """The error where it can be named."""
        if wrong is not None and wrong.kind == "pname" and (error := self._unknown_prefix(wrong)):
            return error
        if wrong is not None and wrong.kind == "iri" and self.base is None and ":" not in wrong.text:
            hint = Message("write it in full, from https: on")
            return self._at(wrong, Message("this IRI is relative, and there is no BASE"), hint)
        if wrong is not None and wrong.kind == "other":
            message = Message("%(character)s cannot stand here", character=_character(wrong.text))
            return self._at(wrong, message, _replacement(wrong.text))
        if "IRI parsing failed" in causes:
            opening = [token for token in self.tokens[: index + 1] if token.text[0] == "<"]
            return self._wrong_iri(opening[-1] if opening else wrong)
        place = self._clause(causes[0], len(self.tokens) if wrong is None else index) if causes else None
        return self._at(place or wrong, engine_says("; ".join(causes))) if causes else None

    def _clause(self, cause: str, index: int) -> _Token | None:
        """The keyword of the clause that a cause names: the last one before a token, at its depth or above."""
        depth = 0
        for token in reversed(self.tokens[:index]):
            depth += {"}": 1, "{": -1}.get(token.text, 0)
            if depth <= 0 and token.kind == "word" and token.text.upper() in cause.split():
                return token
        return None

    def _unknown_prefix(self, wrong: _Token) -> QueryError | None:
        prefix = wrong.text.partition(":")[0]
        if prefix in {*self.prefixes, *_DECLARED.findall(self.text), "_"}:
            return None
        space = PREFIXES.get(prefix, "…")
        message = Message("the prefix %(prefix)s is not declared", prefix=f"{prefix}:")
        return self._at(wrong, message, Message("add at the top: %(line)s", line=f"PREFIX {prefix}: <{space}>"))

    def _wrong_iri(self, wrong: _Token | None) -> QueryError:
        match = _NOT_IN_IRI.search(self.text, wrong.start + 1) if wrong else None
        if match is None or wrong is None or (wrong.kind == "iri" and match.start() >= wrong.end):
            return self._at(wrong, Message("this is no valid IRI"))
        message = Message("this IRI holds %(character)s", character=_character(match[0]))
        return self._at(wrong, message, Message("an IRI holds it percent-encoded only"))

    def _unexpected(self, wrong: _Token | None) -> QueryError:
        message = (
            Message("the query ends too early")
            if wrong is None
            else Message("unexpected %(token)s", token=wrong.text[:40])
        )
        start = len(self.apart) if wrong is None else wrong.apart
        expected = list(self._expected(self.apart[:start])) if start <= MAX_LENGTH else []
        if not expected:
            return self._at(wrong, message)
        template = (
            Message("%(what)s; expected one of: %(expected)s")
            if len(expected) > 1
            else Message("%(what)s; expected %(expected)s")
        )
        return self._at(wrong, template.given(what=message, expected=expected))

    def _expected(self, before: str) -> Iterator[str]:
        """What may stand after a text: where the engine reads on after it, up to the end."""
        for name, candidate in _CANDIDATES.items():
            text = f"{before}{_GAP}{candidate}{_GAP}"
            failure = self._parse(text)
            if failure is None or failure.position >= len(text):
                yield name

    def _at(self, wrong: _Token | None, message: Message, hint: Message | None = None) -> QueryError:
        """An error at a token; at the end of the text without one."""
        start = wrong.start if wrong else self.tokens[-1].end if self.tokens else 0
        line = self.text.count("\n", 0, start) + 1
        return QueryError(message, line=line, column=start - self.text.rfind("\n", 0, start), hint=hint)


def _spread(text: str) -> tuple[list[_Token], str]:
    """The tokens of a text, and the text with gaps between them; of an operator the marks stay together."""
    spread: list[_Token] = []
    parts: list[str] = []
    length = 0
    for kind, token, start in tokens(text):
        if not spread or not _is_attached(spread[-1], kind, token, start):
            parts.append(_GAP)
            length += len(_GAP)
        spread.append(_Token(kind, token, start, length))
        parts.append(token)
        length += len(token)
    return spread, "".join([*parts, _GAP])


def _is_attached(last: _Token, kind: str, token: str, start: int) -> bool:
    if last.text.upper() in UNSPACED:
        return True
    if last.kind != "mark" or kind != "mark" or start > last.end:
        return False
    pair = {last.text, token}
    return not pair & _SEPARATORS or bool(pair & _ATTACHED)


def _character(character: str) -> str:
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")


def _replacement(character: str) -> Message:
    if unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cf", "Cc"):
        return Message("write a plain space, or nothing")
    if unicodedata.category(character) in ("Pi", "Pf", "Ps"):
        return Message("write straight quotation marks")
    return Message("remove it")
