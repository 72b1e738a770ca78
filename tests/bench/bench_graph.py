"""How long the graph takes to build and to answer on the command line, and what a million quads weigh.

Run it as ``python tests/bench/bench_graph.py``. Nothing is asserted: it prints a table.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

import click
from pyoxigraph import RdfFormat, Triple, parse, serialize

ROOT = Path(__file__).parents[2]
ARTICLE = ROOT / "data" / "sources" / "int" / "timesca-ai-pursuit.trig"
WEIGH = """
import resource
from pyoxigraph import NamedNode, Quad, Store
def node(kind, number): return NamedNode(f"https://w3id.org/ca-ai-policy/{kind}/{number}")
store = Store()
store.bulk_extend(Quad(node("id", i % 90_000), node("ontology", i % 60), node("id", i), node("assertion", i % 9_000))
                  for i in range(1_000_000))
print(len(store), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        whole = {**os.environ, "KG_SNAPSHOTS": f"{folder}/build"}
        print_row("kg build, the whole record", lambda: kg(whole, "build", "--quiet"), 3)
        print_row("kg build, the founding article alone", lambda: kg(article(folder), "build", "--quiet"), 3)
        print_row("kg validate, everything", lambda: kg(whole, "validate"), 1)
        print_row("kg validate, one source", lambda: kg(whole, "validate", str(ARTICLE)), 3)
        for command in ("--help", "queries", "query overdue --country uz", "evidence kz-law-on-ai"):
            print_row(f"kg {command}", partial(kg, whole, *command.split()), 7)
    quads, megabytes = subprocess.run(
        [sys.executable, "-c", WEIGH], check=True, capture_output=True, text=True
    ).stdout.split()
    click.echo(f"{int(quads):,} quads in memory: {int(megabytes):,} MB in all")


def kg(environ: dict[str, str], *arguments: str) -> None:
    """Run the command to its end."""
    subprocess.run([sys.executable, "-m", "kg", *arguments], check=True, capture_output=True, env=environ, cwd=ROOT)


def article(folder: str) -> dict[str, str]:
    """An environment whose data hold one source only, the founding article, and the things it names."""
    data = Path(folder) / "data"
    if not data.exists():
        (data / "sources" / "int").mkdir(parents=True)
        shutil.copy(ARTICLE, data / "sources" / "int")
        (data / "registry").mkdir()
        serialize(named(), str(data / "registry" / "article.ttl"), format=RdfFormat.TURTLE)
    return {**os.environ, "KG_DATA": str(data), "KG_SNAPSHOTS": f"{folder}/article"}


def named() -> Iterator[Triple]:
    """What the registry says of the things that the article names, and of the things these name."""
    registry: dict[object, list[Triple]] = {}
    for path in (ROOT / "data" / "registry").glob("*.ttl"):
        for quad in parse(path=str(path)):
            registry.setdefault(quad.subject, []).append(quad.triple)
    waiting = {term for quad in parse(path=str(ARTICLE)) for term in quad.triple if term in registry}
    seen: set[object] = set()
    while waiting:
        thing = waiting.pop()
        seen.add(thing)
        waiting |= {triple.object for triple in registry[thing]} & registry.keys() - seen
        yield from registry[thing]


def print_row(what: str, act: Callable[[], None], times: int) -> None:
    """Do it so many times and print the median and the fastest, in seconds."""
    taken = []
    for _ in range(times):
        begin = perf_counter()
        act()
        taken.append(perf_counter() - begin)
    click.echo(f"{what:<44} median {statistics.median(taken):6.2f} s   fastest {min(taken):6.2f} s")


if __name__ == "__main__":
    main()
