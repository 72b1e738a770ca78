"""``kg sample``: statements drawn by a seed, to be read again against their sources."""

import csv
import io

import click
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from kg.commands.common import print_table, settings, snapshot, write_text
from kg.evidence import citation
from kg.namespaces import shorten
from kg.read import read_ontology
from kg.sample import draw
from kg.terms import GRAPH, is_assertion
from kg.vocabulary import Vocabulary

_COLUMNS = ("assertion", "subject", "property", "value", "source", "url", "locator", "paraphrase")


@click.command("sample")
@click.argument("size", type=click.IntRange(min=1), default=60)
@click.option("--seed", required=True, help="Any text; the same seed draws the same statements.")
@click.option("--skip", type=click.IntRange(min=0), default=0, help="Leave out the first ones of the seed.")
@click.option("--format", "form", type=click.Choice(["table", "csv"]), default="table", help="How to print.")
def sample_command(size: int, seed: str, skip: int, form: str) -> None:
    """Draw statements to read again against their sources: SIZE of them, by a seed.

    Those that cannot be read any more are replaced by the next ones: kg sample 10 --seed X --skip 60.
    """
    store = snapshot()
    vocabulary = Vocabulary.from_quads(q for document in read_ontology(settings()) for q in document.quads)
    rows = [_row(store, assertion, triple) for assertion, triple in draw(_said(store), vocabulary, seed, size, skip)]
    if form == "table":
        print_table(_COLUMNS, rows, f"{len(rows)} statement{'' if len(rows) == 1 else 's'}")
        return
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_COLUMNS, *rows])
    write_text(text.getvalue())


def _said(store: Store) -> list[Quad]:
    """The claims and the registry, which types what they are about."""
    graphs = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    wanted = [graph for graph in graphs if is_assertion(graph) or graph == GRAPH.registry]
    return [quad for graph in wanted for quad in store.quads_for_pattern(None, None, None, graph)]


def _row(store: Store, assertion: NamedNode, triple: Triple) -> list[str]:
    cited = citation(store, assertion)
    said = [_text(term) for term in (assertion, triple.subject, triple.predicate, triple.object)]
    return [*said, cited.title, cited.url or "", cited.locator, cited.paraphrase]


def _text(term: object) -> str:
    if isinstance(term, NamedNode):
        return shorten(term.value)
    return term.value if isinstance(term, Literal) else str(term)
