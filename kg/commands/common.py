"""What the subcommands share: the snapshot, the name of a thing, tables on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click
from pyoxigraph import Store

from kg.countries import Country, covered_countries
from kg.read import read_data
from kg.settings import Settings
from kg.store import load, open_snapshot
from kg.text_files import to_json

if TYPE_CHECKING:
    from rich.table import Table

_COUNTED = {
    "claims": "claims, as triples",
    "statements": "statements, without types, ordinals and keys",
    "single_source": "statements of one source",
    "two_origins": "statements of two origins or more",
    "official_text": "statements of a legal or strategy text",
    "compilation": "statements of trackers and encyclopaedias alone",
    "things": "entities",
    "links": "links to other datasets",
    "rejected": "claims rejected by a ruling",
    "disputed": "claims left open by a ruling",
    "accepted": "accepted triples",
    "inferred": "inferred triples",
    "quads": "quads in all",
}
"""What the counts of a build report mean, where their names do not say it."""


def settings() -> Settings:
    """The settings of this process: the checkout, changed by KG_… variables."""
    return Settings.from_environment(os.environ)


def snapshot() -> Store:
    """The current snapshot, read-only.

    :raises SnapshotError: if nothing was built yet
    """
    return open_snapshot(settings().current)


def registry_countries() -> tuple[Country, ...]:
    """The covered states as the files of the registry name them, so that no build is needed."""
    chosen = settings()
    documents = read_data(chosen, sorted((chosen.data / "registry").glob("*.ttl")))
    return covered_countries(load(quad for document in documents for quad in document.quads))


def write_text(text: str) -> None:
    """A text for programs on stdout: in UTF-8, whatever the encoding of the terminal."""
    click.echo(text.encode("utf-8"), nl=False)


def write_json(document: object) -> None:
    """A document for programs on stdout."""
    write_text(to_json(document))


def print_counts(counts: Mapping[str, int]) -> None:
    """The counts of a build report as a table, in words."""
    print_table(["what", "how many"], [[_COUNTED.get(name, name), f"{count:,}"] for name, count in counts.items()])


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> None:
    """A table on stdout; the note (how many rows) goes to stderr, so pipes get data only.

    Columns without any value are left out. Where the rest does not fit the width, each row is printed as a
    block of lines, one a column.
    """
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else 160)
    filled = [i for i in range(len(headings)) if not rows or any(row[i] for row in rows)]
    shown = [[row[i] for i in filled] for row in rows]
    names = [headings[i] for i in filled]
    if _fits(names, shown, console.width):
        console.print(_grid(names, shown))
    else:
        _print_blocks(names, shown)
    if note:
        click.echo(note, err=True)


def _fits(names: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether every column gets room for its longest word, or for 40 characters of its longest value."""
    needed = 0
    for i, name in enumerate(names):
        cells = [name, *(row[i] for row in rows)]
        longest_word = max((len(word) for cell in cells for word in cell.split()), default=0)
        needed += max(longest_word, min(40, max(map(len, cells)) // 2)) + 2
    return needed <= width


def _grid(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold", max_width=60)
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _print_blocks(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    width = max(map(len, names))
    for row in rows:
        click.secho(row[0], bold=True)
        for name, value in list(zip(names, row, strict=True))[1:]:
            if value:
                click.echo(f"  {name:<{width}}  {value}")
        click.echo()
