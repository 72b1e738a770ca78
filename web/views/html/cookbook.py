"""Recipes for using the graph in other tools: a page, and each snippet as a file, Python ones as a notebook too."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Response, render_template
from werkzeug.exceptions import NotFound

from kg.message import Message
from kg.text_files import read_yaml, to_json
from web.addresses import site_address
from web.answers.conditional import conditional
from web.locale import language
from web.views.html.shared.caching import cached_page

FOLDER = Path(__file__).parents[2] / "cookbook"
ADDRESS = "http://127.0.0.1:8000"
"""Where the snippets have the site: they run as they stand beside ``make serve``."""
_NOTEBOOK = ".ipynb"


@dataclass(frozen=True)
class Recipe:
    """A way to use the graph in a tool.

    :param file: the snippet; a file that the site makes itself if there is an address
    :param about: what it does, by language
    """

    tool: str
    file: str
    about: dict[str, str]
    address: str = ""

    @property
    def code(self) -> str:
        """The snippet with the address of this site; empty if the site makes the file."""
        if self.address:
            return ""
        # A program that is no part of this one has another ending, so that nothing takes it for a module.
        path = FOLDER / (f"{self.file}.txt" if self.file.endswith(".py") else self.file)
        return path.read_text("utf-8").replace(ADDRESS, site_address().rstrip("/"))

    @property
    def notebook(self) -> str:
        """The name of the same as a notebook; empty if it is no Python."""
        return Path(self.file).stem + _NOTEBOOK if self.file == "join.py" else ""

    @property
    def text(self) -> str:
        """What it does, in the reader's language."""
        return self.about.get(language(), self.about["en"])


@cache
def recipes() -> tuple[Recipe, ...]:
    """All recipes, in the order of the page."""
    listed = read_yaml(FOLDER / "recipes.yaml")
    return tuple(
        Recipe(
            each["tool"],
            each["file"],
            {tag: text for tag, text in each.items() if len(tag) == 2},
            each.get("address", ""),
        )
        for each in listed
    )


@cached_page
def cookbook() -> str:
    """All recipes."""
    return render_template("pages/cookbook.html", recipes=recipes())


def file(name: str) -> Response:
    """A snippet as a file, with the address of this site in it.

    :raises NotFound: if there is no such recipe
    """
    recipe = next((each for each in recipes() if each.code and name in (each.file, each.notebook)), None)
    if recipe is None:
        raise NotFound(Message("There is no such recipe."))
    text = notebook(recipe) if name == recipe.notebook else recipe.code
    kind = "application/x-ipynb+json" if name == recipe.notebook else "text/plain"
    response = conditional(("recipe", text), f"{kind}; charset=utf-8", lambda: text)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def notebook(recipe: Recipe) -> str:
    """A recipe as a notebook (https://nbformat.readthedocs.io/en/latest/format_description.html)."""
    code = recipe.code.replace("sys.argv[1]", '"figures.csv"').replace("import sys\n\n", "")
    about = {"cell_type": "markdown", "id": "about", "metadata": {}, "source": f"# {recipe.tool}\n\n{recipe.text}"}
    cell = {"cell_type": "code", "id": "code", "metadata": {}, "source": code}
    runs: dict[str, object] = {**cell, "execution_count": None, "outputs": []}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": [about, runs]}
    return to_json(document)
