"""Charts as wide as a phone: the same data and colours, but names above their bars, no drawing that needs more room:
what is most linked instead of a network, how many instead of a matrix of many columns."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from web.charts.data import MAX_ROWS, Chart, Spec, shown

WIDTH, PADDING = 328, 4
"""Pixels of the whole picture, and those around what is drawn in it."""
MAX_COLUMNS, COLUMN = 7, 27
"""Columns of a matrix that fit beside the names of its rows, and their width."""
MAX_NODES = 20
"""Nodes of a network that are shown, the most linked ones."""
_LETTER, _LINE = 6.2, 14
"""The width of a letter on average, and the height of a line."""
_BESIDE = 18
"""Up to so many letters, names stand beside their bars."""
_BAR, _ABOVE, _BELOW = 15, 4, 8
"""Heights of a bar and of the room above and below it."""
_WITH_COUNTRIES, _WITH_GOALS = 126, 78
"""Room beside lines: for the numbers on their left and, on their right, the names of countries or half of a year."""
_EMPTY = "\u200b"
"""A line without a letter; Vega leaves out one of blanks."""


def simplified(chart: Chart) -> Chart:
    """The chart itself, or one of another kind where a phone has no room for it."""
    x, y = chart.variable("x"), chart.variable("y")
    if chart.kind == "network":
        nodes = [{"node": row[role]} for row in chart.rows[:MAX_ROWS] for role in (x, y) if role in row]
        most = {name for name, _ in Counter(shown(chart, node["node"]) for node in nodes).most_common(MAX_NODES)}
        kept = [node for node in nodes if shown(chart, node["node"]) in most]
        return replace(chart, header={"kind": "bar", "x": "count", "y": "node"}, rows=kept)
    if chart.kind == "matrix":
        columns, rows = ({row[role] for row in chart.rows if role in row} for role in (x, y))
        if min(len(columns), len(rows)) > MAX_COLUMNS:
            return replace(chart, header={**chart.header, "kind": "bar", "x": "count", "y": x})
    return chart


def narrow(spec: Spec) -> Spec:
    """The specification of a chart, rearranged."""
    if "concat" in spec:
        return {**spec, "concat": [_panel(part) for part in spec["concat"]], "columns": 1}
    view = _view(spec)
    if isinstance(view["width"], dict):
        return view
    return {**view, "width": WIDTH, "autosize": {"type": "fit-x", "contains": "padding"}}


def _panel(spec: Spec) -> Spec:
    """A small chart among several, for which Vega-Lite does not find the width itself."""
    beside = 0 if _names(spec) else _WITH_COUNTRIES if _has_countries(spec) else _WITH_GOALS
    return {**_view(spec), "width": WIDTH - 2 * PADDING - beside}


def _has_countries(spec: Spec) -> bool:
    return any(layer.get("mark", {}).get("align") == "left" for layer in spec.get("layer", ()))


def _view(spec: Spec) -> Spec:
    names = _names(spec)
    beside = max((len(line) for name in names for line in name.split("\n")), default=0)
    if isinstance(spec["width"], dict):
        return {**_each(_legends(spec, beside), _aslant), "width": {"step": COLUMN}}
    if beside <= _BESIDE and _has_room(spec, beside):
        return _legends(spec, beside)
    lines = max(name.count("\n") + 1 for name in names)
    step = lines * _LINE + _ABOVE + _BAR + _BELOW
    # Names of fewer lines begin lower, so that each stands over its bar.
    rows = [{**row, "y": _filled(str(row["y"]), lines)} for row in spec["data"]["values"]]
    placed = _each(_legends(spec, 0), lambda unit: _above(unit, lines, step))
    return {**placed, "data": {"values": rows}, "height": {"step": step}}


def _filled(name: str, lines: int) -> str:
    return f"{_EMPTY}\n" * (lines - 1 - name.count("\n")) + name


def _names(spec: Spec) -> list[str]:
    """The names on the axis upwards; none where it has numbers."""
    encoding = spec.get("encoding") or spec["layer"][0]["encoding"]
    return [str(row["y"]) for row in spec["data"]["values"]] if encoding["y"]["type"] == "nominal" else []


def _each(spec: Spec, change: Callable[[Spec], Spec]) -> Spec:
    """The specification with each of its layers changed."""
    if "layer" in spec:
        return {**spec, "layer": [change(layer) if "encoding" in layer else layer for layer in spec["layer"]]}
    return change(spec)


def _above(unit: Spec, lines: int, step: int) -> Spec:
    """A layer with its names above what they name, from the left edge on."""
    axis = {"labelAlign": "left", "labelPadding": 0, "labelBaseline": "top", "labelOffset": 2 - step / 2, "zindex": 1}
    y = unit["encoding"]["y"]
    mark = {**unit["mark"], "yOffset": lines * _LINE + _ABOVE + _BAR / 2 - step / 2}
    mark |= {"height": _BAR} if mark["type"] == "bar" else {}
    return {**unit, "mark": mark, "encoding": {**unit["encoding"], "y": {**y, "axis": {**y["axis"], **axis}}}}


def _aslant(unit: Spec) -> Spec:
    """A layer of a matrix with the names of its columns aslant."""
    axis = {"orient": "top", "labelAngle": -55, "labelLimit": 0, "labelAlign": "left"}
    encoding = unit["encoding"]
    return {**unit, "encoding": {**encoding, "x": {**encoding["x"], "axis": axis}}}


def _legends(spec: Spec, beside: int) -> Spec:
    """The specification with legends of as many columns as fit.

    :param beside: letters of the names on the left of the drawing, where the legend begins
    """

    def fitted(unit: Spec) -> Spec:
        colour = unit["encoding"].get("color", {})
        if not colour.get("legend"):
            return unit
        columns = max(1, int(_room(beside) // _entry(colour)))
        colour = {**colour, "legend": {**colour["legend"], "columns": columns}}
        return {**unit, "encoding": {**unit["encoding"], "color": colour}}

    return _each(spec, fitted)


def _has_room(spec: Spec, beside: int) -> bool:
    """Whether every name of the legend fits between the names on the left and the right edge."""
    encoding = spec.get("encoding") or spec["layer"][0]["encoding"]
    colour = encoding.get("color", {})
    return not colour.get("legend") or _entry(colour) <= _room(beside)


def _room(beside: int) -> float:
    return WIDTH - 2 * PADDING - beside * _LETTER


def _entry(colour: Spec) -> float:
    """The width of the longest name of a legend with its sign."""
    return max(map(len, colour["legend"]["values"]), default=1) * _LETTER + 30
