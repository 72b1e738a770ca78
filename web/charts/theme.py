"""How charts look: the colours of the pages in light and dark, the same for a state or country in every chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
INKS = {
    "light": {"paper": "#ffffff", "ink": "#1d2428", "soft": "#566068", "line": "#dcdcd5", "accent": "#0b5c66"},
    "dark": {"paper": "#14181b", "ink": "#e8e6e0", "soft": "#a3adb3", "line": "#333b40", "accent": "#6cc3cd"},
}
STATES = ("overdue", "missed", "open", "on-course", "met", "superseded", "not-computable")
MOST_COLOURS = 12
"""Colours that can be told apart; what has more kinds is drawn in one."""
_FIXED = {
    "light": {
        "id:kz": "#0072b2",
        "id:uz": "#009e73",
        "id:kg": "#c1432e",
        "id:tj": "#9a6700",
        "id:tm": "#7b4ea3",
        "concept:state-met": "#1c6b3a",
        "concept:state-on-course": "#6aa84f",
        "concept:state-open": "#3b5f8a",
        "concept:state-overdue": "#d98000",
        "concept:state-missed": "#a3261f",
        "concept:state-superseded": "#a9aeb1",
        "concept:state-not-computable": "#d0d0c8",
        "concept:coverage-found": "#0b5c66",
        "concept:coverage-not-found": "#d98000",
        "concept:coverage-not-looked-for": "#dcdcd5",
    },
    "dark": {
        "id:kz": "#56b4e9",
        "id:uz": "#3ecfa3",
        "id:kg": "#f28b76",
        "id:tj": "#e0b252",
        "id:tm": "#c49be8",
        "concept:state-met": "#7cc796",
        "concept:state-on-course": "#4f9a68",
        "concept:state-open": "#9dbde3",
        "concept:state-overdue": "#f0a63c",
        "concept:state-missed": "#f0938b",
        "concept:state-superseded": "#6f797e",
        "concept:state-not-computable": "#454d52",
        "concept:coverage-found": "#6cc3cd",
        "concept:coverage-not-found": "#e2b45c",
        "concept:coverage-not-looked-for": "#333b40",
    },
}
_OTHERS = {
    "light": [
        "#0072b2",
        "#c1432e",
        "#009e73",
        "#9a6700",
        "#7b4ea3",
        "#4f6d7a",
        "#b5487b",
        "#5b7f1d",
        "#2f4b7c",
        "#8c564b",
        "#17868f",
        "#a08a00",
    ],
    "dark": [
        "#56b4e9",
        "#f28b76",
        "#3ecfa3",
        "#e0b252",
        "#c49be8",
        "#9fb6c1",
        "#ee8fbd",
        "#b3d36b",
        "#8ea9e0",
        "#d5a49b",
        "#6ad4dd",
        "#ddcb5b",
    ],
}


def colours(keys: Sequence[str], theme: str) -> list[str]:
    """A colour for each value of a scale: its own if it has one, else the next of the others."""
    fixed, others = _FIXED[theme], _OTHERS[theme]
    free = [key for key in keys if key not in fixed]
    taken = {fixed[key] for key in keys if key in fixed}
    spare = [ink for ink in others if ink not in taken]
    return [fixed.get(key) or spare[free.index(key) % len(spare)] for key in keys]


def in_order(known: dict[str, str]) -> dict[str, str]:
    """Names with their keys: states as they want attention, anything else in the order in which it came."""
    places = {f"concept:state-{state}": place for place, state in enumerate(STATES)}
    return dict(sorted(known.items(), key=lambda item: places.get(item[1], len(places))))


def config(theme: str) -> dict[str, Any]:
    """The Vega-Lite configuration: little ink, labels that can be read, no frame."""
    ink = INKS[theme]
    return {
        "background": ink["paper"],
        "font": FONT,
        "view": {"stroke": None},
        "padding": 12,
        "axis": {
            "labelColor": ink["soft"],
            "titleColor": ink["soft"],
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": ink["line"],
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
        },
        "axisY": {"labelColor": ink["ink"], "labelLimit": 0},
        "legend": {
            "labelColor": ink["ink"],
            "titleColor": ink["soft"],
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "labelLimit": 0,
            "symbolOpacity": 1,
            "orient": "top",
            "symbolType": "square",
        },
        "header": {"labelColor": ink["ink"], "labelFontSize": 13, "labelAnchor": "start", "titleColor": ink["soft"]},
        "title": {
            "color": ink["ink"],
            "subtitleColor": ink["soft"],
            "anchor": "start",
            "fontSize": 17,
            "subtitleFontSize": 12,
            "offset": 14,
        },
    }
