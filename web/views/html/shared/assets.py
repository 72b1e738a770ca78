"""The bundled files, scripts, styles and fonts, by addresses that change when a file does."""

import hashlib
from functools import cache
from pathlib import Path

from flask import current_app, url_for

from web.locale import language, script_of


def asset(file_name: str) -> str:
    """The address of a bundled file; it changes when the file does, so browsers may keep the file for a year."""
    return url_for("static", filename=f"dist/{file_name}", v=_version(_bundle() / file_name))


def fonts() -> list[str]:
    """The addresses of the fonts for the scripts of the reader's language, to be fetched while the style sheet is."""
    scripts = {"latin", script_of(language())}
    files = [
        file for script in sorted(scripts, reverse=True) for file in _fonts(_bundle()) if f"-{script}-wght" in file
    ]
    return [url_for("static", filename=f"dist/{file}") for file in files]


def _bundle() -> Path:
    return Path(current_app.static_folder or "") / "dist"


@cache
def _fonts(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("*.woff2"))


@cache
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.exists() else "none"
