"""Requests that mean harm. Clean is: a 4xx, a 503 with Retry-After, a 504, a 500 that says the worker of this one
client died, or a complete and bounded answer; and the site is up and quick afterwards."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

import pytest
import yaml

from tests.served import Site, start, timed

pytestmark = [pytest.mark.server, pytest.mark.alone]

CORPUS = Path(__file__).parent / "data" / "hostile" / "requests.yaml"
CLEAN = {200, 206, 304, 308, 400, 403, 404, 405, 406, 408, 413, 414, 415, 416, 431, 501, 503, 504, 505}
TIMEOUT = 2.0
_REPEAT = re.compile(r"<<(.+?)\*(\d+)>>", re.DOTALL)


@dataclass(frozen=True)
class Case:
    """One request; ``statuses`` are those that will do, ``query`` is one to post as a form."""

    name: str
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    statuses: frozenset[int] = frozenset(CLEAN)
    query: str | None = None

    def content(self) -> bytes | None:
        """What is sent; a form is coded only then, for megabytes of it take seconds."""
        return self.body if self.query is None else urlencode({"query": self.query}, errors="surrogatepass").encode()


def unfold(text: str) -> str:
    return _REPEAT.sub(lambda match: match[1] * int(match[2]), text)


def query_case(group: str, entry: dict[str, Any]) -> Case:
    query = unfold(entry["q"])
    name, only = f"{group}: {entry['name']}", frozenset(entry.get("only", CLEAN))
    if len(query) < 6000:
        return Case(name, "GET", "/sparql?query=" + quote(query, safe="", errors="surrogatepass"), statuses=only)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return Case(name, "POST", "/sparql", form, statuses=only, query=query)


def request_case(group: str, entry: dict[str, Any]) -> Case:
    body = entry.get("body")
    encoding = "latin-1" if entry.get("raw") else "utf-8"
    headers = {name: unfold(value) for name, value in entry.get("headers", {}).items()}
    return Case(
        f"{group}: {entry['name']}",
        entry.get("method", "GET"),
        quote(unfold(entry["path"]), safe="/?&=%:.<>()#,;'"),
        headers,
        None if body is None else unfold(body).encode(encoding),
        frozenset(entry.get("only", CLEAN)),
    )


@cache
def corpus() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(CORPUS.read_text("utf-8"))
    return loaded


def cases() -> Iterator[Case]:
    for group, entries in corpus()["queries"].items():
        yield from (query_case(group, entry) for entry in entries)
    for group, entries in corpus()["requests"].items():
        yield from (request_case(group, entry) for entry in entries)


CASES = list(cases())
LIGHT = [case for case in CASES if not case.name.startswith("bombs")]
HEAVY = [case for case in CASES if case.name.startswith("bombs")]


@cache
def target() -> Site:
    """A site with little time and memory for each query, so that many can be tried."""
    return start("--timeout", str(TIMEOUT), "--memory", "512", "--workers", "2")


@pytest.fixture(scope="module", autouse=True)
def _started() -> None:
    """The site is up before any clock runs, and before threads ask for it, each of which would start one of its own."""
    target()


def send(case: Case) -> tuple[int, dict[str, str], bytes]:
    """The answer, read to its end: a body that breaks off is an error here."""
    parts = urlsplit(target().url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    content = case.content()
    try:
        connection.putrequest(case.method, case.path, skip_host="Host" in case.headers, skip_accept_encoding=True)
        for name, value in case.headers.items():
            connection.putheader(name, value.encode("latin-1", "replace"))
        if content is not None:
            connection.putheader("Content-Length", str(len(content)))
        connection.endheaders()
        response = _send_body(connection, content)
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
    finally:
        connection.close()


def _send_body(connection: HTTPConnection, body: bytes | None) -> HTTPResponse:
    try:
        if body:
            connection.send(body)
    except (BrokenPipeError, ConnectionResetError):
        pass  # the server had seen enough; its answer is there to read
    return connection.getresponse()


def check_complete(headers: dict[str, str], body: bytes) -> None:
    """Fails for a document that is not complete."""
    kind = headers.get("content-type", "").partition(";")[0]
    assert "content-length" not in headers or int(headers["content-length"]) == len(body)
    if kind.endswith("json"):
        json.loads(body)
    elif kind.endswith("xml"):
        ElementTree.fromstring(body)


def check(case: Case) -> None:
    status, headers, body = send(case)
    message = f"{case.name}: {status} {body[:300]!r}"
    assert status in case.statuses | ({500, 503, 504} if case in HEAVY else set()), message
    if case.method == "HEAD" or status == 304:
        return
    check_complete(headers, body)
    if status == 500:
        assert json.loads(body)["type"].endswith(("/worker-died", "/memory-limit")), message
    if status == 503:
        assert int(headers["retry-after"]) > 0
    assert b"Traceback" not in body
    assert b"root:x:0" not in body
    for name, value in headers.items():
        assert "\n" not in value, f"{name}: {value}"
    assert "x-bad" not in headers
    assert "set-cookie" not in headers or "a=b" not in headers["set-cookie"]
    if headers.get("content-type", "").startswith("text/html"):
        assert b"<script>alert" not in body


def quick() -> float:
    """Seconds until an easy question is answered."""
    begin = time.monotonic()
    status, _, body = send(Case("easy", "GET", "/sparql?query=ASK%7B%7D%23" + str(begin)))
    assert status == 200, body[:300]
    return time.monotonic() - begin


def test_corpus_is_large() -> None:
    assert len(CASES) + len(corpus()["raw"]) >= 200
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", LIGHT, ids=lambda case: case.name)
def test_refused_or_answered(case: Case) -> None:
    begin = time.monotonic()
    check(case)
    assert time.monotonic() - begin < TIMEOUT + 20
    assert target().process.poll() is None


@pytest.mark.slow
def test_bombs_end() -> None:
    """All that need time or memory, three at once as there are slots for them; look-ups go on meanwhile."""
    slowest: list[float] = []
    over = threading.Event()

    def look_up() -> None:
        while not over.is_set():
            slowest.append(quick())
            time.sleep(0.02)

    watcher = threading.Thread(target=look_up)
    watcher.start()
    try:
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(check, HEAVY))
    finally:
        over.set()
        watcher.join()
    assert max(slowest) < 3
    assert sorted(slowest)[int(len(slowest) * 0.99)] < 1


@pytest.mark.parametrize("entry", corpus()["raw"], ids=lambda entry: entry["name"])
def test_bytes_on_the_wire(entry: dict[str, Any]) -> None:
    parts = urlsplit(target().url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), 5) as raw:
        raw.settimeout(1.5)
        try:
            raw.sendall(unfold(entry["send"]).encode("latin-1"))
            raw.shutdown(socket.SHUT_WR)
            answer = raw.recv(65536)
        except OSError:
            answer = b""
    assert not re.match(rb"HTTP/1\.\d 500", answer), answer[:300]
    assert b"HTTP/1.1 200" not in answer[20:], "a second request was smuggled in"
    assert quick() < 2


def test_log_stays_one_line_a_request() -> None:
    marker = f"line{time.monotonic_ns()}"
    path = f"/id/{marker}%0a%7B%22status%22:200%7D%0d%0a%1b%5B31m"
    send(Case("log", "GET", path, {"User-Agent": 'a"\\', "Referer": '","status":200,"x":"'}))
    time.sleep(0.2)
    lines = [line for line in target().log.read_text("utf-8").splitlines() if marker in line]
    assert len(lines) == 1
    entry = json.loads(lines[0])
    assert entry["status"] == 404
    assert "\x1b" not in lines[0]


@pytest.mark.slow
def test_easy_questions_under_64_heavy_ones() -> None:
    """While 64 clients send heavy queries without a pause, ``ASK {}`` is answered, every time, p99 under a second."""
    over = threading.Event()
    outcomes: list[int] = []

    def heavy(number: int) -> None:
        turn = 0
        while not over.is_set():
            turn += 1
            query = f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != <urn:{number}-{turn}>) }}"
            outcomes.append(send(Case("heavy", "GET", "/sparql?query=" + quote(query)))[0])

    threads = [threading.Thread(target=heavy, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    times = timed(quick, 8)
    over.set()
    for thread in threads:
        thread.join()
    assert len(times) > 30
    assert times[int(len(times) * 0.99)] < 1, times[-5:]
    assert set(outcomes) <= {503, 504}
