"""Running the site: options, logs, counters, an orderly end, a new snapshot under load, a proxy with a prefix."""

from __future__ import annotations

import ctypes
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from kg import snapshot
from kg.build import build
from kg.settings import Settings
from tests.bench.processes import below, computed, proportional
from tests.served import MINI, ROOT, free_port, running, scratch, site, snapshots, wait_for
from web.config import WebSettings

pytestmark = pytest.mark.server
TGKILL = {"x86_64": 234, "aarch64": 131}.get(platform.machine())
"""The number of the system call."""
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def test_health_and_ready() -> None:
    assert site().get("/health").text == "ok\n"
    name = (snapshots() / "current").resolve().name
    assert site().get("/ready").text == f"ready {name}\n"
    assert site().get("/ready").headers["Cache-Control"] == "no-store"


def test_settings_travel_by_environment(tmp_path: Path) -> None:
    settings = WebSettings(
        replace(Settings.default(ROOT), snapshots=tmp_path),
        engine=tmp_path / "engine",
        base_url="https://example.org/graph",
        timeout=7.5,
        memory=512 << 20,
        rows=99,
        downloads=tmp_path / "downloads",
        cache_size=8 << 20,
        workers=3,
        access_log=True,
    )
    assert WebSettings.from_environment(settings.environment()) == settings


def test_counters_count() -> None:
    def count(line: str) -> float:
        found = re.search(rf"^{re.escape(line)} (\S+)$", site().get("/metrics").text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    asked = 'kg_requests_total{method="GET",part="sparql",status="200"}'
    hits, misses = (f'kg_answer_cache_total{{outcome="{name}"}}' for name in ("repeated", "miss"))
    before = [count(line) for line in (asked, hits, misses)]
    query = f"SELECT (COUNT(*) AS ?n) {{ ?s a aip:Law }} # {time.monotonic_ns()}"
    for _ in range(3):
        assert site().ask(query).status_code == 200
    after = [count(line) for line in (asked, hits, misses)]
    answered, repeated, missed = (b - a for a, b in zip(before, after, strict=True))
    assert (answered, repeated) == (3, 2)
    assert missed >= 1  # pages that are warmed up look into the cache too
    bad = 'kg_requests_total{method="GET",part="sparql",status="400"}'
    refused = count(bad)
    site().ask("nonsense")
    assert count(bad) == refused + 1


def test_bounded_queries_run_in_the_web_process_all_others_in_the_engine() -> None:
    """Each query is counted where it ran: only what provably is cheap runs outside the killable workers."""

    def count(queue: str) -> float:
        line = rf'^kg_queries_total\{{outcome="answered",queue="{queue}"\}} (\S+)$'
        found = re.search(line, site().get("/metrics").text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    before = count("web process"), count("express")
    for query in ("ASK {}", "SELECT ?l { id:kz rdfs:label ?l }", "DESCRIBE id:kz"):
        assert site().ask(f"{query} # {time.monotonic_ns()}").status_code == 200
    assert (count("web process"), count("express")) == (before[0] + 2, before[1] + 1)


def test_log_has_a_line_of_json_a_request() -> None:
    agent = f"probe-{time.monotonic_ns()}"
    site().get("/id/kz?format=turtle", headers={"User-Agent": agent})
    until = time.monotonic() + 20
    lines: list[str] = []
    while not lines and time.monotonic() < until:
        lines = [line for line in site().log.read_text("utf-8").splitlines() if agent in line]
    assert len(lines) == 1
    entry = json.loads(lines[0])
    assert (entry["method"], entry["path"], entry["status"]) == ("GET", "/id/kz?format=turtle", 200)
    assert entry["bytes"] > 100
    assert entry["ms"] > 0


def test_nothing_to_serve(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "serve", "--port", str(free_port())],
        cwd=ROOT,
        check=False,
        env={**os.environ, "KG_SNAPSHOTS": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert "kg build" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "options",
    [["--port", "0"], ["--timeout", "-1"], ["--engine", "ftp://x"], ["--base-url", "example.org"], ["--memory", "1"]],
)
def test_wrong_options(options: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "serve", *options],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 2
    assert options[0] in done.stderr


@pytest.mark.parametrize(
    ("host", "hint"), [("127.0.0.1", "choose another --port"), ("name.invalid", "choose another --host or --port")]
)
def test_an_address_that_cannot_be_had(host: str, hint: str) -> None:
    port = site().url.rpartition(":")[2]
    command = [sys.executable, "-m", "kg", "serve", "--host", host, "--port", port]
    environ = {**os.environ, "KG_SNAPSHOTS": str(snapshots())}
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"cannot listen on {host}:{port}")  # not with the address as if it were there
    assert hint in ended.stderr
    assert site().get("/health").status_code == 200


def test_options_come_from_the_environment_too() -> None:
    port = free_port()
    environ = {"HOST": "127.0.0.1", "PORT": str(port), "WORKERS": "1", "TIMEOUT": "0.7", "MEMORY": "512"}
    environ |= {"BASE_URL": "https://example.org/base", "ACCESS_LOG": "0"}
    log = scratch() / f"environment-{port}.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "kg", "serve"],
            cwd=ROOT,
            env={**os.environ, "KG_SNAPSHOTS": str(snapshots()), **{f"KG_{k}": v for k, v in environ.items()}},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url + "/ready", process, log)
        assert requests.get(url + "/openapi.json", timeout=10).json()["servers"] == [
            {"url": "https://example.org/base"}
        ]
        assert requests.get(url + "/sparql", {"query": HEAVY}, timeout=10).status_code == 504
        assert len(below(process.pid)) >= 2
        assert '"method"' not in log.read_text("utf-8")
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.alone
def test_an_orderly_end() -> None:
    """Requests in progress when the signal comes are completed; then all processes end."""
    with running("--timeout", "3") as own:
        with ThreadPoolExecutor() as threads:
            asked = threads.submit(requests.get, own.sparql, {"query": HEAVY, "timeout": "1.5"}, timeout=20)
            time.sleep(0.5)
            family = below(own.process.pid)
            own.process.send_signal(signal.SIGTERM)
            assert asked.result().status_code == 504
        own.process.wait(20)
        time.sleep(0.3)
        assert not [pid for pid in family if alive(pid)]
        with pytest.raises(requests.ConnectionError):
            own.get("/health")


def alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text("ascii")
    except OSError:
        return False


def test_a_dead_engine_is_replaced() -> None:
    with running() as own:
        engines = [pid for pid in below(own.process.pid) if leads_session(pid)]
        os.kill(engines[0], signal.SIGKILL)
        time.sleep(0.1)
        assert own.ask(f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }} # {time.monotonic_ns()}").status_code == 200


def test_nothing_is_left_of_a_site_whose_main_process_was_killed() -> None:
    """As by a system that runs out of memory: who starts the site again finds the port free."""
    with running() as own:
        family = [pid for pid in below(own.process.pid) if alive(pid)]
        own.process.kill()
        own.process.wait(10)
        wait_until(lambda: not any(map(alive, family)))


@pytest.mark.skipif(TGKILL is None, reason="the number of tgkill(2) on this machine is not known")
def test_a_signal_ends_the_site_whichever_thread_takes_it() -> None:
    """The system may give a signal to any thread; one that has no handlers of Python to run must not swallow it."""
    with running() as own:
        main = own.process.pid
        (web,) = web_processes(main)
        signal_thread(web, signal.SIGTERM)
        wait_until(lambda: not alive(web))
        signal_thread(main, signal.SIGTERM)
        own.process.wait(30)


def test_a_web_process_that_has_just_begun_ends_too() -> None:
    """It is forked with the handlers of its parent, which would make it deaf to the end until it has its own."""
    with running() as own:
        (web,) = web_processes(own.process.pid)
        os.kill(web, signal.SIGKILL)
        wait_until(lambda: web_processes(own.process.pid) not in ([], [web]), pause=0.001)
        (new,) = web_processes(own.process.pid)
        os.kill(new, signal.SIGTERM)
        wait_until(lambda: not alive(new))


def web_processes(main: int) -> list[int]:
    """Those of a site that share its session: the engine and its workers have one of their own."""
    return [pid for pid in below(main) if alive(pid) and in_session(pid, os.getsid(main))]


