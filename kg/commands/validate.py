"""``kg validate``: everything that ``kg build`` would refuse, without building."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import click

from kg.commands.common import settings
from kg.errors import UsageError


@click.command("validate")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Another data folder.")
def validate_command(files: tuple[Path, ...], data: Path | None) -> None:
    """Check data files: terms, references, dates, keys, disagreements, shapes. Exit 1 if anything is refused.

    With FILE… only these are checked (against all the rest), which takes a few seconds.
    """
    from kg.build import validate_data

    where = replace(settings(), data=data) if data else settings()
    for file in files:
        if file.suffix not in (".ttl", ".trig"):
            raise UsageError(f"{file} is neither Turtle nor TriG", hint="data files end in .ttl or .trig")
    begin = time.perf_counter()
    warnings = validate_data(where, files)
    for warning in warnings:
        click.echo(str(warning), err=True)
    what = f"{len(files)} file{'s' if len(files) != 1 else ''}" if files else str(where.data)
    click.echo(f"{what}: nothing to refuse, {len(warnings)} warnings, {time.perf_counter() - begin:.1f} s", err=True)
