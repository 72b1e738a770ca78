"""What can rot about the project itself: versions, locks, machine paths, the commands that the README gives."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import kg

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
GUIDES = (
    "README.md",
    "CONTRIBUTING.md",
    "data/README.md",
    "data/TABLES.md",
    "ontology/README.md",
    "queries/README.md",
    "deploy/README.md",
    "deploy/Dockerfile",
)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def tracked() -> list[Path]:
    """The files that are under version control, or would be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_one_version_everywhere() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    changelog = re.search(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", read("CHANGELOG.md"), re.MULTILINE)
    citation = re.search(r"^version: (\S+)$", read("CITATION.cff"), re.MULTILINE)
    ontology = re.search(r'owl:versionInfo "([^"]+)"', read("ontology/ai-policy.ttl"))
    assert changelog
    assert citation
    assert ontology
    assert project["version"] == kg.__version__ == changelog[1] == citation[1]
    # Between releases the ontology is ahead once it changes; tests/test_ontology_served.py holds it to that.
    assert _numbers(ontology[1]) >= _numbers(changelog[1])


def test_every_release_keeps_its_ontology() -> None:
    kept = {path.name for path in (ROOT / "releases").iterdir() if path.is_dir()}
    assert kept <= {path.stem for path in (ROOT / "ontology" / "releases").glob("*.ttl")}


def _numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


def test_the_changelog_has_known_headings_only() -> None:
    known = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.+)$", read("CHANGELOG.md"), re.MULTILINE)) <= known


@pytest.mark.parametrize("name", LOCKS)
def test_locks_name_packages_and_hashes_and_no_address(name: str) -> None:
    text = read(name)
    assert "://" not in text
    assert not re.search(r"--(index|extra-index|find-links|trusted)", text)
    assert not re.search(r"\b[a-z0-9-]+\.(com|org|io|net|dev|example|internal|local)\b", text)
    requirement = re.compile(r"[a-z0-9][a-z0-9._-]*==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert all(requirement.fullmatch(line) for line in text.splitlines())


def test_scripts_are_locked_by_hash_and_no_address() -> None:
    locks = [file for file in tracked() if file.name == "package-lock.json"]
    assert not [str(lock.relative_to(ROOT)) for lock in locks if '"resolved"' in lock.read_text("utf-8")]


def versions(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", read(name), re.MULTILINE))


def test_the_test_lock_holds_the_very_packages_that_are_served() -> None:
    served, tested = (versions(name) for name in LOCKS)
    assert served.items() <= tested.items()


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    optional = project["optional-dependencies"]
    served = [*project["dependencies"], *optional["make"], *optional["release"], *optional["tables"]]
    for lock, wanted in ((LOCKS[0], served), (LOCKS[1], [*served, *optional["dev"]])):
        names = {re.split(r"[<>=!~\[ ]", requirement)[0].lower().replace("_", "-") for requirement in wanted}
        assert names <= set(versions(lock))


def test_no_path_of_a_machine_in_any_file() -> None:
    path = re.compile(rb"(?<![\w.:/-])/(?:work|root|home|Users)/\w")
    found = [
        f"{file.relative_to(ROOT)}: {match[0]!r}" for file in tracked() for match in path.finditer(file.read_bytes())
    ]
    assert not [slip for slip in found if not slip.startswith("tests/test_project.py")]


def test_no_file_is_larger_than_a_reader_can_take() -> None:
    """Code stays in small files; generated ones and bundles are not committed."""
    code = [file for file in tracked() if file.suffix == ".py" and file.parts[-2] != "tests"]
    assert {
        str(file.relative_to(ROOT)): n for file in code if (n := len(file.read_text("utf-8").splitlines())) > 400
    } == {}


def test_the_readme_gives_the_two_commands() -> None:
    assert {"make serve", "make test"} <= set(re.findall(r"make \w+", read("README.md")))


@pytest.mark.parametrize("name", GUIDES)
def test_every_make_target_of_a_guide_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    named = re.findall(r"(?:^|`|\bRUN )make ([a-z -]+)(?:`|$|  )", read(name), re.MULTILINE)
    assert {target for targets_of_one in named for target in targets_of_one.split()} <= targets


@pytest.mark.parametrize("name", GUIDES)
def test_every_kg_command_of_a_guide_exists(name: str) -> None:
    import click

    from kg.cli import group

    used = set(re.findall(r"(?:^|`|\$ |/)kg ([a-z][a-z-]*)", read(name), re.MULTILINE))
    assert used <= set(group.list_commands(click.Context(group)))


@pytest.mark.parametrize("name", GUIDES)
def test_every_file_that_a_guide_names_exists(name: str) -> None:
    text, folder = read(name), (ROOT / name).parent
    linked = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert not [link for link in linked if not (folder / link).exists()]
    tests = re.findall(r"tests/[\w/.]+\.py", text)
    assert not [test for test in tests if not (ROOT / test).exists()]


def test_the_guide_for_contributors_fits_on_one_screen() -> None:
    assert len(read("CONTRIBUTING.md").splitlines()) <= 50


def test_continuous_integration_runs_what_the_readme_says() -> None:
    script = read(".ci/run")
    assert script.rstrip().endswith("\nmake test")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)


def test_make_knows_what_to_do_first() -> None:
    """A dry run in a checkout without an environment: make it from the lock, then build, then serve."""
    command = ["make", "--dry-run", "--always-make", "serve"]
    plan = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    steps = ["-m venv", "--require-hashes --requirement requirements.lock", "kg build", "kg serve"]
    places = [plan.index(step) for step in steps]
    assert places == sorted(places)
    assert "requirements-dev" not in plan
