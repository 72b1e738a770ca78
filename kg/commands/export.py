"""``kg export``: the graph as a file."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.common import snapshot


@click.command("export")
@click.option(
    "--format",
    "form",
    type=click.Choice(["turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml"]),
    required=True,
    help="turtle, ntriples and rdfxml hold the accepted view; trig, nquads and jsonld all graphs.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="File to write; it appears complete or not at all.",
)
def export_command(form: str, out: Path) -> None:
    """Write the current snapshot in an RDF format; two exports of one snapshot are the same bytes."""
    from kg.export import export

    size = export(snapshot(), form, out)
    click.echo(f"{out}: {size:,} bytes", err=True)
