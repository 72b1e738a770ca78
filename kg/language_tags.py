"""Language tags (BCP 47, https://www.rfc-editor.org/info/bcp47) held to the registry of languages of IANA.

The registry comes with langcodes, the names of languages and the countries they are spoken in with Babel (CLDR).
"""

import re
from collections.abc import Mapping, Set
from functools import cache
from typing import NamedTuple

_KINDS = {"language": "language", "extlang": "extlang", "script": "script", "territory": "region", "variant": "variant"}
"""The kinds of subtag that are registered, by the parser's name for them."""
_PRIVATE = {
    "language": re.compile("q[a-t][a-z]"),
    "script": re.compile("qa[a-b][a-z]"),
    "region": re.compile("q[m-z]|x[a-z]"),
}
"""Subtags that the registry leaves to whoever needs one."""


class BadTag(NamedTuple):
    """What is wrong with a language tag, and the tag that may be meant."""

    problem: str
    suggestion: str | None


@cache
def check_tag(tag: str) -> BadTag | None:
    """What is wrong with a tag; ``None`` if the registry has each part of it."""
    from langcodes.tag_parser import LanguageTagError, parse_tag

    if "_" in tag or not tag.isascii():
        return BadTag("is not a language tag", _standard(tag) or _of_name(tag))
    try:
        parts = parse_tag(tag)
    except LanguageTagError:
        return BadTag("is not a language tag", _of_name(tag))
    if parts[0] == ("grandfathered", tag.lower()) or parts[0][1].startswith("x-"):
        return None
    for kind, subtag in parts:
        registered, private = _KINDS.get(kind), _PRIVATE.get(_KINDS.get(kind, ""))
        is_private = private is not None and private.fullmatch(subtag.lower())
        if registered and not is_private and subtag.lower() not in _registry()[registered]:
            problem = f"is not in the registry of languages: it has no {registered} {subtag!r}"
            return BadTag(problem, _suggest(tag, registered, subtag))
    return None


def language_of_country(tag: str) -> str | None:
    """The language that is meant by the code of a country: ``kk`` for ``kz``; ``None`` if it may be a language too."""
    code = tag.upper()
    languages = _spoken(code)
    return languages[0] if languages and tag.lower() not in languages else None


def _suggest(tag: str, kind: str, subtag: str) -> str | None:
    spoken = language_of_country(subtag) if kind == "language" else None
    return spoken + tag[len(subtag) :] if spoken else _standard(tag) or _of_name(tag)


def _standard(tag: str) -> str | None:
    """The registered form of a tag written otherwise: ``kk`` for ``kaz``, ``en-GB`` for ``en_GB``."""
    from langcodes import standardize_tag
    from langcodes.tag_parser import LanguageTagError

    try:
        standard = standardize_tag(tag)
    except LanguageTagError:
        return None
    return standard if standard.lower() != tag.lower() and check_tag(standard) is None else None


def _of_name(name: str) -> str | None:
    """The tag of a language by its name in English or Russian."""
    from babel import Locale

    for reader in ("en", "ru"):
        for tag, known in Locale(reader).languages.items():
            if known.lower() == name.lower():
                return str(tag).replace("_", "-")
    return None


@cache
def _spoken(country: str) -> tuple[str, ...]:
    """The official languages of a country, that which is at home there first."""
    from babel.core import get_global
    from babel.languages import get_official_languages

    home: Mapping[str, str] = get_global("likely_subtags")
    tags = [str(tag).replace("_", "-") for tag in get_official_languages(country, regional=True)]
    return tuple(sorted(tags, key=lambda tag: not home.get(tag, "").endswith(f"_{country}")))


@cache
def _registry() -> Mapping[str, Set[str]]:
    """The subtags of the registry by kind, in small letters."""
    from langcodes.registry_parser import parse_registry

    registry: dict[str, set[str]] = {kind: set() for kind in _KINDS.values()}
    for record in parse_registry():
        if record.get("Type") in registry:
            registry[str(record["Type"])].add(str(record["Subtag"]).lower())
    return registry
