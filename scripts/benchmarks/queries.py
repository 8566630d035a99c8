"""What questions cost."""

import time
from urllib.request import urlopen

from benchmarks.server import taken
from benchmarks.tool import Bench, Relay, Report

CLASSES = ["ids", "author", "feed", "reactions", "mentions", "profiles", "hashtag", "global", "recent", "window"]
#: Stores events and indexes no words.
WITHOUT_SEARCH = """
search:
  enabled: false
"""


def query(bench: Bench) -> None:
    relay = bench.relay()
    bench.load(relay, "publish", events=bench.sizes.events)
    # What is indexed behind the answers is measured by itself.
    wait_for_index(relay)
    judge_queries(bench, relay, bench.sizes.events)


def cache(bench: Bench) -> None:
    """The same question again and again, with the cache of answers and without."""
    relay = bench.relay()
    bench.load(relay, "publish", events=bench.sizes.events)
    relay.stop()
    for is_cached, name in ((False, "without"), (True, "with")):
        relay = bench.relay(is_cached=is_cached)
        report = ask(bench, relay, bench.sizes.events, class_="global")
        relay.stop()
        bench.figures.add(f"query, one and the same, {name} cache", report["relay_cpu_us_each"], "µs of CPU a query")


def search(bench: Bench) -> None:
    """What it costs to index the words of events, and to search for them (NIP-50)."""
    relay = bench.relay()
    before = taken(relay.process.pid)
    bench.load(relay, "publish", events=bench.sizes.events)
    wait_for_index(relay)
    indexed = taken(relay.process.pid) - before
    relay.stop()
    plain = bench.relay("plain", settings=WITHOUT_SEARCH)
    before = taken(plain.process.pid)
    bench.load(plain, "publish", events=bench.sizes.events)
    stored = taken(plain.process.pid) - before
    plain.stop()
    add = bench.figures.add
    add("search, indexing", (indexed - stored) / bench.sizes.events, "µs of CPU an event published")
    report = ask(bench, bench.relay(), bench.sizes.events, class_="search")
    add(f"search, {bench.sizes.events:,} events", report["relay_cpu_us_each"], "µs of CPU a query")
    add(f"search, {bench.sizes.events:,} events", report["relay_cpu_us_per_event"], "µs of CPU an event")
    add(f"search, {bench.sizes.events:,} events", report["latency_ms"]["p50"], "ms, median")


def wait_for_index(relay: Relay) -> None:
    """Returns when the words of all events are indexed."""
    while metric(relay, "nostr_relay_search_lag_events") or not metric(relay, "nostr_relay_search_indexed_total"):
        time.sleep(0.2)


def metric(relay: Relay, name: str) -> int:
    with urlopen(relay.url.replace("ws:", "http:") + "/metrics", timeout=20) as answer:
        lines = answer.read().decode().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name} "))


def judge_queries(bench: Bench, relay: Relay, events: int) -> dict[str, Report]:
    """The mix and every class, on a relay that has so many events of the corpus; returns the report of each class."""
    size = f"{events:,} events"
    mix = ask(bench, relay, events)
    add = bench.figures.add
    add(f"query, mix, {size}", mix["relay_cpu_us_each"], "µs of CPU a query", most=150)
    add(f"query, mix, {size}", mix["relay_cpu_us_per_event"], "µs of CPU an event", most=2.5)
    add(f"query, mix, {size}", mix["latency_ms"]["p50"], "ms, median")
    reports = {name: ask(bench, relay, events, class_=name) for name in CLASSES}
    for name, report in reports.items():
        if report["events"]:
            add(f"query, {name}, {size}", report["relay_cpu_us_per_event"], "µs of CPU an event", most=5)
    return reports


def ask(bench: Bench, relay: Relay, events: int, **options: str) -> Report:
    return bench.load(relay, "query", events=events, queries=bench.sizes.queries, **options)
