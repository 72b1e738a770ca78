"""The dataset's description of itself with the addresses of this server: VoID (https://www.w3.org/TR/void/, section 7:
/.well-known/void) and DCAT 3, with sizes and checksums of the files as DCAT-AP 3 has them."""

from collections.abc import Iterator, Sequence

from flask import current_app
from pyoxigraph import Literal, NamedNode, Quad

from kg.catalogue import DATASET, DOWNLOADS, LICENCE
from kg.formats import GRAPH_FORMATS, TABLE_FORMATS, GraphFormat, TableFormat
from kg.namespaces import BASE, PREFIXES
from kg.releases.archive import Release
from kg.terms import DCAT, DCTERMS, GRAPH, RDF, RDFS, XSD, Term
from web.addresses import address_of, address_of_iri
from web.answers.files import File, file_store
from web.snapshot import Snapshot

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


SPDX = "http://spdx.org/rdf/terms#"
SHA256 = NamedNode(SPDX + "checksumAlgorithm_sha256")
_SERIES = NamedNode(BASE + "release/")
_MEDIA_TYPE = NamedNode(PREFIXES["dcterms"] + "MediaType")


def size_and_checksum(name: NamedNode, size: int, sha256: str) -> Iterator[Quad]:
    """Size and checksum of the file of a distribution."""
    checksum = NamedNode(name.value + "#checksum")
    yield Quad(name, DCAT.byteSize, Literal(str(size), datatype=XSD.nonNegativeInteger))
    yield Quad(name, NamedNode(SPDX + "checksum"), checksum)
    yield Quad(checksum, RDF.type, NamedNode(SPDX + "Checksum"))
    yield Quad(checksum, NamedNode(SPDX + "algorithm"), SHA256)
    yield Quad(checksum, NamedNode(SPDX + "checksumValue"), Literal(sha256, datatype=XSD.hexBinary))


def series(releases: Sequence[Release]) -> Iterator[Quad]:
    """The releases as a series of datasets (DCAT 3, section 11)."""
    if not releases:
        return
    yield Quad(_SERIES, RDF.type, DCAT.DatasetSeries)
    yield Quad(_SERIES, DCTERMS.title, Literal("Releases of the Central Asia AI Policy Graph", language="en"))
    yield Quad(_SERIES, DCTERMS.title, Literal("Выпуски графа политики Центральной Азии в области ИИ", language="ru"))
    yield Quad(_SERIES, DCTERMS.license, LICENCE)
    yield Quad(_SERIES, DCTERMS.publisher, NamedNode(BASE + "maintainers"))
    yield Quad(NamedNode(BASE + "catalogue"), DCAT.dataset, _SERIES)
    names = [NamedNode(f"{BASE}release/{release.version}/") for release in releases]
    yield Quad(_SERIES, DCAT.first, names[0])
    yield Quad(_SERIES, DCAT.last, names[-1])
    yield Quad(NamedNode(DATASET), DCAT.hasCurrentVersion, names[-1])
    for place, release in enumerate(releases):
        yield from _release(release, names[place])
        yield Quad(NamedNode(DATASET), DCAT.hasVersion, names[place])
        if place:
            yield Quad(names[place], DCAT.prev, names[place - 1])
            yield Quad(names[place], DCAT.previousVersion, names[place - 1])


def _release(release: Release, name: NamedNode) -> Iterator[Quad]:
    """A release as a dataset of its own, with a distribution for each file."""
    citation = release.manifest["citeAs"]
    yield Quad(name, RDF.type, DCAT.Dataset)
    yield Quad(name, DCAT.inSeries, _SERIES)
    yield Quad(name, DCAT.version, Literal(release.version))
    yield Quad(name, DCTERMS.issued, Literal(release.day.isoformat(), datatype=XSD.date))
    yield Quad(name, DCTERMS.title, Literal(f"{release.manifest['title']}, version {release.version}", language="en"))
    yield Quad(name, DCTERMS.description, Literal(citation, language="en"))
    yield Quad(name, DCTERMS.bibliographicCitation, Literal(citation))
    yield Quad(name, DCTERMS.license, LICENCE)
    yield Quad(name, DCTERMS.publisher, NamedNode(BASE + "maintainers"))
    yield Quad(name, DCAT.landingPage, NamedNode(address_of("releases.release", version=release.version)))
    for file in release.files.values():
        distribution = NamedNode(f"{BASE}distribution/{release.version}/{file.name}")
        address = NamedNode(address_of("releases.file", version=release.version, name=file.name))
        media_type = NamedNode(f"https://www.iana.org/assignments/media-types/{file.media_type}")
        yield Quad(name, DCAT.distribution, distribution)
        yield Quad(distribution, RDF.type, DCAT.Distribution)
        yield Quad(distribution, DCTERMS.title, Literal(file.name, language="en"))
        yield Quad(distribution, DCTERMS.license, LICENCE)
        yield Quad(distribution, DCAT.accessURL, address)
        yield Quad(distribution, DCAT.downloadURL, address)
        yield Quad(address, RDF.type, RDFS.Resource)
        yield Quad(distribution, DCAT.mediaType, media_type)
        yield Quad(media_type, RDF.type, _MEDIA_TYPE)
        yield from size_and_checksum(distribution, file.size, file.sha256)