def signal_thread(pid: int, number: int) -> None:
    """Send a signal to a thread of a process that is not its main thread."""
    thread = next(int(task.name) for task in Path(f"/proc/{pid}/task").iterdir() if int(task.name) != pid)
    # tgkill(2), which Python has only for threads of its own process.
    assert ctypes.CDLL(None).syscall(TGKILL, pid, thread, int(number)) == 0


def wait_until(condition: Callable[[], bool], seconds: float = 30, pause: float = 0.1) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(pause)


def in_session(pid: int, session: int) -> bool:
    try:
        return os.getsid(pid) == session
    except ProcessLookupError:
        return False


def leads_session(pid: int) -> bool:
    """Whether a process is a fork server, which leads a session of its own."""
    return in_session(pid, pid)


@pytest.mark.slow
@pytest.mark.alone
def test_new_snapshots_under_load() -> None:
    """Three times the snapshot changes while clients ask: no request fails, and each answer is of one snapshot."""
    folder, data = scratch() / "changing", scratch() / "changing-data"
    shutil.copytree(MINI, data)
    settings = replace(Settings.default(ROOT), data=data, snapshots=folder)
    build(settings)
    first = (folder / "current").resolve().name
    names = [first]
    with running("--workers", "2", folder=folder) as own:
        over = threading.Event()
        failures: list[str] = []
        seen: set[str] = set()

        def ask(number: int) -> None:
            session = requests.Session()
            turn = 0
            while not over.is_set():
                turn += 1
                paths = ["/query/instruments.csv", f"/sparql?query=ASK%7B%7D%23{number}-{turn}", "/id/kz", "/ready"]
                count = "/sparql?query=" + quote("SELECT ?n { id:kz rdfs:label ?n }")
                for path in (*paths, count):
                    try:
                        response = session.get(own.url + path, timeout=20)
                    except requests.RequestException as error:
                        failures.append(repr(error))
                        continue
                    if response.status_code != 200:
                        failures.append(f"{path}: {response.status_code} {response.text[:200]}")
                    if path == "/ready":
                        seen.add(response.text.split()[1])

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for number in range(3):
            time.sleep(1)
            rename(data, f"Northland {number}")
            names.append(build(settings).snapshot.name)
            wait_until_ready(own.url, names[-1])
            label = own.get("/query/instruments.json?country=kz").json()["results"]["bindings"][0]["countryLabel"]
            assert label["value"] == f"Northland {number}"
        snapshot.publish(folder, names[-2])
        wait_until_ready(own.url, names[-2])
        over.set()
        for thread in threads:
            thread.join()
        assert not failures, failures[:5]
        assert "Unexpected exit" not in own.log.read_text("utf-8")
        assert len(set(names)) == 4
        assert seen <= set(names)
        assert set(names[1:]) <= seen | {names[-1]}


def rename(data: Path, name: str) -> None:
    for path in data.rglob("*.ttl"):
        text = path.read_text("utf-8")
        path.write_text(re.sub(r'"Northland( \d+)?"@en', f'"{name}"@en', text), "utf-8")


def wait_until_ready(url: str, name: str) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if name in requests.get(url + "/ready", timeout=10).text:
            time.sleep(1.2)  # pages look twice a second
            return
        time.sleep(0.1)
    raise AssertionError(f"{name} was not taken up")


@pytest.mark.alone
def test_identical_questions_that_run_are_asked_once() -> None:
    with running("--timeout", "2") as own:
        query = f"{HEAVY} # together"
        with ThreadPoolExecutor(12) as threads:
            jobs = [threads.submit(requests.get, own.sparql, {"query": query}, timeout=20) for _ in range(12)]
            statuses = [job.result().status_code for job in jobs]
        text = own.get("/metrics").text
    assert statuses == [504] * 12
    assert 'kg_queries_total{outcome="DeadlineError",queue="fast"} 1.0' in text


@pytest.mark.slow
@pytest.mark.alone
def test_start_is_quick_and_small() -> None:
    """In seconds of a processor, which a busy machine does not change; the benchmark takes those of the clock."""
    with running() as own:
        family = [own.process.pid, *below(own.process.pid)]
        assert sum(map(computed, family)) < 4
        assert sum(map(proportional, family)) < 300 << 20
