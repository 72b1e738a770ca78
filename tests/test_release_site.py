"""Releases on the site: served for good with their bytes, named on pages and in answers, compared by meaning."""

from __future__ import annotations

import hashlib
import shutil
from functools import cache

import pytest
import requests
from lxml import html
from pyoxigraph import NamedNode, RdfFormat, parse

from kg.build import build
from kg.namespaces import BASE
from kg.releases.archive import NQUADS, SUFFIX
from tests.released import DAY, releases, settings
from tests.served import Site, scratch, site, start

pytestmark = [pytest.mark.server, pytest.mark.slow]
DCAT = "http://www.w3.org/ns/dcat#"


@cache
def released() -> Site:
    """A site over the data of 0.9.0, beside which there is 0.10.0; the folders hold what version control keeps."""
    folder = scratch() / "release-site"
    for version in ("0.9.0", "0.10.0"):
        (folder / "releases" / version).mkdir(parents=True)
        for path in (releases() / version).iterdir():
            if path.suffix == SUFFIX or not path.name.startswith("ca-ai-policy."):
                shutil.copy2(path, folder / "releases" / version)
    build(settings(folder), day=DAY)
    return start(
        folder=folder / "build", environ={"KG_RELEASES": str(folder / "releases"), "KG_CACHE": str(folder / "cache")}
    )


def get(path: str, accept: str = "application/json", **options: object) -> requests.Response:
    return released().get(path, headers={"Accept": accept}, **options)


def test_every_file_has_the_bytes_of_the_release() -> None:
    for version in ("0.9.0", "0.10.0"):
        manifest = get(f"/release/{version}/").json()
        assert manifest["version"] == version
        for file in manifest["files"]:
            response = released().get(file["url"].removeprefix(released().url))
            assert response.status_code == 200, file["name"]
            assert hashlib.sha256(response.content).hexdigest() == file["sha256"], file["name"]
            assert "immutable" in response.headers["Cache-Control"]
            assert response.headers["Dataset-Version"] == version
    sums = get("/release/0.9.0/SHA256SUMS").text
    assert sums == (releases() / "0.9.0" / "SHA256SUMS").read_text("utf-8")
    assert get("/release/0.9.0/manifest.json").json()["day"] == "2026-11-25"


def test_a_file_is_answered_in_parts_and_not_twice() -> None:
    whole = (releases() / "0.9.0" / NQUADS).read_bytes()
    part = released().get(f"/release/0.9.0/{NQUADS}", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole[100:200])
    first = released().get(f"/release/0.9.0/{NQUADS}")
    again = released().get(f"/release/0.9.0/{NQUADS}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_latest_leads_to_the_newest_version() -> None:
    for path, target in (
        ("/release/latest/", "/release/0.10.0/"),
        (f"/release/latest/{NQUADS}", f"/release/0.10.0/{NQUADS}"),
    ):
        response = get(path, allow_redirects=False)
        assert response.status_code == 307
        assert response.headers["Location"].endswith(target)


def test_the_list_has_all_of_them_and_says_which_data_these_are() -> None:
    listed = get("/release/").json()
    assert listed["current"] == "0.9.0"
    assert [release["version"] for release in listed["releases"]] == ["0.10.0", "0.9.0"]
    page = html.fromstring(get("/release/", "text/html").text)
    assert "holds the data of release 0.9.0" in page.text_content()
    assert page.xpath("//a[contains(@href, '/release/0.10.0/')]")


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_page_of_a_release_tells_how_to_cite_it_and_what_came_after(lang: str) -> None:
    response = get(f"/release/0.9.0/?lang={lang}", "text/html")
    assert response.status_code == 200
    page = html.fromstring(response.text)
    manifest = get("/release/0.9.0/manifest.json").json()
    assert manifest["citeAs"] in page.text_content()
    assert page.xpath("//a[contains(@href, 'from=0.9.0') and contains(@href, 'to=current')]")
    assert all(file["sha256"] in response.text for file in manifest["files"])


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/release/7.7.7/", "0.9.0, 0.10.0"),
        ("/release/0.9.0/passwd", NQUADS),
        ("/release/0.9.0/..%2F..%2Fetc%2Fpasswd", ""),
        ("/release/7.7.7/manifest.json", "0.9.0, 0.10.0"),
    ],
)
def test_what_was_not_released_is_not_found(path: str, told: str) -> None:
    response = get(path)
    assert response.status_code == 404
    assert told in response.text
    assert "root:" not in response.text


