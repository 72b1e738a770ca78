"""``kg describe``, ``kg evidence``, ``kg explain``, ``kg stats``: the properties of a thing, who says so, why it
follows, and the size of the graph."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

import click
from pyoxigraph import NamedNode, Store

from kg.commands.common import print_counts, print_table, settings, snapshot, write_json
from kg.countries import covered_countries
from kg.evidence import Citation, Claim, dependent_nodes, evidence
from kg.graph import LANGUAGES, label
from kg.groups import grouped
from kg.lookup import find_statement, find_thing
from kg.namespaces import PREFIXES, expand, shorten
from kg.results import cell
from kg.terms import GRAPH, RDF


@click.command("describe")
@click.argument("name")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", help="Language of the names.")
def describe_command(name: str, lang: str) -> None:
    """Show the properties of a thing in the accepted view, and the things that refer to it."""
    store = snapshot()
    node = find_thing(store, name)
    click.echo(f"{label(store, node, lang)}\n{node.value}\n")
    about = store.quads_for_pattern(node, None, None, GRAPH.accepted)
    rows = {(label(store, q.predicate, lang), cell(store, q.object, lang)) for q in about}
    print_table(["property", "value"], sorted(rows))
    back = store.quads_for_pattern(None, None, node, GRAPH.accepted)
    pairs = {(cell(store, q.subject, lang), label(store, q.predicate, lang)) for q in back}
    if pairs:
        print_table(["referred to by", "as its"], sorted(pairs))


@click.command("evidence")
@click.argument("name")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print.")
@click.option("--own", is_flag=True, help="Only claims about the thing itself, not its events, formulations, posts.")
def evidence_command(name: str, form: str, own: bool) -> None:
    """Show who says so: every claim about a thing with source, date, locator and paraphrase."""
    store = snapshot()
    node = find_thing(store, name)
    nodes = [node] if own else [node, *dependent_nodes(store, node)]
    claims = [claim for subject in nodes for claim in evidence(store, subject)]
    if form == "json":
        write_json([_record(claim) for claim in claims])
    else:
        _print_claims(store, claims)
        if not claims:
            click.echo(f"no source claims anything about it; see kg describe {shorten(node.value)}")


def _record(claim: Claim) -> dict[str, object]:
    return {
        "subject": claim.subject.value,
        "predicate": claim.predicate.value,
        "object": getattr(claim.object, "value", str(claim.object)),
        "accepted": claim.accepted,
        "origins": claim.origins,
        "citations": [asdict(citation) for citation in claim.citations],
        "rulings": [{"ruling": r.ruling, "resolution": r.resolution, "reason": r.reason} for r in claim.rulings],
    }


def _print_claims(store: Store, claims: Sequence[Claim]) -> None:
    """The claims of each thing; those that rest on the same passages and rulings stand together above these."""
    for subject, of_subject in groupby(claims, key=lambda claim: claim.subject):
        click.secho(f"\n{label(store, subject)}  ({shorten(subject.value)})", bold=True)
        for together in grouped(((claim.citations, claim.rulings), claim) for claim in of_subject).values():
            for claim in together:
                mark = "" if claim.accepted else "  [not in the accepted view]"
                click.echo(f"  {label(store, claim.predicate)}: {cell(store, claim.object)}{mark}")
            # One passage may claim the same in two voices.
            for line in dict.fromkeys(_cited(store, one) for one in together[0].citations):
                click.echo(f"      {line}")
            for ruling in together[0].rulings:
                click.echo(f"      ruling, {label(store, NamedNode(ruling.resolution))}: {ruling.reason}")


def _cited(store: Store, one: Citation) -> str:
    publisher = label(store, NamedNode(one.publisher)) if one.publisher else "unknown publisher"
    return f"{publisher}, {one.issued or 'undated'}, {one.locator}: {one.paraphrase} <{one.url}>"


@click.command("explain")
@click.argument("subject")
@click.argument("predicate")
@click.argument("value")
def explain_command(subject: str, predicate: str, value: str) -> None:
    """Print why a statement holds: the proof as a tree down to sources, the registry or an axiom.

    VALUE is a name like SUBJECT, or a literal in Turtle: '"2025-11-17"^^xsd:date', '10', '"text"@en'.
    """
    from kg.explain import explain, render

    store = snapshot()
    proof = explain(store, find_statement(store, subject, predicate, value))
    for depth, text in render(proof, store):
        click.echo("  " * depth + text)


@click.command("stats")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print.")
def stats_command(form: str) -> None:
    """Count the entities of each class by country, and show the report of the last build."""
    store = snapshot()
    report = json.loads((settings().current / "report.json").read_text("utf-8"))
    classes = by_class(store)
    if form == "json":
        write_json({"build": report, "classes": classes})
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
