"""Clients that are slow, silent or many hold nobody up: easy questions go on being answered at once."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.served import Site, start, timed

pytestmark = [pytest.mark.server, pytest.mark.alone]
HALF_HEAD = b"GET /sparql?query=ASK HTTP/1.1\r\nHost: x\r\nX-Slow: a"
HALF_BODY = (
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 60\r\n\r\nASK"
)
LARGE = b"GET /download/ca-ai-policy.nq HTTP/1.1\r\nHost: x\r\n\r\n"


@cache
def target() -> Site:
    return start("--timeout", "2", "--memory", "512", "--workers", "2")


@contextmanager
def clients(count: int, first: bytes) -> Iterator[list[socket.socket]]:
    """Connections on which something is sent and then nothing more, and nothing is read."""
    parts = urlsplit(target().url)
    opened = []
    try:
        for _ in range(count):
            raw = socket.socket()
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            raw.connect((parts.hostname or "", parts.port or 0))
            raw.sendall(first)
            opened.append(raw)
        yield opened
    finally:
        for raw in opened:
            raw.close()


def quick() -> float:
    """Seconds until an easy question is answered that nobody has asked before."""
    begin = time.monotonic()
    response = target().ask(f"ASK {{}} # {begin}")
    assert response.status_code == 200, response.text
    return time.monotonic() - begin


def closed(raw: socket.socket) -> bool:
    raw.setblocking(False)
    try:
        return raw.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


@pytest.mark.parametrize(
    ("count", "first"),
    [(300, HALF_HEAD), (300, HALF_BODY), (300, LARGE), (1500, b"")],
    ids=["heads", "bodies", "readers", "silent"],
)
def test_slow_clients_hold_nobody_up(count: int, first: bytes) -> None:
    with clients(count, first):
        time.sleep(0.5)
        assert max(quick() for _ in range(20)) < 2


def test_bodies_that_stop_are_cut_off_and_others_can_be_sent_again() -> None:
    with clients(60, HALF_BODY) as slow:
        until = time.monotonic() + 25
        while not all(map(closed, slow)) and time.monotonic() < until:
            assert quick() < 2
            time.sleep(0.5)
        assert all(map(closed, slow))
        assert requests.post(target().sparql, {"query": "ASK {}"}, timeout=10).status_code == 200


@pytest.mark.slow
def test_bodies_that_trickle_in_are_cut_off() -> None:
    with clients(5, HALF_BODY.replace(b"60", b"600")) as slow:
        begin = time.monotonic()
        while not all(map(closed, slow)) and time.monotonic() < begin + 60:
            for raw in slow:
                with suppress(OSError):
                    raw.send(b" ")
            time.sleep(1)
        assert all(map(closed, slow))


@pytest.mark.slow
def test_readers_that_stop_give_back_what_they_hold() -> None:
    def held() -> float:
        found = re.search(r'^kg_queries_running\{queue="streams"\} (\S+)$', target().get("/metrics").text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    target().get("/download/ca-ai-policy.nq")  # it is written when it is first wanted
    with clients(10, LARGE):
        until = time.monotonic() + 10
        while held() < 10 and time.monotonic() < until:
            time.sleep(0.2)
        assert held() == 10
        until = time.monotonic() + 60
        while held() and time.monotonic() < until:
            time.sleep(1)
        assert held() == 0


def test_a_body_that_comes_slowly_but_comes_is_taken() -> None:
    parts = urlsplit(target().url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), 20) as raw:
        body = b"ASK { } # " + b"x" * 20
        raw.sendall(HALF_BODY.replace(b"Content-Length: 60", b"Content-Length: %d" % len(body))[: -len(b"ASK")])
        for start_at in range(0, len(body), 5):
            raw.sendall(body[start_at : start_at + 5])
            time.sleep(1.3)
        assert raw.recv(4096).startswith(b"HTTP/1.1 200")


@pytest.mark.slow
def test_easy_questions_while_everything_else_is_asked_for() -> None:
    """Pages, descriptions, graphs and files are made by few threads, so a crowd before them leaves questions alone."""
    listed = target().get("/sitemap.xml").text
    places = [place.removeprefix(target().url) for place in re.findall(r"<loc>([^<]+)</loc>", listed)]
    over = threading.Event()
    outcomes: list[int] = []

    def crowd(number: int) -> None:
        kinds = ("text/html", "text/turtle", "application/trig", "application/ld+json")
        turn = number
        while not over.is_set():
            turn += 7
            paths = (places[turn % len(places)], "/graph/accepted", "/download/ca-ai-policy.ttl", "/search?q=law")
            response = target().get(paths[turn % 4], headers={"Accept": kinds[turn % len(kinds)]})
            outcomes.append(response.status_code)

    with ThreadPoolExecutor(64) as threads:
        jobs = [threads.submit(crowd, number) for number in range(64)]
        time.sleep(1)
        times = timed(quick, 8)
        over.set()
        for job in jobs:
            job.result(60)
    assert times[int(len(times) * 0.99)] < 1, times[-5:]
    assert set(outcomes) <= {200, 406, 503}, set(outcomes)


@pytest.mark.slow
def test_thousands_of_requests_leave_no_memory_behind() -> None:
    """Of all kinds, refused ones among them; the first thousand fill the caches, which have a size."""
    listed = target().get("/sitemap.xml").text
    places = [place.removeprefix(target().url) for place in re.findall(r"<loc>([^<]+)</loc>", listed)]

    def ask(number: int) -> None:
        session = requests.Session()
        for turn in range(number, number + 250):
            paths = (
                f"/sparql?query=ASK%7B%7D%23{turn}",
                f"/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+{turn % 90}",
                f"/sparql?query=nonsense{turn}",
                places[turn % len(places)],
                f"/query/instruments.csv?limit={turn % 50 + 1}",
                f"/nothing/{turn}",
                "/sparql?query=ASK%7B%7D&default-graph-uri=" + "x" * (turn % 3000),
            )
            path = paths[turn % len(paths)]
            kinds = {"Accept": ("text/html", "*/*", "text/turtle")[turn % 3], "X-Much": "y" * (turn % 5000)}
            assert session.get(target().url + path, headers=kinds, timeout=30).status_code < 501

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(ask, range(0, 1000, 250)))
        before = resident()
        list(threads.map(ask, range(1000, 5000, 250)))
    assert resident() - before < 60 << 20


def resident() -> int:
    """Bytes of the site's processes, shared pages counted in part."""
    pids, total = [target().process.pid], 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").iterdir():
            pids += map(int, (task / "children").read_text("ascii").split())
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text("ascii"), re.MULTILINE)
        total += int(found[1]) << 10 if found else 0
    return total
