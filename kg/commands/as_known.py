"""``kg as-known``: what had been entered by a day, as a snapshot of its own."""

import os
from datetime import date, datetime
from pathlib import Path

import click
from pyoxigraph import Store

from kg.as_known import KEEP, entry_day, make_view
from kg.commands.common import settings
from kg.settings import Settings
from kg.store import open_snapshot


@click.command("as-known")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY")
@click.option("--of", "snapshot", type=click.Path(file_okay=False, path_type=Path), help="Snapshot; the current one.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Folder of the views of this snapshot.")
@click.option("--keep", type=click.IntRange(1), default=KEEP, show_default=True, help="How many views stay there.")
@click.option("--background", is_flag=True, help="Let every other process go first.")
def as_known_command(day: datetime, snapshot: Path | None, into: Path | None, keep: int, background: bool) -> None:
    """Make the view of what had been entered by DAY, and print its folder.

    `kg query SLUG --as-known DAY` and `/query/SLUG?asKnown=DAY` make and use it by themselves.
    """
    if background:
        os.nice(19)
    current = (snapshot or settings().current).resolve()
    entered = entry_day(open_snapshot(current), day.date())
    click.echo(current if entered is None else make_view(current, entered, into or views_of(settings(), current), keep))


def views_of(chosen: Settings, snapshot: Path) -> Path:
    """Where the command line keeps the views of a snapshot."""
    return chosen.snapshots / "as-known" / snapshot.name


def known_store(chosen: Settings, day: date) -> Store:
    """The store of what had been entered by a day, made if it is not there.

    :raises UsageError: if nothing had been entered yet
    """
    current = chosen.current.resolve()
    store = open_snapshot(chosen.current)
    entered = entry_day(store, day)
    return store if entered is None else open_snapshot(make_view(current, entered, views_of(chosen, current)))
