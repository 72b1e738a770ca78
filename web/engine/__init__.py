"""Running untrusted queries: checked first, in processes that can be killed and can reach nothing.

query_limits  what is checked of a query before the engine sees it
scanner       the linear scan behind that, over the tokens of kg.query.lexer
limits        how large a query may be
shape         what a simple query matches, read by cursor; bound is how many quads it can look at
doors         what is bounded runs in the web process, all else in a worker
protocol      messages between a web process and a worker
worker        the child process that runs queries over a store
fork_server   the parent that forks workers, over the accepted view in memory or all graphs on disk
accepted_view which queries read the accepted view alone
shared_store  the accepted view in memory, which the first fork server and the web processes share
open_files    what a worker over a store on disk does before it is locked in
admission     how many queries run at once, in the order of arrival
results       the outcome of a query: a result or an error
client        a worker seen from a web process, and one query running in it
pool          deadlines and queues on the side of the web process
local         canned queries only, in this process, where no engine was started
remote        another SPARQL 1.1 endpoint instead of all that
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from web.engine.protocol import Request
    from web.engine.results import EngineResult


class Engine(Protocol):
    """What runs a query and returns its complete result."""

    def run(self, request: Request, timeout: float | None = None) -> EngineResult:
        """The complete result of a request; raises the errors of ``web.engine.results``."""
