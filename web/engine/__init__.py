"""Running queries of strangers: guarded, in processes that can be killed and can reach nothing.

guard    what is refused before the engine sees it; where the row cap goes
wire     how a web process and a worker talk over a socket
worker   the child that runs queries over the store it was born with
zygote   the parent that holds the store in memory and forks workers
lanes    places for queries that run at once, in the order of arrival
outcome  what comes of a query: an answer or an error
exchange a worker seen from a web process, and one question to it
pool     deadlines and lanes on the side of the web process
local    canned queries only, in this process, where no engine was started
remote   another SPARQL 1.1 endpoint in place of all that
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pyoxigraph import Store

    from web.config import WebSettings
    from web.engine.protocol import Request
    from web.engine.results import Answer


class Engine(Protocol):
    """What runs a query and gives its whole answer."""

    def run(self, request: Request, timeout: float | None = None) -> Answer:
        """The whole answer to a request; raises the errors of ``web.engine.results``."""


def choose_engine(settings: WebSettings, store: Callable[[], Store]) -> Engine:
    """The engine the settings ask for.

    :param store: gives the current store, for where no engine was started
    """
    from web.engine.admission import Lanes, share
    from web.engine.local import Local
    from web.engine.pool import Pool

    if settings.remote:
        from web.engine.remote import Remote

        return Remote(settings.remote, settings.timeout)
    if settings.engine:
        return Pool(settings.engine, share(Lanes(deadline=settings.timeout), settings.workers))
    return Local(store)
