"""For the operator: is it up, is it ready, what does it do."""

from flask import Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST

from web.engine.protocol import Request
from web.metrics import exposition
from web.snapshot import snapshot


def health() -> Response:
    """200 while the process answers at all."""
    return Response("ok\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


def ready() -> Response:
    """200 when there is a snapshot and the query engine answers; else 503."""
    name = snapshot().name
    current_app.extensions["engine"].run(Request("ASK {}", trusted=True), 5.0)
    return Response(f"ready {name}\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


def metrics() -> Response:
    """Counters and times in the text format of Prometheus."""
    return Response(exposition(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
