"""``kg build``: from the files to a new snapshot."""

from dataclasses import replace

import click

from kg.commands.common import print_counts, print_table, settings
from kg.settings import KEEP, Settings


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
            chosen,
            lambda step, done, total: bar.update(task, description=step, completed=done, total=total),
            reasoner,
        )
