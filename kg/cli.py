"""The ``kg`` command: one group, each subcommand imported only when it runs."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.errors import GraphError
from kg.settings import NAME
from kg.version import VERSION

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_MODULES = {
    "build": "as-known build validate",
    "diff": "diff release",
    "export": "export publish",
    "inspect": "describe evidence explain stats",
    "new_source": "correct new-source",
    "query": "queries query",
    "sample": "sample",
    "worklist": "new-search worklist",
}
COMMANDS = {name: module for module, names in _MODULES.items() for name in names.split()}


ENTRY_POINTS = "kg.commands"
"""The group of entry points by which the packages of this project above this one add commands, as ``web`` does."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports a command's module only when it is needed."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant, if no option is given twice.

        :raises click.UsageError: if one is, or there is no such command
        """
        name, command, rest = super().resolve_command(ctx, args)
        if command:
            _refuse_repeated(command, click.Context(command, ctx, name, **command.context_settings), rest)
        return name, command, rest

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that is meant; whoever reads its output may stop when they have enough."""
        try:
            outcome = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _drop_output()
            return 0
        return outcome

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in order."""
        return sorted({*COMMANDS, *(point.name for point in _added())})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or ``None``."""
        command: click.Command | None = None
        if cmd_name in COMMANDS:
            module = importlib.import_module(f"kg.commands.{COMMANDS[cmd_name]}")
            command = getattr(module, cmd_name.replace("-", "_") + "_command")
        else:
            command = next((point.load() for point in _added() if point.name == cmd_name), None)
        return command


def _refuse_repeated(command: click.Command, ctx: click.Context, arguments: list[str]) -> None:
    try:
        _, _, order = command.make_parser(ctx).parse_args(list(arguments))
    except click.UsageError:  # reported where the command is run
        return
    for option in order:
        if isinstance(option, click.Option) and not option.multiple and not option.is_eager and order.count(option) > 1:
            raise click.UsageError(f"Option {option.opts[0]} is given twice; give it once.", ctx)


def _added() -> Iterable[EntryPoint]:
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        return distribution(NAME).entry_points.select(group=ENTRY_POINTS)
    except PackageNotFoundError:  # a copy of the code that is not installed
        return ()


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="kg")
@click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="KG_ROOT",
    help="A checkout of the graph; by default the one that the working directory is in.",
)
def group(root: Path | None) -> None:
    """The Central Asia AI Policy Graph: build it, ask it, check it, serve it.

    \b
    kg build                                   read, check, reason over and store the data
    kg queries                                 the questions it can answer
    kg query targets --country uz              ask one of them
    kg evidence kz-law-on-ai                   who says so
    kg worklist --country kz                   what is left to look up
    """
    if root:
        os.environ["KG_ROOT"] = str(root)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``kg`` and end the process: 0 well, 1 bad data or a full disk, 2 bad usage, 130 interrupted."""
    _show_any_character()
    try:
        outcome = group.main(arguments, prog_name="kg", standalone_mode=False)
        sys.exit(outcome if isinstance(outcome, int) else 0)
    except GraphError as error:
        report(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("interrupted", err=True)
        sys.exit(130)
    except OSError as error:
        _drop_output()
        click.echo(f"{error.filename}: {error.strerror}" if error.filename else error.strerror or error, err=True)
        sys.exit(1)


def _drop_output() -> None:
    """Write no more, where Python would write the rest once more as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_any_character() -> None:
    """Let a terminal show ``?`` for a character that its encoding has not; data are written in UTF-8 anyway."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def report(error: GraphError) -> None:
    """Print an error for people: each single one with what to do about it, then the sentence and what to do."""
    printed = {None}
    for detail in error.details:
        hint = getattr(detail, "hint", None)
        click.echo(str(detail) + (f"\n  {hint}" if hint else ""), err=True)
        printed.add(hint)
    click.echo(f"{error.where}{error.message}", err=True)
    if error.hint not in printed:
        click.echo(f"  {error.hint}", err=True)
