"""The settings of the site, from the environment or from whoever creates the application, and what is installed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from kg.settings import Settings


@dataclass(frozen=True)
class WebSettings:
    """How the site runs.

    :param graph: where snapshots and queries are
    :param engine: the Unix socket of the query engine; ``None`` runs no ad-hoc queries
    :param remote: address of another SPARQL endpoint that is used instead of our engine
    :param base_url: the address the site is reached at, if a proxy hides it; no slash at the end
    :param timeout: seconds a query may take
    :param memory: bytes a query worker may grow by
    :param disk_above: quads above which no worker holds the accepted view in memory: all read the store on disk
    :param rows: rows an answer may have
    :param downloads: a folder for files made of a snapshot; a temporary one if not given
    :param cache_size: bytes of cached answers; 0 caches none
    :param access_log: whether each request is a line of JSON on standard output
    :param workers: web processes that share the engine
    :param corrections: address (``mailto:`` or that of new issues) for corrections of the data
    :param prepare: whether the downloads of a snapshot are written before somebody asks for them
    :param contact: address (``mailto:`` or ``https:``) for whoever finds a problem with the site
    """

    graph: Settings
    engine: Path | None = None
    remote: str | None = None
    base_url: str | None = None
    timeout: float = 30.0
    memory: int = 1 << 30
    disk_above: int = 2_000_000
    rows: int = 100_000
    downloads: Path | None = None
    cache_size: int = 64 << 20
    access_log: bool = False
    workers: int = 1
    contact: str | None = None
    corrections: str | None = None
    prepare: bool = True

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> WebSettings:
        """Settings from the variables below and those of the graph."""
        given = {field: v.read(environ[v.name]) for field, v in _VARIABLES.items() if environ.get(v.name)}
        return cls(Settings.from_environment(environ), **given)

    def environment(self) -> dict[str, str]:
        """The variables from which a web process reads the same settings."""
        own = {v.name: v.write(getattr(self, field)) for field, v in _VARIABLES.items()}
        return own | {
            "KG_SNAPSHOTS": str(self.graph.snapshots),
            "KG_QUERIES": str(self.graph.queries),
            "KG_ONTOLOGY": str(self.graph.ontology),
            "KG_RELEASES": str(self.graph.releases),
        }


class _Variable(NamedTuple):
    """An environment variable, how its text is read, and how a value is written."""

    name: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = lambda value: "" if value is None else str(value)


def _megabytes(name: str) -> _Variable:
    return _Variable(name, lambda text: int(text) << 20, lambda size: str(size >> 20))


_VARIABLES = {
    "engine": _Variable("KG_ENGINE_SOCKET", Path),
    "remote": _Variable("KG_ENGINE", str),
    "base_url": _Variable("KG_BASE_URL", lambda text: text.rstrip("/") or None),
    "timeout": _Variable("KG_TIMEOUT", float),
    "memory": _megabytes("KG_MEMORY"),
    "disk_above": _Variable("KG_DISK_ABOVE", int),
    "rows": _Variable("KG_ROWS", int),
    "downloads": _Variable("KG_CACHE", Path),
    "cache_size": _megabytes("KG_ANSWERS"),
    "access_log": _Variable("KG_ACCESS_LOG", lambda text: text == "1", lambda on: "1" if on else ""),
    "workers": _Variable("KG_WORKERS", int),
    "contact": _Variable("KG_CONTACT", str),
    "corrections": _Variable("KG_CORRECTIONS", str),
    "prepare": _Variable("KG_PREPARE", lambda text: text == "1", lambda on: "1" if on else "0"),
}


@cache
def has_agents() -> bool:
    """Whether the library of the Model Context Protocol is there (the extra ``agents``)."""
    return find_spec("mcp") is not None
