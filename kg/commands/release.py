"""``kg release``: freeze a snapshot under a version, or get the files of a release again."""

import subprocess
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click

from kg.commands.common import settings
from kg.errors import UsageError
from kg.releases.archive import Release, find_release


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
