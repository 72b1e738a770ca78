"""Addresses of style sheets and scripts: built by esbuild into static/dist, named by their content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import current_app, url_for


def asset(name: str) -> str:
    """The address of a built file; it changes when the file does, so it may be kept for a year."""
    folder = Path(current_app.static_folder or "")
    return url_for("static", filename=f"dist/{name}", v=_version(folder / "dist" / name))


def fonts(tag: str) -> list[str]:
    """The addresses of the fonts that every page in a language needs, to be fetched while its style sheet is."""
    scripts = ("latin", "cyrillic") if tag == "ru" else ("latin",)
    names = _fonts(Path(current_app.static_folder or "") / "dist")
    wanted = [name for script in scripts for name in names if f"-{script}-wght" in name]
    return [url_for("static", filename=f"dist/{name}") for name in wanted]


@cache
def _fonts(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("*.woff2"))


@cache
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.exists() else "none"
