"""Where things are. Settings are an argument; nothing is read at import.

A checkout is known by its files. Without one, the graph is built from the files that a wheel brings with it, into the
user's data folder (https://specifications.freedesktop.org/basedir-spec/latest/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import UsageError

ROOT = Path(__file__).resolve().parent.parent
"""The folder that the code is in: the top folder of a checkout, or where packages are installed."""
SHIPPED = Path(__file__).resolve().parent / "share"
"""Where a wheel has ontology, data, queries and releases."""
NAME = "ca-ai-policy"
KEEP = 2
"""How many snapshots stay."""
KEEP_VIEWS = 4
"""How many views of earlier days stay of a snapshot."""
_MARKS = ("ontology/ai-policy.ttl", "data/registry", "queries")
"""What every checkout has, by which it is known."""
_FOLDERS = {
    "ontology": "KG_ONTOLOGY",
    "data": "KG_DATA",
    "queries": "KG_QUERIES",
    "snapshots": "KG_SNAPSHOTS",
    "releases": "KG_RELEASES",
}
_WRITTEN = ("snapshots", "releases")
"""Folders that need not be there yet."""


def is_checkout(folder: Path) -> bool:
    """Whether a folder has what the graph is built from."""
    return all((folder / name).exists() for name in _MARKS)


def find_checkout(start: Path) -> Path | None:
    """The checkout that a folder is in, by its files."""
    return next((folder for folder in (start, *start.parents) if is_checkout(folder)), None)


def shipped_files() -> Path:
    """The folder with the files that belong to this code: its checkout, or what the wheel brought.

    :raises UsageError: if there are none
    """
    checkout = next(filter(is_checkout, (ROOT, SHIPPED)), None)
    if checkout is None:
        hint = "run kg inside a checkout, name one with --root FOLDER or KG_ROOT, or install the package again"
        raise UsageError("there is nothing to build the graph from: no ontology, data and queries", hint=hint)
    return checkout


@dataclass(frozen=True)
class Settings:
    """The folders the graph is built from and into.

    :param root: the top folder of the project
    :param ontology: ontology, concepts, rules, shapes
    :param data: registry, sources, editorial, coverage, rulings
    :param queries: the canned queries
    :param snapshots: where built snapshots and the link ``current`` are kept
    :param releases: where releases are, a folder each
    :param keep: how many snapshots a build leaves there, beside those in use
    """

    root: Path
    ontology: Path
    data: Path
    queries: Path
    snapshots: Path
    releases: Path
    keep: int = KEEP

    @property
    def current(self) -> Path:
        """The link to the newest complete snapshot."""
        return self.snapshots / "current"

    @classmethod
    def default(cls, root: Path | None = None) -> Settings:
        """The settings of a checkout; without one, those of the files that belong to this code.

        :raises UsageError: if there are none
        """
        from platformdirs import user_data_path

        root = root or shipped_files()
        snapshots = user_data_path(NAME, appauthor=False) / "build" if root == SHIPPED else root / "build"
        return cls(root, root / "ontology", root / "data", root / "queries", snapshots, root / "releases")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], here: Path | None = None) -> Settings:
        """The settings of a checkout, each folder replaced by that of a variable of `_FOLDERS`.

        The checkout is that of KG_ROOT, else the one that the working directory is in, else that of this code.

        :param here: the working directory
        :raises UsageError: if a folder is named that is not there, or there is nothing to build from
        """
        given = {field: Path(environ[name]) for field, name in _FOLDERS.items() if environ.get(name)}
        for field, folder in given.items():
            if field not in _WRITTEN and not folder.is_dir():
                raise UsageError(f"{_FOLDERS[field]}: there is no folder {folder}", hint="name an existing folder")
        return replace(cls.default(_root(environ.get("KG_ROOT"), here or Path.cwd())), **given)  # type: ignore[arg-type]  # all of them are folders


def _root(named: str | None, here: Path) -> Path | None:
    if not named:
        return find_checkout(here)
    if not is_checkout(Path(named)):
        hint = f"a checkout has {', '.join(_MARKS)}"
        raise UsageError(f"{named} is no checkout of the graph", hint=hint)
    return Path(named)
