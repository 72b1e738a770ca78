"""The look of charts: the palette of the pages in light and dark, one colour for a state or country in every chart."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from web.ui_labels import TARGET_STATES

FOLDER = Path(__file__).parent
PALETTES: dict[str, Any] = json.loads((FOLDER / "palette.json").read_text("utf-8"))
"""Colours by theme: of the pages (from which the build of the frontend makes variables of CSS), of countries by their
order of coverage, of series without a colour of their own, and of fixed values."""
MAX_COLOURS = 12
"""Colours that can be told apart; what has more kinds is drawn in one."""


def ui_colour(name: str, theme: str) -> str:
    """A colour of the pages."""
    return str(PALETTES[theme]["ui"][name])


def read_spec(file_name: str, theme: str) -> dict[str, Any]:
    """A specification from a file of this folder, with the colours of a theme in place of ``$ink`` and the like."""
    text = Template((FOLDER / file_name).read_text("utf-8"))
    return dict(json.loads(text.safe_substitute(PALETTES[theme]["ui"])))


def colours(keys: Sequence[str], theme: str, countries: Mapping[str, int]) -> list[str]:
    """A colour for each value of a scale: its own if it has one, else the next of the others.

    :param countries: the order of coverage of each covered country by its key
    """
    palette = PALETTES[theme]
    own = palette["countries"]
    fixed = palette["values"] | {country: own[(order - 1) % len(own)] for country, order in countries.items()}
    taken = {fixed[key] for key in keys if key in fixed}
    spare = [colour for colour in palette["series"] if colour not in taken]
    free = [key for key in keys if key not in fixed]
    return [fixed.get(key) or spare[free.index(key) % len(spare)] for key in keys]


def in_order(keys: dict[str, str], countries: Iterable[str]) -> dict[str, str]:
    """Names with their keys: states as they want attention, countries as covered, anything else as it came."""
    order = [*(f"concept:state-{state}" for state in TARGET_STATES), *countries]
    return dict(sorted(keys.items(), key=lambda item: order.index(item[1]) if item[1] in order else len(order)))
