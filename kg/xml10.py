"""What XML 1.0 can hold (https://www.w3.org/TR/xml/#charsets), and RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Triple

from kg.errors import FormatError
from kg.message import Message
from kg.terms import RDF

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""A character that no XML 1.0 document holds, not even escaped."""
_FORBIDDEN_UTF8 = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_LONGEST = 2
"""Bytes of a forbidden character that may lie before the part that ends it."""
_START = "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff"
# Of the names of XML those that parsers of every edition of XML 1.0 read.
_NAME = re.compile(f"[{_START}][{_START}0-9.\u00b7\u0300-\u036f-]*\\Z")
_RESERVED = {
    *(RDF.RDF, RDF.ID, RDF.about, RDF.parseType, RDF.resource, RDF.nodeID, RDF.datatype, RDF.Description, RDF.li),
    *(RDF.aboutEach, RDF.aboutEachPrefix, RDF.bagID),
}
_XMLNS = "http://www.w3.org/2000/xmlns/"


@dataclass
class XmlSink:
    """Passes XML on: a carriage return survives its parser, and a character that XML cannot hold is refused.

    :param out: where to
    :param offered: media types that can hold such a character
    """

    out: SupportsWrite[bytes]
    offered: Sequence[str]
    tail: bytes = b""

    def write(self, data: bytes) -> int:
        """Take bytes.

        :raises FormatError: for a character that XML cannot hold
        """
        match = _FORBIDDEN_UTF8.search(self.tail + data)
        if match:
            code = ord(match[0].decode())
            template = Message("the answer holds the character %(character)s, which XML 1.0 cannot write")
            raise FormatError(template.given(character=f"U+{code:04X}"), self.offered)
        self.tail = data[-_LONGEST:]
        # An XML parser reads a bare carriage return as a line feed.
        self.out.write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


def is_writable(predicate: NamedNode) -> bool:
    """Whether RDF/XML can write a predicate: it ends in a name of XML, and is no part of the syntax itself."""
    ends_in_name = _NAME.search(predicate.value) is not None
    return ends_in_name and predicate not in _RESERVED and not predicate.value.startswith(_XMLNS)


def check_predicates(triples: Iterable[Triple], offered: Iterable[str]) -> Iterator[Triple]:
    """The triples, as long as RDF/XML can write them.

    :param offered: media types that can hold any predicate
    :raises FormatError: for a predicate that it cannot
    """
    writable: set[NamedNode] = set()
    for triple in triples:
        predicate = triple.predicate
        if predicate not in writable:
            if not is_writable(predicate):
                message = Message("RDF/XML cannot write the predicate %(predicate)s", predicate=str(predicate))
                raise FormatError(message, tuple(offered))
            writable.add(predicate)
        yield triple
