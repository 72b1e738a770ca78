"""A country is data: an invented sixth state, a registry file and a source, is in every answer; no code changes."""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from pyoxigraph import NamedNode, Store
from werkzeug.test import TestResponse

from kg.build import build
from kg.cli import main
from kg.countries import Country, covered_countries
from kg.query import CannedQuery, choices_from, load_queries
from kg.settings import Settings
from kg.store import open_snapshot
from tests.served import ID, MINI, ROOT, scratch
from web.charts import theme
from web.config import WebSettings
from web.site.app import create_app
from web.views.html import figures

SIXTH = ROOT / "tests" / "data" / "sixth"
CODES = ["kz", "uz", "kg", "wl"]
BY_COUNTRY = [
    query for query in load_queries(ROOT / "queries").values() if "country" in {p.name for p in query.parameters}
]


@cache
def settings() -> Settings:
    """The mini record and the sixth state, built."""
    data = scratch() / "sixth"
    shutil.copytree(MINI, data)
    shutil.copytree(SIXTH, data, dirs_exist_ok=True)
    sixth = replace(Settings.default(ROOT), data=data, snapshots=scratch() / "sixth-build")
    build(sixth)
    return sixth


@cache
def store() -> Store:
    return open_snapshot(settings().current)


@cache
def client() -> FlaskClient:
    return create_app(WebSettings(settings())).test_client()


def get(path: str) -> TestResponse:
    response = client().get(path)
    assert response.status_code == 200, response.get_data(as_text=True)[:400]
    return response


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_DATA", str(settings().data))
    monkeypatch.setenv("KG_SNAPSHOTS", str(settings().snapshots))


def kg(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    shown = capsys.readouterr()
    assert caught.value.code == 0, shown.err
    return shown.out


def test_it_is_covered_and_has_its_codes() -> None:
    covered = covered_countries(store())
    assert [country.code for country in covered] == CODES
    assert covered[-1] == Country(covered[-1].iri, "wl", 6, "XW", "XWL", "906")


@pytest.mark.parametrize("query", BY_COUNTRY, ids=[query.slug for query in BY_COUNTRY])
def test_every_question_offers_it(query: CannedQuery) -> None:
    assert list(choices_from(store())(query.parameter("country"))) == [ID + code for code in CODES]


@pytest.mark.usefixtures("environment")
def test_the_command_line_knows_it(capsys: pytest.CaptureFixture[str]) -> None:
    (law,) = rows(kg(capsys, "query", "instruments", "--country", "wl", "--format", "csv"))
    assert (law["instrument"], law["countryLabel"]) == (f"{ID}wl-law-on-looms", "Westland")
    assert "kz | uz | kg | wl" in kg(capsys, "queries", "targets")
    assert "wl" in kg(capsys, "stats")
    made = Path(kg(capsys, "new-source", "second", "--country", "wl").strip())
    assert made.parent.name == "wl"
    made.unlink()


def test_it_stands_beside_the_others() -> None:
    compared = {row["country"] for row in rows(get("/query/comparison.csv").get_data(as_text=True))}
    assert compared == {ID + code for code in CODES}
    (target,) = rows(get("/query/targets.csv?country=wl").get_data(as_text=True))
    assert target["target"] == f"{ID}wl-target-looms"
    assert rows(get("/query/country-profile.csv?country=wl").get_data(as_text=True))
    assert rows(get("/query/silence.csv?country=wl").get_data(as_text=True))


def test_the_description_of_the_interface_lists_it() -> None:
    paths = get("/openapi.json").get_json()["paths"]
    parameters = {p["name"]: p for p in paths["/query/targets"]["get"]["parameters"]}
    assert parameters["country"]["schema"]["enum"] == list(CODES)
    queries = {query["slug"]: query for query in get("/query/?format=rows").get_json()}
    (country,) = [p for p in queries["targets"]["parameters"] if p["name"] == "country"]
    assert country["choices"] == [f"id:{code}" for code in CODES]
    assert f"id:{CODES[-1]}" in get("/api/").get_data(as_text=True)


def test_forms_offer_it() -> None:
    form = client().get("/query/targets?lang=en", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert 'value="wl"' in form


def page(path: str) -> html.HtmlElement:
    response = client().get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200, path
    return html.fromstring(response.get_data(as_text=True))


def test_pages_show_it_in_its_place_and_colour() -> None:
    for path in ("/", "/compare", "/timeline", "/about"):
        links = [a for a in page(path).xpath("//a[starts-with(@class, 'country ')]") if a.get("href") == "/country/wl"]
        assert links, path
        assert {a.get("class") for a in links} == {"country country-6"}, path
    assert [a.get("href") for a in page("/").xpath("//section[@aria-labelledby='door-country']/ul//a")] == [
        f"/country/{c}" for c in CODES
    ]
    assert "Westland" in page("/?lang=en").xpath("//h1")[0].text_content()
    assert page("/country/wl?lang=en").xpath("//h1/text()") == ["Westland"]
    assert page("/targets?country=wl").xpath("//tbody//a[@class='country country-6']")
    assert len(page("/compare").xpath("(//table)[1]/thead//th")) == len(CODES)
    assert page("/timeline").xpath("//*[name()='g' and @class='country-6']")


def test_charts_colour_it_as_the_pages_do() -> None:
    assert theme.PALETTES["light"]["countries"][5] in get("/chart/timeline.svg").get_data(as_text=True)


def test_the_map_draws_whichever_countries_are_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the invented state the atlas knows nothing; any real one nearby has its outline there."""
    if not (ROOT / "web" / "static" / "dist" / "countries.json").exists():
        pytest.skip("the outlines are not built: make frontend")
    codes = {"kz": "398", "az": "031", "wl": "906"}
    covered = [Country(NamedNode(ID + code), code, 1, numeric=numeric) for code, numeric in codes.items()]
    monkeypatch.setattr(figures, "countries", lambda: covered)
    with client().application.test_request_context("/"):
        drawn = figures.draw_map()
    assert drawn is not None
    assert [shape.country.code for shape in drawn.shapes] == ["kz", "az"]
    assert all(0 <= shape.x <= drawn.width and 0 <= shape.y <= drawn.height for shape in drawn.shapes)


@pytest.mark.usefixtures("environment")
def test_exports_hold_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "graph.nt"
    kg(capsys, "export", "--format", "ntriples", "--out", str(file))
    assert f"<{ID}wl-law-on-looms>" in file.read_text("utf-8")
