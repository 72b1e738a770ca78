"""Checks of single values: datatypes, dates, numbers, languages and addresses.

Language tags are those of BCP 47 (https://www.rfc-editor.org/info/bcp47), held to the registry of languages.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode

from kg.check.context import Context, Node, is_ours, name_of, names_of
from kg.dates import DATE_DATATYPES, OPEN_END, OPEN_START, bounds, datatype_for
from kg.findings import Finding
from kg.index import Place
from kg.language_tags import check_tag, language_of_country
from kg.terms import AIP, CONCEPT, DCTERMS, NUMERIC_DATATYPES, RDF, SCHEMA, XSD
from kg.values import number
from kg.vocabulary import Property
from kg.xml10 import FORBIDDEN

PLACEHOLDER = "FILL-IN"
"""What ``kg new-source`` writes where a curator has to write something."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
FIRST_FOUNDING = 1800
_FOUNDING = {CONCEPT[f"stage-{name}"] for name in ("established", "opened", "renamed", "reorganised", "abolished")}
_TAGS = {DCTERMS.language, AIP.servesLanguage, AIP.searchedIn}
_ENTERED = {DCTERMS.created, DCTERMS.issued, AIP.retrievedOn}
"""When something was published, read or entered: never after today."""
_HOST = re.compile(r"([^\W_]([\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]")


def check_values(context: Context) -> Iterator[Finding]:
    """Errors in the values that one file gives."""
    for node in context.nodes:
        for iri, values in node.values.items():
            property_ = context.vocabulary.properties.get(iri)
            if property_ is None:
                continue
            for value in values:
                if isinstance(value, Literal):
                    yield from _literal(context, node, property_, value)
                elif isinstance(value, NamedNode) and not is_ours(value):
                    yield from _address(context, node, property_, value)


def _literal(context: Context, node: Node, property_: Property, value: Literal) -> Iterator[Finding]:
    datatype, allowed = value.datatype, property_.datatypes
    if PLACEHOLDER in value.value:
        yield _placeholder(context, node, property_)
    elif forbidden := FORBIDDEN.search(value.value):
        message = f"{name_of(property_.iri)} holds the character U+{ord(forbidden[0]):04X}, which XML cannot hold"
        yield context.finding("bad-character", node, property_.iri, message, "remove it, or write another character")
    elif allowed and datatype not in allowed and not (datatype == XSD.integer and XSD.decimal in allowed):
        yield _wrong_datatype(context, node, property_, value)
    elif not value.value.strip():
        yield context.finding("empty-text", node, property_.iri, f"{name_of(property_.iri)} is empty", "leave it out")
    elif datatype in DATE_DATATYPES:
        yield from _date(context, node, property_, value)
    elif datatype in NUMERIC_DATATYPES and number(value) is None:
        message = f"{name_of(value)} is not a number of type {name_of(datatype)}"
        yield context.finding("bad-number", node, property_.iri, message, "numbers are written 5, 2.5 or 1000000000")
    elif datatype == XSD.boolean and value.value not in ("true", "false"):
        message = f"{name_of(value)} is neither true nor false"
        yield context.finding("bad-boolean", node, property_.iri, message, "allowed: true, false")
    else:
        yield from _language(context, node, property_, value)


def _placeholder(context: Context, node: Node, property_: Property) -> Finding:
    message = f"{name_of(property_.iri)} of {name_of(node.subject)} still holds the placeholder {PLACEHOLDER}"
    return context.finding("placeholder", node, property_.iri, message, f"write {context.allowed(property_)}")


def _wrong_datatype(context: Context, node: Node, property_: Property, value: Literal) -> Finding:
    allowed = property_.datatypes
    if allowed == {RDF.langString} and value.datatype == XSD.string:
        message = f"{name_of(property_.iri)} {name_of(value)} does not say its language"
        return context.finding("no-language", node, property_.iri, message, f'write "{value.value}"@en (ru, kk, …)')
    if not allowed.isdisjoint(DATE_DATATYPES):
        message = f"{name_of(value)} is not a date: its type is {name_of(value.datatype)}"
        return context.finding("bad-date", node, property_.iri, message, _date_hint(property_, value))
    kind = f"text in a language (@{value.language})" if value.language else name_of(value.datatype)
    message = f"{name_of(property_.iri)} does not take {name_of(value)}, which is {kind}"
    return context.finding("wrong-datatype", node, property_.iri, message, f"allowed: {names_of(allowed)}")


def _date_hint(property_: Property, value: Literal) -> str:
    """The value as a date if it can be read as one that is allowed, else the datatypes that are."""
    allowed = property_.datatypes or DATE_DATATYPES
    datatype = datatype_for(value.value)
    if datatype and datatype in allowed:
        return f'write "{value.value}"^^{name_of(datatype)}'
    return f"allowed: {', '.join(name_of(each) for each in DATE_DATATYPES if each in allowed)}"


def _date(context: Context, node: Node, property_: Property, value: Literal) -> Iterator[Finding]:
    try:
        first, last = bounds(value.value, value.datatype)
    except ValueError as error:
        yield context.finding("bad-date", node, property_.iri, str(error), _date_hint(property_, value))
        return
    # Bodies and publications may be older than the policy that they belong to.
    reaches_back = node.place is Place.SOURCES or not _FOUNDING.isdisjoint(node.values.get(AIP.stage, ()))
    low = FIRST_FOUNDING if reaches_back else FIRST_YEAR
    if (first != OPEN_START and first.year < low) or (last != OPEN_END and last.year > LAST_YEAR):
        message = f"{name_of(property_.iri)} {name_of(value)} is an impossible year"
        more = "" if low == FIRST_FOUNDING else f", from {FIRST_FOUNDING} for the founding of a body"
        hint = f"allowed: {low} to {LAST_YEAR}{more}"
        yield context.finding("impossible-year", node, property_.iri, message, hint)
    elif property_.iri in _ENTERED and first > context.today:
        message = f"{name_of(property_.iri)} {name_of(value)} is after today"
        hint = f"write the day on which it was published, read or entered; today is {context.today}"
        yield context.finding("after-today", node, property_.iri, message, hint)


def _language(context: Context, node: Node, property_: Property, value: Literal) -> Iterator[Finding]:
    tag = value.value if property_.iri in _TAGS else value.language
    if tag is None:
        return
    if bad := check_tag(tag):
        hint = f"write {bad.suggestion}" if bad.suggestion else "allowed: tags of BCP 47: en, ru, uz-Latn"
        yield context.finding("bad-language", node, property_.iri, f'"{tag}" {bad.problem}', hint)
    elif tag.lower() in context.index.countries and (language := language_of_country(tag)):
        message = f'"{tag}" is the code of a country, not of its language'
        yield context.finding("bad-language", node, property_.iri, message, f"write {language}")


def _address(context: Context, node: Node, property_: Property, value: NamedNode) -> Iterator[Finding]:
    if property_.iri == RDF.type:
        return
    web = value.value.startswith(("http://", "https://"))
    if PLACEHOLDER in value.value:
        yield _placeholder(context, node, property_)
    elif (web or property_.iri == SCHEMA.url) and not _is_page(value.value):
        message = f"<{value.value}> is not a web address"
        yield context.finding("bad-url", node, property_.iri, message, "write https://, the host and the path")


def _is_page(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and not parts.username and bool(_HOST.fullmatch(host))
