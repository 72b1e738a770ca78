"""``kg describe``, ``kg evidence``, ``kg explain``: the properties of a thing, who says so, why it follows."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

import click
from pyoxigraph import NamedNode, Store

from kg.commands.common import print_table, snapshot, write_text
from kg.evidence import Citation, Claim, dependent_nodes, evidence
from kg.labels import label
from kg.lookup import find_statement, find_thing
from kg.namespaces import shorten
from kg.results import cell
from kg.terms import GRAPH


@click.command("describe")
@click.argument("name")
@click.option("--lang", default="en", help="Language of the names: en, ru, kk, uz, ky, tg, tk.")
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
        write_text(json.dumps([_record(claim) for claim in claims], ensure_ascii=False, indent=1) + "\n")
    else:
        _print_claims(store, claims)


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
        grouped: dict[object, list[Claim]] = {}
        for claim in of_subject:
            grouped.setdefault((claim.citations, claim.rulings), []).append(claim)
        for together in grouped.values():
            for claim in together:
                mark = "" if claim.accepted else "  [not in the accepted view]"
                click.echo(f"  {label(store, claim.predicate)}: {cell(store, claim.object)}{mark}")
            for citation in together[0].citations:
                click.echo(f"      {_cited(store, citation)}")
            for ruling in together[0].rulings:
                click.echo(f"      ruling, {label(store, NamedNode(ruling.resolution))}: {ruling.reason}")


def _cited(store: Store, citation: Citation) -> str:
    publisher = label(store, NamedNode(citation.publisher)) if citation.publisher else "unknown publisher"
    return f"{publisher}, {citation.issued or 'undated'}, {citation.locator}: {citation.paraphrase} <{citation.url}>"


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
