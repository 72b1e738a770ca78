"""What is answered without Flask is what Flask answers, and is done so for clients that have an answer already too."""

from __future__ import annotations

import json
import re
import time
from email.utils import parsedate_to_datetime
from urllib.request import Request, urlopen

import pytest
import requests

from tests.served import site

pytestmark = pytest.mark.server
RESULTS = "application/sparql-results+json"
CANNED = "/query/instruments.csv"


def count(metric: str) -> float:
    found = re.search(rf"^{re.escape(metric)} (\S+)$", site().get("/metrics").text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def repeated() -> float:
    return count('kg_answer_cache_total{outcome="repeated"}')


def asked(query: str, more: str = "", **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.get(site().sparql + more, params={"query": query}, headers=named, timeout=20)


def told(response: requests.Response) -> dict[str, str]:
    """Its headers, but for the time."""
    return {name.lower(): value for name, value in response.headers.items() if name.lower() != "date"}


@pytest.mark.parametrize("query", ["ASK {}", "SELECT * { id:kz ?p ?o }"], ids=["small", "compressed"])
@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
@pytest.mark.parametrize("kind", [RESULTS, "text/csv", "application/sparql-results+xml", "*/*"])
def test_bytes_and_headers_are_those_of_flask(query: str, encoding: str, kind: str) -> None:
    ran, looked_up = 'kg_queries_total{outcome="answered",queue="web process"}', 'kg_answer_cache_total{outcome="miss"}'
    headers = {"Accept": kind, "Accept-Encoding": encoding}
    asked(f"ASK {{}} # {time.monotonic_ns()}", **headers)
    text, before = f"{query} # {time.monotonic_ns()}", (count(ran), count(looked_up))
    quick, again = asked(text, **headers), asked(text, **headers)
    assert (count(ran), count(looked_up)) == (before[0] + 1, before[1])
    slow = asked(text, "?timeout=9", **headers)
    assert told(quick) == told(again) == told(slow)
    assert quick.content == again.content == slow.content
    assert "Content-Encoding" in quick.headers or encoding == "identity" or query == "ASK {}"


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_a_cached_answer_tells_that_the_client_has_it(encoding: str) -> None:
    """Whatever coding it has it in; a client that has another gets the answer."""
    headers = {"Accept": f"text/csv, x/{time.monotonic_ns()}", "Accept-Encoding": encoding}
    first = site().get(CANNED, headers=headers)
    tags = (first.headers["ETag"], "W/" + first.headers["ETag"], f'"x", {first.headers["ETag"]}', "*")
    conditions = [{"If-None-Match": tag} for tag in tags] + [{"If-Modified-Since": first.headers["Last-Modified"]}]
    conditions.append({"If-None-Match": re.sub(r'(:\w+)?"$', ':gzip"', first.headers["ETag"])})
    before = repeated()
    for condition in conditions:
        response = site().get(CANNED, headers=headers | condition)
        assert (response.status_code, response.content) == (304, b""), condition
        assert not {"Content-Type", "Content-Encoding", "Content-Length", "Last-Modified"} & set(response.headers)
        assert response.headers["ETag"] == first.headers["ETag"]
        assert response.headers["Vary"] == first.headers["Vary"]
    changed = site().get(CANNED, headers=headers | {"If-None-Match": '"x"', "If-Match": '"x"'})
    assert (changed.status_code, changed.content) == (200, first.content)
    assert repeated() == before + len(conditions) + 1


def test_a_bounded_query_tells_that_the_client_has_its_answer() -> None:
    asked("ASK {}", Accept=RESULTS)
    query = f"SELECT * {{ id:kz ?p ?o }} # {time.monotonic_ns()}"
    tag = asked(query, "?timeout=9", Accept=RESULTS).headers["ETag"]
    before = repeated()
    for _ in range(2):
        assert asked(query, Accept=RESULTS, If_None_Match=tag).status_code == 304
    assert repeated() == before + 1


def test_other_parameters_tell_nothing_of_plain_queries() -> None:
    """The headers of one answer serve for others, which are of the same kind."""
    kind = f"{RESULTS}, x/{time.monotonic_ns()}"
    assert (
        asked("ASK {}", "?format=xml", Accept=kind).headers["Content-Type"].startswith("application/sparql-results+xml")
    )
    assert asked("DESCRIBE id:kz", "?format=turtle", Accept=kind).status_code == 200
    for _ in range(3):
        assert asked(f"ASK {{}} # {time.monotonic_ns()}", Accept=kind).json() == {"head": {}, "boolean": True}


@pytest.mark.parametrize("signs", ["%zz", "%5C%22", "\\x41", "%", "%D2%9B", "+"])
def test_signs_that_mean_something_elsewhere(signs: str) -> None:
    for turn in range(2):
        request = Request(f"{site().sparql}?query=ASK%7B%7D%23{turn}{signs}", headers={"Accept": RESULTS})
        with urlopen(request, timeout=20) as response:
            assert json.load(response)["boolean"] is True


def test_no_memory_is_spent_on_long_headers() -> None:
    """A cache that keeps answers by all that they depend on would keep whatever strangers send."""
    before = repeated()
    for _ in range(3):
        assert site().get(CANNED, headers={"Accept": "text/csv, x/" + "y" * 5000}).status_code == 200
    assert repeated() == before


def test_a_browser_that_follows_a_link_is_not_handed_what_a_program_was() -> None:
    query = f"ASK {{}} # {time.monotonic_ns()}"
    assert asked(query, Accept="*/*").json()["boolean"] is True
    page = asked(query, Accept="*/*", Sec_Fetch_Dest="document")
    assert page.headers["Content-Type"].startswith("text/html")


def test_the_date_is_that_of_the_response() -> None:
    headers = {"Accept": f"text/csv, x/{time.monotonic_ns()}"}
    assert site().get(CANNED, headers=headers).status_code == 200
    time.sleep(2)
    now = time.time()
    assert parsedate_to_datetime(site().get(CANNED, headers=headers).headers["Date"]).timestamp() > now - 1.5
