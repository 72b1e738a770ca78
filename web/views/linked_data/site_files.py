"""Small files about the site that browsers and other programs look for: icon, manifest, search, contact, context."""

import datetime

from flask import Response, current_app, render_template, send_from_directory
from werkzeug.exceptions import NotFound

from kg.message import Message
from web.addresses import address_of

DAY = 24 * 3600
VALID = datetime.timedelta(days=180)
"""How long a contact may be relied on; RFC 9116 wants an end within a year."""


def _file(body: str, content_type: str) -> Response:
    return Response(body, content_type=content_type, headers={"Cache-Control": f"public, max-age={DAY}"})


def favicon() -> Response:
    """The icon at the address where browsers look without being told."""
    response = send_from_directory(current_app.static_folder or "", "favicon.ico", mimetype="image/x-icon")
    response.headers["Cache-Control"] = f"public, max-age={DAY}"
    return response


def manifest() -> Response:
    """The web app manifest (https://www.w3.org/TR/appmanifest/)."""
    return _file(render_template("manifest.webmanifest") + "\n", "application/manifest+json")


def opensearch() -> Response:
    """The search, for the search field of a browser (OpenSearch 1.1)."""
    text = render_template(
        "opensearch.xml",
        search=address_of("pages.search"),
        suggest=address_of("pages.suggest"),
        here=address_of("site.opensearch"),
        icon=address_of("static", filename="icon-192.png"),
    )
    return _file(text + "\n", "application/opensearchdescription+xml; charset=utf-8")


def security() -> Response:
    """Whom to tell of a security problem (RFC 9116).

    :raises NotFound: if the operator has set no contact
    """
    contact = current_app.config["WEB"].contact
    if not contact:
        raise NotFound(Message("The operator of this site has given no contact."))
    today = datetime.datetime.now(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    expires = (today + VALID).isoformat().replace("+00:00", "Z")
    here = address_of("site.security")
    text = render_template("security.txt", contact=contact, expires=expires, here=here)
    return _file(text + "\n", "text/plain; charset=utf-8")


def context() -> Response:
    """The JSON-LD context: short keys for what one writes about the graph (https://www.w3.org/TR/json-ld11/)."""
    folder = current_app.config["WEB"].graph.ontology
    response = send_from_directory(folder, "context.jsonld", mimetype="application/ld+json")
    response.headers["Cache-Control"] = f"public, max-age={DAY}"
    return response
