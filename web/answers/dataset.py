"""The dataset as schema.org describes one, for pages and programs: what search engines for data read
(https://developers.google.com/search/docs/appearance/structured-data/dataset). It says what the catalogue says."""

import json

from pyoxigraph import Literal, NamedNode

from kg.catalogue import DATASET, LICENCE, PERIOD
from kg.countries import covered_countries
from kg.formats import GRAPH_FORMATS, TABLE_FORMATS
from kg.labels import label
from kg.terms import DCAT, DCTERMS, GRAPH
from web.addresses import address_of, site_address
from web.snapshot import Snapshot

_MAINTAINERS = {"@type": "Organization", "name": "The maintainers of the Central Asia AI Policy Graph"}


def schema_dataset(current: Snapshot) -> str:
    """The document, in JSON-LD that can stand in a page as it is."""
    document = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": DATASET,
        "url": site_address(),
        "identifier": DATASET,
        "name": _text(current, DCTERMS.title, "en"),
        "alternateName": _text(current, DCTERMS.title, "ru"),
        "description": _text(current, DCTERMS.description, "en"),
        "license": LICENCE.value,
        "isAccessibleForFree": True,
        "version": _text(current, DCAT.version),
        "datePublished": _text(current, DCTERMS.issued),
        "dateModified": _text(current, DCTERMS.modified),
        "temporalCoverage": "/".join(_bounds(current)),
        "inLanguage": ["en", "ru"],
        "keywords": _texts(current, DCAT.keyword, "en"),
        "spatialCoverage": sorted(label(current.store, country.iri) for country in covered_countries(current.store)),
        "creator": _MAINTAINERS,
        "publisher": _MAINTAINERS,
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "name": "Central Asia AI Policy Graph",
            "url": site_address(),
        },
        "distribution": [
            {
                "@type": "DataDownload",
                "name": form.title,
                "encodingFormat": form.media_type,
                "contentUrl": address_of("downloads.download", name=form.file_name),
            }
            for form in (*GRAPH_FORMATS.values(), *TABLE_FORMATS.values())
        ],
    }
    text = json.dumps({k: v for k, v in document.items() if v}, ensure_ascii=False, indent=1)
    return text.replace("<", "\\u003c") + "\n"  # no text can end the script element of a page


def _bounds(current: Snapshot) -> list[str]:
    """First and last day of the period that the data cover."""
    return [day for bound in (DCAT.startDate, DCAT.endDate) for day in _texts(current, bound, subject=PERIOD)]


def _texts(current: Snapshot, predicate: NamedNode, language: str | None = None, subject: str = DATASET) -> list[str]:
    quads = current.store.quads_for_pattern(NamedNode(subject), predicate, None, GRAPH.catalogue)
    literals = [quad.object for quad in quads if isinstance(quad.object, Literal)]
    return sorted({literal.value for literal in literals if literal.language == language})


def _text(current: Snapshot, predicate: NamedNode, language: str | None = None) -> str | None:
    return next(iter(_texts(current, predicate, language)), None)
