"""Reads releases: which there are, what they hold, and the bytes of their files, checked against the manifest."""

import hashlib
import json
import lzma
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, Store, parse

from kg.checksums import CHECKSUMS
from kg.errors import SnapshotError, UnknownThingError
from kg.formats import GRAPH_FORMATS
from kg.store import load

MANIFEST = "manifest.json"
SUFFIX = ".xz"
"""What the compressed files are called by which a release is kept."""
NQUADS = GRAPH_FORMATS["nquads"].file_name
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)\Z")


@dataclass(frozen=True)
class ReleasedFile:
    """A file of a release.

    :param sha256: of its bytes, in hexadecimal
    """

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Release:
    """A release.

    :param folder: where its manifest is
    """

    version: str
    folder: Path

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What the release says of itself.

        :raises SnapshotError: if it cannot be read
        """
        path = self.folder / MANIFEST
        try:
            manifest: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise SnapshotError("the manifest of the release cannot be read", path=path, hint=_HINT) from error
        return manifest

    @property
    def day(self) -> date:
        """The day of the release, for which its current values hold."""
        return date.fromisoformat(self.manifest["day"])

    @property
    def inputs(self) -> str:
        """The hash of what it was computed from: see `kg.snapshot.hash_inputs`."""
        return str(self.manifest["inputs"])

    @cached_property
    def files(self) -> Mapping[str, ReleasedFile]:
        """Its files by name, those of the graph first."""
        listed = (ReleasedFile(f["name"], f["mediaType"], f["bytes"], f["sha256"]) for f in self.manifest["files"])
        return {file.name: file for file in listed}

    @property
    def documents(self) -> Mapping[str, str]:
        """What stands beside the files that the manifest lists, and its media type."""
        return {MANIFEST: "application/json", CHECKSUMS: "text/plain"}

    def check_name(self, name: str) -> None:
        """Whether there is a file of that name.

        :raises UnknownThingError: if there is none
        """
        if name not in self.files and name not in self.documents:
            known = ", ".join((*self.files, *self.documents))
            raise UnknownThingError(f"release {self.version} has no file {name[:80]!r}", hint=f"files: {known}")

    def quads(self) -> Iterator[Quad]:
        """The dataset of the release.

        :raises SnapshotError: if it is not there, or not what the manifest says
        """
        return parse(self.read(NQUADS), format=RdfFormat.N_QUADS)

    def open(self) -> Store:
        """The dataset in memory; see `quads`."""
        return load(self.quads())

    def read(self, name: str) -> bytes:
        """The bytes of a file, whether it is kept compressed or as it is.

        :raises UnknownThingError: if there is no such file
        :raises SnapshotError: if it cannot be read, or the bytes are not those that the manifest promises
        """
        self.check_name(name)
        path = self.folder / name
        try:
            content = path.read_bytes() if path.exists() else lzma.decompress(self._kept(name).read_bytes())
        except (OSError, lzma.LZMAError) as error:
            raise SnapshotError(f"{name} of the release cannot be read", path=path, hint=_HINT) from error
        if name in self.files and hashlib.sha256(content).hexdigest() != self.files[name].sha256:
            message = f"{name} is not what release {self.version} promises: its checksum is another"
            raise SnapshotError(message, path=path, hint=_HINT)
        return content

    def _kept(self, name: str) -> Path:
        return self.folder / (name + SUFFIX)


_HINT = "get the folder of the release again from where you had it"


def find_releases(folder: Path) -> tuple[Release, ...]:
    """The releases in a folder, the oldest version first."""
    folders = [path for path in folder.glob("*") if VERSION.match(path.name) and (path / MANIFEST).is_file()]

    def order(path: Path) -> tuple[int, ...]:
        return tuple(map(int, path.name.split(".")))

    return tuple(Release(path.name, path) for path in sorted(folders, key=order))


def find_release(folder: Path, version: str) -> Release:
    """The release of that version; ``latest`` is the newest.

    :raises UnknownThingError: if there is none
    """
    return pick_release(find_releases(folder), version)


def pick_release(releases: Sequence[Release], version: str) -> Release:
    """One of the releases, which are in the order of their versions; see `find_release`."""
    if version == "latest" and releases:
        return releases[-1]
    for release in releases:
        if release.version == version:
            return release
    known = ", ".join(release.version for release in releases) or "none yet"
    raise UnknownThingError(f"there is no release {version[:40]!r}", hint=f"releases: {known}")


def checksum_lines(files: Mapping[str, ReleasedFile]) -> str:
    """What ``sha256sum --check`` reads, for `CHECKSUMS`."""
    return "".join(f"{file.sha256}  {file.name}\n" for file in files.values() if file.name != CHECKSUMS)
