"""What views hand to templates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.explorer import application

ROOT = Path(__file__).parents[1]


def given() -> Iterator[tuple[str, str]]:
    """Every name that a view hands to a template by a keyword: file and name."""
    for path in sorted((ROOT / "web").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "render_template":
                yield from ((str(path.relative_to(ROOT)), word.arg) for word in node.keywords if word.arg)


def test_no_view_hides_a_helper_of_the_templates() -> None:
    """A value of the name of a helper stands in its place, in every template that the page is made of."""
    names = list(given())
    assert len(names) > 50
    helpers = set(application().jinja_env.globals)
    assert [(path, name) for path, name in names if name in helpers] == []
