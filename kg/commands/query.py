"""``kg query`` and ``kg queries``: ask a canned query, or see which there are."""

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

from kg import query as canned
from kg.commands.common import print_table, registry_countries, settings, snapshot, write_json, write_text
from kg.errors import UsageError
from kg.export import export
from kg.formats import GRAPH_FORMATS
from kg.query import COVERED_COUNTRIES, CannedQuery, Parameter
from kg.results import RESULT_FORMATS, Table, readable, to_rows_json, write_results
from kg.spreadsheet import to_excel_csv
from kg.text_files import decode, read_text

SELECT_FORMATS = ("table", "csv", "excel", "tsv", "json", "rows", "xml", "sparql")


@click.command("query", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("slug")
@click.option(
    "--format",
    "form",
    type=click.Choice([*SELECT_FORMATS, *GRAPH_FORMATS]),
    help="table on a terminal (default); csv, tsv, json, xml are the W3C formats; rows is plain JSON; "
    "excel is CSV with a byte-order mark; sparql prints the query itself.",
)
@click.option("--as-known", type=click.DateTime(["%Y-%m-%d"]), help="Answer with what had been entered by this day.")
@click.pass_context
def query_command(ctx: click.Context, slug: str, form: str | None, as_known: datetime | None) -> None:
    """Ask a canned query: kg query targets --country uz --as-of 2026-01-01.

    Each parameter of the query is an option of the same name (asOf is --as-of or --asOf);
    `kg queries SLUG` shows them. An option that is not given restricts nothing. A SPARQL query of your own is run
    from a file (kg query my.rq) or from standard input (kg query -); our prefixes need no PREFIX lines.
    """
    text, store = _own(slug, ctx.args, as_known) or _canned(slug, ctx.args, as_known)
    base = Path(slug).resolve().as_uri() if slug.endswith(".rq") else None
    if form == "sparql":
        write_text(text)
    else:
        print_results(store, canned.run(store, text, base), form)


def _canned(slug: str, arguments: list[str], as_known: datetime | None) -> tuple[str, Store]:
    query = canned.load_query(settings().queries, slug)
    values = parse_options(query, arguments)
    store = _store(as_known)
    return canned.bind(query, values, canned.choices_from(store)), store


def _own(name: str, arguments: list[str], as_known: datetime | None) -> tuple[str, Store] | None:
    """A query that is not ours: in a file that ends in ``.rq``, or on standard input for ``-``."""
    if name != "-" and not name.endswith(".rq"):
        return None
    if arguments:
        raise UsageError(f"a query of your own has no option {arguments[0]!r}", hint="write the value into the query")
    if name == "-":
        return decode(sys.stdin.buffer.read(), "standard input", "utf-8-sig"), _store(as_known)
    return read_text(Path(name), "utf-8-sig"), _store(as_known)


def _store(as_known: datetime | None) -> Store:
    """The current snapshot, or what had been entered by a day."""
    if as_known is None:
        return snapshot()
    from kg.commands.build import known_store

    return known_store(settings(), as_known.date())


def parse_options(query: CannedQuery, arguments: list[str]) -> dict[str, str]:
    """Values by parameter from ``--name value`` and ``--name=value``.

    :raises UsageError: if an option is unknown, lacks its value or is given twice
    """
    names = {spelling: p.name for p in query.parameters for spelling in (p.name.lower(), _kebab(p.name))}
    values, rest = {}, list(arguments)
    while rest:
        option, equals, value = rest.pop(0).partition("=")
        name = names.get(option.removeprefix("--").lower()) if option.startswith("--") else None
        if name is None:
            allowed = ", ".join(f"--{_kebab(p.name)}" for p in query.parameters) or "none"
            raise UsageError(f"{query.slug} has no option {option!r}", hint=f"its options: {allowed}")
        if not equals and not rest:
            raise UsageError(f"option {option} needs a value")
        if name in values:
            raise UsageError(f"option {option} is given twice", hint="give it once: a parameter has one value")
        values[name] = value if equals else rest.pop(0)
    return values


def _kebab(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)


def print_results(store: Store, results: QuerySolutions | QueryBoolean | QueryTriples, form: str | None) -> None:
    """Write results to stdout in the given format, or in the default one for their kind."""
    if isinstance(results, QuerySolutions):
        _require(form, SELECT_FORMATS)
        _print_solutions(store, results, form or "table")
    elif isinstance(results, QueryBoolean):
        _require(form, SELECT_FORMATS)
        _print_truth(results, form or "table")
    else:
        _require(form, GRAPH_FORMATS)
        export(results, form or "turtle", sys.stdout.buffer)


def _require(form: str | None, fitting: Iterable[str]) -> None:
    if form and form not in fitting:
        raise UsageError(f"the answer cannot be written as {form}", hint=f"it can be written as: {', '.join(fitting)}")


def _print_truth(truth: QueryBoolean, form: str) -> None:
    """The answer of an ASK query; where no format is defined for one, the word itself."""
    if form in RESULT_FORMATS:
        write_results(truth, form, sys.stdout.buffer)
    elif form == "table":
        click.echo("yes" if truth else "no")
    else:
        click.echo("true" if truth else "false")


def _print_solutions(store: Store, results: QuerySolutions, form: str) -> None:
    if form in RESULT_FORMATS:
        write_results(results, form, sys.stdout.buffer)
        return
    table = Table.read(results)
    if form == "rows":
        write_text(to_rows_json(table))
    elif form == "excel":
        write_text(to_excel_csv(table))
    else:
        headings, rows = readable(store, table)
        print_table(headings, rows, f"{len(rows)} row{'' if len(rows) == 1 else 's'}")


@click.command("queries")
@click.argument("slug", required=False)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print.")
def queries_command(slug: str | None, form: str) -> None:
    """List the canned queries, or show one with its parameters."""
    queries = canned.load_queries(settings().queries)
    if slug:
        _show(canned.get_query(queries, slug))
    elif form == "json":
        listing = [
            {"slug": q.slug, "summary": q.summary, "parameters": [p.name for p in q.parameters]}
            for q in queries.values()
        ]
        write_json(listing)
    else:
        rows = [[q.slug, q.summary, ", ".join(_kebab(p.name) for p in q.parameters)] for q in queries.values()]
        print_table(["query", "answers", "options"], rows, f"{len(rows)} queries; kg queries SLUG shows one")


def _show(query: CannedQuery) -> None:
    click.echo(f"{query.slug}: {query.summary}\n")
    if query.description:
        click.echo(query.description + "\n")
    rows = [
        [f"--{_kebab(p.name)}", kind(p), p.default or "any", p.example or "", p.description] for p in query.parameters
    ]
    if rows:
        print_table(["option", "takes", "default", "example", "meaning"], rows)


def kind(parameter: Parameter) -> str:
    """What a parameter takes, in a few words."""
    if parameter.choices_from == COVERED_COUNTRIES:
        return " | ".join(country.code for country in registry_countries())
    if parameter.choices:
        return " | ".join(choice.partition(":")[2] for choice in parameter.choices)
    if parameter.kind == "integer":
        return f"{parameter.minimum}–{parameter.maximum}"
    if parameter.kind == "date":
        return "YYYY-MM-DD"
    return (parameter.scheme or parameter.cls or parameter.kind).partition(":")[2] or parameter.kind
