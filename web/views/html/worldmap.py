"""The map of the five countries: outlines drawn once by the build of the scripts, coloured here by a figure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app

from web.views.html.figures import Figure
from web.views.html.terms import COUNTRIES

SHADES = 5


@dataclass(frozen=True)
class Shape:
    """A country on the map.

    :param shade: from 0 (least) to 4 (most); -1 where the figure is not known
    """

    code: str
    path: str
    x: int
    y: int
    shade: int


@dataclass(frozen=True)
class Map:
    """All five, and the size of the drawing."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


def draw(figure: Figure) -> Map | None:
    """The map coloured by a figure; ``None`` where the outlines were not built, and the table must do."""
    outlines = _outlines(Path(current_app.static_folder or "") / "dist" / "countries.json")
    if outlines is None:
        return None
    shades = shade(figure)
    shapes = tuple(
        Shape(one["code"], one["path"], one["centre"][0], one["centre"][1], shades[one["code"]])
        for one in outlines["countries"]
    )
    return Map(outlines["width"], outlines["height"], shapes)


@cache
def _outlines(path: Path) -> dict[str, Any] | None:
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def shade(figure: Figure) -> dict[str, int]:
    """The shade of each country: its place among the values, equal values alike, the better the darker."""
    values = sorted({value for value in figure.values.values() if value is not None}, reverse=figure.low_is_more)
    last = max(len(values) - 1, 1)
    places = {value: round(place * (SHADES - 1) / last) for place, value in enumerate(values)}
    known = {code: figure.values.get(code) for code in COUNTRIES}
    return {code: -1 if value is None else places[value] for code, value in known.items()}
