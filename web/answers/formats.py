"""Which format to answer in: by ``format=`` for people, by Accept for programs (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import BadRequest, NotAcceptable, UnsupportedMediaType

from kg.formats import GRAPH_FORMATS
from kg.message import Message
from kg.namespaces import local_name

_ENDINGS = {"rows": "json", "excel": "csv"}
"""How a file ends where that is not what an address ends in."""


@dataclass(frozen=True)
class Format:
    """A format an answer can have.

    :param name: what ``format=`` calls it
    :param media_type: what Content-Type says
    :param aliases: other media types that mean it
    :param suffix: the ending of a file or address in it
    """

    name: str
    media_type: str
    aliases: tuple[str, ...] = ()
    suffix: str = ""

    @property
    def content_type(self) -> str:
        """The media type with its character set."""
        return f"{self.media_type}; charset=utf-8"

    def disposition(self, iri_or_name: str) -> str:
        """Content-Disposition: shown where a program can show it, else saved under the last part of an IRI.

        :param iri_or_name: what the answer is about
        """
        stem = re.sub(r"[^\w.-]+", "-", local_name(iri_or_name), flags=re.ASCII).strip("-.") or "answer"
        return f"inline; filename={stem}.{_ENDINGS.get(self.suffix, self.suffix)}"


RESULTS = (
    Format("json", "application/sparql-results+json", ("application/json",), "json"),
    Format("xml", "application/sparql-results+xml", ("application/xml", "text/xml"), "xml"),
    Format("csv", "text/csv", (), "csv"),
    Format("tsv", "text/tab-separated-values", (), "tsv"),
)
ROWS = Format("rows", "application/json", (), "rows")
JSON = Format("json", "application/json", (), "json")
EXCEL = Format("excel", "text/csv", (), "excel")
SPARQL = Format("sparql", "application/sparql-query", (), "rq")
_GRAPH_ALIASES = {
    "turtle": ("application/x-turtle", "text/n3", "text/rdf+n3"),
    "ntriples": ("text/plain",),
    "jsonld": ("application/json",),
    "rdfxml": ("application/xml", "text/xml"),
    "trig": (),
    "nquads": (),
}
GRAPHS = tuple(
    Format(name, GRAPH_FORMATS[name].media_type, aliases, GRAPH_FORMATS[name].extension)
    for name, aliases in _GRAPH_ALIASES.items()
)
HTML = Format("html", "text/html", ("application/xhtml+xml",), "html")


class NoAcceptableFormatError(NotAcceptable):
    """The client accepts none of the media types that an address offers."""

    def __init__(self, offered: Sequence[str]) -> None:
        super().__init__(Message("This address answers in: %(formats)s.", formats=offered))
        self.offered = offered


class UnsupportedBodyError(UnsupportedMediaType):
    """The body is of none of the media types that an address takes."""

    def __init__(self, offered: Sequence[str], message: Message | None = None) -> None:
        super().__init__(message or Message("Send one of: %(formats)s.", formats=offered))
        self.offered = offered


def choose(
    offered: Sequence[Format], accept: MIMEAccept, arguments: Mapping[str, str], ending: Format | None = None
) -> Format:
    """The format to answer in.

    :param offered: the formats there are, the preferred first
    :param ending: the format that the suffix of the address names
    :raises BadRequest: if ``format=`` names none of them, or another than the suffix
    :raises NoAcceptableFormatError: if the client accepts none of them
    """
    if wanted := arguments.get("format"):
        named = by_name(offered, wanted)
        if ending not in (None, named):
            given = {"suffix": ending.suffix, "format": named.name}
            raise BadRequest(Message("The address ends in .%(suffix)s, but asks for format=%(format)s.", **given))
        return named
    if ending is not None:
        return by_name(offered, ending.name)
    if not accept:
        return offered[0]
    types = {alias: form for form in reversed(offered) for alias in (*form.aliases, form.media_type)}
    # A media type that two formats share means the first of them.
    ordered = [form.media_type for form in offered] + [alias for form in offered for alias in form.aliases]
    # A charset parameter is left out of account: all text here is UTF-8.
    plain = MIMEAccept([(value.partition(";")[0].strip(), weight) for value, weight in accept])
    best = plain.best_match(ordered)
    if best is None:
        raise NoAcceptableFormatError([form.media_type for form in offered])
    return types[best]


def by_suffix(address: str, offered: Sequence[Format]) -> tuple[str, Format | None]:
    """An address without the suffix of a format, and that format; as it is, if it ends in no such suffix."""
    stem, dot, suffix = address.rpartition(".")
    form = next((form for form in offered if dot and form.suffix == suffix), None)
    return (stem, form) if form else (address, None)


def by_name(offered: Sequence[Format], wanted: str) -> Format:
    """The format a name, suffix or media type means.

    :raises BadRequest: if it means none of those offered
    """
    for form in offered:
        if wanted.casefold() in (form.name, form.suffix, form.media_type, *form.aliases):
            return form
    names = [form.name for form in offered]
    raise BadRequest(
        Message("format=%(format)s is not known here; allowed: %(names)s.", format=repr(wanted[:60]), names=names)
    )
