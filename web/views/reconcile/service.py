"""The endpoint of the service: its manifest, reconciliation queries and data extension queries."""

from typing import Any

from flask import Response, jsonify, request
from werkzeug.exceptions import BadRequest

from kg import __version__
from kg.namespaces import PREFIXES
from web.addresses import address_of, site_address
from web.views.reconcile.batch import BATCH_SIZE, answer
from web.views.reconcile.extension import extend
from web.views.reconcile.schema import schema
from web.views.reconcile.suggest import KINDS

DEFAULT_TYPES = ("Body", "Person", "Instrument", "Country")
PREVIEW_SIZE = (430, 220)
"""Pixels of the frame of a preview: width and height."""


def reconcile() -> Response:
    """The answer to ``queries`` or ``extend``, in the address or in a form; the manifest where there is neither.

    :raises BadRequest: if both are given, one twice, or a POST has none
    """
    queries, extension = (_parameter(name) for name in ("queries", "extend"))
    if queries is not None and extension is not None:
        raise BadRequest("Send queries or extend, not both.")
    if queries is not None:
        return jsonify(answer(queries))
    if extension is not None:
        return jsonify(extend(extension))
    if request.method == "POST":
        raise BadRequest("Send queries=… or extend=… as application/x-www-form-urlencoded.")
    return jsonify(manifest())


def _parameter(name: str) -> str | None:
    given = request.values.getlist(name)
    if len(given) > 1:
        raise BadRequest(f"{name} is given more than once.")
    return given[0] if given else None


def manifest() -> dict[str, Any]:
    """What the service offers (section "Service Manifest")."""
    known, root = schema(), site_address().rstrip("/")
    width, height = PREVIEW_SIZE
    return {
        "versions": ["0.2"],
        "name": "Central Asia AI Policy Graph",
        "identifierSpace": PREFIXES["id"],
        "schemaSpace": PREFIXES["aip"],
        "defaultTypes": [{"id": id_, "name": known.types[id_].name} for id_ in DEFAULT_TYPES if id_ in known.types],
        "documentation": address_of("query_api.documentation"),
        "logo": address_of("static", filename="icon-192.png"),
        "serviceVersion": __version__,
        "batchSize": BATCH_SIZE,
        "view": {"url": f"{root}/id/{{{{id}}}}"},
        "preview": {"url": f"{address_of('reconcile.preview')}?id={{{{id}}}}", "width": width, "height": height},
        "suggest": {kind: _suggest(root, kind) for kind in KINDS},
        "extend": {"propose_properties": {"service_url": root, "service_path": "/reconcile/properties"}},
    }


def _suggest(root: str, kind: str) -> dict[str, str]:
    return {
        "service_url": root,
        "service_path": f"/reconcile/suggest/{kind}",
        "flyout_service_url": root,
        "flyout_service_path": f"/reconcile/flyout/{kind}?id=${{id}}",
    }
