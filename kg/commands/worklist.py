"""``kg worklist`` and ``kg new-search``: what is left to look up, and the record of a search that found nothing."""

import datetime
import string
import sys
from pathlib import Path
from typing import cast

import click
from pyoxigraph import NamedNode, QuerySolutions, Store

from kg import query as canned
from kg.commands.common import print_table, settings, snapshot, write_text
from kg.errors import UnknownThingError
from kg.graph import nodes
from kg.lookup import find_thing
from kg.namespaces import local_name, shorten
from kg.results import Table, write_results
from kg.terms import AIP

RECORD = Path(__file__).with_name("new-search.ttl")
_COLUMNS = {
    **{"taskLabel": "task", "thingLabel": "about", "countryLabel": "country"},
    **{"since": "since", "searched": "searched", "command": "start"},
}


@click.command("worklist")
@click.option("--country", help="Only this state: kz, uz, kg, tj or tm.")
@click.option("--task", help="Only tasks of this kind: look-up-outcome, see-holder and so on.")
@click.option("--as-of", "as_of", help="The day that is asked for; today by default.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", help="How to print.")
def worklist_command(country: str | None, task: str | None, as_of: str | None, form: str) -> None:
    """Show what is left to look up, the most useful first, each with the command that starts it.

    The same list is the canned query `worklist`: kg query worklist, /query/worklist.
    """
    store = snapshot()
    results = _ask(store, {"country": country, "task": task and f"concept:task-{task}", "asOf": as_of})
    if form != "table":
        write_results(results, form, sys.stdout.buffer)
        return
    table = Table.read(results)
    columns = [table.variables.index(name) for name in _COLUMNS]
    rows = [[getattr(row[i], "value", "") for i in columns] for row in table.rows]
    print_table(list(_COLUMNS.values()), rows, f"{len(rows)} task{'' if len(rows) == 1 else 's'}")


def _ask(store: Store, values: dict[str, str | None]) -> QuerySolutions:
    query = canned.load_query(settings().queries, "worklist")
    given = {name: value for name, value in values.items() if value}
    return cast("QuerySolutions", canned.run(store, canned.bind(query, given, canned.choices_from(store))))


@click.command("new-search")
@click.argument("name")
def new_search_command(name: str) -> None:
    """Print the record of a search for a thing that found nothing, to fill in and add to data/coverage.ttl.

    What is found goes into a source instead: kg new-source.
    """
    store = snapshot()
    node = find_thing(store, name)
    filled = {
        "name": f"{_country(store, node)}-coverage-{local_name(node.value).partition('-')[2]}-outcome",
        "country": f"id:{_country(store, node)}",
        "thing": shorten(node.value),
        "today": datetime.date.today().isoformat(),
    }
    write_text(string.Template(RECORD.read_text("utf-8")).substitute(filled))
    click.echo(f"Who says what so far: kg evidence {shorten(node.value)}", err=True)


def _country(store: Store, node: NamedNode) -> str:
    for country in nodes(store, node, AIP.country):
        return local_name(country.value)
    raise UnknownThingError(f"{shorten(node.value)} belongs to no state", hint="searches are recorded by state")
