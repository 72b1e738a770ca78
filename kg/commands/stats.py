"""``kg stats``: the size of the graph."""

import json
from collections import Counter

import click
from pyoxigraph import NamedNode, Store

from kg.commands.common import print_counts, print_table, settings, snapshot, write_text
from kg.countries import covered_countries
from kg.labels import label
from kg.namespaces import PREFIXES, expand, shorten
from kg.terms import GRAPH, RDF


@click.command("stats")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print.")
def stats_command(form: str) -> None:
    """Count the entities of each class by country, and show the report of the last build."""
    store = snapshot()
    report = json.loads((settings().current / "report.json").read_text("utf-8"))
    classes = by_class(store)
    if form == "json":
        write_text(json.dumps({"build": report, "classes": classes}, ensure_ascii=False, indent=1) + "\n")
        return
    print_counts(report["counts"])
    rows = [
        [label(store, NamedNode(expand(name))), *(f"{n or ''}" for n in counts.values())]
        for name, counts in classes.items()
    ]
    print_table(["class", "all", *(country.code for country in covered_countries(store))], rows)


def by_class(store: Store) -> dict[str, dict[str, int]]:
    """How many entities each of our classes has, in total and by country."""
    counts: dict[str, Counter[str]] = {}
    quads = store.quads_for_pattern(None, RDF.type, None, GRAPH.accepted)
    for quad in quads:
        cls, name = getattr(quad.object, "value", ""), getattr(quad.subject, "value", "")
        if cls.startswith(PREFIXES["aip"]) and name.startswith(PREFIXES["id"]):
            country = name.removeprefix(PREFIXES["id"]).partition("-")[0]
            counts.setdefault(shorten(cls), Counter()).update(["all", country])
    columns = ("all", *(country.code for country in covered_countries(store)))
    return {name: {key: count[key] for key in columns} for name, count in sorted(counts.items())}
