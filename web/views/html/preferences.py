"""Language and theme of a reader, remembered in cookies: nothing else is, and nothing about the reader is kept."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from web.locale import LANGUAGES, THEMES

YEAR = 365 * 24 * 3600
_ALLOWED = {"lang": LANGUAGES, "theme": THEMES}


def preferences() -> Response:
    """Remember a choice and go back to the page it was made on."""
    response = redirect(_back(), 303)
    for key, allowed in _ALLOWED.items():
        chosen = request.args.get(key)
        if chosen in allowed:
            response.set_cookie(key, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
    response.headers["Cache-Control"] = "no-store"
    return response


def _back() -> str:
    """The page to return to: one of ours, without the choice that its address may hold."""
    parts = urlsplit(request.args.get("back", ""))
    path = parts.path
    if parts.scheme or parts.netloc or not path.startswith("/") or path.startswith(("//", "/\\")):
        return url_for("pages.home")
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key not in _ALLOWED]
    return request.script_root + path + (f"?{urlencode(kept)}" if kept else "")
