"""The address that people use, whatever a proxy in between makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def at_base_url(application: WSGIApplication, base_url: str) -> WSGIApplication:
    """The application as it is reached at an address.

    A proxy may pass a path on with the prefix or without it. Where the prefix is a name of ours too (``/graph``), the
    header X-Forwarded-Prefix says that it has been removed.
    """
    parts = urlsplit(base_url)
    prefix = parts.path.rstrip("/")
    public = {"wsgi.url_scheme": parts.scheme, "HTTP_HOST": parts.netloc, "SCRIPT_NAME": prefix}

    def wrapped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        removed = environ.get("HTTP_X_FORWARDED_PREFIX", "").rstrip("/") == prefix
        if prefix and not removed and f"{path}/".startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return application(environ | public, start_response)

    return wrapped
