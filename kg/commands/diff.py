"""``kg release`` and ``kg diff``: freeze a snapshot under a version, or say what changed since one."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pyoxigraph import RdfFormat, Store, parse

from kg.commands.common import settings, snapshot, write_json
from kg.errors import UsageError
from kg.lookup import find_thing
from kg.namespaces import shorten
from kg.releases.archive import Release, find_release
from kg.store import load, open_snapshot

if TYPE_CHECKING:
    from kg.diff import Change
    from kg.diff.words import ChangeWords

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
    from kg.diff import compare
    from kg.diff.words import ChangeWords, as_json

    old, new = _open(before), _open(after)
    changes = compare(old, new)
    if country:
        wanted = find_thing(new, country)
        changes = [change for change in changes if wanted in change.country]
    words = ChangeWords(old, new, language)
    if form == "json":
        listed = [as_json(change, words.text(change)) for change in changes]
        write_json({"from": before, "to": after, "changes": listed})
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


def _print(words: ChangeWords, changes: list[Change]) -> None:
    for kind, group in groupby(changes, key=lambda change: change.kind):
        of_kind = list(group)
        click.secho(f"\n{kind} ({len(of_kind)})", bold=True)
        for change in of_kind:
            shown = ", ".join(shorten(node.value) for node in change.evidence[:3])
            click.echo(f"  {words.text(change)}" + (f"  [{shown}]" if shown else ""))
    click.echo(f"{len(changes)} change{'' if len(changes) == 1 else 's'}", err=True)


@click.command("release")
@click.argument("version")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day of the release, for which its values hold.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of releases, or with --again the folder for the files.",
)
@click.option("--again", is_flag=True, help="Write the files of a release that is there, and check every byte.")
def release_command(version: str, day: datetime | None, into: Path | None, again: bool) -> None:
    """Make the release VERSION of the files as they are: every format, checksums, manifest, RO-Crate, DataCite, CFF.

    The same files, version and day give the same bytes. With --again nothing is built: the files come from the
    release itself, which keeps them compressed, and each must have the checksum of the manifest.
    """
    if again:
        _write_again(find_release(settings().releases, version), into)
    elif day is None:
        raise UsageError("a release has a day", hint=f"kg release {version} --day {date.today().isoformat()}")
    else:
        _make(version, day.date(), into)


def _make(version: str, day: date, into: Path | None) -> None:
    from kg.releases.make import make_release

    chosen = settings()
    chosen = replace(chosen, releases=into or chosen.releases)
    commit = _commit(chosen.root)
    release = make_release(chosen, version, day, commit=commit, progress=lambda name: click.echo(f"  {name}", err=True))
    manifest = release.manifest
    click.echo(f"{release.folder}: {len(manifest['files'])} files, RDFC-1.0 {manifest['canonical']['value']}", err=True)
    click.echo(manifest["citeAs"])


def _write_again(release: Release, into: Path | None) -> None:
    folder = into or release.folder
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*release.files, *release.documents):
        content = release.read(name)
        if not (folder / name).exists() or folder != release.folder:
            (folder / name).write_bytes(content)
        click.echo(f"{name}: OK")
    click.echo(f"{folder}: {len(release.files)} files, all with the bytes of release {release.version}", err=True)


def _commit(root: Path) -> str | None:
    """The commit that the files are of; ``None`` without git, or where something was changed since."""
    try:
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
        return None if changed else _git(root, "rev-parse", "HEAD")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
