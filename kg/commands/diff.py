"""``kg diff``: what changed between two releases, or between a release and the current snapshot, by meaning."""

import json
from itertools import groupby
from pathlib import Path

import click
from pyoxigraph import RdfFormat, Store, parse

from kg.commands.common import settings, snapshot, write_text
from kg.diff import Change, compare
from kg.diff.words import ChangeWords
from kg.errors import UsageError
from kg.lookup import find_thing
from kg.namespaces import shorten
from kg.releases.archive import find_release
from kg.results import plain
from kg.store import load, open_snapshot

CURRENT = "current"


@click.command("diff")
@click.argument("before")
@click.argument("after", default=CURRENT)
@click.option("--country", help="Only changes that are about this state: kz, uz, …")
@click.option("--language", default="en", show_default=True, help="Language of the sentences: en, ru.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def diff_command(before: str, after: str, country: str | None, language: str, form: str) -> None:
    """Say what changed from BEFORE to AFTER: statements, values, rulings, statuses, states of targets, holders.

    BEFORE and AFTER are versions of releases, latest, current (the snapshot built last; AFTER if nothing is given), the
    folder of a snapshot, or a file of N-Quads or TriG with the whole dataset.
    """
    old, new = _open(before), _open(after)
    changes = compare(old, new)
    if country:
        wanted = find_thing(new, country)
        changes = [change for change in changes if wanted in change.country]
    words = ChangeWords(old, new, language)
    if form == "json":
        document = {"from": before, "to": after, "changes": [as_json(words, change) for change in changes]}
        write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    else:
        _print(words, changes)


def _open(name: str) -> Store:
    path = Path(name)
    if name == CURRENT:
        return snapshot()
    if path.is_dir() and (path / "store").is_dir():
        return open_snapshot(path)
    if path.is_file():
        return _read(path)
    return find_release(settings().releases, name).open()


def _read(path: Path) -> Store:
    form = {".nq": RdfFormat.N_QUADS, ".trig": RdfFormat.TRIG}.get(path.suffix)
    if form is None:
        raise UsageError(f"{path} is no dataset", hint="give a file that ends in .nq or .trig")
    try:
        return load(parse(path=path, format=form))
    except (SyntaxError, OSError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error


def as_json(words: ChangeWords, change: Change) -> dict[str, object]:
    """A change as an object: in words, and as terms for programs."""
    return {
        "kind": change.kind,
        "text": words.text(change),
        "subject": change.subject.value,
        "property": change.property.value if change.property else None,
        "before": [plain(term) for term in change.before],
        "after": [plain(term) for term in change.after],
        "evidence": [node.value for node in change.evidence],
        "country": [node.value for node in change.country],
    }


def _print(words: ChangeWords, changes: list[Change]) -> None:
    for kind, group in groupby(changes, key=lambda change: change.kind):
        of_kind = list(group)
        click.secho(f"\n{kind} ({len(of_kind)})", bold=True)
        for change in of_kind:
            shown = ", ".join(shorten(node.value) for node in change.evidence[:3])
            click.echo(f"  {words.text(change)}" + (f"  [{shown}]" if shown else ""))
    click.echo(f"{len(changes)} change{'' if len(changes) == 1 else 's'}", err=True)
