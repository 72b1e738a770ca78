"""Releases: the same bytes again on another day, every checksum right, metadata that the validators accept."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
import requests_cache
from jsonschema import Draft7Validator
from pyoxigraph import Dataset, RdfFormat, parse
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from kg.checksums import CHECKSUMS
from kg.errors import SnapshotError, UsageError
from kg.releases.archive import MANIFEST, NQUADS, SUFFIX, find_release, find_releases
from kg.releases.make import canonical_hash, make_release
from kg.snapshot import hash_inputs
from tests.released import DAY, LATER, manifest, releases, settings
from tests.served import ROOT

BIN = Path(sys.executable).parent


def test_every_format_is_there_with_its_checksum() -> None:
    folder = releases() / "0.9.0"
    done = subprocess.run(["sha256sum", "--check", "--strict", CHECKSUMS], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    names = {line.split("  ")[1] for line in (folder / CHECKSUMS).read_text().splitlines()}
    assert names == {path.name for path in folder.iterdir() if path.suffix != SUFFIX} - {CHECKSUMS}
    assert len(names) == 14
    listed = {file["name"]: file for file in manifest("0.9.0")["files"]}  # type: ignore[index, attr-defined]
    assert names - set(listed) == {MANIFEST}
    for name, file in listed.items():
        content = (folder / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"]), name


def test_the_manifest_names_the_canonical_hash() -> None:
    nquads = (releases() / "0.9.0" / NQUADS).read_bytes()
    stated = manifest("0.9.0")
    assert stated["canonical"] == {"algorithm": "RDFC-1.0", "hash": "SHA-256", "value": canonical_hash(nquads)}
    assert stated["inputs"] == hash_inputs(sorted(nquads.splitlines(keepends=True)))
    assert (stated["version"], stated["day"], stated["commit"]) == ("0.9.0", DAY.isoformat(), "0" * 40)
    assert "version 0.9.0 of 2026-11-25" in str(stated["citeAs"])


def test_the_canonical_hash_does_not_depend_on_order_or_blank_node_labels() -> None:
    one = b"<urn:a> <urn:p> _:x .\n_:x <urn:p> _:y .\n"
    other = b"_:b <urn:p> _:a .\n<urn:a> <urn:p> _:b .\n"
    assert canonical_hash(one) == canonical_hash(other)
    assert canonical_hash(one) != canonical_hash(b"<urn:a> <urn:p> _:x .\n_:y <urn:p> _:x .\n")


@pytest.mark.slow
def test_the_same_release_again_is_the_same_bytes(tmp_path: Path) -> None:
    """In another process, with another hash seed, time zone, language and folder."""
    script = """
