"""Metrics for Prometheus; with several web processes the sums of all of them."""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

REQUESTS = Counter("kg_requests_total", "Requests answered.", ["method", "part", "status"])
SECONDS = Histogram(
    "kg_request_seconds",
    "Time to an answer.",
    ["part"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
CACHE = Counter(
    "kg_answer_cache_total",
    "Answers looked up in a cache: hit, miss, shared with a running query, or repeated as they were sent.",
    ["outcome"],
)
QUERIES = Counter("kg_queries_total", "Queries run by the engine.", ["queue", "outcome"])
RUNNING = Gauge("kg_queries_running", "Slots taken, by queries above all.", ["queue"], multiprocess_mode="livesum")
SNAPSHOTS = Counter("kg_snapshots_total", "Snapshots opened by web processes.")


def exposition() -> bytes:
    """All metrics in the text format of Prometheus."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
