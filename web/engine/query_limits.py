"""What is checked of an untrusted query before the engine sees it, and where its row limit goes.

It is the first of two defences: what passes it runs in a worker that can open nothing and is killed in time.
"""

from __future__ import annotations

import re

from kg.errors import QueryError
from kg.message import Message
from web.engine.limits import DEFAULT, Limits, RefusedError
from web.engine.scanner import Scan, scan

_RELATIVE = re.compile(r"""<(?![A-Za-z][A-Za-z0-9+.-]*:)[^<>"{}|^`\\\x00-\x20]*>|\b[UI]RI\s*\(""", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def check(text: str, limits: Limits = DEFAULT) -> Scan:
    """Scan a query, also as it reads once its code point escapes are decoded: ``\\u0053ERVICE`` is SERVICE.

    :raises RefusedError: if it is too long, too deep, has too many parts, makes outbound requests, or is an update
    :raises QueryError: if it is no query
    """
    if len(text) > limits.length:
        template = Message("the query has %(count)s characters, the limit is %(limit)s")
        raise RefusedError("too-long", template.given(count=len(text), limit=limits.length))
    decoded = unescape(text)
    if decoded != text:
        scan(decoded, limits)
    outcome = scan(text, limits)
    if not outcome.form:
        raise QueryError(Message("the query has no SELECT, CONSTRUCT, DESCRIBE or ASK"))
    return outcome


def may_be_relative(text: str) -> bool:
    """Whether a query may hold a relative IRI, so that its answer depends on the address of the endpoint."""
    return _RELATIVE.search(text) is not None


def unescape(text: str) -> str:
    """Code point escapes replaced by their characters, see SPARQL 1.1, section 19.2."""

    def character(match: re.Match[str]) -> str:
        code = int(match.group(1) or match.group(2), 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise RefusedError("bad-escape", Message("%(escape)s is no character", escape=match.group(0)))
        return chr(code)

    return _ESCAPE.sub(character, text) if "\\u" in text or "\\U" in text else text


def cap_rows(text: str, scan: Scan, rows: int) -> str:
    """A SELECT query with a LIMIT where it has none, or one above ``rows``; any other as it is."""
    if scan.form != "SELECT" or (scan.limit is not None and scan.limit <= rows):
        return text
    start, end = scan.limit_at
    if end:
        return f"{text[:start]}{rows}{text[end:]}"
    return f"{text[: scan.modifiers_end]}\nLIMIT {rows}\n{text[scan.modifiers_end :]}"
