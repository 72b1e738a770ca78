"""``kg validate``: the checks of ``kg build``, without building."""

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
