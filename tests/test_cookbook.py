"""The recipes of the cookbook: each runs where its tool is here, else its address and the format are read."""

from __future__ import annotations

import ast
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import networkx
import pandas
import pytest
import yaml
from pyoxigraph import Store

from kg.tabular.archives import parquet_archive
from tests.explorer import explorer
from tests.node import wheel
from tests.served import ROOT, record_tables
from web.views.html.cookbook import ADDRESS, FOLDER

pytestmark = pytest.mark.server
RECIPES = yaml.safe_load((FOLDER / "recipes.yaml").read_text("utf-8"))
FIGURES = ROOT / "tests" / "data" / "join" / "world-bank-gdp.csv"
STATES = {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
NAMES = {"Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan"}


def code(name: str) -> str:
    """A recipe as the site serves it."""
    response = explorer().get(f"/cookbook/{name}")
    assert response.status_code == 200
    assert ADDRESS not in response.text or explorer().url == ADDRESS
    return response.text


def table(text: str) -> pandas.DataFrame:
    """The CSV table that a recipe reads."""
    (address,) = re.findall(r'"(http[^"]+)"', text)
    return pandas.read_csv(io.StringIO(explorer().get(address.removeprefix(explorer().url)).text))


def run(tmp_path: Path, name: str, *command: str, more: tuple[str, ...] = ()) -> str:
    """What a recipe prints."""
    path = tmp_path / name
    path.write_text(code(name), "utf-8")
    done = subprocess.run(
        [*command, str(path), *more], capture_output=True, text=True, check=False, timeout=180, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def excel(_: Path) -> None:
    text = code("excel.pq")
    assert set(re.findall(r'"(\w+Label|since)"', text)) <= set(table(text.partition("[Delimiter")[0]).columns)
    assert text.count("(") == text.count(")")


def r(tmp_path: Path) -> None:
    text = code("targets.R")
    assert set(re.findall(r"targets\$(\w+)", text)) <= set(table(text.partition(", encoding")[0]).columns)
    if shutil.which("Rscript"):
        assert set(re.findall(r"\w+", run(tmp_path, "targets.R", "Rscript"))) >= NAMES


def joined(tmp_path: Path) -> None:
    assert len([line for line in code("join.py").splitlines() if line.strip()]) < 10
    rows = pandas.read_csv(
        io.StringIO(run(tmp_path, "join.py", sys.executable, more=(str(FIGURES),))), index_col=["iso3", "year"]
    )
    assert {state for state, _ in rows.index} == STATES
    assert rows.loc["UZB", 2016]["gdp"] == 67220335569.6147
    assert rows.filter(like="egdi").loc["KAZ", 2016].gt(0).all()


def statements(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(parquet_archive(record_tables()))) as archive:
        archive.extract("statements.parquet", tmp_path)
    query = code("statements.sql").replace("'statements.parquet'", f"'{tmp_path / 'statements.parquet'}'")
    rows = duckdb.sql(query).fetchall()
    counts = [count for _, count in rows]
    assert rows
    assert counts == sorted(counts, reverse=True)
    assert all(count > 0 for _, count in rows)


def openrefine(_: Path) -> None:
    operations = json.loads(code("openrefine.json"))
    config = operations[0]["config"]
    service = config["service"].removeprefix(explorer().url)
    manifest = explorer().get(service).json()
    assert (manifest["identifierSpace"], manifest["schemaSpace"]) == (config["identifierSpace"], config["schemaSpace"])
    queries = json.dumps(
        {"q0": {"query": "Ministry of Digital Technologies of Uzbekistan", "type": config["type"]["id"]}}
    )
    (best, *_) = explorer().get(service, params={"queries": queries}).json()["q0"]["result"]
    assert best["id"].removeprefix("id:") == "uz-mdt"


def qgis(_: Path) -> None:
    text = code("map.py")
    ast.parse(text)
    panel = pandas.read_csv(io.StringIO(explorer().get("/query/panel.csv").text))
    chosen = panel[(panel.indicator == "ai_laws_in_force") & (panel.year == 2026)]
    assert "KAZ" in set(chosen.isoAlpha3) <= STATES
    assert re.findall(r'setJoinFieldName\("(\w+)"\)', text) == ["isoAlpha3"]


def gephi(tmp_path: Path) -> None:
    response = explorer().get("/network.graphml")
    assert response.headers["Content-Type"].startswith("application/graphml+xml")
    (tmp_path / "network.graphml").write_bytes(response.content)
    graph = networkx.read_graphml(tmp_path / "network.graphml")
    rows = explorer().get("/query/network.rows").json()
    assert graph.number_of_edges() == len(rows)
    assert graph.nodes["id:uz-mdt"]["kind"] == "Ministry"
    assert {graph.nodes[end]["label"] for end, *_ in graph.edges} >= {row["sourceLabel"] for row in rows[:20]}
    one = networkx.parse_graphml(explorer().get("/network.graphml?thing=uz-mdt&lang=ru").text)
    assert 0 < one.number_of_edges() < graph.number_of_edges()
    assert explorer().get("/network.graphml?things=uz-mdt").status_code == 400


def observable(tmp_path: Path) -> None:
    lines = run(tmp_path, "overdue.mjs", str(wheel() / "bin" / "node")).splitlines()
    assert {line.partition(":")[0] for line in lines} <= NAMES
    assert sum(int(line.rpartition(" ")[2]) for line in lines) == len(explorer().get("/query/overdue.rows").json())


def curl(tmp_path: Path) -> None:
    rows = pandas.read_csv(io.StringIO(run(tmp_path, "evidence.sh", "bash")))
    assert len(rows) == 20
    assert rows.source.str.startswith("http").all()


def federation(_: Path) -> None:
    solutions = Store().query(code("federation.rq"))
    found = {(solution["code"].value, solution["law"].value.rpartition("/")[2]) for solution in solutions}  # type: ignore[union-attr]
    assert ("KZ", "kz-law-on-ai") in found


TESTS: dict[str, Callable[[Path], None]] = {
    "excel.pq": excel,
    "targets.R": r,
    "join.py": joined,
    "statements.sql": statements,
    "openrefine.json": openrefine,
    "map.py": qgis,
    "network.graphml": gephi,
    "overdue.mjs": observable,
    "evidence.sh": curl,
    "federation.rq": federation,
}


@pytest.mark.parametrize("name", [recipe["file"] for recipe in RECIPES])
def test_recipe(name: str, tmp_path: Path) -> None:
    TESTS[name](tmp_path)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_shows_every_recipe(language: str) -> None:
    page = explorer().get(f"/cookbook?lang={language}", headers={"Accept": "text/html"}).text
    assert len(RECIPES) == 10
    for recipe in RECIPES:
        assert f"<h2>{recipe['tool']}</h2>" in page
        assert recipe["file"] in page
    assert "/cookbook/join.ipynb" in page
    assert explorer().url in page


def test_the_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    response = explorer().get("/cookbook/join.ipynb")
    assert response.headers["Content-Type"].startswith("application/x-ipynb+json")
    document = response.json()
    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
    assert [cell["cell_type"] for cell in document["cells"]] == ["markdown", "code"]
    monkeypatch.chdir(tmp_path)
    shutil.copy(FIGURES, "figures.csv")
    exec(compile(document["cells"][1]["source"], "join.ipynb", "exec"), {})
    assert capsys.readouterr().out.startswith("iso3,year,gdp")


@pytest.mark.parametrize("name", ["nothing.py", "network.graphml", "recipes.yaml", "..%2Frecipes.yaml"])
def test_only_recipes_are_served(name: str) -> None:
    assert explorer().get(f"/cookbook/{name}").status_code == 404
