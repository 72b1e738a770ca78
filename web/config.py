"""The settings of the site, from the environment or from whoever creates the application."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kg.namespaces import BASE
from kg.settings import Settings


@dataclass(frozen=True)
class WebSettings:
    """How the site runs.

    :param graph: where snapshots and queries are
    :param engine: the Unix socket of the query engine; ``None`` runs no ad-hoc queries
    :param remote: address of another SPARQL endpoint that is asked instead of our engine
    :param base_url: the address the site is reached at, if a proxy hides it; no slash at the end
    :param timeout: seconds a query may take
    :param memory: bytes a query worker may grow by
    :param rows: rows an answer may have
    :param cache: a folder for files made of a snapshot (downloads); a temporary one if not given
    :param answers: bytes of answers that are kept; 0 keeps none
    :param workers: web processes that share the engine
    :param access_log: whether each request is a line of JSON on standard output
    """

    graph: Settings
    engine: Path | None = None
    remote: str | None = None
    base_url: str | None = None
    timeout: float = 30.0
    memory: int = 1 << 30
    rows: int = 100_000
    cache: Path | None = None
    answers: int = 64 << 20
    access_log: bool = False
    workers: int = 1

    @property
    def iri_base(self) -> str:
        """What the IRIs of the graph begin with."""
        return BASE

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> WebSettings:
        """Settings from KG_ENGINE_SOCKET, KG_ENGINE, KG_BASE_URL, KG_TIMEOUT, KG_MEMORY, … and those of the graph."""
        settings = cls(Settings.from_environment(environ))
        socket, cache = environ.get("KG_ENGINE_SOCKET"), environ.get("KG_CACHE")
        return replace(
            settings,
            engine=Path(socket) if socket else None,
            remote=environ.get("KG_ENGINE") or None,
            base_url=(environ.get("KG_BASE_URL") or "").rstrip("/") or None,
            timeout=float(environ.get("KG_TIMEOUT", settings.timeout)),
            memory=int(environ.get("KG_MEMORY", settings.memory >> 20)) << 20,
            rows=int(environ.get("KG_ROWS", settings.rows)),
            cache=Path(cache) if cache else None,
            answers=int(environ.get("KG_ANSWERS", settings.answers >> 20)) << 20,
            workers=int(environ.get("KG_WORKERS") or settings.workers),
            access_log=environ.get("KG_ACCESS_LOG", "") == "1",
        )
