"""``kg publish``: the current snapshot into another SPARQL store."""

import click

from kg.commands.common import snapshot


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