def test_pages_and_answers_say_which_release_they_are_of() -> None:
    page = html.fromstring(get("/id/kz-law-on-ai", "text/html").text).text_content()
    assert "release 0.9.0 of 25 November 2026" in " ".join(page.split())
    for path in (
        "/query/instruments",
        "/sparql?query=ASK%20%7B%7D",
        "/sparql?query=SELECT%20*%20%7B%7D&timeout=5",
        "/diff",
    ):
        assert get(path).headers["Dataset-Version"] == "0.9.0", path
    other = site().get("/query/instruments")
    assert "+" in other.headers["Dataset-Version"]
    assert "Dataset-Version" in other.headers["Access-Control-Expose-Headers"]


def test_the_catalogue_has_them_as_a_series() -> None:
    quads = list(parse(get("/.well-known/void", "text/turtle").content, format=RdfFormat.TURTLE))
    series = NamedNode(BASE + "release/")
    members = {
        quad.subject.value for quad in quads if quad.predicate.value == DCAT + "inSeries" and quad.object == series
    }
    assert members == {f"{BASE}release/{version}/" for version in ("0.9.0", "0.10.0")}
    last = next(quad.object for quad in quads if quad.subject == series and quad.predicate.value == DCAT + "last")
    assert str(last) == f"<{BASE}release/0.10.0/>"
    downloads = [quad.object for quad in quads if quad.predicate.value == DCAT + "downloadURL"]
    assert f"<{released().url}/release/0.9.0/{NQUADS}>" in map(str, downloads)


def test_differences_have_words_terms_and_evidence() -> None:
    document = get("/diff?from=0.9.0&to=0.10.0").json()
    assert document["from"] == {"version": "0.9.0", "day": "2026-11-25"}
    changed = [change for change in document["changes"] if change["kind"] == "changed"]
    assert any("was 2025-11-17, now 2025-11-16" in change["text"] for change in changed)
    assert sum(document["counts"].values()) == len(document["changes"])
    for change in changed:
        for evidence in change["evidence"]:
            assert released().get(evidence["url"].removeprefix(released().url)).status_code == 200
    assert get("/diff?from=0.9.0&to=current").json()["changes"] == []
    russian = get("/diff?from=0.9.0&to=0.10.0&lang=ru").json()
    assert any("теперь 2025-11-16" in change["text"] for change in russian["changes"])


def test_differences_are_a_page_with_links_to_evidence() -> None:
    page = html.fromstring(get("/diff?from=0.9.0&to=0.10.0&country=kz", "text/html").text)
    text = " ".join(page.text_content().split())
    assert "Values that changed" in text
    assert "was 2025-11-17, now 2025-11-16" in text
    links = page.xpath("//main//li/a[text()='Evidence']/@href")
    assert links
    for link in links[:10]:
        assert released().get(link).status_code == 200, link
    other = html.fromstring(get("/diff?from=0.9.0&to=0.10.0&country=uz", "text/html").text)
    assert "was 2025-11-17" not in other.text_content()
    assert "Изменившиеся значения" in get("/diff?from=0.9.0&to=0.10.0&lang=ru", "text/html").text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("from=1", "0.9.0, 0.10.0, latest, current"),
        ("to=..", "no such release"),
        ("from=0.10.0&to=0.9.0", "before from, which is 0.10.0"),
        ("from=current&to=0.9.0", "allowed: current"),
        ("country=fr", "covered"),
        ("since=1", "since"),
    ],
)
def test_a_wrong_pair_says_which_there_are(query: str, told: str) -> None:
    response = get(f"/diff?{query}", "text/html" if query.startswith("country") else "application/json")
    assert response.status_code == 400
    assert told in response.text


def test_without_releases_the_pages_say_so() -> None:
    assert site().get("/release/", headers={"Accept": "application/json"}).json()["releases"] == []
    assert "no release yet" in site().get("/release/", headers={"Accept": "text/html"}).text
    assert site().get("/diff").status_code == 404
    assert site().get("/release/latest/").status_code == 404
