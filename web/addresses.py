"""Absolute addresses of this site: every one that leaves it, in a document, a feed or a header, is made here."""

from urllib.parse import quote, urljoin

from flask import request, url_for

from kg.namespaces import BASE


def site_address() -> str:
    """The address of the site as people use it, with its path if it has one and a slash at the end."""
    return request.root_url


def absolute(path: str) -> str:
    """The absolute address of a path as ``url_for`` gives it: from the host on, with the path of the site."""
    return urljoin(site_address(), path)


def address_of(endpoint: str, **values: object) -> str:
    """The absolute address of an endpoint of the route table."""
    return url_for(endpoint, _external=True, **values)  # type: ignore[arg-type]  # typed as the options of url_for


def address_of_iri(iri: str) -> str | None:
    """Where this site answers for an IRI of the graph; ``None`` if the IRI is not one of ours."""
    return site_address() + quote(iri.removeprefix(BASE), safe="/") if iri.startswith(BASE) else None
