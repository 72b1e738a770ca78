"""Signposting (https://signposting.org/FAIR/): Link headers that tell a machine what it has before it."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, request, url_for

from kg.namespaces import BASE, PREFIXES
from web.answers.formats import GRAPHS

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def signpost(response: Response, iri: str) -> Response:
    """An answer about an IRI with its signposts: the name to cite, its other formats, licence, type and dataset."""
    _link(response, iri, "cite-as")
    _link(response, LICENCE, "license")
    _link(response, url_for("discovery.void", _external=True), "describedby", "text/turtle")
    _link(response, url_for("discovery.dataset", _external=True), "collection")
    kind = "Dataset" if iri.startswith(PREFIXES["graph"]) else "Thing"
    _link(response, f"https://schema.org/{kind}", "type")
    address = local_address(iri)
    if address and not address.endswith("/"):
        for form in GRAPHS:
            _link(response, f"{address}.{form.suffix}", "alternate", form.media_type)
    return response


def local_address(iri: str) -> str | None:
    """Where this server answers for an IRI of the graph."""
    return request.root_url + quote(iri.removeprefix(BASE), safe="/") if iri.startswith(BASE) else None


def _link(response: Response, target: str, relation: str, media_type: str = "") -> None:
    kind = f'; type="{media_type}"' if media_type else ""
    response.headers.add("Link", f'<{target}>; rel="{relation}"{kind}')
