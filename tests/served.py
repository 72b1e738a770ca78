"""A snapshot built from a folder of data, and the site served over it by a real process; each started once."""

from __future__ import annotations

import atexit
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import requests
from pyoxigraph import Store

from kg.pipeline import today
from kg.store import open_snapshot
from kg.tabular.package import Package, read_package
from tests.built import ROOT, built, kept

MINI = ROOT / "tests" / "data" / "mini"
MINI_DAY, RECORD_DAY = date(2026, 11, 25), date(2026, 11, 30)
"""The days for which the current values of the two snapshots hold."""
ID = "https://w3id.org/ca-ai-policy/id/"
GRAPH = "https://w3id.org/ca-ai-policy/graph/"


@cache
def scratch() -> Path:
    """A folder for this run, removed at its end."""
    folder = Path(tempfile.mkdtemp(prefix="kg-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def snapshots() -> Path:
    """The folder of snapshots with the mini record as the current one."""
    return built(MINI, MINI_DAY)


@cache
def record() -> Store:
    """The record itself, built for one day."""
    return open_snapshot(built(ROOT / "data", RECORD_DAY) / "current")


@cache
def record_tables() -> Package:
    """Its tables, read once for all processes."""
    place = built(ROOT / "data", RECORD_DAY)
    file = kept(place, "tables.pickle", lambda path: path.write_bytes(pickle.dumps(read_package(record()))))
    tables: Package = pickle.loads(file.read_bytes())
    return tables


@cache
def record_today() -> Store:
    """The record itself, built for today."""
    return open_snapshot(built(ROOT / "data", today()) / "current")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Site:
    """A site that runs.

    :param log: the file with what it wrote
    """

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def sparql(self) -> str:
        """The address of its endpoint."""
        return self.url + "/sparql"

    def get(self, path: str, **options: object) -> requests.Response:
        """GET a path of it."""
        return requests.get(self.url + path, timeout=60, **options)  # type: ignore[arg-type]

    def ask(self, query: str, **options: object) -> requests.Response:
        """GET the answer to a query."""
        return requests.get(self.sparql, params={"query": query}, timeout=60, **options)  # type: ignore[arg-type]

    def stop(self, kind: int = signal.SIGTERM) -> int:
        """End it; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(kind)
        return self.process.wait(40)


def start(*options: str, environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Site:
    """``kg serve`` on a free port, once it is ready.

    :param folder: of the snapshots, if not the mini record
    """
    port = free_port()
    log = scratch() / f"serve-{port}.log"
    where = {"KG_SNAPSHOTS": str(folder or snapshots()), "PYTHONUNBUFFERED": "1", "KG_PREPARE": "0"}
    where["KG_WORKERS"] = "1"
    where["KG_RELEASES"] = str(scratch() / "no-releases")
    command = [sys.executable, "-m", "kg", "serve", "--port", str(port), *options]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **where, **(environ or {})}, stdout=file, stderr=subprocess.STDOUT
        )
    site = Site(f"http://127.0.0.1:{port}", process, log)
    atexit.register(site.stop)
    wait_for(site.url + "/ready", process, log)
    return site


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 120) -> None:
    """Come back when an address answers; fails with the log if its process ends first."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            if requests.get(url, timeout=5).status_code < 500:
                return
        except requests.RequestException:
            pass
        time.sleep(0.05)
    process.kill()
    raise AssertionError(f"{url} does not answer:\n{log.read_text('utf-8')[-3000:]}")


@contextmanager
def running(*options: str, **more: object) -> Iterator[Site]:
    """A site of one's own."""
    site = start(*options, **more)  # type: ignore[arg-type]
    try:
        yield site
    finally:
        site.stop()


@cache
def site() -> Site:
    """The site that all tests share which do it no harm."""
    return start()


def timed(act: Callable[[], float], seconds: float) -> list[float]:
    """What an act took, again and again for so many seconds, the quickest first."""
    taken = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        taken.append(act())
    return sorted(taken)
