"""Signposting (https://signposting.org/FAIR/): Link headers that tell a program what it has before it."""

from flask import Response

from kg import catalogue
from kg.namespaces import PREFIXES
from web.addresses import address_of, address_of_iri
from web.answers.formats import GRAPHS

LICENCE = catalogue.LICENCE.value


def signpost(response: Response, iri: str) -> Response:
    """An answer about an IRI with links to the IRI to cite, its other formats, licence, type and dataset."""
    _link(response, iri, "cite-as")
    _link(response, LICENCE, "license")
    _link(response, address_of("discovery.void"), "describedby", "text/turtle")
    _link(response, address_of("discovery.dataset"), "collection")
    kind = "Dataset" if iri.startswith(PREFIXES["graph"]) else "Thing"
    _link(response, f"https://schema.org/{kind}", "type")
    address = address_of_iri(iri)
    if address and not address.endswith("/"):
        for form in GRAPHS:
            _link(response, f"{address}.{form.suffix}", "alternate", form.media_type)
    return response


def _link(response: Response, target: str, relation: str, media_type: str = "") -> None:
    kind = f'; type="{media_type}"' if media_type else ""
    response.headers.add("Link", f'<{target}>; rel="{relation}"{kind}')
