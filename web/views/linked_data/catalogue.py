"""The dataset's description of itself with the addresses of this server: VoID (https://www.w3.org/TR/void/, section 7:
/.well-known/void) and DCAT 3, with sizes and checksums of the files as DCAT-AP 3 has them."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app
from pyoxigraph import Literal, NamedNode, Quad

from kg.catalogue import DOWNLOADS
from kg.formats import GRAPH_FORMATS
from kg.namespaces import BASE
from kg.terms import DCAT, DCTERMS, GRAPH, RDF, XSD, Term
from web.addresses import address_of_iri
from web.answers.files import File, file_store
from web.snapshot import Snapshot

_ADDRESSES = (BASE + "sparql", DOWNLOADS)
"""What the catalogue names that this server answers itself, beside its first page."""
_SPDX = "http://spdx.org/rdf/terms#"
_VCARD = "http://www.w3.org/2006/vcard/ns#"


def catalogue(current: Snapshot) -> Iterator[Quad]:
    """The catalogue, with downloads, endpoint and first page at this server."""
    for quad in current.store.quads_for_pattern(None, None, None, GRAPH.catalogue):
        yield Quad(_here(quad.subject), quad.predicate, _here(quad.object))  # type: ignore[arg-type]
    for form in GRAPH_FORMATS.values():
        yield from _distribution(current, file_store().get(current, form))
    contact = current_app.config["WEB"].contact
    if contact:
        kind = "hasEmail" if contact.startswith("mailto:") else "hasURL"
        yield Quad(NamedNode(BASE + "maintainers"), NamedNode(_VCARD + kind), NamedNode(contact))


def _here(term: Term) -> Term:
    """An IRI that is an address, at this server."""
    if isinstance(term, NamedNode) and (term.value == BASE or term.value.startswith(_ADDRESSES)):
        return NamedNode(address_of_iri(term.value) or term.value)
    return term


def _distribution(current: Snapshot, file: File) -> Iterator[Quad]:
    """Size, checksum and date of a file."""
    name = NamedNode(f"{BASE}distribution/{file.form.name}")
    checksum = NamedNode(name.value + "#checksum")
    yield Quad(name, DCAT.byteSize, Literal(str(file.size), datatype=XSD.nonNegativeInteger))
    yield Quad(name, NamedNode(_SPDX + "checksum"), checksum)
    yield Quad(checksum, RDF.type, NamedNode(_SPDX + "Checksum"))
    yield Quad(checksum, NamedNode(_SPDX + "algorithm"), NamedNode(_SPDX + "checksumAlgorithm_sha256"))
    yield Quad(checksum, NamedNode(_SPDX + "checksumValue"), Literal(file.digest, datatype=XSD.hexBinary))
    if current.modified:
        yield Quad(name, DCTERMS.modified, Literal(current.modified.date().isoformat(), datatype=XSD.date))
