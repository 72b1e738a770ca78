"""For the operator: is it up, is it ready, what does it do."""

from flask import Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST

from web.engine.protocol import Request
from web.metrics import exposition
from web.snapshot import snapshot


def _answer(text: str | bytes, content_type: str = "text/plain; charset=utf-8") -> Response:
    return Response(text, content_type=content_type, headers={"Cache-Control": "no-store"})


def health() -> Response:
    """200 while the process answers at all."""
    return _answer("ok\n")


def ready() -> Response:
    """200 when there is a snapshot and the query engine answers; else 503."""
    name = snapshot().name
    current_app.extensions["engine"].run(Request("ASK {}", trusted=True), 5.0)
    return _answer(f"ready {name}\n")


def metrics() -> Response:
    """Counters and times in the text format of Prometheus."""
    return _answer(exposition(), CONTENT_TYPE_LATEST)
