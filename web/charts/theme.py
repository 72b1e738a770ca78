"""The look of charts: the palette of the pages in light and dark, one colour for a state or country in every chart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from web.ui_labels import TARGET_STATES

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
PALETTES: dict[str, Any] = json.loads((Path(__file__).parent / "palette.json").read_text("utf-8"))
"""Colours by theme: of the pages (from which the build of the frontend makes variables of CSS), of countries by their
order of coverage, of series without a colour of their own, and of fixed values."""
MAX_COLOURS = 12
"""Colours that can be told apart; what has more kinds is drawn in one."""


def ui_colour(name: str, theme: str) -> str:
    """A colour of the pages."""
    return str(PALETTES[theme]["ui"][name])


def colours(keys: Sequence[str], theme: str, countries: Sequence[str] = ()) -> list[str]:
    """A colour for each value of a scale: its own if it has one, else the next of the others.

    :param countries: the keys of the covered countries in their order
    """
    palette = PALETTES[theme]
    own = palette["countries"]
    fixed = palette["values"] | {country: own[place % len(own)] for place, country in enumerate(countries)}
    taken = {fixed[key] for key in keys if key in fixed}
    spare = [colour for colour in palette["series"] if colour not in taken]
    free = [key for key in keys if key not in fixed]
    return [fixed.get(key) or spare[free.index(key) % len(spare)] for key in keys]


def in_order(keys: dict[str, str]) -> dict[str, str]:
    """Names with their keys: states as they want attention, anything else in the order in which it came."""
    places = {f"concept:state-{state}": place for place, state in enumerate(TARGET_STATES)}
    return dict(sorted(keys.items(), key=lambda item: places.get(item[1], len(places))))


def config(theme: str) -> dict[str, Any]:
    """The Vega-Lite configuration: little ink, labels that can be read, no frame."""
    paper, ink, soft, line = (ui_colour(name, theme) for name in ("paper", "ink", "soft", "line"))
    text = {"labelColor": soft, "titleColor": soft, "labelFontSize": 12, "titleFontSize": 12}
    text["titleFontWeight"] = "normal"
    return {
        "background": paper,
        "font": FONT,
        "view": {"stroke": None},
        "padding": 12,
        "axis": text | {"gridColor": line, "domain": False, "ticks": False, "labelPadding": 6},
        "axisY": {"labelColor": ink, "labelLimit": 0},
        "legend": text
        | {"labelColor": ink, "labelLimit": 0, "symbolOpacity": 1, "orient": "top", "symbolType": "square"},
        "header": {"labelColor": ink, "labelFontSize": 13, "labelAnchor": "start", "titleColor": soft},
        "title": {
            **{"color": ink, "subtitleColor": soft, "anchor": "start"},
            **{"fontSize": 17, "subtitleFontSize": 12, "offset": 14},
        },
    }
