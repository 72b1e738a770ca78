"""Vega-Lite specifications of the kinds of charts (https://vega.github.io/vega-lite/docs/)."""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from babel.numbers import format_compact_decimal

from kg.sentences.words import locale_of
from web.charts import theme
from web.charts.data import MAX_ROWS, Chart, Spec, by_country, colour, days, is_covered, shown, values
from web.locale import language

MAX_PANELS = 14
"""Small charts of one image; those with the most points."""
MAX_PANEL_TITLE = 40
"""Characters of a line of the title of a small chart."""
MIN_LINE_PANELS = 3
"""Small charts beside which one of a single date is left out."""
MIN_DAYS = 200
"""Days that a time axis spans at least."""
MAX_LINES = 60
"""Lines of a chart with a line for each thing; more could not be read."""


def _bar(chart: Chart) -> Spec:
    counted = chart.variable("x") == "count"
    data = values(chart, *(("y", "color") if counted else ("x", "y", "color")))
    title = chart.headings("number") if counted else chart.headings(chart.variable("x"))
    x = {"aggregate": "count"} if counted else {"field": "x", "aggregate": "sum"}
    encoding: Spec = {
        "x": {
            **x,
            "type": "quantitative",
            "title": title,
            "axis": {"tickMinStep": 1, "labelOverlap": "greedy"} | _large(data, "x"),
        },
        "y": {"field": "y", "type": "nominal", "title": None, "sort": _order(data)},
        "color": colour(chart),
    }
    bar: Spec = {"mark": {"type": "bar", "height": {"band": 0.72}}, "encoding": encoding, "width": 560}
    bar["height"] = {"step": 26}
    if counted or not chart.variable("color") or by_country(chart):
        return {"data": {"values": data}, **bar}
    # Figures of different kinds do not share an axis.
    encoding["color"] = _accent(chart)
    encoding["x"]["title"] = None
    return _panels(data, "color", lambda points: {**bar, "width": 190})


def _order(data: list[dict[str, Any]]) -> str:
    """The longest bar first, but numbers in their own order."""
    return "ascending" if all(isinstance(point["y"], float) for point in data) else "-x"


def _large(data: list[dict[str, Any]], role: str) -> Spec:
    """Millions and milliards on an axis in the reader's short form."""
    most = max((abs(point[role]) for point in data if isinstance(point.get(role), float)), default=0.0)
    unit = next((unit for unit in (10**9, 10**6) if most >= unit), 0)
    if not unit:
        return {}
    word = str(format_compact_decimal(unit, locale=locale_of(language()))).removeprefix("1")
    return {"labelExpr": f"format(datum.value / {unit}, '~f') + (datum.value ? '{word}' : '')"}


