"""Vega-Lite specifications of the kinds of charts (https://vega.github.io/vega-lite/docs/)."""

import datetime
from collections.abc import Callable
from typing import Any

from web.charts import theme
from web.charts.data import (
    IN_LINES,
    MAX_ROWS,
    Chart,
    Spec,
    by_country,
    colour,
    days,
    large,
    panels,
    shown,
    step,
    values,
)
from web.charts.lines import line

MIN_DAYS = 200
"""Days that a time axis spans at least."""
MAX_COLUMNS = 6
"""Columns of a matrix whose names stand level."""
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
            "axis": {"tickMinStep": 1, "labelOverlap": "greedy"} | large(data, "x"),
        },
        "y": {"field": "y", "type": "nominal", "title": None, "sort": _order(data), "axis": IN_LINES},
        "color": colour(chart),
    }
    paper = theme.ui_colour("paper", chart.theme)
    bar: Spec = {
        "mark": {"type": "bar", "height": {"band": 0.72}, "stroke": paper, "strokeWidth": 0.8},
        "encoding": encoding,
        "width": 560,
    }
    bar["height"] = step((point["y"] for point in data), 26)
    if counted or not chart.variable("color") or by_country(chart):
        return {"data": {"values": data}, **bar}
    # Figures of different kinds do not share an axis.
    encoding["color"] = {"value": theme.ui_colour("accent", chart.theme)}
    encoding["x"]["title"] = None
    return panels(data, "color", lambda points: {**bar, "width": 190, "data": {"values": points}})


def _order(data: list[dict[str, Any]]) -> str:
    """The longest bar first, but numbers in their own order."""
    return "ascending" if all(isinstance(point["y"], float) for point in data) else "-x"


def _timeline(chart: Chart) -> Spec:
    data = []
    for row in chart.rows[:MAX_ROWS]:
        span = days(row.get(chart.variable("x")))
        if span:
            parts = {role: shown(chart, row.get(chart.variable(role))) for role in ("y", "color")}
            data.append({"from": span[0], "to": span[1], **parts})
    data.sort(key=lambda point: str(point["from"]))
    lines = list(dict.fromkeys(point["y"] for point in data))
    most = MAX_LINES // 2 if chart.is_narrow else MAX_LINES
    if len(lines) > most:
        data = [point for point in data if point["y"] in set(lines[-most:])]
    line = {"field": "y", "type": "nominal", "title": None, "sort": None, "axis": IN_LINES}
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
        "height": step(lines, 22),
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


def _longest(data: list[dict[str, Any]], role: str) -> int:
    return max((len(str(point[role])) for point in data), default=0)


def _matrix(chart: Chart) -> Spec:
    data = values(chart, "x", "y", "color")
    if len({point["x"] for point in data}) > MAX_COLUMNS and _longest(data, "x") > _longest(data, "y"):
        data = [{"x": point["y"], "y": point["x"], "color": point["color"]} for point in data]
    numbers = all(isinstance(point["color"], float) for point in data if point["color"] is not None)
    ink = theme.PALETTES[chart.theme]["ui"]
    base: Spec = {
        "x": {"field": "x", "type": "nominal", "title": None, "axis": {"orient": "top", "labelAngle": 0}, "sort": None},
        "y": {"field": "y", "type": "nominal", "title": None, "sort": None, "axis": IN_LINES},
    }
    width = 92
    if len({point["x"] for point in data}) > MAX_COLUMNS:
        width = 26
        base["x"]["axis"] |= {"labelAngle": -55, "labelLimit": 0, "labelAlign": "left"}
    else:
        base["x"]["axis"] |= IN_LINES
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
    rows = step((point["y"] for point in data), 24)
    return {"data": {"values": data}, "layer": layers, "width": {"step": width}, "height": rows}


BUILDERS: dict[str, Callable[[Chart], Spec]] = {"bar": _bar, "timeline": _timeline, "line": line, "matrix": _matrix}
