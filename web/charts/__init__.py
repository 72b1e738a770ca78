"""Charts of answers: the header of a canned query names kind and variables, Vega-Lite draws on the server.

A chart is an image: it needs no script in the browser and no looser security policy. The specifications are plain data:
Altair builds the same from calls that are no shorter, and importing it takes 0.6 seconds.
"""

import threading
from collections.abc import Mapping
from typing import Any

import vl_convert
from babel.numbers import get_decimal_symbol, get_group_symbol

from kg.sentences.words import locale_of
from web.charts import theme
from web.charts.data import Chart, Spec
from web.charts.network import network, without_overlaps
from web.charts.specs import BUILDERS
from web.locale import language

KINDS = (*BUILDERS, "network")
_lock = threading.Lock()


def can_draw(header: Mapping[str, Any] | None, rows: int) -> bool:
    """Whether there is anything to draw."""
    return header is not None and header.get("kind") in KINDS and rows > 0


def to_svg(chart: Chart) -> str:
    """The chart as SVG."""
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
    return bytes(vl_convert.svg_to_png(svg, scale=2))


def spec(chart: Chart) -> Spec:
    """The Vega-Lite specification of a chart."""
    made: Spec = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", **BUILDERS[chart.kind](chart)}
    made["config"] = theme.read_spec("config.json", chart.theme)
    if chart.title:
        made["title"] = {"text": chart.title, "subtitle": chart.note}
    return made
