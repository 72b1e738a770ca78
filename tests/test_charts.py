"""Charts: every header that declares one is drawn, in both themes, with the names of what it shows."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from pyoxigraph import Literal, NamedNode

from kg.namespaces import PREFIXES, expand
from kg.query import load_queries
from kg.terms import XSD
from tests.explorer import application
from tests.served import ROOT
from web.charts import KINDS, can_draw, spec, to_svg
from web.charts.data import Chart, colour, days, shown
from web.charts.lines import MIN_DISTANCE, apart
from web.charts.narrow import MAX_NODES, WIDTH, simplified
from web.charts.theme import PALETTES, colours, ui_colour

DRAWN = [slug for slug, query in load_queries(ROOT / "queries").items() if query.chart]


def chart(kind: str, rows: list[dict[str, object]], **roles: str) -> Chart:
    return Chart({"kind": kind, **roles}, rows, lambda term: str(getattr(term, "value", term)), str.capitalize)  # type: ignore[arg-type]


@pytest.mark.parametrize("slug", DRAWN)
def test_every_declared_chart_is_drawn(slug: str) -> None:
    client = application().test_client()
    response = client.get(f"/chart/{slug}.svg?theme=dark", buffered=True)
    assert response.status_code == 200
    assert response.mimetype == "image/svg+xml"
    tree = etree.fromstring(response.data)
    assert tree.tag.endswith("svg")
    assert ui_colour("paper", "dark") in response.text
    assert "null" not in "".join(tree.itertext())


@pytest.mark.parametrize("slug", DRAWN)
def test_every_chart_fits_a_phone_in_letters_that_can_be_read(slug: str) -> None:
    response = application().test_client().get(f"/chart/{slug}.svg?narrow=1&lang=ru", buffered=True)
    tree = etree.fromstring(response.data)
    # It may be a little wider than the column that it stands in: letters shrink by a twentieth at most.
    assert float(tree.get("width", "0")) <= WIDTH * 1.05
    sizes = {
        float(text.get("font-size", "0").removesuffix("px")) for text in tree.iter("{*}text") if text.get("font-size")
    }
    assert min(sizes) >= 11


def test_names_above_bars_end_where_these_begin() -> None:
    rows = [{"y": Literal(name), "x": Literal(1)} for name in ("short", "a name with " + "so many words " * 6)]
    made = spec(replace(chart("bar", rows, x="x", y="y"), is_narrow=True))
    assert {row["y"].count("\n") for row in made["data"]["values"]} == {1}
    assert made["encoding"]["y"]["axis"]["labelAlign"] == "left"
    assert made["width"] == WIDTH


def test_a_phone_has_no_room_for_a_network_and_is_shown_what_is_most_linked() -> None:
    rows = [{"x": Literal("hub"), "y": Literal(f"leaf {number}")} for number in range(30)]
    made = simplified(replace(chart("network", rows, x="x", y="y"), is_narrow=True))
    assert made.kind == "bar"
    names = Counter(str(row["node"].value) for row in made.rows)
    assert names["hub"] == 30
    assert len(names) == MAX_NODES


def test_pages_and_frames_show_a_phone_the_narrow_drawing_in_its_theme() -> None:
    client = application().test_client()
    for path in ("/query/targets", "/embed/targets"):
        sources = html.fromstring(client.get(path, headers={"Accept": "text/html"}).text).xpath("//picture//source")
        found = [
            (source.get("media"), "narrow=1" in source.get("srcset"), "dark" in source.get("srcset"))
            for source in sources
        ]
        assert found == [
            ("(max-width: 38rem) and (prefers-color-scheme: dark)", True, True),
            ("(prefers-color-scheme: dark)", False, True),
            ("(max-width: 38rem)", True, False),
        ], path


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_frame_has_the_theme_that_its_address_asks_for(theme: str) -> None:
    page = html.fromstring(application().test_client().get(f"/embed/targets?theme={theme}").text)
    assert page.get("data-theme") == theme
    assert page.xpath("//meta[@name='color-scheme']/@content") == [theme]
    drawn = page.xpath("//picture//@srcset | //picture//@src")
    assert drawn
    assert all(f"theme={theme}" in address for address in drawn)


def test_headers_name_variables_of_their_query() -> None:
    for slug, query in load_queries(ROOT / "queries").items():
        if query.chart:
            assert query.chart["kind"] in KINDS, slug
            for role in ("x", "y", "color", "facet"):
                variable = query.chart.get(role)
                assert variable in (None, "count") or f"?{variable}" in query.text, (slug, role)


def test_png_and_title_for_those_who_take_it_along() -> None:
    client = application().test_client()
    assert client.get("/chart/targets.png").data.startswith(b"\x89PNG")
    titled = client.get("/chart/targets.svg?title=1&lang=ru").text
    assert "CC BY 4.0" in titled
    assert "Какие цели" in titled


def test_the_same_picture_is_not_sent_twice() -> None:
    client = application().test_client()
    first = client.get("/chart/sources.svg")
    again = client.get("/chart/sources.svg", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/chart/sources.svg?theme=dark").headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(
    "path", ["/chart/nothing.svg", "/chart/names.svg", "/chart/targets.gif", "/chart/targets.svg?country=tm&state=met"]
)
def test_no_chart_is_a_404(path: str) -> None:
    assert application().test_client().get(path).status_code == 404


def test_a_wrong_value_is_a_400() -> None:
    assert application().test_client().get("/chart/targets.svg?country=zz").status_code == 400


def test_states_and_countries_keep_their_colours() -> None:
    countries = {"id:first": 1, "id:second": 2}
    assert colours(["id:second", "x", "id:first"], "light", countries)[::2] == ["#009e73", "#0072b2"]
    assert colours(["id:first"], "light", countries) != colours(["id:first"], "dark", countries)
    assert colours(["x", "concept:state-met"], "light", {})[1] == "#1c6b3a"
    others = colours([f"thing-{i}" for i in range(12)], "light", {})
    assert len(set(others)) == 12


def test_covered_countries_keep_their_colours_among_many() -> None:
    names = [NamedNode(f"{PREFIXES['id']}int-{number}") for number in range(20)]
    rows: list[dict[str, object]] = [{"x": Literal("2024"), "y": Literal(1), "country": name} for name in names]
    drawn = replace(chart("line", rows, x="x", y="y", color="country"), countries={names[3]: 1, names[5]: 2})
    scale = colour(drawn)
    assert len(scale["legend"]["values"]) == 2
    assert len(scale["scale"]["domain"]) == 20
    assert Counter(scale["scale"]["range"])[ui_colour("line", "light")] == 18


def test_dates_are_drawn_as_wide_as_they_are_unsure() -> None:
    assert days(Literal("2025", datatype=NamedNode(expand("xsd:gYear")))) == ("2025-01-01", "2025-12-31")
    assert days(Literal("../2026", datatype=NamedNode(expand("edtf:EDTF")))) == ("2026-12-31", "2026-12-31")
    assert days(Literal("hello")) is None
    assert days(None) is None


def test_names_are_cut_and_numbers_are_numbers() -> None:
    drawn = chart("bar", [], x="count", y="y")
    assert shown(drawn, Literal("7", datatype=NamedNode(expand("xsd:integer")))) == 7.0
    assert max(map(len, str(shown(drawn, Literal("long " * 40))).splitlines())) <= 56


def test_ranks_fall_and_units_do_not_share_an_axis() -> None:
    unit = NamedNode(PREFIXES["concept"] + "unit-rank")
    rows: list[dict[str, object]] = [
        {"x": Literal(year), "y": Literal(place), "metric": Literal("Rank"), "unit": unit}
        for year, place in (("2023", 70), ("2024", 60))
    ]
    rows.append({"x": Literal("2024"), "y": Literal(0.5), "metric": Literal("Score")})
    panels = spec(chart("line", rows, x="x", y="y", color="metric"))["concat"]
    assert [panel["title"]["text"] for panel in panels] == [["Rank"], ["Score"]]
    assert [axis(panel)["scale"]["reverse"] for panel in panels] == [True, False]
    assert axis(panels[0])["axis"]["values"][0] == 1


def axis(panel: dict[str, Any]) -> dict[str, Any]:
    """The axis of values of a small chart."""
    return dict(panel["layer"][0]["encoding"]["y"])


def test_comparators_stand_behind_the_covered_countries() -> None:
    """However many other countries there are, each line stays with one country, and titles keep within their chart."""
    covered, others = NamedNode(PREFIXES["id"] + "kz"), [NamedNode(f"{PREFIXES['id']}int-{n}") for n in range(20)]
    rows: list[dict[str, object]] = [
        {"x": Literal(year), "y": Literal(1), "country": country, "metric": Literal("A long title of a chart " * 4)}
        for country in (*others, covered)
        for year in ("2023", "2024")
    ]
    drawn = chart("line", rows, x="x", y="y", color="country", facet="metric")
    (panel,) = spec(replace(drawn, countries={covered: 1}))["concat"]
    behind, front, *_more, names = panel["layer"]
    assert behind["encoding"]["detail"][0] == {"field": "color"}
    assert front["encoding"]["color"]["legend"] is None
    assert [point["color"] for point in names["data"]["values"]] == [covered.value]
    assert sum(point["covered"] for point in panel["data"]["values"]) == 2
    assert " ".join(panel["title"]["text"]).split() == ("A long title of a chart " * 4).split()
    assert all(len(line) <= 42 for line in panel["title"]["text"])


def countries_over(years: dict[str, tuple[str, ...]], **more: object) -> Chart:
    """A line for each country over the years that an index has of it."""
    names = {code: NamedNode(PREFIXES["id"] + code) for code in years}
    rows: list[dict[str, object]] = [
        {"x": Literal(year), "y": Literal(3), "country": names[code], "metric": Literal("M"), **more}
        for code, of_one in years.items()
        for year in of_one
    ]
    drawn = chart("line", rows, x="x", y="y", color="country", facet="metric", release="release")
    return replace(drawn, countries={name: place for place, name in enumerate(names.values(), 1)})


def test_a_line_breaks_where_an_edition_lacks_the_country() -> None:
    (panel,) = spec(countries_over({"kz": ("2021", "2022", "2023"), "tm": ("2021", "2023")}))["concat"]
    runs: dict[str, set[int]] = {}
    for point in panel["data"]["values"]:
        runs.setdefault(point["color"].rpartition("/")[2], set()).add(point["run"])
    assert runs == {"kz": {0}, "tm": {0, 1}}


def test_a_value_of_a_later_publication_is_marked() -> None:
    (panel,) = spec(countries_over({"kz": ("2021", "2022")}, release=Literal(2)))["concat"]
    assert all(point["revised"] for point in panel["data"]["values"])


def test_small_charts_that_begin_together_share_their_axes() -> None:
    years = {"A": ("2004", "2024"), "B": ("2005", "2023"), "C": ("2020", "2025")}
    kz = NamedNode(PREFIXES["id"] + "kz")
    rows: list[dict[str, object]] = [
        {"x": Literal(year), "y": Literal(place), "country": kz, "metric": Literal(metric)}
        for metric, of_one in years.items()
        for place, year in enumerate(of_one, 40)
    ]
    drawn = replace(chart("line", rows, x="x", y="y", color="country", facet="metric"), countries={kz: 1})
    domains = [panel["layer"][0]["encoding"]["x"]["scale"]["domain"][0]["year"] for panel in spec(drawn)["concat"]]
    assert domains == [2004, 2004, 2020]


@given(places=st.lists(st.floats(0, 150), min_size=1, max_size=8))
def test_names_at_the_ends_of_lines_do_not_meet(places: list[float]) -> None:
    placed = apart([(str(number), place) for number, place in enumerate(places)], 150)
    ordered = sorted(placed.values())
    assert all(below - above >= MIN_DISTANCE - 1e-6 for above, below in pairwise(ordered))
    assert max(ordered) <= 150 + MIN_DISTANCE


def test_the_way_to_a_target_shows_value_deadline_and_baseline() -> None:
    rows: list[dict[str, object]] = [
        {
            **{"x": Literal(year), "y": Literal(done), "target": Literal("Schools"), "aim": Literal(100)},
            **{"deadline": Literal("2030", datatype=XSD.gYear), "baseline": Literal(5)},
            "baselineDate": Literal("2022", datatype=XSD.gYear),
        }
        for year, done in (("2023", 10), ("2024", 20))
    ]
    roles = {"goal": "aim", "due": "deadline", "base": "baseline", "since": "baselineDate"}
    svg = to_svg(chart("line", rows, x="x", y="y", color="target", **roles))
    assert "Aim: 100 (2030)" in svg
    assert "Baseline" in svg


def test_a_chart_is_shown_in_a_frame_of_any_site_and_no_other_page_is() -> None:
    client = application().test_client()
    page = client.get("/embed/index-ranks?country=kz&lang=ru", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    tree = html.fromstring(page.text)
    assert tree.get("lang") == "ru"
    assert "country=kz" in tree.xpath("string(//img/@src)")
    assert tree.xpath("string(//a/@href)").startswith("http")
    assert not tree.xpath("//script | //form")
    assert "frame-ancestors 'none'" in client.get("/query/index-ranks").headers["Content-Security-Policy"]
    assert client.get("/embed/names").status_code == 404


def test_a_network_of_one_edge() -> None:
    rows: list[dict[str, object]] = [{"a": Literal("Ministry"), "b": Literal("Strategy")}]
    svg = to_svg(chart("network", rows, x="a", y="b"))
    assert "Ministry" in svg
    assert "Strategy" in svg


def test_names_in_a_network_do_not_meet() -> None:
    rows: list[dict[str, object]] = [
        {"a": Literal("A ministry with a long name"), "b": Literal(f"A strategy of many words, number {number}")}
        for number in range(25)
    ]
    tree = etree.fromstring(to_svg(chart("network", rows, x="a", y="b")).encode())
    boxes = []
    for text in tree.iterfind(".//{*}text"):
        if text.get("opacity") != "0" and (words := "".join(text.itertext())):
            x, y = map(float, re.findall(r"-?[\d.]+", text.get("transform") or "")[:2])
            half = len(words) * 2.4
            left = {"end": x - 2 * half, "middle": x - half}.get(text.get("text-anchor") or "start", x)
            boxes.append((left, left + 2 * half, y - 8, y))
    assert len(boxes) > 3
    for place, (left, right, top, bottom) in enumerate(boxes):
        for other_left, other_right, other_top, other_bottom in boxes[:place]:
            assert right < other_left or other_right < left or bottom < other_top or other_bottom < top


def test_nothing_to_draw() -> None:
    assert not can_draw(None, 5)
    assert not can_draw({"kind": "table"}, 5)
    assert not can_draw({"kind": "bar"}, 0)


SEEN = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.1523, 1.0526, -0.2049), (0.1145, 0.7863, 0.0992), (-0.0039, -0.0481, 1.052)),
    "no green": ((0.3673, 0.8606, -0.228), (0.2801, 0.6725, 0.0474), (-0.0118, 0.0429, 0.9689)),
}
"""How linear red, green and blue are seen (Machado, Oliveira and Fernandes, 2009)."""


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("seen", SEEN)
def test_states_and_countries_are_told_apart_by_the_colour_blind(theme: str, seen: str) -> None:
    states = [shade for name, shade in PALETTES[theme]["values"].items() if "state-" in name]
    for shades in (states, PALETTES[theme]["countries"][:5]):
        apart_ = {(a, b): math.dist(lab(a, seen), lab(b, seen)) for a, b in combinations(shades, 2)}
        assert min(apart_.values()) > 11, min(apart_, key=lambda pair: apart_[pair])


def lab(shade: str, seen: str) -> tuple[float, float, float]:
    """A colour as it is seen, in CIELAB."""
    parts = [int(shade[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    red, green, blue = (sum(weight * part for weight, part in zip(row, linear, strict=True)) for row in SEEN[seen])
    whites = ((0.4124, 0.3576, 0.1805, 0.9505), (0.2126, 0.7152, 0.0722, 1), (0.0193, 0.1192, 0.9505, 1.089))
    x, y, z = (curve((r * red + g * green + b * blue) / white) for r, g, b, white in whites)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def curve(part: float) -> float:
    return max(part, 0) ** (1 / 3) if part > 0.008856 else 7.787 * max(part, 0) + 16 / 116