import sys
from datetime import date
from pathlib import Path
from kg.releases.make import make_release
from tests.released import settings, MINI
make_release(settings(Path(sys.argv[1]), MINI), "0.9.0", date(2026, 11, 25), commit="0" * 40, project="0.9.0")
"""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "4711", "TZ": "Asia/Almaty", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, env=environ, check=True, timeout=300)
    again, first = tmp_path / "releases" / "0.9.0", releases() / "0.9.0"
    assert {path.name for path in again.iterdir()} == {path.name for path in first.iterdir()}
    assert [path.name for path in again.iterdir() if path.read_bytes() != (first / path.name).read_bytes()] == []


def test_the_inputs_are_the_same_on_another_day_and_others_after_an_edit(tmp_path: Path) -> None:
    later = make_release(settings(tmp_path), "0.9.1", LATER, project="0.9.1")
    assert later.inputs == manifest("0.9.0")["inputs"]
    assert later.manifest["canonical"] != manifest("0.9.0")["canonical"]
    assert later.inputs != manifest("0.10.0")["inputs"]


def test_every_file_can_be_had_again_from_what_is_kept(tmp_path: Path) -> None:
    first = releases() / "0.9.0"
    kept = tmp_path / "releases" / "0.9.0"
    kept.mkdir(parents=True)
    for path in first.iterdir():
        if path.suffix == SUFFIX or not path.name.startswith("ca-ai-policy."):
            shutil.copy2(path, kept / path.name)
    done = kg(tmp_path / "releases", "release", "0.9.0", "--again")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": OK") == 15
    assert [path.name for path in first.iterdir() if (kept / path.name).read_bytes() != path.read_bytes()] == []
    done = kg(tmp_path / "releases", "release", "latest", "--again", "--into", str(tmp_path / "elsewhere"))
    assert (tmp_path / "elsewhere" / NQUADS).read_bytes() == (first / NQUADS).read_bytes()


def test_a_damaged_release_is_refused(tmp_path: Path) -> None:
    shutil.copytree(releases() / "0.9.0", tmp_path / "0.9.0")
    (tmp_path / "0.9.0" / NQUADS).unlink()
    kept = tmp_path / "0.9.0" / (NQUADS + SUFFIX)
    other = (releases() / "0.10.0" / kept.name).read_bytes()
    kept.write_bytes(other)
    with pytest.raises(SnapshotError, match="its checksum is another"):
        find_release(tmp_path, "0.9.0").open()
    kept.write_bytes(other[:1000])
    with pytest.raises(SnapshotError, match="cannot be read"):
        find_release(tmp_path, "0.9.0").open()
    (tmp_path / "0.9.0" / "datacite.json").write_text("{}")
    with pytest.raises(SnapshotError, match="is not what release"):
        find_release(tmp_path, "0.9.0").read("datacite.json")


def test_versions_are_sorted_as_numbers() -> None:
    assert [release.version for release in find_releases(releases())] == ["0.9.0", "0.10.0"]
    assert find_release(releases(), "latest").version == "0.10.0"
    with pytest.raises(UsageError, match="there is no release") as caught:
        find_release(releases(), "1.0")
    assert "0.9.0, 0.10.0" in str(caught.value.hint)


def kg(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "KG_RELEASES": str(folder)}
    command = [sys.executable, "-m", "kg", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["0.9.0"], "a release has a day"),
        (["banana", "--day", "2026-11-25"], "'banana' is no version"),
        (["77.0.0", "--day", "2026-11-25"], "not 77.0.0"),
        (["0.9.0", "--day", "yesterday"], "yesterday"),
        (["77.0.0", "--again"], "there is no release '77.0.0'"),
    ],
)
def test_a_wrong_release_says_what_to_do(arguments: list[str], told: str) -> None:
    done = kg(releases(), "release", *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_release_is_never_made_over(tmp_path: Path) -> None:
    shutil.copytree(releases() / "0.9.0", tmp_path / "releases" / "0.9.0")
    before = (tmp_path / "releases" / "0.9.0" / MANIFEST).read_bytes()
    with pytest.raises(UsageError, match="is there already"):
        make_release(settings(tmp_path), "0.9.0", date(2027, 1, 1), project="0.9.0")
    assert (tmp_path / "releases" / "0.9.0" / MANIFEST).read_bytes() == before


def test_the_citation_is_valid() -> None:
    command = [str(BIN / "cffconvert"), "--validate", "--infile", str(releases() / "0.9.0" / "CITATION.cff")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    own = [str(BIN / "cffconvert"), "--validate", "--infile", str(ROOT / "CITATION.cff")]
    assert subprocess.run(own, capture_output=True, check=False, timeout=60).returncode == 0


def test_the_metadata_of_the_doi_are_valid() -> None:
    schema = json.loads((files("datacite") / "schemas" / "datacite-v4.5.json").read_text("utf-8"))
    document = json.loads((releases() / "0.9.0" / "datacite.json").read_text("utf-8"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(document)] == []
    assert document["dates"] == [{"date": "2026-11-25", "dateType": "Issued"}]


class Context(BaseAdapter):
    """Answers with the context of RO-Crate, which its library brings, so that the validator needs no network."""

    def send(self, request: PreparedRequest, *_: object, **__: object) -> Response:
        """The context, whatever is asked for."""
        content = (files("rocrate") / "data" / "ro-crate.jsonld").read_bytes()
        response = Response()
        response.status_code, response.url, response.request = 200, str(request.url), request
        response.headers["Content-Type"] = "application/ld+json"
        response.raw = HTTPResponse(io.BytesIO(content), headers=response.headers, status=200, preload_content=False)
        return response

    def close(self) -> None:
        """Nothing is open."""


def test_the_research_object_crate_is_valid(tmp_path: Path) -> None:
    with requests_cache.CachedSession(str(tmp_path / "cache")) as session:
        session.mount("https://", Context())
        assert session.get("https://w3id.org/ro/crate/1.3/context").status_code == 200
    report = tmp_path / "report.json"
    command = [str(BIN / "rocrate-validator"), "--no-interactive", "--disable-color", "validate", "--offline"]
    command += ["--cache-path", str(tmp_path / "cache"), "--profile-identifier", "ro-crate-1.3", "--no-paging"]
    command += ["--requirement-severity", "REQUIRED", "--output-format", "json", "--output-file", str(report)]
    done = subprocess.run(
        [*command, str(releases() / "0.9.0")], capture_output=True, text=True, check=False, timeout=300
    )
    assert report.exists(), done.stdout + done.stderr
    found = json.loads(report.read_text("utf-8"))
    assert found["passed"], found["issues"]


def test_every_format_of_a_release_says_the_same() -> None:
    folder = releases() / "0.9.0"
    nquads = Dataset(parse(path=folder / NQUADS, format=RdfFormat.N_QUADS))
    trig = Dataset(parse(path=folder / "ca-ai-policy.trig", format=RdfFormat.TRIG))
    assert nquads == trig
