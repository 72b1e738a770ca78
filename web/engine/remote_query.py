"""Queries rewritten for other SPARQL engines: prefixes declared, parameters without a value left out."""

from __future__ import annotations

import re

from kg.namespaces import PREFIXES

_VALUES = re.compile(r"VALUES\s*\(([^)]*)\)\s*\{\s*\(([^\n]*)\)\s*\}")
_ITEM = re.compile(r"\?\w+|\((?:[^()]|\([^()]*\))*\)")
_VARIABLE = re.compile(r"\?\w+")
_TERM = re.compile(r"""<[^>]*>|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^(?:<[^>]*>|[\w-]*:[\w.-]*))?|[^\s"<]+""")
# Possessive, and from the beginning of a name: a long word that is none must not be tried from each of its letters.
_DECLARED = re.compile(r"\bPREFIX\s++([\w-]*+):", re.IGNORECASE)
_USED = re.compile(r"(?<![\w-])([A-Za-z][\w-]*+):")


def with_prefixes(text: str) -> str:
    """The query with those of our prefixes that it uses and does not declare, all before its first line."""
    declared = {match.lower() for match in _DECLARED.findall(text)}
    used = {match for match in _USED.findall(text) if match in PREFIXES and match not in declared}
    return " ".join([*(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in sorted(used)), text])


def without_undef(text: str) -> str:
    """A canned query without the parameters that restrict nothing: they are removed from its VALUES line and from the
    projection of the sub-select that holds it.

    The meaning is the same, and Virtuoso 7.2.5 finds nothing where a variable is UNDEF, or joins on one that a
    sub-select leaves unbound.
    """
    match = _VALUES.search(text)
    if match is None:
        return text
    names, terms = match[1].split(), _TERM.findall(match[2])
    if len(names) != len(terms):
        return text
    bound = {name: term for name, term in zip(names, terms, strict=True) if term != "UNDEF"}
    line = f"VALUES ({' '.join(bound)}) {{ ({' '.join(bound.values())}) }}" if bound else ""
    before, after = text[: match.start()], text[match.end() :]
    opening = before.rfind("SELECT")
    if not before[:opening].rstrip().endswith("{"):
        return before + line + after
    return before[:opening] + _sub_select(before[opening:] + line + after, set(names) - set(bound))


def _sub_select(text: str, unbound: set[str]) -> str:
    """A text that begins with a sub-select, which no longer projects those variables if it does not bind them."""
    head, rest = text.split("{", 1)
    end = _closing(rest)
    body, tail = rest[:end], rest[end:]
    idle = {name for name in unbound if not re.search(rf"\{name}\b", body)}
    items = _ITEM.findall(head)
    dropped = [item for item in items if idle & set(_VARIABLE.findall(item)[:1])]
    group, rest = tail[: tail.find("}", 1)], tail[tail.find("}", 1) :]
    if not body.strip() and len(dropped) == len(items):
        return rest
    for item in dropped:
        head = head.replace(item, "", 1)
    for name in idle:
        group = re.sub(rf"\{name}\b", "", group)
    return f"{head}{{{body}{group}{rest}"


def _closing(text: str) -> int:
    """Where the bracket that is open before a text closes; strings may hold brackets."""
    depth = 1
    for match in re.finditer(r"""[{}]|"(?:[^"\\]|\\.)*"|<[^<>\s]*>""", text):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.start()
    return len(text)
