"""The engine: workers that can reach nothing, queues that keep order, deaths that cost one client."""

from __future__ import annotations

import os
import signal
import socketserver
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from kg.errors import GraphError, QueryError, SnapshotError
from kg.settings import Settings
from tests.served import ROOT, scratch, snapshots
from web.config import WebSettings
from web.engine.admission import AdmissionQueue, Capacity
from web.engine.client import Worker
from web.engine.open_files import open_files
from web.engine.pool import WorkerPool
from web.engine.protocol import ALL, Request
from web.engine.results import (
    BusyError,
    DeadlineError,
    EngineDownError,
    MemoryLimitError,
    TooLargeError,
    TooManyRowsError,
    WorkerDiedError,
)
from web.engine.supervisor import EngineSupervisor

pytestmark = [pytest.mark.server, pytest.mark.alone]
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
MEMORY = 512 << 20


@cache
def link(on_disk: bool) -> Path:
    """The socket of an engine over the mini record, in memory or on disk."""
    import atexit

    folder = scratch() / f"engine-{on_disk}"
    folder.mkdir()
    graph = replace(Settings.default(ROOT), snapshots=snapshots())
    settings = WebSettings(graph, memory=MEMORY, disk_above=0 if on_disk else 1_000_000)
    engine = EngineSupervisor(settings, folder)
    engine.refresh()
    atexit.register(engine.stop)
    return engine.link


@contextmanager
def pool_with(on_disk: bool = False, **limits: float) -> Iterator[WorkerPool]:
    fresh = WorkerPool(link(on_disk), Capacity(**limits))  # type: ignore[arg-type]
    yield fresh
    fresh.close()


@pytest.fixture(params=[False, True], ids=["in memory", "on disk"])
def pool(request: pytest.FixtureRequest) -> Iterator[WorkerPool]:
    with pool_with(request.param, deadline=3, wait_timeout=1) as fresh:
        yield fresh


def text(pool: WorkerPool, query: str, **more: object) -> str:
    answer = pool.run(Request(query, **more))  # type: ignore[arg-type]
    with answer.body:
        return answer.body.read().decode()


def test_answers(pool: WorkerPool) -> None:
    assert '"boolean":true' in text(pool, "ASK {}")
    assert "Northland" in text(pool, "SELECT ?l { id:kz rdfs:label ?l }", result_format="csv")
    assert "aip:Country" in text(pool, "DESCRIBE id:kz")
    construct = Request("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 5", graph_format="application/n-triples", rows=5)
    answer = pool.run(construct)
    assert answer.kind == "graph"
    with answer.body:
        assert answer.body.read().count(b"\n") == 5
    with pytest.raises(TooManyRowsError, match="more than 4 triples"):
        pool.run(replace(construct, rows=4))


def test_workers_are_kept_and_those_of_heavy_queries_are_not(pool: WorkerPool) -> None:
    text(pool, "ASK {}")
    [first] = [worker.pid for worker in pool.idle[ALL]]
    text(pool, "ASK {}")
    assert [worker.pid for worker in pool.idle[ALL]] == [first]
    with pytest.raises(DeadlineError):
        pool.run(Request(HEAVY), 0.5)
    assert all(worker.pid == first or not worker.heavy for worker in pool.idle[ALL])


def test_mistakes_have_line_and_column(pool: WorkerPool) -> None:
    with pytest.raises(QueryError) as caught:
        pool.run(Request("SELECT *\n{ ?s ?p }"))
    assert caught.value.line == 2


def test_a_deadline_holds(pool: WorkerPool) -> None:
    begin = time.monotonic()
    with pytest.raises(DeadlineError):
        pool.run(Request(HEAVY), 0.7)
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?f",
        "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
        "SELECT (STRLEN(?c) AS ?n) { BIND('" + "x" * 9000 + "' AS ?a) BIND(REPLACE(?a, '', ?a) AS ?b) "
        "BIND(REPLACE(?b, '', ?a) AS ?c) }",
    ],
)
@pytest.mark.parametrize("on_disk", [False, True])
def test_memory_has_a_cap(query: str, on_disk: bool) -> None:
    with pool_with(on_disk, deadline=5) as patient:
        with pytest.raises((WorkerDiedError, QueryError, DeadlineError)):
            patient.run(Request(query))
        assert '"boolean":true' in text(patient, "ASK {}")


SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?f"
REPEATED = (
    f"SELECT (STRLEN(?c) AS ?n) {{ BIND('{'x' * 9000}' AS ?a) BIND(REPLACE(?a, '', ?a) AS ?b) "
    "BIND(REPLACE(?b, '', ?a) AS ?c) }"
)


@pytest.mark.parametrize("query", [SORTED, REPEATED], ids=["sort", "repeat"])
@pytest.mark.parametrize("on_disk", [False, True])
def test_who_runs_out_of_memory_is_told_so(query: str, on_disk: bool) -> None:
    with pool_with(on_disk, deadline=60, time_slice=60) as patient, pytest.raises(MemoryLimitError) as caught:
        patient.run(Request(query))
    assert caught.value.message == f"the query reached its memory limit of {MEMORY >> 20:,} MB"
    assert "LIMIT" in str(caught.value.hint)


def test_an_answer_has_a_cap() -> None:
    with pool_with(max_bytes=10_000) as small, pytest.raises(TooLargeError):
        small.run(Request("SELECT * { ?s ?p ?o }"))


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_killed_worker_costs_one_client(kind: int) -> None:
    with pool_with(deadline=20) as patient:
        with ThreadPoolExecutor() as threads:
            heavy = threads.submit(patient.run, Request(HEAVY))
            until = time.monotonic() + 5
            while not patient.slow.taken and time.monotonic() < until:
                time.sleep(0.01)
            for pid in children_of_fork_server():
                os.kill(pid, kind)
            with pytest.raises(WorkerDiedError, match="fault of the engine") as caught:
                heavy.result(10)
            assert not isinstance(caught.value, MemoryLimitError)
        assert '"boolean":true' in text(patient, "ASK {}")


def children_of_fork_server() -> list[int]:
    worker = Worker(link(False))
    stat = Path(f"/proc/{worker.pid}/stat").read_text("ascii")
    fork_server = int(stat.rsplit(")", 1)[1].split()[1])
    worker.close()
    listed = Path(f"/proc/{fork_server}/task/{fork_server}/children").read_text("ascii").split()
    return [int(pid) for pid in listed if int(pid) != worker.pid]


def test_no_socket_and_no_file_from_a_query(pool: WorkerPool) -> None:
    """Even a SERVICE that no guard has seen reaches nothing."""
    reached = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            reached.set()

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        for form in ("SERVICE", "SERVICE SILENT"):
            try:
                found = text(pool, f"SELECT * {{ {form} <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}")
            except GraphError:
                continue
            assert '"s":{' not in found
        for graph in (f"http://127.0.0.1:{port}/", "file:///etc/passwd"):
            query = f"ASK FROM <{graph}> {{ ?s ?p ?o }}"
            assert '"boolean":false' in text(pool, query, own_dataset=True)
        time.sleep(0.2)
        server.shutdown()
    assert not reached.is_set()


def test_workers_that_no_query_needs_are_closed(pool: WorkerPool) -> None:
    def left() -> int:
        pool.close_spare()
        return len(pool.idle[ALL])

    text(pool, "ASK {}")
    assert left() == 1
    text(pool, "ASK {}")
    assert left() == 1
    assert left() == 0
    assert '"boolean":true' in text(pool, "ASK {}")


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_worker_is_locked_in(on_disk: bool) -> None:
    worker = Worker(link(on_disk))
    limits = Path(f"/proc/{worker.pid}/limits").read_text("ascii").splitlines()
    values = {line[:26].strip(): line[26:].split()[:2] for line in limits}
    worker.close()
    assert values["Max open files"] == ["0", "0"]
    assert values["Max file size"] == ["0", "0"]
    assert values["Max core file size"] == ["0", "0"]
    assert values["Max address space"][0] != "unlimited"


