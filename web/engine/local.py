"""Canned queries in this process: for tests of pages and for a site without an endpoint."""

from __future__ import annotations

import io
from collections.abc import Callable

from pyoxigraph import Store

from kg.errors import QueryError
from kg.message import Message
from kg.query import diagnose, engine_says
from web.engine.protocol import Request
from web.engine.results import EngineDownError, EngineResult
from web.engine.worker import run


class LocalEngine:
    """Runs canned queries only; an untrusted query needs a process that can be killed.

    :param store: gives the current store
    """

    def __init__(self, store: Callable[[], Store]) -> None:
        self.store = store

    def run(self, request: Request, timeout: float | None = None) -> EngineResult:
        """The complete result of a trusted request.

        :raises EngineDownError: for any other
        """
        if not request.trusted:
            message = Message("this site was started without a query engine")
            raise EngineDownError(message, hint=Message("start it with: kg serve"))
        body = io.BytesIO()
        try:
            kind = run(self.store(), request, body)
        except SyntaxError as error:
            raise diagnose(request.query, str(error.msg)) from error
        except (ValueError, RuntimeError) as error:
            raise QueryError(engine_says(str(error))) from error
        body.seek(0)
        return EngineResult(kind, body)
