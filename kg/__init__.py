"""The Central Asia AI Policy Graph: from curated files to a graph that can be asked, checked and explained.

    import kg

    graph = kg.open_graph()
    frame = graph.ask("targets", country="uz").to_pandas()

`kg.api` documents what else there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.version import VERSION as __version__  # noqa: N811  the name that Python programs look for

if TYPE_CHECKING:
    from kg.api import Answer, Graph, open_graph

__all__ = ["Answer", "Graph", "__version__", "open_graph"]


def __getattr__(name: str) -> Any:
    """The names of `kg.api`, imported when they are first used: the command line does not need them (PEP 562)."""
    if name in __all__:
        from kg import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
