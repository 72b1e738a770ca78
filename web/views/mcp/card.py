"""What tells clients that the server is there: its card (https://modelcontextprotocol.io/seps/2127-mcp-server-cards),
and the catalogue at ``/.well-known/ai-catalog.json`` that leads to it."""

from urllib.parse import urlsplit

from flask import Response
from werkzeug.exceptions import NotFound

from kg import __version__
from kg.message import Message
from kg.text_files import to_json
from web.addresses import address_of, site_address
from web.config import has_agents

NAME, TITLE = "org.w3id.ca-ai-policy/graph", "Central Asia AI Policy Graph"
DESCRIPTION = "AI policy in Central Asia: laws, bodies, targets and progress, each statement with its source."
CARD_TYPE, CATALOGUE_TYPE = "application/mcp-server-card+json", "application/ai-catalog+json"
VERSIONS = ("2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26")
"""Revisions of the protocol that are answered over HTTP."""
_SCHEMA = "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json"


def require_agents() -> None:
    """Check that the site has a server of the protocol.

    :raises NotFound: if it was installed without
    """
    if not has_agents():
        raise NotFound(
            Message("This site was installed without the Model Context Protocol: pip install 'ca-ai-policy[agents]'.")
        )


def card() -> Response:
    """The card of the server.

    :raises NotFound: if there is none
    """
    require_agents()
    document = {
        "$schema": _SCHEMA,
        "name": NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": __version__,
        "websiteUrl": site_address(),
        "icons": [
            {"src": address_of("static", filename="icon-192.png"), "mimeType": "image/png", "sizes": ["192x192"]}
        ],
        "remotes": [
            {"type": "streamable-http", "url": address_of("agents.mcp"), "supportedProtocolVersions": list(VERSIONS)}
        ],
    }
    return _document(document, CARD_TYPE)


def catalogue() -> Response:
    """The catalogue of what this site has for agents."""
    host = urlsplit(site_address()).hostname or "localhost"
    entry = {"identifier": f"urn:air:{host}:mcp:graph", "type": CARD_TYPE, "url": address_of("agents.card")}
    return _document({"specVersion": "1.0", "entries": [entry] if has_agents() else []}, CATALOGUE_TYPE)


def _document(document: object, content_type: str) -> Response:
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(to_json(document), content_type=content_type, headers=headers)
