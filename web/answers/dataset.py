"""The dataset as schema.org describes one, for pages and programs: what search engines for data read
(https://developers.google.com/search/docs/appearance/structured-data/dataset). It says what the catalogue says. And
until when the sources about each country were read."""

import json

from pyoxigraph import Literal, NamedNode

from kg.catalogue import DATASET, LICENCE, PERIOD, texts_of
from kg.countries import covered_countries
from kg.formats import GRAPH_FORMATS, TABLE_FORMATS
from kg.graph import label
from kg.terms import AIP, DCAT, DCTERMS, GRAPH
from web.addresses import address_of, site_address
from web.snapshot import Snapshot

_NAME = "Central Asia AI Policy Graph"
_MAINTAINERS = {"@type": "Organization", "name": f"The maintainers of the {_NAME}"}


def schema_dataset(current: Snapshot) -> str:
    """The document, in JSON-LD that can stand in a page as it is."""
    bounds = (DCAT.startDate, DCAT.endDate)
    days = [day for bound in bounds for day in texts_of(current.store, bound, subject=PERIOD)]
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
        "temporalCoverage": "/".join(days),
        "inLanguage": ["en", "ru"],
        "keywords": texts_of(current.store, DCAT.keyword, "en"),
        "spatialCoverage": sorted(label(current.store, country.iri) for country in covered_countries(current.store)),
        "creator": _MAINTAINERS,
        "publisher": _MAINTAINERS,
        "includedInDataCatalog": {"@type": "DataCatalog", "name": _NAME, "url": site_address()},
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


def _text(current: Snapshot, predicate: NamedNode, language: str | None = None) -> str | None:
    return next(iter(texts_of(current.store, predicate, language)), None)


def read_until(current: Snapshot) -> dict[str, str]:
    """The day until which the sources about each country were read."""
    days: dict[str, str] = {}
    for country in covered_countries(current.store):
        for quad in current.store.quads_for_pattern(country.iri, AIP.readUntil, None, GRAPH.accepted):
            if isinstance(quad.object, Literal):
                days[country.code] = max(days.get(country.code, ""), quad.object.value)
    return days
