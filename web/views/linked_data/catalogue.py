"""The dataset's description of itself with the addresses of this server: VoID (https://www.w3.org/TR/void/, section 7:
/.well-known/void) and DCAT 3, with sizes and checksums of the files as DCAT-AP 3 has them."""

from collections.abc import Iterator

from flask import current_app
from pyoxigraph import Literal, NamedNode, Quad

from kg.catalogue import DOWNLOADS
from kg.formats import GRAPH_FORMATS, TABLE_FORMATS, GraphFormat, TableFormat
from kg.namespaces import BASE
from kg.terms import DCAT, DCTERMS, GRAPH, RDF, RDFS, XSD, Term
from web.addresses import address_of_iri
from web.answers.files import File, file_store
from web.snapshot import Snapshot
from web.views.linked_data.release_series import SHA256, SPDX, series, size_and_checksum

_ADDRESSES = (BASE + "sparql", DOWNLOADS)
"""What the catalogue names that this server answers itself, beside its first page."""
_LINKS = (DCAT.accessURL, DCAT.downloadURL, DCAT.endpointURL, DCAT.endpointDescription)
_VCARD = "http://www.w3.org/2006/vcard/ns#"


def catalogue(current: Snapshot) -> Iterator[Quad]:
    """The catalogue, with downloads, endpoint and first page at this server."""
    for quad in current.store.quads_for_pattern(None, None, None, GRAPH.catalogue):
        yield Quad(_here(quad.subject), quad.predicate, _here(quad.object))  # type: ignore[arg-type]
        if quad.predicate in _LINKS:
            # The shapes of DCAT-AP ask for the class of all classes.
            yield Quad(_here(quad.object), RDF.type, RDFS.Resource)  # type: ignore[arg-type]
    for file in written_files(current):
        yield from _distribution(current, file)
    yield from series(current.releases)
    yield Quad(SHA256, RDF.type, NamedNode(SPDX + "ChecksumAlgorithm"))
    contact = current_app.config["WEB"].contact
    if contact:
        kind = "hasEmail" if contact.startswith("mailto:") else "hasURL"
        yield Quad(NamedNode(BASE + "maintainers"), NamedNode(_VCARD + kind), NamedNode(contact))


def written_files(current: Snapshot) -> list[File]:
    """The files to download that are there: size and checksum of one that is still to be written are not known."""
    formats: list[GraphFormat | TableFormat] = [*GRAPH_FORMATS.values(), *TABLE_FORMATS.values()]
    return [file for form in formats if (file := file_store().written(current, form))]


def _here(term: Term) -> Term:
    """An IRI that is an address, at this server."""
    if isinstance(term, NamedNode) and (term.value == BASE or term.value.startswith(_ADDRESSES)):
        return NamedNode(address_of_iri(term.value) or term.value)
    return term


def _distribution(current: Snapshot, file: File) -> Iterator[Quad]:
    """Size, checksum and date of a file."""
    name = NamedNode(f"{BASE}distribution/{file.form.name}")
    yield from size_and_checksum(name, file.size, file.digest)
    if current.modified:
        yield Quad(name, DCTERMS.modified, Literal(current.modified.date().isoformat(), datatype=XSD.date))
