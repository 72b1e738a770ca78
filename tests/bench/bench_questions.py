"""How long each canned question takes on a graph of 100,000, a million and five million quads.

Run it as ``python tests/bench/bench_questions.py``. The record is thinned to the first size and grown to the others. A
question that can be asked of one thing is asked so too. Times are seconds of a processor, as other programs may use it
meanwhile. Nothing is asserted: it prints a table.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import process_time

import click
from bench_endpoint import table
from endpoint_data import grown, thinned
from pyoxigraph import QuerySolutions

from kg.namespaces import local_name
from kg.query import CannedQuery, bind, load_queries, run
from kg.query.choices import choices_from
from kg.settings import Settings
from kg.store import open_snapshot

TIMEOUT = 60
"""Seconds after which a question is given up."""
DAY = date(2026, 11, 30)
THINGS = ("thing", "target", "instrument", "source", "body", "person", "partner", "about")
"""Parameters that ask about one thing."""
HERE = Path(__file__)


@dataclass(frozen=True)
class Case:
    """A question as it is asked.

    :param thing: the thing that it is asked about, as the header of the question names it; empty for all
    """

    slug: str
    thing: str
    text: str


def cases(folder: Path) -> Iterator[Case]:
    """Every question of all, and of the thing of its example where it takes one."""
    choices = choices_from(open_snapshot(folder / "current", verify=False))
    for slug, query in load_queries(Settings.default().queries).items():
        if not any(p.name in THINGS and p.default for p in query.parameters):
            yield Case(slug, "", bind(query, {}, choices, DAY))
        for name, example in _examples(query):
            yield Case(slug, example, bind(query, {name: example}, choices, DAY))
            break


def _examples(query: CannedQuery) -> Iterator[tuple[str, str]]:
    return ((p.name, p.default or p.example or "") for p in query.parameters if p.name in THINGS)


def timed(folder: Path, case: Case) -> tuple[float, int] | None:
    """The best of three times of a question in a process of its own, and its rows; nothing if it takes too long."""
    command = [sys.executable, str(HERE), "--ask", str(folder / "current")]
    try:
        done = subprocess.run(
            command, input=case.text, text=True, capture_output=True, check=True, timeout=10 * TIMEOUT
        )
    except subprocess.TimeoutExpired:
        return None
    seconds, count = done.stdout.split()
    return float(seconds), int(count)


def ask(place: Path, text: str) -> tuple[float, int]:
    """The best of three times of a query, of one if that takes long, and its rows."""
    store, best = open_snapshot(place, verify=False), float("inf")
    for _ in range(3):
        begin = process_time()
        results = run(store, text)
        assert isinstance(results, QuerySolutions)
        count = sum(1 for _ in results)
        best = min(best, process_time() - begin)
        if best > TIMEOUT / 3:
            break
    return best, count


def by_size(folders: dict[str, Path], wanted: tuple[str, ...] = ()) -> str:
    """Each question at each size."""
    lines = []
    for case in cases(next(iter(folders.values()))):
        if wanted and case.slug not in wanted:
            continue
        results = [timed(folder, case) for folder in folders.values()]
        cells = [f"{r[0] * 1000:,.1f} ms, {r[1]:,}" if r else "none in time" for r in results]
        first, last = results[0], results[-1]
        ratio = f"{last[0] / first[0]:.2f}" if first and last else ""
        lines.append([f"{case.slug} {case.thing}".strip(), *cells, ratio if case.thing else ""])
        click.echo(" | ".join(lines[-1]), err=True)
    return table(["question: time, rows", *folders, "last : first, about one thing"], lines)


@click.command()
@click.option("--size", "sizes", multiple=True, type=int, default=(100_000, 1_000_000, 5_000_000), show_default=True)
@click.option("--question", "wanted", multiple=True, help="Only this one; may be repeated.")
@click.option("--keep", type=Path, help="A folder for the graphs: made there, or taken from there.")
@click.option("--ask", "place", type=Path, hidden=True)
def main(sizes: tuple[int, ...], wanted: tuple[str, ...], keep: Path | None, place: Path | None) -> None:
    """Measure and print."""
    if place:
        click.echo(" ".join(map(str, ask(place, sys.stdin.read()))))
        return
    with tempfile.TemporaryDirectory() as scratch:
        click.echo(
            by_size({f"{size:,} quads": sized(size, (keep or Path(scratch)) / str(size)) for size in sizes}, wanted)
        )


def sized(quads: int, place: Path) -> Path:
    """A folder of snapshots whose one is the record thinned or grown to so many quads; made if it is not there."""
    if (place / "current").exists():
        return place
    record = Settings.default().snapshots
    dataset = record / "current" / "dataset.nq"
    if quads >= sum(1 for _ in dataset.open("rb")):
        return grown(dataset, quads, place)
    kept = {local_name(case.thing.partition(":")[2]) for case in cases(record) if case.thing}
    return thinned(dataset, quads, place, kept)


if __name__ == "__main__":
    main()
