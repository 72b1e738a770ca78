"""The tokens of a query by the lexical rules of SPARQL 1.1 (section 19.8), in linear time for any text."""

import re
from collections.abc import Iterator

# No possessive quantifiers: Python before 3.11.5 matches them wrongly.
_IRI = r"""<[^<>"{}|^`\\\x00-\x20]*>"""
_TOKENS = r"""
    (?P<space>[ \t\r\n]+)
  | (?P<comment>\#[^\n\r]*)
  | (?P<iri>IRI)
  | (?P<string>\"\"\"(?:[^"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
      |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<variable>[?$]\w+)
  | (?P<pname>(?:[^\W\d](?:[\w.-]{0,80}[\w-])?)?:
      (?:[\w:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]|\.(?=[\w:.%\\-]))*)
  | (?P<word>[^\W\d]\w*)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
  | (?P<mark>\|\||&&|\^\^|[{}()\[\].;,|/^!+*<>=-])
  | (?P<other>.)
"""
_TOKEN = re.compile(_TOKENS.replace("IRI", _IRI), re.VERBOSE | re.DOTALL)
_TOKEN_QUOTED = re.compile(_TOKENS.replace("IRI", _IRI.replace("<[^", "<[^'")), re.VERBOSE | re.DOTALL)
_PROLOGUE = re.compile(
    r"""(?:[ \t\r\n]*PREFIX[ \t\r\n]+(?:[A-Za-z][\w-]*)?:[ \t\r\n]*<[^<>"'{}|^`\\\x00-\x20]*>)+""", re.IGNORECASE
)
_DECLARATION = re.compile(r"([\w-]*):[ \t\r\n]*<([^>]*)>")
_QUOTED_IRI = re.compile(r"""<[^<>"{}|^`\\\x00-\x20']*'""")


UNSPACED = frozenset({"CONCAT", "COALESCE", "BNODE"})
"""Functions whose arguments the engine reads only directly behind the name, where SPARQL allows white space."""
_SPACED = re.compile(rf"\b(?:{'|'.join(sorted(UNSPACED))})[ \t\r\n]+(?=\()", re.IGNORECASE)


def for_engine(text: str) -> str:
    """A query as the engine reads it, of the same length: white space behind some names of functions is before them."""
    if not _SPACED.search(text):
        return text
    parts, end = [], 0
    for kind, name, start in tokens(text):
        if kind == "word" and (match := _SPACED.match(text, start)):
            parts += [text[end:start], match[0][len(name) :], name]
            end = match.end()
    return "".join([*parts, text[end:]])


def has_two_readings(text: str) -> bool:
    """Whether ``<`` stands before a quotation mark: ``<'>`` is an IRI, or a comparison with a string."""
    return _QUOTED_IRI.search(text) is not None


def prologue_end(text: str) -> int:
    """Where the declarations of prefixes end with which most queries begin."""
    prologue = _PROLOGUE.match(text)
    return prologue.end() if prologue else 0


def declared_prefixes(text: str) -> dict[str, str]:
    """The prefixes that the prologue of a query declares."""
    return dict(_DECLARATION.findall(text[: prologue_end(text)]))


def tokens(text: str, begin: int = 0, as_comparison: bool = False) -> Iterator[tuple[str, str, int]]:
    """The kind, text and position of each token that is neither white space nor a comment.

    :param as_comparison: whether ``<`` before a quotation mark is a comparison
    """
    for match in (_TOKEN_QUOTED if as_comparison else _TOKEN).finditer(text, begin):
        kind = match.lastgroup or "other"
        if kind not in ("space", "comment"):
            yield kind, match.group(), match.start()
