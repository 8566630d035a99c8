"""What questions cost."""

from benchmarks.tool import Bench, Relay, Report

CLASSES = ["ids", "author", "feed", "reactions", "mentions", "profiles", "hashtag", "global", "recent", "window"]


def query(bench: Bench) -> None:
    relay = bench.relay()
    bench.load(relay, "publish", events=bench.sizes.events)
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
