"""The chart of a network: Vega's force layout, run to its end on the server (https://vega.github.io/vega/docs/)."""

import html
import re
from collections import Counter
from typing import Any

from web.charts import theme
from web.charts.data import MAX_ROWS, Chart, shown

MAX_NAMES, MAX_NAME, MAX_EDGES = 60, 60, 260
"""How many nodes carry their name, the most linked first; how long a name may be; how many edges are drawn.
Of the names, those that would meet another are left out."""
LETTER = 5.8
"""The width of a letter of a name, on average."""
_NAME = re.compile(r'<text [^>]*transform="translate\((?P<x>[-\d.]+),(?P<y>[-\d.]+)\)"[^>]*>(?P<words>[^<]+)</text>')
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


def without_overlaps(svg: str) -> str:
    """The drawing without the names that would lie over one of a thing with more links, which comes before them."""
    boxes: list[tuple[float, float, float, float]] = []

    def keep(match: re.Match[str]) -> str:
        x, y, words = float(match["x"]), float(match["y"]), html.unescape(match["words"])
        half = len(words) * LETTER / 2
        left, right = (x - half, x + half) if 'text-anchor="middle"' in match[0] else (x, x + 2 * half)
        box = (left, right, y - 12, y + 2)
        if any(box[0] < b[1] and b[0] < box[1] and box[2] < b[3] and b[2] < box[3] for b in boxes):
            return ""
        boxes.append(box)
        return match[0]

    return _NAME.sub(keep, svg)


def _short(name: str) -> str:
    return name if len(name) < MAX_NAME else name[: MAX_NAME - 2].rstrip() + "…"
