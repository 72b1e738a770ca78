"""The chart of a network: Vega's force layout, run to its end on the server (https://vega.github.io/vega/docs/)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from web.charts import theme
from web.charts.data import MAX_ROWS, Chart, shown

MAX_NAMES, MAX_NAME, MAX_EDGES = 12, 38, 260
"""How many nodes carry their name, the most linked first; how long a name may be; how many edges are drawn."""
CENTRE = {"cx": 450, "cy": 340}


def network(chart: Chart) -> dict[str, Any]:
    """The Vega specification of a network: its edges, those of the most linked nodes first."""
    x, y = chart.variable("x"), chart.variable("y")
    rows = [row for row in chart.rows[:MAX_ROWS] if x in row and y in row]
    edges = [(str(shown(chart, row[x])), str(shown(chart, row[y]))) for row in rows]
    degree = Counter(node for edge in edges for node in edge)
    edges = sorted(set(edges), key=lambda edge: -min(degree[edge[0]], degree[edge[1]]))[:MAX_EDGES]
    nodes = sorted({node for edge in edges for node in edge}, key=lambda node: (-degree[node], node))
    place = {node: number for number, node in enumerate(nodes)}
    spec = theme.read_spec("network.json", chart.theme)
    spec["data"][0]["values"] = [
        {"name": _short(node) if place[node] < MAX_NAMES else "", "size": degree[node], **CENTRE} for node in nodes
    ]
    spec["data"][1]["values"] = [{"source": place[begin], "target": place[end]} for begin, end in edges]
    if chart.title:
        spec["title"] = {"text": chart.title, "subtitle": chart.note}
    return spec


def _short(name: str) -> str:
    return name if len(name) < MAX_NAME else name[: MAX_NAME - 2].rstrip() + "…"
