"""What a start takes, and the memory of all processes of the site as it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from urllib.parse import quote
from urllib.request import Request, urlopen

from endpoint_data import questions
from endpoint_load import rounds
from endpoint_servers import Peer, ours
from processes import below, command_of, proportional

STARTS = 5
OF_A_WORKER = "DESCRIBE <https://w3id.org/ca-ai-policy/id/kz>"
"""No web process runs this by itself."""
PAGES = ("/", "/targets", "/timeline", "/compare", "/disagreements", "/network", "/new", "/sources", "/ontology")
PREPARED_TIMEOUT, REST = 600, 60
MADE_AHEAD = "web.site.prepare"


def start(server: Callable[[], AbstractContextManager[Peer]]) -> list[str]:
    """Seconds to the first answer on the clock and of a processor: the medians of some starts."""
    clock, processor, name = [], [], ""
    for _ in range(STARTS):
        with server() as peer:
            processor.append(sum(peer.computed().values()))
            clock.append(peer.started)
            name = peer.name
    return [name, f"{median(clock):.2f} s", f"{median(processor):.2f} s"]


def memory(folder: Path, scratch: Path, seconds: int) -> list[list[str]]:
    """The memory of the site at its first answer, with pages made ahead, and after load of every kind.

    The process that makes pages and downloads ahead is not counted: it ends.
    """
    cache = scratch / "made-ahead"
    with ours(folder, cached=True, made_ahead=cache) as peer:
        ask(peer, f"/sparql?query={quote(OF_A_WORKER)}")
        time.sleep(1)
        rows = [["at the first answer", *measured(peer)]]
        wait_for_pages(cache)
        for path in PAGES * 4:  # more than once: each of the web processes takes them
            ask(peer, path, "text/html")
        rows.append(["with pages made ahead", *measured(peer)])
        for queries in questions(folder).values():
            addresses = [peer.address(query) for query in queries]
            rounds([(peer, addresses)], seconds, "application/sparql-results+json", scratch, 1)
        for path in ("/query/targets.csv", "/query/instruments.csv", "/query/status-on-date.csv"):
            rounds([(peer, [path])], seconds, "text/csv", scratch, 1)
        rows.append(["after load", *measured(peer)])
        time.sleep(REST)
        rows.append(["a minute later", *measured(peer)])
    return rows


def measured(peer: Peer) -> list[str]:
    """Megabytes of all its processes together, shared pages counted in part, and of the largest of them."""
    ahead = [pid for pid in below(peer.pid) if MADE_AHEAD in command_of(pid)]
    left_out = {pid for one in ahead for pid in (one, *below(one))}
    sizes = [proportional(pid) for pid in (peer.pid, *below(peer.pid)) if pid not in left_out]
    return [f"{sum(sizes) >> 20} MB", f"{max(sizes) >> 20} MB"]


def wait_for_pages(cache: Path) -> None:
    """Wait until all pages are there: then the first download is begun."""
    until = time.monotonic() + PREPARED_TIMEOUT
    while time.monotonic() < until:
        if any(path.is_file() for path in cache.glob("*/*")):
            return
        time.sleep(1)


def ask(peer: Peer, path: str, accept: str = "*/*") -> None:
    """Ask for an address and read the answer."""
    with urlopen(Request(peer.url + path, headers={"Accept": accept}), timeout=60) as response:
        response.read()
