"""Small multiples: a small chart for each value of a variable, its title in full above it."""

import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from web.charts.data import Spec

Points = list[dict[str, Any]]
MAX_PANELS = 14
"""Small charts of one image; those with the most points."""
MIN_LINE_PANELS = 3
"""Small charts beside which one of a single date is left out."""
MAX_TITLE = 42
"""Characters of a line of a title, which is no wider than its chart."""


def panels(data: Points, role: str, draw: Callable[[Points], Spec]) -> Spec:
    """A small chart for each value of a role, those with the most points first."""
    groups: dict[str, Points] = {}
    for point in data:
        groups.setdefault(str(point[role] or ""), []).append(point)
    most = sorted(groups, key=lambda name: (-len(groups[name]), name))[:MAX_PANELS]
    # A line needs two dates: panels without one are left out where enough others stand.
    lines = [name for name in most if len({point["x"] for point in groups[name] if isinstance(point["x"], str)}) > 1]
    most = lines if len(lines) > MIN_LINE_PANELS else most
    height = max((len(_lines(name)) for name in most), default=1)
    drawn = [{**draw(groups[name]), "title": _title(name, groups[name], height)} for name in most]
    return {"concat": drawn, "columns": 2, "spacing": {"row": 34, "column": 26}}


def _lines(name: str) -> Sequence[str]:
    return textwrap.wrap(name, MAX_TITLE) or [""]


def _title(name: str, points: Points, height: int) -> Spec:
    """The title in full, with the unit in words; all of an image are equally high, so that the charts stand in line."""
    lines = [*_lines(name), *[" "] * (height - len(_lines(name)))]
    unit = next((point["unit"] for point in points if point.get("unit")), "")
    return {"text": lines, "subtitle": unit or " ", "fontSize": 13, "subtitleFontSize": 12, "offset": 8}
