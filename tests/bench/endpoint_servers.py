"""Servers to compare: each started over a snapshot, asked until it answers, and ended."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

from processes import below, computed, proportional

from kg.settings import ROOT

ASK = "ASK%20%7B%7D"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
OXIGRAPH = Path(sys.executable).with_name("oxigraph")
MIMALLOC = find_library("mimalloc")
"""The allocator that our container loads, and that the Oxigraph server is linked with; ``None`` if it is not here."""
HERE = Path(__file__).parent


@dataclass
class Peer:
    """A server that runs.

    :param address: makes a path of a query
    :param started: seconds to the first answer
    """

    name: str
    url: str
    address: Callable[[str], str]
    pid: int = 0
    started: float = 0.0

    def memory(self) -> int:
        """Bytes of it and all processes below it, shared pages counted in part (PSS)."""
        return sum(proportional(one) for one in [self.pid, *below(self.pid)])

    def rest(self) -> None:
        """Wait until it has done what it does in the background after its start, a minute at most."""
        for _ in range(60):
            before = self.computed()
            time.sleep(1)
            if self.computed_since(before) < 0.05:
                return

    def computed(self) -> dict[int, float]:
        """Seconds of a processor that each of its processes has used."""
        return {pid: computed(pid) for pid in [self.pid, *below(self.pid)]}

    def computed_since(self, before: dict[int, float]) -> float:
        """Seconds of a processor that those of them that live have used since."""
        return sum(seconds - before.get(pid, 0.0) for pid, seconds in self.computed().items())


def asking(path: str) -> Callable[[str], str]:
    """Makes an address of a query."""
    return lambda query: f"{path}?query={quote(query, safe='')}"


@contextmanager
def process(command: list[str], ready: str, environ: dict[str, str] | None = None) -> Iterator[tuple[int, float]]:
    """A server, once it answers; gives its process id and how long that took."""
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as log:
        running = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **(environ or {})}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            while not answers(ready):
                if running.poll() is not None or time.perf_counter() - begin > 120:
                    log.seek(0)
                    raise RuntimeError(f"{command[0]} did not start: {log.read()[-2000:].decode()}")
                time.sleep(0.005)
            yield running.pid, time.perf_counter() - begin
        finally:
            running.send_signal(signal.SIGTERM)
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()


def answers(url: str) -> bool:
    """Whether somebody answers there."""
    try:
        with urlopen(Request(url, headers={"Accept": "*/*"}), timeout=5) as response:
            return bool(response.status < 500)
    except OSError:
        return False


def port() -> int:
    """A port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


@contextmanager
def ours(folder: Path, *, cached: bool, made_ahead: Path | None = None) -> Iterator[Peer]:
    """This project as its container runs it, but for the access log.

    :param made_ahead: a folder for pages and downloads made ahead; without one none are, as that takes more than a
        minute of a processor beside whatever is measured
    """
    at = port()
    url = f"http://127.0.0.1:{at}"
    command = [sys.executable, "-m", "kg", "serve", "--port", str(at), "--no-access-log"]
    command += ["--workers", "2", "--prepare" if made_ahead else "--no-prepare"]
    # Modules are compiled once, as they are where a project is installed.
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": tempfile.gettempdir() + "/kg-bench-compiled"}
    environ = {"KG_SNAPSHOTS": str(folder), **compiled} | ({} if cached else {"KG_ANSWERS": "0"})
    environ |= {"KG_CACHE": str(made_ahead)} if made_ahead else {}
    environ |= {"LD_PRELOAD": MIMALLOC} if MIMALLOC else {}
    with process(command, f"{url}/sparql?query={ASK}", environ) as (pid, started):
        yield Peer("ours" if cached else "ours, no cache", url, asking("/sparql"), pid, started)


@contextmanager
def oxigraph(folder: Path, scratch: Path) -> Iterator[Peer]:
    """The Oxigraph server, read-only, over a store of its own making."""
    at, place = port(), scratch / f"oxigraph-{folder.name}"
    dataset = str(folder / "current" / "dataset.nq")
    for verb in () if place.exists() else (["load", "--file", dataset], ["optimize"]):
        subprocess.run([str(OXIGRAPH), verb[0], "--location", str(place), *verb[1:]], check=True, capture_output=True)
    url = f"http://127.0.0.1:{at}"
    serve = [str(OXIGRAPH), "serve-read-only", "--location", str(place), "--bind", f"127.0.0.1:{at}"]
    with process(serve, f"{url}/query?query={ASK}") as (pid, started):
        yield Peer("Oxigraph", url, asking("/query"), pid, started)


@contextmanager
def virtuoso_server(folder: Path, scratch: Path, buffers: int = 20_000) -> Iterator[tuple[Peer, Path, int]]:
    """An empty Virtuoso, its folder, and the port of its SQL.

    :param buffers: pages of 8 KB that it holds in memory
    """
    place, at, sql = scratch / f"virtuoso-{folder.name}", port(), port()
    place.mkdir()
    text = (ROOT / "tests" / "data" / "remote" / "virtuoso.ini").read_text("utf-8")
    given = {"@FOLDER@": str(place), "@PORT@": str(at), "@SQL@": str(sql)}
    for name, value in {**given, "20000": str(buffers), "15000": str(buffers * 3 // 4)}.items():
        text = text.replace(name, value)
    (place / "virtuoso.ini").write_text(text, "utf-8")
    url = f"http://127.0.0.1:{at}"
    command = ["virtuoso-t", "-f", "-c", str(place / "virtuoso.ini")]
    with process(command, f"{url}/sparql?query={ASK}") as (pid, started):
        yield Peer("Virtuoso", url, asking("/sparql"), pid, started), place, sql


@contextmanager
def virtuoso(folder: Path, scratch: Path) -> Iterator[Peer]:
    """Virtuoso with the snapshot published to it."""
    with virtuoso_server(folder, scratch) as (peer, _, _):
        publish = [sys.executable, "-m", "kg", "publish", peer.url + "/sparql-graph-crud-auth", "--user", "dba"]
        environ = {**os.environ, "KG_SNAPSHOTS": str(folder), "KG_PASSWORD": "dba"}
        subprocess.run(publish, cwd=ROOT, env=environ, check=True, capture_output=True, timeout=400)
        yield peer


@contextmanager
def rdflib_endpoint(folder: Path, command: str) -> Iterator[Peer]:
    """rdflib-endpoint with the snapshot read into it."""
    at = port()
    url = f"http://127.0.0.1:{at}"
    serve = [command, "serve", "--host", "127.0.0.1", "--port", str(at), str(folder / "current" / "dataset.nq")]
    with process(serve, f"{url}/?query={ASK}") as (pid, started):
        yield Peer("rdflib-endpoint", url, asking("/"), pid, started)


@contextmanager
def nginx(scratch: Path, bodies: dict[str, bytes]) -> Iterator[Peer]:
    """The same bytes as files: what no program that thinks can pass."""
    at, place = port(), Path(tempfile.mkdtemp(dir=scratch))
    (place / "files").mkdir()
    for name, body in bodies.items():
        (place / "files" / name).write_bytes(body)
    config = (HERE / "nginx.conf").read_text("utf-8").replace("@FOLDER@", str(place)).replace("@PORT@", str(at))
    (place / "nginx.conf").write_text(config, "utf-8")
    url = f"http://127.0.0.1:{at}"
    command = [NGINX or "nginx", "-c", str(place / "nginx.conf"), "-e", str(place / "log")]
    with process(command, f"{url}/{next(iter(bodies))}") as (pid, started):
        yield Peer("nginx, same bytes", url, lambda name: "/" + name, pid, started)
