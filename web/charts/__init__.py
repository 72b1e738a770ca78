"""Charts of answers: the header of a canned query names kind and variables, Vega-Lite draws on the server.

A chart is an image: it needs no script in the browser and no looser security policy. The specifications are plain data:
Altair builds the same from calls that are no shorter, and importing it takes 0.6 seconds.
"""

import html
import re
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any

from babel.numbers import get_decimal_symbol, get_group_symbol

from kg.sentences.words import locale_of
from web.charts import theme
from web.charts.data import MAX_ROWS, Chart, Spec, shown
from web.charts.narrow import PADDING, narrow, simplified
from web.charts.specs import BUILDERS
from web.locale import language

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


KINDS = (*BUILDERS, "network")
_lock = threading.Lock()


def can_draw(header: Mapping[str, Any] | None, rows: int) -> bool:
    """Whether there is anything to draw."""
    return header is not None and header.get("kind") in KINDS and rows > 0


def to_svg(chart: Chart) -> str:
    """The chart as SVG."""
    import vl_convert  # takes 3 MB, which few processes need

    chart = simplified(chart) if chart.is_narrow else chart
    with _lock:  # one engine of JavaScript in the process; two calls at once gain nothing
        if chart.kind == "network":
            return without_overlaps(str(vl_convert.vega_to_svg(network(chart), allowed_base_urls=[])))
        return str(vl_convert.vegalite_to_svg(spec(chart), allowed_base_urls=[], format_locale=_number_format()))


def _number_format() -> dict[str, Any]:
    """How numbers are written in the reader's language (https://d3js.org/d3-format#formatLocale)."""
    locale = locale_of(language())
    symbols = {"decimal": get_decimal_symbol(locale), "thousands": get_group_symbol(locale)}
    return symbols | {"grouping": [3], "currency": ["", ""]}


def to_png(svg: str) -> bytes:
    """The same as pixels, twice as fine as a plain screen."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=2))


def spec(chart: Chart) -> Spec:
    """The Vega-Lite specification of a chart."""
    made: Spec = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", **BUILDERS[chart.kind](chart)}
    made["config"] = theme.read_spec("config.json", chart.theme)
    if chart.is_narrow:
        made = narrow(made)
        made["config"]["padding"] = PADDING
    if chart.title:
        made["title"] = {"text": chart.title, "subtitle": chart.note}
    return made
