"""All canned questions on a large graph, asked of the site over its own engine, the Oxigraph server and Virtuoso.

Run it as ``python tests/bench/bench_engines.py --grow 5000000``. Of each question it prints how long the first of the
next answers took at the site's own address, nothing from a cache, and whether all engines gave the same rows. Nothing
is asserted.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import click
from answer_rows import rows
from bench_endpoint import table
from endpoint_data import grown
from endpoint_servers import Peer, ours, oxigraph, port, process, virtuoso_server

from kg.query import load_queries
from kg.settings import Settings

LOAD = "DB.DBA.TTLP_MT(file_open('{}'), '', 'urn:none', 512); checkpoint;"
"""What loads N-Quads into Virtuoso; 512 says that lines name their graphs."""


@contextmanager
def over(engine: Peer, folder: Path) -> Iterator[Peer]:
    """The site over another engine."""
    at = port()
    url = f"http://127.0.0.1:{at}"
    command = [sys.executable, "-m", "kg", "serve", "--port", str(at), "--no-access-log", "--timeout", "120"]
    command += ["--engine", engine.url + engine.address("").partition("?")[0]]
    with process(command, f"{url}/health", {"KG_SNAPSHOTS": str(folder), "KG_ANSWERS": "0"}) as (pid, started):
        yield Peer(engine.name, url, engine.address, pid, started)


@contextmanager
def loaded_virtuoso(folder: Path, scratch: Path) -> Iterator[Peer]:
    """Virtuoso with a snapshot read by its own loader, and room in memory for it."""
    with virtuoso_server(folder, scratch, buffers=100_000) as (peer, place, sql):
        shutil.copy(folder / "current" / "dataset.nq", place / "dataset.nq")
        load = LOAD.format(place / "dataset.nq")
        subprocess.run(["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"], check=True, capture_output=True)
        (place / "dataset.nq").unlink()
        yield peer


def asked(site: Peer, path: str, times: int) -> tuple[float, list[str] | None, str]:
    """The fewest seconds of some answers, the rows, and what there was instead of them."""
    best, found = float("inf"), None
    for _ in range(times):
        begin = time.perf_counter()
        try:
            with urlopen(site.url + path, timeout=180) as response:
                document = response.read()
        except (HTTPError, OSError) as error:
            return 0.0, None, f"{error.code}" if isinstance(error, HTTPError) else "no answer"
        best = min(best, time.perf_counter() - begin)
        found = rows(json.loads(document)) if document[:1] == b"{" else None
        if best > 10:
            break
    return best, found, ""


def compared(sites: list[Peer], times: int) -> str:
    """All questions, of each the seconds at each site and whether the rows are those of the first."""
    lines = []
    for slug in load_queries(Settings.default().queries):
        results = [asked(site, f"/query/{slug}.json", times) for site in sites]
        mine = results[0][1]
        cells = [failed or f"{seconds:.2f} s" for seconds, _, failed in results]
        told = [str(len(mine)) if mine is not None else "-"]
        for site, (_, theirs, failed) in zip(sites[1:], results[1:], strict=True):
            same = failed or ("same" if theirs == mine else f"{len(theirs or [])}")
            told.append(f"{site.name}: {same}")
        lines.append([slug, *cells, told[0], ", ".join(told[1:])])
        click.echo(" | ".join(lines[-1]), err=True)
    return table(["question", *(site.name for site in sites), "rows", "compared"], lines)


@click.command()
@click.option("--grow", default=5_000_000, show_default=True, help="Quads that the record is grown to.")
@click.option("--times", default=2, show_default=True, help="How often each question is asked.")
@click.option("--keep", type=Path, help="A folder to keep the grown graph in, or to find it in.")
def main(grow: int, times: int, keep: Path | None) -> None:
    """Measure and print."""
    click.echo(f"{date.today()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    dataset = (Settings.from_environment(os.environ).snapshots / "current" / "dataset.nq").resolve()
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as name, ExitStack() as stack:
        scratch = Path(name)
        folder = (keep or scratch) / str(grow)
        if not (folder / "current").exists():
            grown(dataset, grow, folder)
        sites = [stack.enter_context(ours(folder, cached=False))]
        engines = [stack.enter_context(oxigraph(folder, scratch))]
        if shutil.which("virtuoso-t"):
            engines.append(stack.enter_context(loaded_virtuoso(folder, scratch)))
        sites += [stack.enter_context(over(engine, folder)) for engine in engines]
        click.echo(compared(sites, times))
    click.echo(f"\nload at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
