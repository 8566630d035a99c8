"""What events cost that arrive, and connections that wait."""

import os
import statistics
import time
from pathlib import Path

from benchmarks.tool import Bench


def publish(bench: Bench) -> None:
    relay = bench.relay()
    count = bench.sizes.events
    before = bench.verification()
    new = bench.load(relay, "publish", events=count)
    verification = (before + bench.verification()) / 2
    known = bench.load(relay, "publish", events=count)
    add = bench.figures.add
    add("bare verification", verification, "µs of CPU")
    add("publish, 8 connections, window 64", new["relay_cpu_us_each"] / verification, "verifications", most=1.6)
    add("publish", new["relay_cpu_us_each"], "µs of CPU each")
    add("publish", new["per_second"], "events/s")
    add("publish, OK", new["latency_ms"]["p50"], "ms, median")
    add("publish, slowest OK", new["latency_ms"]["max"], "ms")
    for word in ("fewest", "most"):
        share = new[f"{word}_events_of_a_connection"] * new["connections"] / new["operations"]
        add(f"publish, connection with the {word} events", 100 * share, "% of its share")
    add("duplicates", known["relay_cpu_us_each"], "µs of CPU each", most=12)
    add("duplicates", known["per_second"], "events/s")


def latency(bench: Bench) -> None:
    """One event at a time, with one subscriber."""
    fsync = median_fsync(bench.folder / "fsync")
    options = {"events": bench.sizes.single_events, "connections": 1, "window": 1, "subscriber": True}
    report = bench.load(bench.relay(), "publish", **options)
    add = bench.figures.add
    add("bare fsync of an append", fsync, "ms, median")
    add("one event at a time, OK", report["latency_ms"]["p50"], "ms, median", most=fsync + 1)
    add("one event at a time, OK", report["latency_ms"]["p99"], "ms, 99 %")
    add("one event at a time, delivery after the OK", report["delivery_after_ok_ms"]["p50"], "ms, median", most=1)
    add("one event at a time, delivery after the OK", report["delivery_after_ok_ms"]["p99"], "ms, 99 %")


def median_fsync(path: Path) -> float:
    """Milliseconds until an append of the size of a small commit is durable."""
    times = []
    with path.open("wb", buffering=0) as file:
        for _ in range(200):
            file.write(b"x" * 8192)
            start = time.perf_counter()
            os.fsync(file.fileno())
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def idle(bench: Bench) -> None:
    relay = bench.relay()
    bench.load(relay, "publish", events=bench.sizes.events)
    # What a relay takes once, such as the database's page cache, is not the connections'.
    bench.load(relay, "query", events=bench.sizes.events, queries=bench.sizes.queries)
    report = bench.load(relay, "idle", connections=bench.sizes.idle_connections)
    bench.figures.add("idle, a subscription each", report["relay_memory_kb_each"], "KB a connection", most=12)
