"""Checks of single values: datatypes, dates, numbers, languages and addresses.

Language tags: BCP 47 (https://www.rfc-editor.org/info/bcp47), as far as a pattern can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode

from kg.check.context import Context, Node, is_ours, name_of, names_of
from kg.dates import DATATYPES, OPEN_END, OPEN_START, bounds, datatype_for
from kg.findings import Finding
from kg.index import Place
from kg.namespaces import expand, shorten
from kg.values import DECIMAL, INTEGER, NUMBERS, number
from kg.vocabulary import TYPE, Property

BOOLEAN, STRING, LANG_STRING = expand("xsd:boolean"), expand("xsd:string"), expand("rdf:langString")
FIRST_YEAR, LAST_YEAR = 1990, 2100
FIRST_FOUNDING = 1800
_STAGE = NamedNode(expand("aip:stage"))
_FOUNDING = {
    NamedNode(expand(f"concept:stage-{stage}"))
    for stage in ("established", "opened", "renamed", "reorganised", "abolished")
}
_TAGS = {NamedNode(expand(name)) for name in ("dcterms:language", "aip:servesLanguage", "aip:searchedIn")}
_URL = NamedNode(expand("schema:url"))
_TAG = re.compile(
    r"[a-z]{2,3}(-[a-z]{3}){0,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-([a-z\d]{5,8}|\d[a-z\d]{3}))*",
    re.IGNORECASE,
)
_HOST = re.compile(r"([^\W_]([\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]")


def check_values(context: Context) -> Iterator[Finding]:
    """Slips in the values that one file gives."""
    for node in context.nodes:
        for iri, values in node.said.items():
            property_ = context.vocabulary.properties.get(iri)
            if property_ is None:
                continue
            for value in values:
                if isinstance(value, Literal):
                    yield from _literal(context, node, property_, value)
                elif isinstance(value, NamedNode) and not is_ours(value):
                    yield from _address(context, node, property_, value)


def _literal(context: Context, node: Node, property_: Property, value: Literal) -> Iterator[Finding]:
    datatype = value.datatype.value
    allowed = {type_.value for type_ in property_.datatypes}
    if allowed and datatype not in allowed and not (datatype == INTEGER and DECIMAL in allowed):
        yield _wrong_datatype(context, node, property_, value, allowed)
    elif not value.value.strip():
        yield context.finding("empty-text", node, property_.iri, f"{name_of(property_.iri)} is empty", "leave it out")
    elif datatype in DATATYPES:
        yield from _date(context, node, property_, value)
    elif datatype in NUMBERS and number(value) is None:
        message = f"{name_of(value)} is no number of type {shorten(datatype)}"
        yield context.finding("bad-number", node, property_.iri, message, "numbers are written 5, 2.5 or 1000000000")
    elif datatype == BOOLEAN and value.value not in ("true", "false"):
        message = f"{name_of(value)} is neither true nor false"
        yield context.finding("bad-boolean", node, property_.iri, message, "allowed: true, false")
    else:
        yield from _language(context, node, property_, value)


def _wrong_datatype(context: Context, node: Node, property_: Property, value: Literal, allowed: set[str]) -> Finding:
    if allowed == {LANG_STRING} and value.datatype.value == STRING:
        message = f"{name_of(property_.iri)} {name_of(value)} does not say its language"
        return context.finding("no-language", node, property_.iri, message, f'write "{value.value}"@en (ru, kk, …)')
    if allowed & set(DATATYPES):
        return _no_date(context, node, property_, value, allowed)
    kind = f"text in a language (@{value.language})" if value.language else shorten(value.datatype.value)
    message = f"{name_of(property_.iri)} does not take {name_of(value)}, which is {kind}"
    hint = f"allowed: {names_of(property_.datatypes)}"
    return context.finding("wrong-datatype", node, property_.iri, message, hint)


def _no_date(context: Context, node: Node, property_: Property, value: Literal, allowed: set[str]) -> Finding:
    """A value of a type that no date has; shows it as a date if it can be read as one."""
    meant = datatype_for(value.value)
    hint = f'write "{value.value}"^^{shorten(meant)}' if meant in allowed and meant else None
    hint = hint or f"allowed: {names_of(property_.datatypes)}"
    message = f"{name_of(value)} is no date: its type is {shorten(value.datatype.value)}"
    return context.finding("bad-date", node, property_.iri, message, hint)


def _date(context: Context, node: Node, property_: Property, value: Literal) -> Iterator[Finding]:
    try:
        first, last = bounds(value.value, value.datatype.value)
    except ValueError as error:
        meant = datatype_for(value.value)
        hint = f'write "{value.value}"^^{shorten(meant)}' if meant else None
        yield context.finding("bad-date", node, property_.iri, str(error), hint or f"allowed: {_forms()}")
        return
    low = FIRST_FOUNDING if _reaches_back(node) else FIRST_YEAR
    low_ok = first == OPEN_START or first.year >= low
    if not low_ok or (last != OPEN_END and last.year > LAST_YEAR):
        message = f"{name_of(property_.iri)} {name_of(value)} is an impossible year"
        more = "" if low == FIRST_FOUNDING else f", from {FIRST_FOUNDING} for the founding of a body"
        hint = f"allowed: {low} to {LAST_YEAR}{more}"
        yield context.finding("impossible-year", node, property_.iri, message, hint)


def _forms() -> str:
    return ", ".join(f"{shorten(datatype)}" for datatype in DATATYPES)


def _reaches_back(node: Node) -> bool:
    """Bodies and publications may be older than the policy that they belong to."""
    return node.place is Place.SOURCES or not _FOUNDING.isdisjoint(node.said.get(_STAGE, ()))


def _language(context: Context, node: Node, property_: Property, value: Literal) -> Iterator[Finding]:
    tag = value.value if property_.iri in _TAGS else value.language
    if tag is not None and not _TAG.fullmatch(tag):
        message = f'"{tag}" is no language tag'
        yield context.finding("bad-language", node, property_.iri, message, "allowed: tags of BCP 47: en, ru, uz-Latn")


def _address(context: Context, node: Node, property_: Property, value: NamedNode) -> Iterator[Finding]:
    if property_.iri == TYPE:
        return
    web = value.value.startswith(("http://", "https://"))
    if (web or property_.iri == _URL) and not _is_page(value.value):
        message = f"<{value.value}> is no address of a page"
        yield context.finding("bad-url", node, property_.iri, message, "write https://, the host and the path")


def _is_page(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and not parts.username and bool(_HOST.fullmatch(host))
