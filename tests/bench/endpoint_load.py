"""Load by wrk: so many requests a second, and how long the median and the slowest hundredth took."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from endpoint_servers import Peer

HERE = Path(__file__).parent
CONNECTIONS = 8
ROUNDS = 2


@dataclass
class Measured:
    """What wrk said of one run.

    :param half: milliseconds that half of them took at most
    :param most: and all but a hundredth
    :param cost: milliseconds of a processor a request, which other work on the machine changes least
    :param failed: answers other than 2xx and 3xx
    """

    rate: float
    half: float
    most: float
    cost: float
    failed: int = 0

    def __str__(self) -> str:
        if not self.rate:
            return "none in time"
        if self.failed:
            return "fails"
        return f"{self.rate:,.0f}/s {self.half:.1f}/{self.most:.0f} ms, {self.cost:.2f}"


def rounds(
    peers: list[tuple[Peer, list[str]]], seconds: int, accept: str, folder: Path, count: int = ROUNDS
) -> list[Measured]:
    """The best of some runs of each server, taken in turn, so that what else the machine does hits no single one."""
    runs = [[measure(peer, paths, seconds, accept, folder) for peer, paths in peers] for _ in range(count)]
    return [max(results, key=lambda result: result.rate) for results in zip(*runs, strict=True)]


def measure(peer: Peer, paths: list[str], seconds: int, accept: str, folder: Path) -> Measured:
    """Load on a server for some seconds."""
    file = folder / "paths"
    file.write_text("\n".join(paths), "utf-8")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s"]
    environ = {**os.environ, "PATHS": str(file), "ACCEPT": accept}
    before = peer.computed()
    told = subprocess.run(
        [*command, "-s", str(HERE / "paths.lua"), peer.url],
        env=environ,
        check=True,
        capture_output=True,
        text=True,
        timeout=seconds + 60,
    ).stdout
    found = re.search(r"^measured (\d+) requests (\d+) us (\d+) failed half (\d+) most (\d+)$", told, re.MULTILINE)
    if found is None:
        raise RuntimeError(told)
    requests, taken, failed, half, most = map(int, found.groups())
    cost = peer.computed_since(before) * 1000 / max(requests, 1)
    return Measured(requests / taken * 1e6, half / 1000, most / 1000, cost, failed)
