"""Lines over the years: of countries side by side, and of what was measured of a target on its way to its value."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from kg.groups import grouped
from kg.terms import Term
from web.charts import theme
from web.charts.data import (
    MAX_ROWS,
    Chart,
    Points,
    Spec,
    by_country,
    colour,
    days,
    is_covered,
    large,
    moment,
    panels,
    shown,
    years,
)
from web.locale import show_date, show_number

SMALL, WIDE = (250, 150), (540, 260)
"""Width and height of one chart among several, and of one that stands alone."""
MAX_APART = 8
"""Years between the beginnings of panels that share their axis."""
MIN_DISTANCE = 13
"""The least distance of two names at the ends of lines."""


def line(chart: Chart) -> Spec:
    """The specification: panels where metrics or targets differ, else one chart."""
    chart = replace(chart, rows=sorted(chart.rows, key=lambda row: not is_covered(chart, row)))
    states = by_country(chart)
    data = _points(chart, chart.variable("facet") or ("" if states else chart.variable("color")))
    if len({point["panel"] for point in data}) < 2 and not chart.variable("facet"):
        title = {"text": data[0]["panel"] or "", "subtitle": data[0]["unit"]} if data else ""
        return {**_draw(chart, data, data, WIDE), "title": title}
    # Countries are compared from panel to panel, so these share the years and, by unit, the values.
    return panels(data, "panel", lambda points: _draw(chart, points, _alike(points, data) if states else points, SMALL))


def _alike(points: Points, data: Points) -> Points:
    """The points of all panels that begin at about the same time, so that no short line is lost in a long span."""
    begins: dict[object, str] = {}
    for point in data:
        begins[point["panel"]] = min(begins.get(point["panel"], "9999"), point["x"])
    own = int(begins[points[0]["panel"]][:4])
    return [point for point in data if abs(int(begins[point["panel"]][:4]) - own) <= MAX_APART]


def _points(chart: Chart, panel: str) -> Points:
    """What is drawn: a place in time, a value, and whether the line goes on from the one before."""
    points = []
    for row in chart.rows[:MAX_ROWS]:
        day, value = _day(row.get(chart.variable("x"))), shown(chart, row.get(chart.variable("y")))
        if day is None or not isinstance(value, float):
            continue
        point = {"x": day, "y": value, "color": shown(chart, row.get(chart.variable("color")))}
        point["panel"] = shown(chart, row.get(panel), in_full=True)
        point["unit"] = shown(chart, row.get("unit"), in_full=True) or ""
        point["falls"] = "rank" in str(row.get("unit", ""))
        point["covered"] = is_covered(chart, row)
        point["revised"] = str(shown(chart, row.get(chart.variable("release"))) or 1.0) != "1.0"
        points.append(point | _way(chart, row))
    return _with_runs(points)


def _day(term: Term | None) -> str | None:
    """The first day of a date, also of one that is written as plain text."""
    span = days(term)
    text = str(getattr(term, "value", ""))
    if span is None and text[:4].isdecimal():
        return (text + "-01-01")[: len("0000-00-00")] if len(text) != len("0000-00") else f"{text}-01"
    return span[0] if span else None


def _way(chart: Chart, row: Mapping[str, Term]) -> dict[str, Any]:
    """Where a target begins and where it leads: value and deadline, baseline and its date."""
    goal, base = (shown(chart, row.get(chart.variable(role))) for role in ("goal", "base"))
    due, since = (days(row.get(chart.variable(role))) for role in ("due", "since"))
    return {"goal": goal, "due": due and due[1], "base": base, "since": since and since[0]}


def _with_runs(points: Points) -> Points:
    """The points, those that a line joins numbered alike: where an edition of the index lacks one, the line breaks."""
    dates = grouped((point["panel"], point["x"]) for point in points)
    places = {panel: {day: place for place, day in enumerate(sorted(set(all_)))} for panel, all_ in dates.items()}
    lines = grouped(((point["panel"], point["color"]), point) for point in points)
    for ordered in (sorted(line, key=lambda point: str(point["x"])) for line in lines.values()):
        ordered[0]["run"] = 0
        for before, point in pairwise(ordered):
            place = places[point["panel"]]
            gap = point["covered"] and place[point["x"]] > place[before["x"]] + 1
            point["run"] = before["run"] + gap
    return points


def _draw(chart: Chart, points: Points, shared: Points, size: tuple[int, int]) -> Spec:
    """One chart.

    :param shared: the points of all charts with the same years
    """
    lowest, highest = _values(points, shared)
    encoding = _axes(points, shared, (lowest, highest))
    own = colour(chart) if by_country(chart) else {"value": theme.ui_colour("accent", chart.theme)}
    own = {**own, "legend": None} if "field" in own else own
    muted = {"value": theme.ui_colour("soft", chart.theme)}
    run = {"detail": [{"field": "color"}, {"field": "run"}]}
    front: Spec = {"encoding": {**encoding, **run, "color": own}, "mark": {"type": "line", "strokeWidth": 2}}
    behind: Spec = {"encoding": {**encoding, **run, "color": muted}}
    behind["mark"] = {"type": "line", "strokeWidth": 1, "opacity": 0.3}
    dots: Spec = {"encoding": {**encoding, "color": own}, "mark": {"type": "point", "size": 42, "opacity": 1}}
    dots["mark"]["fill"] = theme.ui_colour("paper", chart.theme)
    filled = {**dots, "mark": {"type": "point", "filled": True, "size": 42, "opacity": 1}}
    covered = by_country(chart)
    layers = [_only(behind, "!datum.covered")] if covered else []
    shown_ = "datum.covered" if covered else "true"
    tests = ((front, shown_), (filled, f"{shown_} && !datum.revised"), (dots, f"{shown_} && datum.revised"))
    layers += [_only(one, test) for one, test in tests]
    layers += _names(points, size, (lowest, highest), own) if covered else _goals(chart, points, encoding)
    return {"data": {"values": points}, "layer": layers, "width": size[0], "height": size[1]}


def _only(layer: Spec, test: str) -> Spec:
    return {**layer, "transform": [{"filter": test}]}


def _values(points: Points, shared: Points) -> tuple[float, float]:
    """The lowest and the highest value of the axis: that of all charts with the same unit and order of magnitude."""
    falls, most = any(point["falls"] for point in points), max(point["y"] for point in points)
    alike = [point["y"] for point in shared if point["falls"] == falls and (point["y"] <= 1 or most > 1)]
    alike += [float(point[role]) for point in points for role in ("goal", "base") if isinstance(point[role], float)]
    return (1.0 if falls else min(0.0, *alike)), max([*alike, most])


def _axes(points: Points, shared: Points, values: tuple[float, float]) -> Spec:
    """Years across; values upwards, ranks with the best on top."""
    ends = [str(day) for point in shared for day in (point["x"], point["due"], point["since"]) if day]
    first, last = int(min(ends)[:4]), int(max(ends)[:4])
    until = datetime.date(last, 12, 31) if max(ends) > f"{last}-01-01" else datetime.date(last, 1, 1)
    domain = [moment(datetime.date(first, 1, 1)), moment(until)]
    falls = any(point["falls"] for point in points)
    rungs: Spec = {"values": _rungs(values[1])} if falls else {"tickCount": 5} | large(points, "y", values[1])
    scale = {"domain": list(values), "nice": not falls, "reverse": falls}
    time = {"field": "x", "type": "temporal", "title": None}
    return {
        "x": {**time, "axis": years(first, last), "scale": {"domain": domain}},
        "y": {
            "field": "y",
            "type": "quantitative",
            "title": None,
            "scale": scale,
            "axis": rungs | large(points, "y", values[1]),
        },
    }


def _rungs(last: float) -> list[int]:
    """The first place, and others at a round distance."""
    step = next((step for step in (2, 5, 10, 20, 50) if last / step <= 5), 100)
    return [1, *range(step, int(last) + 1, step)]


def _names(points: Points, size: tuple[int, int], values: tuple[float, float], own: Spec) -> list[Spec]:
    """The names of the countries at the ends of their lines, moved apart where they would meet."""
    ends = {point["color"]: point for point in sorted(points, key=lambda point: str(point["x"])) if point["covered"]}
    low, high = values
    falls = any(point["falls"] for point in points)

    def height(point: dict[str, Any]) -> float:
        part = (point["y"] - low) / ((high - low) or 1)
        return float(size[1] * (part if falls else 1 - part))

    places = apart([(str(name), height(point)) for name, point in ends.items()], size[1])
    data = [{"color": name, "place": place} for name, place in places.items()]
    place = {"field": "place", "type": "quantitative", "scale": None, "axis": None}
    text = {"text": {"field": "color"}, "color": own, "x": {"value": "width"}, "y": place}
    return [
        {"data": {"values": data}, "mark": {"type": "text", "align": "left", "dx": 7, "fontSize": 12}, "encoding": text}
    ]


def apart(wanted: Iterable[tuple[str, float]], height: float) -> dict[str, float]:
    """Places of names on one edge, each as near as can be to the wanted one and none over another."""
    placed: dict[str, float] = {}
    below = -MIN_DISTANCE * 1.0
    for name, place in sorted(wanted, key=lambda pair: pair[1]):
        placed[name] = below = max(place, below + MIN_DISTANCE)
    ceiling = height + MIN_DISTANCE
    for name in reversed(placed):
        placed[name] = ceiling = min(placed[name], ceiling - MIN_DISTANCE)
    return placed


def _goals(chart: Chart, points: Points, encoding: Spec) -> list[Spec]:
    """The value to be reached as a line that ends at the deadline, and the baseline from which it starts."""
    layers: list[Spec] = []
    goals = {(point["goal"], point["due"]) for point in points if isinstance(point["goal"], float)}
    start = min(str(point["since"] or point["x"]) for point in points)
    mark = {"value": theme.ui_colour("mark", chart.theme)}
    latest = {goal: max((due or "" for other, due in goals if other == goal), default="") for goal, _due in goals}
    for goal, due in sorted((goal, due or None) for goal, due in latest.items()):
        ends = [{"x": start, "y": goal}, {"x": due or max(str(point["x"]) for point in points), "y": goal}]
        rule = {"type": "line", "strokeDash": [5, 4], "strokeWidth": 1.5}
        layers.append({"data": {"values": ends}, "mark": rule, "encoding": {**encoding, "color": mark}})
        words = f"{chart.headings(chart.variable('goal'))}: {show_number(int(goal) if goal.is_integer() else goal)}"
        words += f" ({show_date(due[:4])})" if due else ""
        layers.append(_mark(chart, ends[1:], encoding, words))
    bases = {(point["since"], point["base"]) for point in points if point["since"] and isinstance(point["base"], float)}
    words = chart.headings(chart.variable("base"))
    layers += [_mark(chart, [{"x": day, "y": value}], encoding, words, "left") for day, value in sorted(bases)]
    return layers


def _mark(chart: Chart, data: Points, encoding: Spec, words: str, align: str = "right") -> Spec:
    """A sign with its meaning beside it."""
    colour_ = {"value": theme.ui_colour("mark", chart.theme)}
    shape = "square" if align == "left" else "diamond"
    sign = {"mark": {"type": "point", "shape": shape, "filled": True, "size": 70}, "encoding": {"color": colour_}}
    # The baseline is named below it: most lines rise from there.
    text: Spec = {"mark": {"type": "text", "align": align, "dy": 14 if align == "left" else -11, "fontSize": 11}}
    text["encoding"] = {"text": {"value": words}, "color": colour_}
    return {"data": {"values": data}, "encoding": encoding, "layer": [sign, text]}
