"""The chart of a network: Vega's force layout, run to its end on the server (https://vega.github.io/vega/docs/)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from web.charts import theme
from web.charts.data import MAX_ROWS, Chart, shown

MAX_NAMES = 12
"""How many nodes carry their name, the most linked first."""
MAX_EDGES = 260


def network(chart: Chart) -> dict[str, Any]:
    """The Vega specification of a network: its edges by relation, the most linked nodes named."""
    edges = [
        tuple(str(shown(chart, row[chart.variable(role)])) for role in ("x", "y"))
        for row in chart.rows[:MAX_ROWS]
        if chart.variable("x") in row and chart.variable("y") in row
    ]
    degree = Counter(node for edge in edges for node in edge)
    edges = sorted(set(edges), key=lambda edge: -min(degree[edge[0]], degree[edge[1]]))[:MAX_EDGES]
    nodes = sorted({node for edge in edges for node in edge}, key=lambda node: (-degree[node], node))
    place = {node: number for number, node in enumerate(nodes)}
    named = [
        {"name": _short(node) if i < MAX_NAMES else "", "size": degree[node], "cx": 450, "cy": 340}
        for i, node in enumerate(nodes)
    ]
    links = [{"source": place[begin], "target": place[end]} for begin, end in edges]
    return _spec(chart, named, links)


def _short(name: str) -> str:
    return name if len(name) < 38 else name[:36].rstrip() + "…"


def _spec(chart: Chart, nodes: list[dict[str, Any]], links: list[dict[str, int]]) -> dict[str, Any]:
    ink = theme.PALETTES[chart.theme]["ui"]
    spec: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega/v5.json",
        "width": 900,
        "height": 680,
        "padding": 24,
        "background": ink["paper"],
        "data": [{"name": "nodes", "values": nodes}, {"name": "links", "values": links}],
        "scales": [{"name": "size", "type": "sqrt", "domain": {"data": "nodes", "field": "size"}, "range": [20, 420]}],
        "marks": [_circles(ink), _lines(ink), _names(ink)],
    }
    if chart.title:
        title = {"text": chart.title, "subtitle": chart.note, "font": theme.FONT, "anchor": "start"}
        spec["title"] = title | {"color": ink["ink"], "subtitleColor": ink["soft"], "fontSize": 17}
    return spec


def _circles(ink: dict[str, str]) -> dict[str, Any]:
    """The nodes, placed by forces; they are drawn first so that the lines know where they are."""
    forces: list[dict[str, Any]] = [
        {"force": "center", "x": 450, "y": 340},
        {"force": "collide", "radius": 15},
        {"force": "nbody", "strength": -150},
        {"force": "x", "x": "datum.cx", "strength": 0.09},
        {"force": "y", "y": "datum.cy", "strength": 0.13},
        {"force": "link", "links": "links", "distance": 46},
    ]
    transform = {"type": "force", "iterations": 300, "static": True, "signal": "force", "forces": forces}
    enter = {
        "fill": {"value": ink["accent"]},
        "stroke": {"value": ink["paper"]},
        "size": {"scale": "size", "field": "size"},
    }
    return {
        "name": "circles",
        "type": "symbol",
        "zindex": 1,
        "from": {"data": "nodes"},
        "encode": {"enter": enter},
        "transform": [transform],
    }


def _lines(ink: dict[str, str]) -> dict[str, Any]:
    path = {
        "type": "linkpath",
        "require": {"signal": "force"},
        "shape": "line",
        "sourceX": "datum.source.x",
        "sourceY": "datum.source.y",
        "targetX": "datum.target.x",
        "targetY": "datum.target.y",
    }
    stroke = {"stroke": {"value": ink["soft"]}, "strokeWidth": {"value": 0.7}, "opacity": {"value": 0.55}}
    return {
        "type": "path",
        "from": {"data": "links"},
        "interactive": False,
        "encode": {"update": stroke},
        "transform": [path],
    }


def _names(ink: dict[str, str]) -> dict[str, Any]:
    encode = {
        "x": {"field": "x"},
        "y": {"field": "y", "offset": -9},
        "text": {"field": "datum.name"},
        "fill": {"value": ink["ink"]},
        "font": {"value": theme.FONT},
        "fontSize": {"value": 11},
        "align": {"value": "center"},
    }
    return {"type": "text", "zindex": 2, "from": {"data": "circles"}, "encode": {"update": encode}}
