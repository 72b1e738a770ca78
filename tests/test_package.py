"""The wheel, as somebody without a checkout has it: in an environment of its own, asked in an empty folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
import requests

from kg.settings import Settings, find_checkout
from tests.served import ROOT, free_port, scratch, wait_for
from tests.test_project import tracked

pytestmark = pytest.mark.slow
BUNDLE = Path("web/static/dist")


@cache
def wheel() -> Path:
    """The wheel, made of the files under version control and the bundled scripts."""
    source = scratch() / "wheel-source"
    for file in tracked():
        target = source / file.relative_to(ROOT)
        if target.parts[len(source.parts)] != "tests":
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target)
    shutil.copytree(ROOT / BUNDLE, source / BUNDLE, dirs_exist_ok=True)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(scratch() / "wheel"), "."], cwd=source, check=True, timeout=300)
    return next((scratch() / "wheel").glob("*.whl"))


@cache
def installed() -> Path:
    """The ``kg`` command of an environment that has the wheel; its libraries are those of this environment."""
    folder = scratch() / "venv"
    venv.create(folder, symlinks=True)
    site = next((folder / "lib").glob("python*/site-packages"))
    command = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet"]
    subprocess.run([*command, "--no-deps", "--no-index", str(wheel())], check=True, timeout=300)
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "kg"


def environment(home: Path, **more: str) -> dict[str, str]:
    """What a user has, and nothing of this checkout."""
    ours = ("KG_", "PYTHON", "XDG_", "VIRTUAL_ENV")
    return {k: v for k, v in os.environ.items() if not k.startswith(ours)} | {"HOME": str(home), **more}


def kg(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command, environ = [str(installed()), *arguments], environment(folder / "home", **more)
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=500)


def test_everything_that_the_graph_is_built_from_is_in_the_wheel() -> None:
    names = set(zipfile.ZipFile(wheel()).namelist())
    folders = ("ontology", "data", "queries", "releases")
    ours = [file.relative_to(ROOT).as_posix() for file in tracked()]
    shared = {f"kg/share/{name}" for name in ours if name.split("/")[0] in folders}
    code = {name for name in ours if name.split("/")[0] in ("kg", "web") and not name.startswith("web/frontend/")}
    assert len(shared) > 900
    assert shared | code <= names
    assert {"kg/py.typed", "web/py.typed", (BUNDLE / "site.js").as_posix()} <= names
    assert not [name for name in names if name.startswith("tests/") or "node_modules" in name]


def test_the_wheel_builds_and_serves_in_an_empty_folder(tmp_path: Path) -> None:
    built = kg(tmp_path, "build", "--quiet")
    assert (built.returncode, built.stdout) == (0, ""), built.stderr
    data = tmp_path / "home" / ".local" / "share" / "ca-ai-policy"
    assert (data / "build" / "current" / "dataset.nq").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    law = kg(tmp_path, "query", "instruments", "--country", "kz", "--kind", "Law", "--format", "csv")
    assert "in force" in law.stdout
    tables = kg(tmp_path, "export", "--format", "csv-zip", "--out", "tables.zip")
    assert tables.returncode == 0, tables.stderr
    serve_and_look(tmp_path)


def serve_and_look(folder: Path) -> None:
    port, log = free_port(), folder / "serve.log"
    command = [str(installed()), "serve", "--port", str(port), "--workers", "1"]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=folder, env=environment(folder / "home"), stdout=file, stderr=subprocess.STDOUT
        )
    site = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{site}/ready", process, log, 120)
        for path in ("/", "/country/kz", "/static/dist/site.css", "/openapi.json", "/context.jsonld", "/compare"):
            assert requests.get(site + path, timeout=60).status_code == 200, path
        russian = requests.get(f"{site}/?lang=ru", timeout=60).text
        assert 'lang="ru"' in russian
        assert "Казахстан" in russian
    finally:
        process.terminate()
        process.wait(60)


def test_the_python_interface_is_there(tmp_path: Path) -> None:
    script = "import kg; print(kg.__file__); kg.open_graph()"
    command = [str(installed().with_name("python")), "-c", script]
    environ = environment(tmp_path / "home")
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert str(installed().parent.parent) in done.stdout
    assert "SnapshotError" in done.stderr
    assert "run: kg build" in kg(tmp_path, "stats").stderr


def test_a_checkout_is_found_by_its_files(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for name in ("ontology", "queries"):
        shutil.copytree(ROOT / name, checkout / name)
    shutil.copytree(ROOT / "tests" / "data" / "mini", checkout / "data")
    inside = checkout / "data" / "sources"
    assert find_checkout(inside) == checkout
    found = Settings.from_environment({}, inside)
    assert (found.data, found.snapshots) == (checkout / "data", checkout / "build")
    done = kg(inside, "build", "--quiet")
    assert done.returncode == 0, done.stderr
    assert (checkout / "build" / "current").exists()
    for named in (["--root", str(checkout)], []):
        environ = {} if named else {"KG_ROOT": str(checkout)}
        done = kg(tmp_path, *named, "query", "sources", "--format", "csv", **environ)
        assert "Northland and its machines" in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("arguments", "environ", "told"),
    [
        (["--root", "."], {}, "is no checkout of the graph"),
        ([], {"KG_ROOT": "nowhere"}, "nowhere is no checkout of the graph"),
        ([], {"KG_DATA": "nowhere"}, "KG_DATA: there is no folder nowhere"),
    ],
)
def test_a_folder_that_is_not_there_is_an_error(
    tmp_path: Path, arguments: list[str], environ: Mapping[str, str], told: str
) -> None:
    for command in ("build", "validate", "query"):
        rest = ["targets"] if command == "query" else []
        done = kg(tmp_path, *arguments, command, *rest, **environ)
        assert done.returncode == 2, command
        assert told in done.stderr
        assert "Traceback" not in done.stderr


def test_with_nothing_to_build_from_the_error_says_what_to_do(tmp_path: Path) -> None:
    """Code alone, without the files of a wheel and outside a checkout."""
    for name in ("kg", "web"):
        shutil.copytree(
            ROOT / name, tmp_path / "code" / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__")
        )
    environ = environment(tmp_path, PYTHONPATH=str(tmp_path / "code"))
    for command in ("build", "validate"):
        done = subprocess.run(
            [sys.executable, "-m", "kg", command], cwd=tmp_path, env=environ, capture_output=True, text=True,
            check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 2
        assert "there is nothing to build the graph from" in done.stderr
        assert "--root" in done.stderr
