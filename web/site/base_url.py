"""Where the site is mounted: the address that people use, whatever a proxy in between makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Mounted:
    """Makes the application see the address that people use.

    A proxy may hand on a path with the prefix or without it. Where the prefix is a name of ours too (``/graph``), the
    header X-Forwarded-Prefix says that it has been taken off.

    :param base_url: that address
    """

    def __init__(self, application: WSGIApplication, base_url: str) -> None:
        self.application = application
        parts = urlsplit(base_url)
        self.seen = {"wsgi.url_scheme": parts.scheme, "HTTP_HOST": parts.netloc}
        self.prefix = parts.path.rstrip("/")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        taken_off = environ.get("HTTP_X_FORWARDED_PREFIX", "").rstrip("/") == self.prefix
        if self.prefix and not taken_off and (path == self.prefix or path.startswith(self.prefix + "/")):
            environ["PATH_INFO"] = path[len(self.prefix) :] or "/"
        environ.update(self.seen, SCRIPT_NAME=self.prefix)
        return self.application(environ, start_response)
