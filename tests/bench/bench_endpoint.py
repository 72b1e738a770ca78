"""How fast the endpoint answers, beside other servers, in one run on one machine.

Run it as ``python tests/bench/bench_endpoint.py`` (the current snapshot, and 100,000 quads grown from the invented
record of the tests; ``--large`` adds a million grown from the real one). It needs wrk; nginx, Virtuoso and
rdflib-endpoint (``--rdflib COMMAND``) are left out, with a word why, where they are missing. Nothing is asserted: it
prints tables. Every measurement is 8 keep-alive connections for a second, twice, servers in turn; the better counts.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from math import prod
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import click
from pyoxigraph import RdfFormat, Store

from kg import snapshot
from kg.namespaces import PREFIXES
from kg.query import load_queries
from kg.settings import ROOT, Settings
from kg.store import write_store

HERE = Path(__file__).parent
COUNTRIES = ("kz", "uz", "kg", "tj", "tm")
CONNECTIONS = 8
ROUNDS = 2
CANNED = ("targets", "instruments", "timeline", "status-on-date", "bodies", "life-line")
ACCEPT = "application/sparql-results+json"
PROLOGUE = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("aip", "concept", "graph", "id", "rdfs", "xsd"))
# The kinds of ad-hoc query; % is a thing, @ a country.
KINDS = {
    "look-up": "SELECT ?p ?o { GRAPH graph:accepted { <%> ?p ?o } }",
    "label": 'SELECT ?l { GRAPH graph:accepted { <%> rdfs:label ?l } FILTER(LANG(?l) = "en") }',
    "evidence": "SELECT ?g ?p ?o ?s { GRAPH ?g { <%> ?p ?o } "
    "GRAPH graph:sources { ?g aip:inPassage ?x . ?x aip:inSource ?s } }",
    "join": "SELECT ?t ?l ?d { GRAPH graph:accepted { ?t a aip:Law ; aip:country id:@ ; rdfs:label ?l . "
    "?e aip:of ?t ; aip:stage ?s ; aip:earliest ?d } } LIMIT 100",
    "dates": "SELECT ?e ?d { GRAPH graph:accepted { ?e aip:of ?t ; aip:earliest ?d . ?t aip:country id:@ } "
    'FILTER(?d <= "2025-06-30"^^xsd:date) } ORDER BY ?d LIMIT 50',
    "optional": "SELECT ?b ?l ?w { GRAPH graph:accepted { ?b a aip:Body ; aip:country id:@ ; rdfs:label ?l "
    "OPTIONAL { ?x aip:responsibleBody ?b . ?x rdfs:label ?w } } } LIMIT 200",
    "count": "SELECT ?c (COUNT(*) AS ?n) { GRAPH graph:accepted { ?s a ?c ; aip:country id:@ } } "
    "GROUP BY ?c ORDER BY DESC(?n)",
    "words": 'SELECT ?s ?l { GRAPH graph:accepted { ?s rdfs:label ?l } FILTER(CONTAINS(LCASE(?l), "@")) } LIMIT 50',
}


@dataclass
class Measured:
    """What wrk said of one run."""

    rate: float
    half: str
    most: str
    failed: int = 0

    def __str__(self) -> str:
        failed = f" ({self.failed} failed)" if self.failed else ""
        return f"{self.rate:,.0f}/s {self.half}/{self.most}{failed}"


@dataclass
class Peer:
    """A server that runs.

    :param address: makes a path of a query
    """

    name: str
    url: str
    address: Callable[[str], str]
    facts: dict[str, str] = field(default_factory=dict)


def rounds(peers: list[tuple[Peer, list[str]]], seconds: int, accept: str, folder: Path) -> list[Measured]:
    """The best of two runs of each server, taken in turn, so that what else the machine does hits no single one."""
    runs = [[measure(peer, paths, seconds, accept, folder) for peer, paths in peers] for _ in range(ROUNDS)]
    best = [max(results, key=lambda result: result.rate) for results in zip(*runs, strict=True)]
    for number, result in enumerate(best):
        result.failed = sum(run[number].failed for run in runs)
    return best


def measure(peer: Peer, paths: list[str], seconds: int, accept: str, folder: Path) -> Measured:
    """Load on a server for some seconds."""
    file = folder / "paths"
    file.write_text("\n".join(paths), "utf-8")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "20s", "--latency"]
    environ = {**os.environ, "PATHS": str(file), "ACCEPT": accept}
    told = subprocess.run(
        [*command, "-s", str(HERE / "paths.lua"), peer.url],
        env=environ,
        check=True,
        capture_output=True,
        text=True,
        timeout=seconds + 60,
    ).stdout
    rate, half, most = (
        re.search(pattern, told) for pattern in (r"Requests/sec:\s+(\S+)", r"50%\s+(\S+)", r"99%\s+(\S+)")
    )
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    if not (rate and half and most):
        raise RuntimeError(told)
    return Measured(float(rate[1]), half[1], most[1], int(failed[1]) if failed else 0)


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
                time.sleep(0.02)
            yield running.pid, time.perf_counter() - begin
        finally:
            running.send_signal(signal.SIGTERM)
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()


def answers(url: str) -> bool:
    try:
        with urlopen(Request(url, headers={"Accept": "*/*"}), timeout=5) as response:
            return bool(response.status < 500)
    except OSError:
        return False


def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


def memory(pid: int) -> int:
    """Bytes of a process and all below it, shared pages counted in part."""
    total = 0
    for one in [pid, *below(pid)]:
        try:
            found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{one}/smaps_rollup").read_text("ascii"), re.MULTILINE)
        except OSError:
            continue
        total += int(found[1]) << 10 if found else 0
    return total


def below(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text("ascii").split():
            yield int(child)
            yield from below(int(child))


ASK = "ASK%20%7B%7D"


@contextmanager
def ours(folder: Path, cached: bool) -> Iterator[Peer]:
    at = port()
    url = f"http://127.0.0.1:{at}"
    command = [sys.executable, "-m", "kg", "serve", "--port", str(at), "--no-access-log"]
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": tempfile.gettempdir() + "/kg-bench-compiled"}
    environ = {"KG_SNAPSHOTS": str(folder), **compiled} | ({} if cached else {"KG_ANSWERS": "0"})
    with process(command, f"{url}/sparql?query={ASK}", environ) as (pid, started):
        peer = Peer("ours" if cached else "ours, no cache", url, lambda query: "/sparql?query=" + quote(query, safe=""))
        yield peer
        peer.facts = {"start": f"{started:.2f} s", "memory": f"{memory(pid) >> 20} MB"}


@contextmanager
def oxigraph(folder: Path, scratch: Path) -> Iterator[Peer]:
    command, at = str(Path(sys.executable).with_name("oxigraph")), port()
    place = scratch / f"oxigraph-{folder.name}"
    if not place.exists():
        dataset = str(folder / "current" / "dataset.nq")
        subprocess.run([command, "load", "--location", str(place), "--file", dataset], check=True, capture_output=True)
        subprocess.run([command, "optimize", "--location", str(place)], check=True, capture_output=True)
    url = f"http://127.0.0.1:{at}"
    serve = [command, "serve-read-only", "--location", str(place), "--bind", f"127.0.0.1:{at}"]
    with process(serve, f"{url}/query?query={ASK}") as (pid, started):
        peer = Peer("Oxigraph", url, lambda query: "/query?query=" + quote(query, safe=""))
        yield peer
        peer.facts = {"start": f"{started:.2f} s", "memory": f"{memory(pid) >> 20} MB"}


@contextmanager
def virtuoso(folder: Path, scratch: Path) -> Iterator[Peer]:
    place, at = scratch / f"virtuoso-{folder.name}", port()
    place.mkdir(exist_ok=True)
    text = (ROOT / "tests" / "data" / "remote" / "virtuoso.ini").read_text("utf-8")
    for name, value in (("@FOLDER@", str(place)), ("@PORT@", str(at)), ("@SQL@", str(port()))):
        text = text.replace(name, value)
    (place / "virtuoso.ini").write_text(text, "utf-8")
    url = f"http://127.0.0.1:{at}"
    command = ["virtuoso-t", "-f", "-c", str(place / "virtuoso.ini")]
    with process(command, f"{url}/sparql?query={ASK}") as (pid, started):
        publish = [sys.executable, "-m", "kg", "publish", url + "/sparql-graph-crud-auth", "--user", "dba"]
        environ = {**os.environ, "KG_SNAPSHOTS": str(folder), "KG_PASSWORD": "dba"}
        subprocess.run(publish, cwd=ROOT, env=environ, check=True, capture_output=True, timeout=400)
        peer = Peer("Virtuoso", url, lambda query: "/sparql?query=" + quote(query, safe=""))
        yield peer
        peer.facts = {"start": f"{started:.2f} s", "memory": f"{memory(pid) >> 20} MB"}


@contextmanager
def rdflib_endpoint(folder: Path, command: str) -> Iterator[Peer]:
    at = port()
    url = f"http://127.0.0.1:{at}"
    serve = [command, "serve", "--host", "127.0.0.1", "--port", str(at), str(folder / "current" / "dataset.nq")]
    with process(serve, f"{url}/?query={ASK}") as (pid, started):
        peer = Peer("rdflib-endpoint", url, lambda query: "/?query=" + quote(query, safe=""))
        yield peer
        peer.facts = {"start": f"{started:.2f} s", "memory": f"{memory(pid) >> 20} MB"}


@contextmanager
def nginx(scratch: Path, bodies: dict[str, bytes]) -> Iterator[Peer]:
    """The same bytes as files: what no program that thinks can pass."""
    at, place = port(), scratch / "nginx"
    (place / "files").mkdir(parents=True, exist_ok=True)
    for name, body in bodies.items():
        (place / "files" / name).write_bytes(body)
    config = (HERE / "nginx.conf").read_text("utf-8").replace("@FOLDER@", str(place)).replace("@PORT@", str(at))
    (place / "nginx.conf").write_text(config, "utf-8")
    url = f"http://127.0.0.1:{at}"
    command = [shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(place / "nginx.conf"), "-e", str(place / "log")]
    with process(command, f"{url}/{next(iter(bodies))}"):
        yield Peer("nginx, same bytes", url, lambda name: "/" + name)


def grown(dataset: Path, quads: int, folder: Path) -> Path:
    """A folder of snapshots whose one is the given one, copied under other names until it has so many quads.

    The countries and the vocabulary stay one, so that the copies hang on them.
    """
    lines = dataset.read_text("utf-8").splitlines()
    copied = [line for line in lines if re.search(r"(graph/(accepted|sources|registry)|/assertion/[^>]*)> \.$", line)]
    names = re.compile(rf"policy/(id|assertion|passage|source)/(?!(?:{'|'.join(COUNTRIES)})>)")
    turn = 0
    while len(lines) < quads and copied:
        turn += 1
        lines += [names.sub(rf"policy/\1/c{turn}-", line) for line in copied[: quads - len(lines)]]
    place = folder / f"{quads:016x}"
    place.mkdir(parents=True)
    (place / snapshot.DATASET).write_text("\n".join(sorted(set(lines))) + "\n", "utf-8")
    store = Store()
    store.bulk_load(path=str(place / snapshot.DATASET), format=RdfFormat.N_QUADS)
    write_store(place / "store", store)
    (place / snapshot.REPORT).write_text(json.dumps({"built": "2026-01-01T00:00:00+00:00"}), "utf-8")
    snapshot.publish(folder, place.name)
    return folder


def invented(folder: Path) -> Path:
    """The dataset of the invented record."""
    data = ROOT / "tests" / "data" / "mini"
    command = [sys.executable, "-m", "kg", "build"]
    environ = {**os.environ, "KG_DATA": str(data), "KG_SNAPSHOTS": str(folder)}
    subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True)
    return folder / "current" / snapshot.DATASET


def questions(folder: Path) -> dict[str, list[str]]:
    """Of each kind two hundred queries, about things drawn with a fixed seed."""
    text = (folder / "current" / "dataset.nq").read_text("utf-8")
    found = re.findall(
        r"^<(\S+/id/[^>]+)> <\S+#type> <\S+ontology/(?:Law|Ministry|Target)> <\S+graph/accepted>", text, re.M
    )
    chosen = random.Random(1)
    things = sorted(set(found))
    drawn = [chosen.choice(things) for _ in range(200)]
    return {
        name: [
            f"{PROLOGUE}{query.replace('%', thing).replace('@', COUNTRIES[turn % 5])} #{turn}"
            for turn, thing in enumerate(drawn)
        ]
        for name, query in KINDS.items()
    }


def table(headings: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def ad_hoc(peers: list[Peer], folder: Path, seconds: int, scratch: Path) -> str:
    """Ad-hoc queries, nothing repeated from a cache."""
    rows, rates = [], {}
    for kind, queries in questions(folder).items():
        asked = [(peer, [peer.address(query) for query in queries]) for peer in peers]
        results = rounds(asked, seconds, ACCEPT, scratch)
        rates[kind] = [result.rate for result in results]
        rows.append([kind, *map(str, results)])
    means = [prod(rate[i] for rate in rates.values()) ** (1 / len(rates)) for i in range(len(peers))]
    rows.append(["geometric mean", *(f"{mean:,.0f}/s" for mean in means)])
    return table(["ad hoc, no cache", *(peer.name for peer in peers)], rows)


def canned(peers: list[Peer], site: Peer, seconds: int, scratch: Path) -> str:
    """Canned queries: ours at their addresses, the others by their text, nginx by the bytes of our answers."""
    queries = load_queries(Settings.default().queries)
    slugs = [slug for slug in CANNED if slug in queries]
    bodies = {slug: get(f"{site.url}/query/{slug}.csv") for slug in slugs}
    rows = []
    with ExitStack() as stack:
        has_nginx = shutil.which("nginx") or Path("/usr/sbin/nginx").exists()
        limit = [stack.enter_context(nginx(scratch, bodies))] if has_nginx else []
        for slug in slugs:
            asked = [(site, [f"/query/{slug}.csv"]), *((peer, [peer.address(queries[slug].text)]) for peer in peers)]
            asked += [(peer, [peer.address(slug)]) for peer in limit]
            results = rounds(asked, seconds, "text/csv", scratch)
            rows.append([f"{slug} ({len(bodies[slug]):,} bytes)", *map(str, results)])
        names = [site.name, *(peer.name for peer in peers), *(peer.name for peer in limit)]
    return table(["canned", *names], rows)


def get(url: str) -> bytes:
    with urlopen(url, timeout=60) as response:
        body: bytes = response.read()
        return body


def run(name: str, folder: Path, seconds: int, scratch: Path, *, rdflib: str | None, others: bool) -> None:
    """All tables of one snapshot."""
    quads = sum(1 for _ in (folder / "current" / "dataset.nq").open("rb"))
    click.echo(f"\n### {name}: {quads:,} quads\n")
    peers: list[Peer] = []
    with ExitStack() as stack:
        bare = stack.enter_context(ours(folder, cached=False))
        peers += [bare, stack.enter_context(oxigraph(folder, scratch))]
        if others and shutil.which("virtuoso-t"):
            peers.append(stack.enter_context(virtuoso(folder, scratch)))
        else:
            click.echo("Virtuoso is left out: " + ("it is not installed\n" if others else "loading takes too long\n"))
        if others and rdflib:
            peers.append(stack.enter_context(rdflib_endpoint(folder, rdflib)))
        else:
            click.echo("rdflib-endpoint is left out: " + ("no --rdflib\n" if others else "loading takes too long\n"))
        click.echo(ad_hoc(peers, folder, seconds, scratch))
        site = stack.enter_context(ours(folder, cached=True))
        click.echo("\n" + canned(peers[1:], site, seconds, scratch))
    rows = [[peer.name, peer.facts.get("start", ""), peer.facts.get("memory", "")] for peer in [site, *peers]]
    click.echo("\n" + table(["server", "start to first answer", "memory under load"], rows))


@click.command()
@click.option("--seconds", default=1, help="Length of each measurement.")
@click.option("--large", is_flag=True, help="A million quads as well.")
@click.option("--rdflib", help="The command rdflib-endpoint, if it is installed somewhere.")
def main(seconds: int, large: bool, rdflib: str | None) -> None:
    """Measure and print."""
    gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    click.echo(f"{date.today()}, {os.cpu_count()} processors, {gibibytes:.0f} GiB, load {os.getloadavg()[0]:.1f}")
    current = Settings.from_environment(os.environ).snapshots
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as name:
        scratch = Path(name)
        run("the record", current, seconds, scratch, rdflib=rdflib, others=True)
        small = grown(invented(scratch / "invented"), 100_000, scratch / "h")
        run("generated", small, seconds, scratch, rdflib=rdflib, others=True)
        if large:
            dataset = (current / "current" / "dataset.nq").resolve()
            run("generated", grown(dataset, 1_000_000, scratch / "m"), seconds, scratch, rdflib=None, others=False)


if __name__ == "__main__":
    main()
