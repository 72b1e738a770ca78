"""``kg export`` and ``kg publish``: the graph as a file, and into another SPARQL store."""

from pathlib import Path

import click

from kg.commands.common import snapshot
from kg.errors import UsageError
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

    if not out.parent.is_dir():
        raise UsageError(f"cannot write {out}: there is no folder {out.parent}", hint="choose another --out")
    write = export_tables if form in TABLE_FORMATS else export
    size = write(snapshot(), form, out)
    click.echo(f"{out}: {size:,} bytes", err=True)


@click.command("publish")
@click.argument("url")
@click.option("--user", envvar="KG_USER", help="Name of somebody who may write there; the password is KG_PASSWORD.")
@click.option("--password", envvar="KG_PASSWORD", help="Better given as KG_PASSWORD.")
def publish_command(url: str, user: str | None, password: str | None) -> None:
    """Load the current snapshot into the graph store at URL, graph by graph (SPARQL 1.1 Graph Store Protocol).

    \b
    Oxigraph   http://HOST:7878/store
    Virtuoso   http://HOST:8890/sparql-graph-crud-auth   --user dba
    Fuseki     http://HOST:3030/DATASET/data
    """
    from kg.publish import GraphStore, publish

    done = publish(snapshot(), GraphStore(url, user, password))
    removed = f", {len(done.removed)} old ones removed" if done.removed else ""
    click.echo(f"{url}: {done.graphs:,} graphs, {done.triples:,} triples{removed}", err=True)
