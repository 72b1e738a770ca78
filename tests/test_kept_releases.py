"""The releases in the repository: each can be had again, byte by byte, and its parts agree with each other."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from pyoxigraph import Dataset, Quad, RdfFormat, parse

from kg.checksums import CHECKSUMS
from kg.diff import KINDS, compare
from kg.releases.archive import NQUADS, SUFFIX, Release, find_releases
from kg.releases.make import canonical_hash
from kg.snapshot import hash_inputs
from kg.terms import GRAPH
from tests.served import ROOT, record
from tests.test_project import tracked

RELEASES = find_releases(ROOT / "releases")
each = pytest.mark.parametrize("release", RELEASES, ids=[release.version for release in RELEASES])
pytestmark = pytest.mark.slow


def test_release_1_0_0_is_there() -> None:
    assert "1.0.0" in [release.version for release in RELEASES]


@each
def test_every_file_has_the_checksum_of_the_list(release: Release) -> None:
    listed = dict(line.split("  ")[::-1] for line in (release.folder / CHECKSUMS).read_text("utf-8").splitlines())
    assert set(listed) == {*release.files, "manifest.json"}
    for name, digest in listed.items():
        assert hashlib.sha256(release.read(name)).hexdigest() == digest, name


@each
def test_what_is_kept_is_under_version_control_and_what_is_unpacked_is_not(release: Release) -> None:
    kept = {file.name for file in tracked() if file.parent == release.folder}
    data = {name for name in release.files if name.startswith("ca-ai-policy.")}
    assert {name + SUFFIX for name in data} <= kept
    assert not data & kept


@each
def test_the_dataset_has_the_hashes_of_the_manifest(release: Release) -> None:
    nquads = release.read(NQUADS)
    assert canonical_hash(nquads) == release.manifest["canonical"]["value"]
    assert hash_inputs(sorted(nquads.splitlines(keepends=True))) == release.inputs


@each
def test_every_graph_format_says_the_same(release: Release) -> None:
    quads = Dataset(release.quads())
    assert Dataset(parse(BytesIO(release.read("ca-ai-policy.trig")), format=RdfFormat.TRIG)) == quads
    accepted = {quad.triple for quad in quads if quad.graph_name == GRAPH.accepted}
    for name, form in (("nt", RdfFormat.N_TRIPLES), ("ttl", RdfFormat.TURTLE)):
        parsed = parse(BytesIO(release.read(f"ca-ai-policy.{name}")), format=form)
        assert {quad.triple for quad in parsed} == accepted, name


@each
def test_the_difference_to_the_head_can_be_told(release: Release) -> None:
    changes = compare(release.open(), record())
    assert {change.kind for change in changes} <= set(KINDS)
    before, after = ({quad for quad in store if _is_claim(quad)} for store in (release.open(), record()))
    assert bool(before ^ after) >= any(change.kind in ("changed", "withdrawn") for change in changes)


def _is_claim(quad: Quad) -> bool:
    return "/assertion/" in str(quad.graph_name)
