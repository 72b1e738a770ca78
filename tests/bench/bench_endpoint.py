"""How fast the endpoint answers, beside other servers, in one run on one machine.

Run it as ``python tests/bench/bench_endpoint.py``: the current snapshot; ``--resize 1000000`` adds the record grown to
a million quads, ``--resize 100000`` thinned. It needs wrk and the Oxigraph server; what else is missing (Virtuoso, the
allocator mimalloc, …) is left out with a word why. Nothing is asserted: it prints tables.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack
from datetime import date
from math import prod
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import click
from endpoint_data import KINDS, LOOK_UPS, questions, resized
from endpoint_load import rounds
from endpoint_servers import MIMALLOC, NGINX, OXIGRAPH, Peer, nginx, ours, oxigraph, rdflib_endpoint, virtuoso
from endpoint_start import STARTS, memory, start

from kg.query import bind, load_queries
from kg.settings import Settings

CANNED = ("targets", "instruments", "status-on-date", "life-line")
RESULTS = "application/sparql-results+json"


def table(headings: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n" + "\n".join("| " + " | ".join(line) + " |" for line in lines)


def mean(rates: list[float]) -> float:
    """Their geometric mean."""
    return prod(rates) ** (1 / len(rates))


def compared(rates: list[float], costs: list[float]) -> str:
    """The first beside the second: by requests a second, and by requests a second of a processor."""
    return f"{rates[0] / rates[1]:.2f} ({costs[1] / costs[0]:.2f})"


def ad_hoc(peers: list[Peer], folder: Path, seconds: int, scratch: Path) -> str:
    """Ad-hoc queries, nothing repeated from a cache."""
    rows: list[list[str]] = []
    rates: dict[str, list[float]] = {}
    costs: dict[str, list[float]] = {}
    for kind, queries in questions(folder).items():
        asked = [(peer, [peer.address(query) for query in queries]) for peer in peers]
        results = rounds(asked, seconds, RESULTS, scratch)
        if any(result.failed or not result.rate for result in results[:2]):
            rows.append([kind, *map(str, results), "not compared"])
            continue
        rates[kind] = [result.rate or 0.1 for result in results]
        costs[kind] = [result.cost or 0.01 for result in results]
        rows.append([kind, *map(str, results), compared(rates[kind], costs[kind])])
    for name, kinds in (("mean of the look-ups", LOOK_UPS), ("mean of all", tuple(KINDS))):
        if answered := [kind for kind in kinds if kind in rates]:
            many = [mean([rates[kind][number] for kind in answered]) for number in range(len(peers))]
            dear = [mean([costs[kind][number] for kind in answered]) for number in range(len(peers))]
            shown = [f"{rate:,.0f}/s, {cost:.2f}" for rate, cost in zip(many, dear, strict=True)]
            rows.append([name, *shown, compared(many, dear)])
    return table(["ad hoc, no cache", *(peer.name for peer in peers), "ours : Oxigraph"], rows)


def canned(peers: list[Peer], site: Peer, seconds: int, scratch: Path) -> str:
    """Canned queries: ours at their addresses, the others by their text, nginx by the bytes of our answers."""
    queries = load_queries(Settings.default().queries)
    texts = {slug: bind(queries[slug], {}, lambda _: {}) for slug in CANNED}
    # More than once: the first answer is computed, in each of the web processes.
    bodies = {slug: get(f"{site.url}/query/{slug}.csv") for _ in range(8) for slug in CANNED}
    names = [site.name, *(peer.name for peer in peers), "ours : best", *(["nginx, same bytes"] if NGINX else [])]
    rows = []
    with ExitStack() as stack:
        limit = [stack.enter_context(nginx(scratch, bodies))] if NGINX else []
        for slug, body in bodies.items():
            asked = [(site, [f"/query/{slug}.csv"]), *((peer, [posted(peer, texts[slug])]) for peer in peers)]
            asked += [(peer, [peer.address(slug)]) for peer in limit]
            mine, *theirs = rounds(asked, 3 * seconds, "text/csv", scratch, 1)
            best = max((one.rate for one in theirs[: len(peers)] if not one.failed), default=0)
            faster = f"{mine.rate / best:,.0f}" if best else "no peer answers"
            row = [mine, *theirs[: len(peers)], faster, *theirs[len(peers) :]]
            rows.append([f"{slug} ({len(body) >> 10} KB)", *map(str, row)])
    return table(["canned, repeated", *names], rows)


def posted(peer: Peer, query: str) -> str:
    """A request by POST: a canned query is too long for an address at some servers."""
    path, _, form = peer.address(query).partition("?")
    return f"{path}\t{form}"


def repeated(peers: list[Peer], site: Peer, folder: Path, seconds: int, scratch: Path) -> str:
    """One ad-hoc query of each kind again and again: ours from its cache."""
    rows = []
    for kind, queries in questions(folder).items():
        asked = [(peer, [peer.address(queries[0])]) for peer in (site, *peers)]
        results = rounds(asked, seconds, RESULTS, scratch)
        best = max((result.rate for result in results[1:] if not result.failed), default=0)
        faster = f"{results[0].rate / best:.1f}" if best else "no peer answers"
        rows.append([kind, *map(str, results), faster])
    return table(["ad hoc, repeated", site.name, *(peer.name for peer in peers), "ours : best"], rows)


def get(url: str) -> bytes:
    """What is there; empty if it is refused."""
    try:
        with urlopen(url, timeout=60) as response:
            body: bytes = response.read()
            return body
    except HTTPError as error:
        click.echo(f"{url}: {error.code}")
        return b""


def others(folder: Path, scratch: Path, stack: ExitStack, rdflib: str | None) -> list[Peer]:
    """Servers that are only compared on the smaller graphs."""
    peers = []
    if shutil.which("virtuoso-t"):
        peers.append(stack.enter_context(virtuoso(folder, scratch)))
    else:
        click.echo("Virtuoso is left out: it is not installed (Debian package virtuoso-opensource)")
    if rdflib:
        peers.append(stack.enter_context(rdflib_endpoint(folder, rdflib)))
    else:
        click.echo("rdflib-endpoint is left out: it is not installed (name its command by --rdflib)")
    return peers


def run(
    name: str, folder: Path, seconds: int, scratch: Path, *, rdflib: str | None, size_alone: bool, large: bool = False
) -> None:
    """All tables of one snapshot."""
    quads = sum(1 for _ in (folder / "current" / "dataset.nq").open("rb"))
    click.echo(f"\n### {name}: {quads:,} quads")
    size(folder, seconds, scratch)
    if size_alone:
        return
    with ExitStack() as stack:
        bare = stack.enter_context(ours(folder, cached=False))
        peers = [stack.enter_context(oxigraph(folder, scratch))]
        if not large:
            peers += others(folder, scratch, stack, rdflib)
        for peer in (bare, *peers):
            peer.rest()
        click.echo(ad_hoc([bare, *peers], folder, seconds, scratch))
        site = stack.enter_context(ours(folder, cached=True))
        site.rest()
        if not large:
            click.echo(canned(peers, site, seconds, scratch))
        click.echo(repeated(peers[:1], site, folder, seconds, scratch))
        rows = [[peer.name, f"{peer.started:.2f} s", f"{peer.memory() >> 20} MB"] for peer in (bare, *peers)]
    click.echo(table(["server", "one start to first answer", "memory under load"], rows))


def size(folder: Path, seconds: int, scratch: Path) -> None:
    """What a start of the site takes, and its memory; the Oxigraph server beside it."""
    servers = [lambda: ours(folder, cached=True), lambda: oxigraph(folder, scratch)]
    headings = [f"median of {STARTS} starts to the first answer", "on the clock", "of a processor"]
    click.echo(table(headings, [start(server) for server in servers]))
    headings = ["two web processes, engine and idle worker", "memory of all", "of the largest"]
    click.echo(table(headings, memory(folder, scratch, seconds)))


@click.command()
@click.option("--seconds", default=1, show_default=True, help="Length of each measurement.")
@click.option("--resize", multiple=True, type=int, help="Quads that the record is resized to as well; may be repeated.")
@click.option("--record/--no-record", default=True, help="Whether the record itself is measured.")
@click.option("--rdflib", default=lambda: shutil.which("rdflib-endpoint"), help="The command of rdflib-endpoint.")
@click.option("--size-alone", is_flag=True, help="Measure start and memory, and nothing else.")
def main(seconds: int, resize: tuple[int, ...], record: bool, rdflib: str | None, size_alone: bool) -> None:
    """Measure and print."""
    if not shutil.which("wrk") or not OXIGRAPH.exists():
        click.echo("The endpoint is not measured: that needs wrk (Debian package wrk) and the Oxigraph server.")
        return
    if not MIMALLOC:
        click.echo("Ours runs without mimalloc: it is not installed (Debian package libmimalloc2.0)")
    gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    click.echo(f"{date.today()}, {os.cpu_count()} processors, {gibibytes:.0f} GiB, load {os.getloadavg()[0]:.1f}")
    current = Settings.from_environment(os.environ).snapshots
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as name:
        scratch = Path(name)
        if record:
            run("the record", current, seconds, scratch, rdflib=rdflib, size_alone=size_alone)
        dataset = (current / "current" / "dataset.nq").resolve()
        for quads in resize:
            folder = resized(dataset, quads, scratch / str(quads))
            run("the record resized", folder, seconds, scratch, rdflib=None, size_alone=size_alone, large=True)
            shutil.rmtree(folder)
    click.echo(f"\nload at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