def _panels(data: list[dict[str, Any]], role: str, draw: Callable[[list[dict[str, Any]]], Spec]) -> Spec:
    """A small chart for each value of a role, those with the most points first."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for point in data:
        groups.setdefault(str(point[role] or ""), []).append(point)
    most = sorted(groups, key=lambda name: (-len(groups[name]), name))[:MAX_PANELS]
    # A line needs two dates: panels without one are left out where enough others stand.
    lines = [name for name in most if len({point["x"] for point in groups[name] if isinstance(point["x"], str)}) > 1]
    most = lines if len(lines) > MIN_LINE_PANELS else most
    panels = [{**draw(groups[name]), "data": {"values": groups[name]}, "title": _panel_title(name)} for name in most]
    return {"concat": panels, "columns": 2, "spacing": 28}


def _panel_title(name: str) -> Spec:
    """The title of a small chart, in lines no wider than the chart."""
    return {"text": textwrap.wrap(name, MAX_PANEL_TITLE) or [""], "fontSize": 13, "offset": 6}


def _timeline(chart: Chart) -> Spec:
    data = []
    for row in chart.rows[:MAX_ROWS]:
        span = days(row.get(chart.variable("x")))
        if span:
            parts = {role: shown(chart, row.get(chart.variable(role))) for role in ("y", "color")}
            data.append({"from": span[0], "to": span[1], **parts})
    data.sort(key=lambda point: str(point["from"]))
    lines = list(dict.fromkeys(point["y"] for point in data))
    if len(lines) > MAX_LINES:
        data = [point for point in data if point["y"] in set(lines[-MAX_LINES:])]
    line = {"field": "y", "type": "nominal", "title": None, "sort": None}
    when = {"field": "from", "type": "temporal", "title": None, "axis": _years(data), "scale": _span(data)}
    points: Spec = {
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 0.75},
        "encoding": {"x": {**when, "field": "middle"}, "y": line, "color": colour(chart)},
    }
    spans: Spec = {
        "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.35},
        "encoding": {"x": when, "x2": {"field": "to"}, "y": line, "color": colour(chart)},
    }
    middle = {"calculate": "(time(toDate(datum.from)) + time(toDate(datum.to))) / 2", "as": "middle"}
    return {
        "data": {"values": data},
        "transform": [middle],
        "layer": [spans, points],
        "width": 620,
        "height": {"step": 22},
    }


def _years(data: list[dict[str, Any]]) -> Spec:
    """The axis of a span of time: years, or months where it is short."""
    first, last = (pick((str(point[end]) for point in data), default="") for pick, end in ((min, "from"), (max, "to")))
    span = int(last[:4] or 0) - int(first[:4] or 0)
    if span < 3:
        return {"format": "%m.%Y", "tickCount": {"interval": "month", "step": 3}, "labelOverlap": "greedy"}
    return {"format": "%Y", "tickCount": "year" if span < 13 else 10, "labelOverlap": "greedy"}


def _span(data: list[dict[str, Any]]) -> Spec:
    """Room on both sides where all dates lie close together, so that the axis has something to name."""
    days = sorted(datetime.date.fromisoformat(str(point[end])) for point in data for end in ("from", "to"))
    if not days or (days[-1] - days[0]).days > MIN_DAYS:
        return {}
    ends = (days[0] - datetime.timedelta(MIN_DAYS // 2), days[-1] + datetime.timedelta(MIN_DAYS // 2))
    return {"domain": [{"year": day.year, "month": day.month, "date": day.day} for day in ends]}


def _line(chart: Chart) -> Spec:
    chart = replace(chart, rows=sorted(chart.rows, key=lambda row: not is_covered(chart, row)))
    states = by_country(chart)
    facet = "facet" if chart.variable("facet") else ("" if states else "color")
    data = values(chart, "x", "y", "color", *(("facet",) if facet == "facet" else ()))
    rows = [row for row in chart.rows[:MAX_ROWS] if chart.variable("x") in row and chart.variable("y") in row]
    for point, row in zip(data, rows, strict=True):
        point["x"] = str(point["x"])[:10]
        point["falls"] = "rank" in str(row.get("unit", ""))
        point["covered"] = is_covered(chart, row)

    def draw(points: list[dict[str, Any]]) -> Spec:
        size = {"width": 290, "height": 150} if facet else {"width": 620, "height": 260}
        encoding = _line_axes(points)
        mark = {"type": "line", "point": {"size": 45}, "strokeWidth": 2}
        if not states:
            return {"mark": mark, "encoding": {**encoding, "color": _accent(chart)}, **size}
        muted = {"value": theme.ui_colour("soft", chart.theme)}
        others: Spec = {
            "transform": [{"filter": "!datum.covered"}],
            "mark": {"type": "line", "strokeWidth": 1, "opacity": 0.35},
            "encoding": {**encoding, "detail": {"field": "color"}, "color": muted},
        }
        covered: Spec = {
            "transform": [{"filter": "datum.covered"}],
            "mark": mark,
            "encoding": {**encoding, "color": colour(chart)},
        }
        return {"layer": [others, covered], **size}

    return _panels(data, facet, draw) if facet else {"data": {"values": data}, **draw(data)}


def _accent(chart: Chart) -> Spec:
    return {"value": theme.ui_colour("accent", chart.theme)}


def _line_axes(points: list[dict[str, Any]]) -> Spec:
    """Years across; values upwards, ranks with the best on top."""
    years = {int(str(point["x"])[:4]) for point in points}
    span = max(years) - min(years)
    step = 1 if span < 6 else 2 if span < 12 else 4
    axis = {"format": "%Y", "tickCount": {"interval": "year", "step": step}, "labelOverlap": "greedy"}
    scale = {"zero": False, "reverse": any(point["falls"] for point in points)}
    rungs = {"tickCount": 5} | _large(points, "y")
    return {
        "x": {"field": "x", "type": "temporal", "title": None, "axis": axis},
        "y": {"field": "y", "type": "quantitative", "title": None, "scale": scale, "axis": rungs},
    }


def _matrix(chart: Chart) -> Spec:
    data = values(chart, "x", "y", "color")
    numbers = all(isinstance(point["color"], float) for point in data if point["color"] is not None)
    ink = theme.PALETTES[chart.theme]["ui"]
    base: Spec = {
        "x": {"field": "x", "type": "nominal", "title": None, "axis": {"orient": "top", "labelAngle": 0}, "sort": None},
        "y": {"field": "y", "type": "nominal", "title": None, "sort": None},
    }
    step = 92
    if len({point["x"] for point in data}) > 6:
        step = 34
        base["x"]["axis"]["labelAngle"] = -55
        base["x"]["axis"]["labelLimit"] = 0
    if numbers:
        scale = {"range": [ink["paper"], ink["accent"]], "domainMin": 0, "type": "sqrt", "interpolate": "rgb"}
        base["color"] = {"field": "color", "type": "quantitative", "scale": scale, "legend": None}
    else:
        base["color"] = colour(chart)
    cells: Spec = {"mark": {"type": "rect", "stroke": ink["paper"], "strokeWidth": 2}, "encoding": base}
    layers = [cells]
    if numbers:
        highest = max((point["color"] or 0 for point in data), default=0)
        test = {"test": f"datum.color > {highest / 3}", "value": ink["paper"]}
        text = {"text": {"field": "color", "type": "quantitative"}, "color": {"condition": test, "value": ink["ink"]}}
        layers.append({"mark": {"type": "text", "fontSize": 12}, "encoding": {**base, **text}})
    return {"data": {"values": data}, "layer": layers, "width": {"step": step}, "height": {"step": 24}}


BUILDERS: dict[str, Callable[[Chart], Spec]] = {"bar": _bar, "timeline": _timeline, "line": _line, "matrix": _matrix}
