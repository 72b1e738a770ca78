"""What archives and reference managers read of a release: RO-Crate 1.3, DataCite 4.5, CITATION.cff 1.2."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import yaml
from pyoxigraph import Store

from kg.catalogue import LICENCE, texts_of
from kg.errors import UsageError
from kg.namespaces import BASE
from kg.releases.archive import ReleasedFile
from kg.terms import DCAT, DCTERMS
from kg.text_files import to_json

RO_CRATE, DATACITE, CITATION = "ro-crate-metadata.json", "datacite.json", "CITATION.cff"


@dataclass(frozen=True)
class Edition:
    """What the metadata say of a release.

    :param keywords: in English
    """

    version: str
    day: date
    title: str
    abstract: str
    keywords: tuple[str, ...]

    @classmethod
    def read(cls, version: str, day: date, store: Store) -> Edition:
        """With title, abstract and keywords from the catalogue of a dataset."""
        properties = (DCTERMS.title, DCTERMS.description, DCAT.keyword)
        titles, abstracts, keywords = (texts_of(store, property_, "en") for property_ in properties)
        return cls(version, day, titles[0], abstracts[0], tuple(keywords))

    @property
    def creator(self) -> str:
        """Who made it."""
        return f"The maintainers of the {self.title}"

    @property
    def iri(self) -> str:
        """The name of the release, which a server answers for at its own address."""
        return f"{BASE}release/{self.version}/"

    @property
    def cite_as(self) -> str:
        """How the release is cited."""
        version = f"version {self.version} of {self.day.isoformat()}"
        return f"{self.creator} ({self.day.year}). {self.title}, {version} [Data set]. {self.iri}"


def citation_cff(edition: Edition) -> bytes:
    """The Citation File Format (https://citation-file-format.github.io/)."""
    document = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "title": edition.title,
        "abstract": edition.abstract,
        "type": "dataset",
        "authors": [{"name": edition.creator}],
        "version": edition.version,
        "date-released": edition.day.isoformat(),
        "identifiers": [{"type": "url", "value": edition.iri, "description": "This release"}],
        "license": "CC-BY-4.0",
        "keywords": list(edition.keywords),
    }
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120).encode()


def datacite_json(edition: Edition, files: Iterable[ReleasedFile]) -> bytes:
    """What a DOI is registered with (https://schema.datacite.org/meta/kernel-4.5/); the archive gives the DOI."""
    files = list(files)
    document = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Knowledge graph"},
        "creators": [{"name": edition.creator, "nameType": "Organizational"}],
        "titles": [{"title": edition.title}],
        "publisher": {"name": edition.creator},
        "publicationYear": str(edition.day.year),
        "dates": [{"date": edition.day.isoformat(), "dateType": "Issued"}],
        "version": edition.version,
        "language": "en",
        "alternateIdentifiers": [{"alternateIdentifier": edition.iri, "alternateIdentifierType": "URL"}],
        "relatedIdentifiers": [
            {
                "relatedIdentifier": f"{BASE}dataset",
                "relatedIdentifierType": "URL",
                "relationType": "IsVersionOf",
                "resourceTypeGeneral": "Dataset",
            }
        ],
        "descriptions": [{"description": edition.abstract, "descriptionType": "Abstract", "lang": "en"}],
        "subjects": [{"subject": keyword, "lang": "en"} for keyword in edition.keywords],
        "rightsList": [
            {
                "rights": "Creative Commons Attribution 4.0 International",
                "rightsUri": LICENCE.value,
                "rightsIdentifier": "CC-BY-4.0",
                "rightsIdentifierScheme": "SPDX",
                "schemeUri": "https://spdx.org/licenses/",
            }
        ],
        "formats": sorted({file.media_type for file in files}),
        "sizes": [f"{len(files)} files", f"{sum(file.size for file in files)} bytes"],
    }
    return to_json(document).encode()


def ro_crate(edition: Edition, files: Iterable[ReleasedFile], canonical_hash: str) -> bytes:
    """The RO-Crate (https://www.researchobject.org/ro-crate/specification/1.3/).

    :raises UsageError: if the library that writes it is not installed
    """
    try:
        from rocrate.model.contextentity import ContextEntity
        from rocrate.rocrate import ROCrate
    except ImportError as error:
        raise UsageError("rocrate is not installed", hint="pip install rocrate") from error
    crate = ROCrate(version="1.3")
    named = {
        "licence": (LICENCE.value, "CreativeWork", {"name": "Creative Commons Attribution 4.0 International"}),
        "creator": (f"{BASE}maintainers", "Organization", {"name": edition.creator, "url": BASE}),
    }
    licence, creator = (
        crate.add(ContextEntity(crate, iri, properties={"@type": kind, **more})) for iri, kind, more in named.values()
    )
    root = {
        "name": f"{edition.title}, version {edition.version}",
        "description": f"{edition.abstract} RDFC-1.0 hash of the dataset (SHA-256): {canonical_hash}.",
        "datePublished": edition.day.isoformat(),
        "version": edition.version,
        "identifier": edition.iri,
        "keywords": list(edition.keywords),
        "license": licence,
        "author": creator,
        "publisher": creator,
    }
    for name, value in root.items():
        crate.root_dataset[name] = value
    for file in files:
        properties = {"name": file.name, "encodingFormat": file.media_type, "contentSize": str(file.size)}
        crate.add_file(dest_path=file.name, properties={**properties, "sha256": file.sha256})
    return to_json(crate.metadata.generate()).encode()
