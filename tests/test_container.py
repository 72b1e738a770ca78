"""The container file: a linter finds nothing, and what it promises (no rights, a health check) is in it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.served import ROOT, site

FILE = ROOT / "deploy" / "Dockerfile"
TEXT = FILE.read_text("utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="the linter is packaged for Linux only")
def test_the_linter_finds_nothing() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert hadolint, "hadolint is in the lock file of the tests"
    done = subprocess.run([hadolint, str(FILE)], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")


def test_it_runs_without_rights() -> None:
    last_stage = TEXT.rpartition("FROM ")[2]
    user = re.search(r"^USER (\d+):(\d+)$", last_stage, re.MULTILINE)
    assert user
    assert int(user[1]) > 0
    assert "pip install" not in last_stage


def test_the_health_check_is_a_command_that_works() -> None:
    check = re.search(r'^HEALTHCHECK .*\\\n\s+CMD \["python", "-c", "(.+)"\]$', TEXT, re.MULTILINE)
    assert check
    script = check[1].replace("http://127.0.0.1:8000", site().url)
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0
    broken = script.replace("/health", "/no-such-page")
    done = subprocess.run([sys.executable, "-c", broken], check=False, timeout=60, capture_output=True)
    assert done.returncode == 1


def test_it_has_a_python_that_the_project_allows() -> None:
    allowed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    versions = set(re.findall(r"^FROM python:(\d+\.\d+)-", TEXT, re.MULTILINE))
    assert {f">={version}" for version in versions} == {allowed}


def test_what_is_built_here_does_not_get_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".git", ".venv", "build", "**/node_modules", "web/static/dist"} <= set(ignored)


def test_the_allocator_that_is_preloaded_is_installed() -> None:
    last_stage = TEXT.rpartition("FROM ")[2]
    assert "LD_PRELOAD=libmimalloc.so.2" in last_stage
    assert "libmimalloc2.0" in last_stage
