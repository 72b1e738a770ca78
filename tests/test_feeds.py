"""The feeds: one entry a change, each at its own time, of all states or of one, in both formats alike."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import etree

from tests.served import site

pytestmark = pytest.mark.server
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def items(query: str = "") -> list[dict[str, object]]:
    found: list[dict[str, object]] = site().get(f"/new.json{query}").json()["items"]
    return found


def test_the_json_feed_is_one() -> None:
    response = site().get("/new.json")
    assert response.headers["Content-Type"] == "application/feed+json"
    feed = response.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == site().url + "/new.json"
    for item in feed["items"]:
        assert {"id", "url", "title", "content_text", "date_published", "tags"} <= set(item)
        assert item["title"]
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"]) > 20


def test_each_change_has_its_own_time_and_none_is_to_come() -> None:
    days = [date.fromisoformat(str(item["date_published"])[:10]) for item in items()]
    assert days == sorted(days, reverse=True)
    assert days[0] <= date.today()
    by_kind = {str(item["id"]).rpartition("#")[2].split("-")[0] for item in items()}
    assert by_kind == {"entered", "ruled", "began"}
    law = [item for item in items() if "kz-law-on-ai--period-in-force" in str(item["id"])]
    assert [str(item["date_published"])[:10] for item in law] == ["2026-01-18"]
    assert "in force" in str(law[0]["title"]).lower()


def test_every_entry_leads_to_its_evidence() -> None:
    for item in items()[:25]:
        path = str(item["url"]).removeprefix(site().url)
        assert site().get(path, headers={"Accept": "text/html"}).status_code == 200, path


def test_a_country_has_a_feed_of_its_own() -> None:
    of_all, of_one = items(), items("?country=kz")
    assert 0 < len(of_one) < len(of_all)
    assert all("Northland" in item["tags"] for item in of_one)  # type: ignore[operator]
    assert {str(item["id"]) for item in of_one} <= {str(item["id"]) for item in of_all}


def test_atom_says_the_same() -> None:
    response = site().get("/new.atom?country=kz")
    feed = etree.fromstring(response.content)
    assert [entry.findtext("a:id", None, ATOM) for entry in feed.findall("a:entry", ATOM)] == [
        item["id"] for item in items("?country=kz")
    ]
    moments = [entry.findtext("a:updated", None, ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert moments == [item["date_published"] for item in items("?country=kz")]


def test_a_feed_is_in_the_language_of_its_reader() -> None:
    russian = site().get("/new.json?lang=ru").json()
    assert "Что нового" in russian["title"]
    assert any("Закон" in item["title"] for item in russian["items"])


@pytest.mark.parametrize(("query", "told"), [("?country=fr", "covered"), ("?land=kz", "land")])
def test_a_wrong_parameter_is_refused(query: str, told: str) -> None:
    for path in ("/new.json", "/new.atom"):
        response = site().get(path + query)
        assert response.status_code == 400
        assert told in response.text


def test_pages_name_both_feeds() -> None:
    page = site().get("/new", headers={"Accept": "text/html"}).text
    assert "/new.atom?country=kz" in page
    assert 'type="application/feed+json"' in page
