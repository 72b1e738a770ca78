"""Makes a release: builds the graph for the day of the release and writes every file, the same bytes on every day.

What the files depend on: the files of the checkout, the version and day of the release, and the libraries named in
the manifest. Not on the hash seed, the clock, the folder or the machine's language.
"""

import hashlib
import lzma
import platform
import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from importlib.metadata import version as version_of
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, Store, parse

from kg import snapshot
from kg.build import build
from kg.checksums import CHECKSUMS
from kg.errors import UsageError
from kg.export import export
from kg.formats import GRAPH_FORMATS, TABLE_FORMATS, FileFormat, TableFormat
from kg.releases import metadata
from kg.releases.archive import MANIFEST, NQUADS, SUFFIX, Release, ReleasedFile, checksum_lines
from kg.releases.archive import VERSION as _PATTERN
from kg.releases.metadata import Edition
from kg.settings import Settings
from kg.store import open_snapshot
from kg.tabular.export import export_tables
from kg.text_files import to_json
from kg.version import VERSION

_LIBRARIES = ("pyoxigraph", "duckdb", "openpyxl")
_FORMATS: tuple[FileFormat, ...] = (*GRAPH_FORMATS.values(), *TABLE_FORMATS.values())
Progress = Callable[[str], None]


def make_release(
    settings: Settings,
    version: str,
    day: date,
    *,
    commit: str | None = None,
    progress: Progress = lambda name: None,
    project: str = VERSION,
) -> Release:
    """Build the graph for a day and write the release into its folder, complete or not at all.

    :param version: that of this code, data and ontology
    :param day: the day of the release, for which its current values hold
    :param commit: the commit that the files are of, for the manifest
    :param progress: called as each file is begun
    :param project: the version of this code
    :raises UsageError: if the version is not that of the project, or there is such a release already
    :raises GraphError: for an error in the files
    """
    target = settings.releases / version
    _check(version, project, target)
    settings.releases.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=settings.releases) as name:
        folder, built = Path(name) / version, Path(name) / "build"
        folder.mkdir()
        report = build(replace(settings, snapshots=built), day=day)
        store = open_snapshot(report.snapshot)
        _write_files(folder, store, progress)
        with (report.snapshot / snapshot.DATASET).open("rb") as lines:
            inputs = snapshot.hash_inputs(lines)
        stated = {"commit": commit, "inputs": inputs, "counts": report.counts}
        _describe(folder, Edition.read(version, day, store), stated)
        folder.chmod(0o755)
        folder.rename(target)
    return Release(version, target)


def _check(version: str, project: str, target: Path) -> None:
    if not _PATTERN.match(version):
        raise UsageError(f"{version!r} is no version", hint="write three numbers: 1.0.0")
    if version != project:
        hint = "set it in pyproject.toml, kg/version.py, CITATION.cff, CHANGELOG.md and ontology/ai-policy.ttl first"
        raise UsageError(f"this is version {project}, not {version}", hint=hint)
    if target.exists():
        raise UsageError(
            f"release {version} is there already: {target}", hint=f"kg release {version} --again checks it"
        )


def _write_files(folder: Path, store: Store, progress: Progress) -> None:
    for form in _FORMATS:
        progress(form.file_name)
        path = folder / form.file_name
        if isinstance(form, TableFormat):
            export_tables(store, form.name, path)
        else:
            export(store, form.name, path)
        path.with_name(path.name + SUFFIX).write_bytes(lzma.compress(path.read_bytes()))


def canonical_hash(nquads: bytes) -> str:
    """The SHA-256 of the canonical N-Quads of a dataset (RDFC-1.0, https://www.w3.org/TR/rdf-canon/)."""
    dataset = Dataset(parse(nquads, format=RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    digest = hashlib.sha256()
    for line in sorted(f"{quad} .\n" for quad in dataset):
        digest.update(line.encode())
    return digest.hexdigest()


def _describe(folder: Path, edition: Edition, stated: Mapping[str, object]) -> None:
    """Write metadata, manifest and checksums.

    :param stated: what the manifest says beside what the files say
    """
    canonical = canonical_hash((folder / NQUADS).read_bytes())
    files = _write_metadata(folder, edition, canonical)
    manifest = {
        "title": edition.title,
        "version": edition.version,
        "day": edition.day.isoformat(),
        "citeAs": edition.cite_as,
        "canonical": {"algorithm": "RDFC-1.0", "hash": "SHA-256", "value": canonical},
        **stated,
        "madeWith": _made_with(),
        "files": [
            {"name": one.name, "mediaType": one.media_type, "bytes": one.size, "sha256": one.sha256}
            for one in files.values()
        ],
    }
    (folder / MANIFEST).write_text(to_json(manifest), "utf-8")
    files[MANIFEST] = _file(folder, MANIFEST, "application/json")
    (folder / CHECKSUMS).write_text(checksum_lines(files), "utf-8")


def _write_metadata(folder: Path, edition: Edition, canonical: str) -> dict[str, ReleasedFile]:
    """Write what archives read; returns all files so far by name."""
    files = {form.file_name: _file(folder, form.file_name, form.media_type) for form in _FORMATS}
    data = list(files.values())
    for name, media_type, content in (
        (metadata.CITATION, "application/yaml", metadata.citation_cff(edition)),
        (metadata.DATACITE, "application/json", metadata.datacite_json(edition, data)),
        (metadata.RO_CRATE, "application/ld+json", metadata.ro_crate(edition, data, canonical)),
    ):
        (folder / name).write_bytes(content)
        files[name] = _file(folder, name, media_type)
    return files


def _file(folder: Path, name: str, media_type: str) -> ReleasedFile:
    content = (folder / name).read_bytes()
    return ReleasedFile(name, media_type, len(content), hashlib.sha256(content).hexdigest())


def _made_with() -> dict[str, str]:
    """The libraries whose versions decide on the bytes of a file, beside those of the lock file."""
    own = {"python": platform.python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION, "sqlite": sqlite3.sqlite_version}
    return own | {name: version_of(name) for name in _LIBRARIES}
