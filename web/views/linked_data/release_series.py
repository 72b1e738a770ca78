"""The releases as a series of datasets with their files (https://www.w3.org/TR/vocab-dcat-3/#dataset-series)."""

from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from kg.catalogue import DATASET, LICENCE
from kg.namespaces import BASE, PREFIXES
from kg.releases.archive import Release
from kg.terms import DCAT, DCTERMS, RDF, RDFS, XSD
from web.addresses import address_of

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
    names = [_release_iri(release) for release in releases]
    yield Quad(_SERIES, DCAT.first, names[0])
    yield Quad(_SERIES, DCAT.last, names[-1])
    yield Quad(NamedNode(DATASET), DCAT.hasCurrentVersion, names[-1])
    for place, release in enumerate(releases):
        yield from _release(release, names[place])
        yield Quad(NamedNode(DATASET), DCAT.hasVersion, names[place])
        if place:
            yield Quad(names[place], DCAT.prev, names[place - 1])
            yield Quad(names[place], DCAT.previousVersion, names[place - 1])


def _release_iri(release: Release) -> NamedNode:
    return NamedNode(f"{BASE}release/{release.version}/")


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
