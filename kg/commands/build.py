"""``kg build``, ``kg validate``, ``kg as-known``: from the files to a new snapshot, only the checks on the way, or what
had been entered by a day as a snapshot of its own."""

import os
import time
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click
from pyoxigraph import Store

from kg.commands.common import print_counts, print_table, settings
from kg.errors import UsageError
from kg.settings import KEEP, KEEP_VIEWS, Settings
from kg.store import open_snapshot


@click.command("build")
@click.option(
    "--reasoner",
    type=click.Choice(["rules", "owlrl"]),
    default="rules",
    help="rules: compiled OWL RL rules (fast, explainable); owlrl: the reference library (slow).",
)
@click.option(
    "--keep",
    type=click.IntRange(1),
    envvar="KG_KEEP",
    default=KEEP,
    show_default=True,
    help="How many snapshots stay, beside those that a running server uses.",
)
@click.option("--quiet", is_flag=True, help="No progress bar and no report.")
def build_command(reasoner: str, keep: int, quiet: bool) -> None:
    """Read, check, apply rulings, reason, validate and store; the old snapshot serves until the end."""
    from kg.build import build

    chosen = replace(settings(), keep=keep)
    if quiet:
        build(chosen, reasoner=reasoner)
        return
    report = _with_progress(chosen, reasoner)
    print_counts(report.counts)
    seconds = [[step, f"{taken:.2f}"] for step, taken in report.seconds.items()]
    print_table(["step", "seconds"], [*seconds, ["total", f"{sum(report.seconds.values()):.2f}"]])
    for warning in report.warnings:
        click.echo(str(warning), err=True)
    click.echo(f"snapshot {report.snapshot.name}", err=True)


def _with_progress(chosen: Settings, reasoner: str):  # type: ignore[no-untyped-def]
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from kg.build import build

    columns = (TextColumn("{task.description:<10}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("build", total=None)
        return build(
            chosen, lambda step, done, total: bar.update(task, description=step, completed=done, total=total), reasoner
        )


@click.command("validate")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Another data folder.")
def validate_command(files: tuple[Path, ...], data: Path | None) -> None:
    """Check data files: terms, references, dates, keys, disagreements, shapes. Exit 1 if there is an error.

    With FILE… only these are checked, against all the others.
    """
    from kg.build import validate_data

    where = replace(settings(), data=data) if data else settings()
    for file in files:
        if file.suffix not in (".ttl", ".trig", ".csv"):
            raise UsageError(f"{file} is not a data file", hint="data files end in .ttl, .trig or .csv")
    begin = time.perf_counter()
    warnings = validate_data(where, files)
    for warning in warnings:
        click.echo(str(warning), err=True)
    checked = ", ".join(map(str, files or [where.data]))
    count = "1 warning" if len(warnings) == 1 else f"{len(warnings)} warnings"
    click.echo(f"{checked}: no errors, {count}, {time.perf_counter() - begin:.1f} s", err=True)


@click.command("as-known")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY")
@click.option("--of", "snapshot", type=click.Path(file_okay=False, path_type=Path), help="Snapshot; the current one.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Folder of the views of this snapshot.")
@click.option(
    "--keep", type=click.IntRange(1), default=KEEP_VIEWS, show_default=True, help="How many views stay there."
)
@click.option("--background", is_flag=True, help="Let every other process go first.")
def as_known_command(day: datetime, snapshot: Path | None, into: Path | None, keep: int, background: bool) -> None:
    """Make the view of what had been entered by DAY, and print its folder.

    `kg query SLUG --as-known DAY` and `/query/SLUG?asKnown=DAY` make and use it by themselves.
    """
    from kg.as_known import entry_day, make_view

    if background:
        os.nice(19)
    current = (snapshot or settings().current).resolve()
    entered = entry_day(open_snapshot(current), day.date())
    views = into or views_of(settings(), current)
    click.echo(current if entered is None else make_view(current, entered, views, keep))


def views_of(chosen: Settings, snapshot: Path) -> Path:
    """Where the command line keeps the views of a snapshot."""
    return chosen.snapshots / "as-known" / snapshot.name


def known_store(chosen: Settings, day: date) -> Store:
    """The store of what had been entered by a day, made if it is not there.

    :raises UsageError: if nothing had been entered yet
    """
    from kg.as_known import entry_day, make_view

    current = chosen.current.resolve()
    store = open_snapshot(chosen.current)
    entered = entry_day(store, day)
    return store if entered is None else open_snapshot(make_view(current, entered, views_of(chosen, current)))