def test_all_files_of_a_store_are_opened(tmp_path: Path) -> None:
    """Also of one with more files than the store opens by itself."""
    quads = [
        Quad(
            NamedNode(f"urn:s{i}"), NamedNode(f"urn:p{i % 7}"), NamedNode(f"urn:o{i % 99}"), NamedNode(f"urn:g{i % 9}")
        )
        for i in range(2000)
    ]
    for part in range(3):  # each leaves files of its own; more of them would be merged
        store = Store(tmp_path / "store")
        store.bulk_extend(quads[part::3])
        store.flush()
        del store
    (tmp_path / "dataset.nq").write_text("".join(f"{quad} .\n" for quad in quads), "utf-8")
    files = {path.name for path in (tmp_path / "store").glob("*.sst")}
    assert len(files) > 20
    store = Store.read_only(str(tmp_path / "store"))
    open_files(store, tmp_path)
    opened = {link.resolve().name for link in Path("/proc/self/fd").iterdir()}
    assert files <= opened
    (tmp_path / "store" / "999999.sst").touch()
    (tmp_path / "dataset.nq").write_text(f"{quads[0]} .\n", "utf-8")
    with pytest.raises(SnapshotError, match="not all files"):
        open_files(store, tmp_path)


def test_no_engine(tmp_path: Path) -> None:
    with pytest.raises(EngineDownError):
        WorkerPool(tmp_path / "nothing").run(Request("ASK {}"), timeout=1)


def test_so_many_queries_wait_for_a_slow_slot_for_so_long() -> None:
    with pool_with(slow=1, deadline=3, max_slow_waiting=1, slow_timeout=0.5) as narrow:
        with ThreadPoolExecutor() as threads:
            jobs = [threads.submit(narrow.run, Request(f"{HEAVY} # {number}")) for number in range(4)]
            errors = [job.exception(20) for job in jobs]
        raised = sorted(type(error).__name__ for error in errors)
        assert raised.count("DeadlineError") == 1
        assert raised.count("BusyError") == 3
        assert all("too many long queries" in str(error) for error in errors if isinstance(error, BusyError))


def test_queries_longer_than_a_slice_take_turns() -> None:
    """More of them than there are slow slots at once: each is answered, none in the memory of one that waits."""
    query = "SELECT (COUNT(*) AS ?n) { ?a a ?b . ?d a ?f }"
    with pool_with(slow=1, time_slice=0.01, short_slice=0.01, deadline=120, slow_timeout=110) as narrow:
        with ThreadPoolExecutor() as threads:
            jobs = [threads.submit(text, narrow, f"{query} # {number}") for number in range(5)]
            answers = {job.result(120) for job in jobs}
        assert len(answers) == 1
        assert len(narrow.heavy) > 1
        assert not narrow.slow.taken
        assert not narrow.fast.taken


def test_a_heavy_query_is_remembered() -> None:
    with pool_with(deadline=1, slow_timeout=0) as narrow:
        with pytest.raises(DeadlineError):
            narrow.run(Request(HEAVY))
        narrow.slow.taken = narrow.slow.slots
        begin = time.monotonic()
        with pytest.raises(BusyError):
            narrow.run(Request(HEAVY))
        assert time.monotonic() - begin < 0.9


def test_waiting_for_a_processor_makes_no_query_heavy() -> None:
    """A light query whose worker gets no processor for long beyond its slice is answered, and not remembered."""
    query = "SELECT (COUNT(*) AS ?n) { ?s a aip:Law }"
    with pool_with(time_slice=0.15, slow=1) as calm:
        text(calm, query)
        os.kill(calm.idle[ALL][0].pid, signal.SIGSTOP)
        timer = threading.Timer(0.6, os.kill, [calm.idle[ALL][0].pid, signal.SIGCONT])
        timer.start()
        assert '"n"' in text(calm, query)
        timer.join()
        assert not calm.heavy


def test_slots_are_given_in_the_order_of_arrival() -> None:
    queue = AdmissionQueue("fast", 1, 10)
    first = queue.enter()
    assert first is not None
    order: list[int] = []

    def ask(number: int) -> None:
        slot = queue.enter(5)
        assert slot is not None
        order.append(number)
        slot.leave()

    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=ask, args=(number,)))
        threads[-1].start()
        time.sleep(0.03)
    first.leave()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]
    assert queue.taken == 0


def test_a_full_queue_and_a_short_wait() -> None:
    queue = AdmissionQueue("fast", 1, 0)
    with queue.enter():  # type: ignore[union-attr]
        assert queue.enter(5) is None
    patient = AdmissionQueue("fast", 1, 5)
    with patient.enter():  # type: ignore[union-attr]
        begin = time.monotonic()
        assert patient.enter(0.05) is None
        assert time.monotonic() - begin < 4
    assert patient.taken == 0
    assert not patient.waiting
