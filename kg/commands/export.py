"""``kg export``: the graph as a file."""

from pathlib import Path

import click

from kg.commands.common import snapshot
from kg.formats import GRAPH_FORMATS, TABLE_FORMATS


@click.command("export")
@click.option(
    "--format",
    "form",
    type=click.Choice([*GRAPH_FORMATS, *TABLE_FORMATS]),
    required=True,
    help="turtle, ntriples and rdfxml hold the accepted view; trig, nquads and jsonld all graphs; "
    "csv-zip, sqlite, parquet and xlsx the accepted view and all statements as tables.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="File to write; it appears complete or not at all.",
)
def export_command(form: str, out: Path) -> None:
    """Write the current snapshot in an RDF format or as tables.

    Two exports of one snapshot as RDF or as csv-zip are the same bytes.
    """
    from kg.export import export
    from kg.tabular.export import export_tables

    write = export_tables if form in TABLE_FORMATS else export
    size = write(snapshot(), form, out)
    click.echo(f"{out}: {size:,} bytes", err=True)
