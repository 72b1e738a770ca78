"""The dataset's description of itself, with the addresses of this server: VoID and DCAT, schema.org.

* https://www.w3.org/TR/void/ (section 7: /.well-known/void)
* https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.catalogue import DATASET, DOWNLOADS
from kg.countries import covered_countries
from kg.formats import GRAPH_FORMATS
from kg.labels import label
from kg.namespaces import BASE
from kg.terms import DCAT, DCTERMS, GRAPH
from web.addresses import address_of, address_of_iri, site_address
from web.answers.signposting import LICENCE
from web.snapshot import Snapshot

_ADDRESSES = (BASE + "sparql", DOWNLOADS)
"""What the catalogue names that this server answers itself."""


def catalogue(current: Snapshot) -> Iterator[Quad]:
    """The catalogue, with the addresses of downloads and endpoint at this server."""
    for quad in current.store.quads_for_pattern(None, None, None, GRAPH.catalogue):
        value = quad.object
        if isinstance(value, NamedNode) and value.value.startswith(_ADDRESSES):
            value = NamedNode(address_of_iri(value.value) or value.value)
        yield Quad(quad.subject, quad.predicate, value)


def schema_dataset(current: Snapshot) -> str:
    """The dataset as schema.org describes one, in JSON-LD: what search engines for data read."""
    document = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": DATASET,
        "url": site_address(),
        "name": _text(current, DCTERMS.title, "en"),
        "alternateName": _text(current, DCTERMS.title, "ru"),
        "description": _text(current, DCTERMS.description, "en"),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "version": current.name,
        "dateModified": current.modified.date().isoformat() if current.modified else None,
        "inLanguage": ["en", "ru"],
        "keywords": _texts(current, DCAT.keyword, "en"),
        "spatialCoverage": sorted(label(current.store, country.iri) for country in covered_countries(current.store)),
        "creator": {"@type": "Organization", "name": "The maintainers of the Central Asia AI Policy Graph"},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": form.title,
                "encodingFormat": form.media_type,
                "contentUrl": address_of("downloads.download", name=form.file_name),
            }
            for form in GRAPH_FORMATS.values()
        ],
    }
    return json.dumps({k: v for k, v in document.items() if v}, ensure_ascii=False, indent=1) + "\n"


def _texts(current: Snapshot, predicate: NamedNode, language: str) -> list[str]:
    quads = current.store.quads_for_pattern(NamedNode(DATASET), predicate, None, None)
    literals = [quad.object for quad in quads if isinstance(quad.object, Literal)]
    return sorted({literal.value for literal in literals if literal.language == language})


def _text(current: Snapshot, predicate: NamedNode, language: str) -> str | None:
    return next(iter(_texts(current, predicate, language)), None)
