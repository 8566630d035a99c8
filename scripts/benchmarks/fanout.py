"""What deliveries cost, and how long they take."""

from benchmarks.tool import Bench


def fanout(bench: Bench) -> None:
    sizes = bench.sizes
    relay = bench.relay()
    # What publishing costs without an audience, at the same number of unanswered events.
    publishing = bench.load(relay, "publish", events=sizes.follower_events, connections=1, seed=101)
    cost = publishing["relay_cpu_us_each"]
    following = {"subscribers": sizes.followers, "events": sizes.follower_events}
    judge_fanout(bench, f"fan-out, {sizes.followers:,} following 20 authors", cost, following)
    listening = {"subscribers": sizes.listeners, "kind": 1, "events": sizes.listener_events}
    judge_fanout(bench, f"fan-out, {sizes.listeners:,} on one kind", cost, listening)


def judge_fanout(bench: Bench, name: str, cost: float, options: dict[str, int]) -> None:
    relay = bench.relays[0]
    full = bench.load(relay, "fanout", seed=102 + options.get("kind", 0), **options)
    rate = max(1, int(full["events_per_second"] / 2))
    half = bench.load(relay, "fanout", seed=104 + options.get("kind", 0), rate=rate, **options)
    missing = sum(report["expected_deliveries"] - report["operations"] for report in (full, half))
    net = (full["relay_cpu_us"] - cost * full["events"]) / max(full["operations"], 1)
    add = bench.figures.add
    add(f"{name}, with publishing", full["relay_cpu_us_each"], "µs of CPU a delivery")
    add(f"{name}, without publishing", net, "µs of CPU a delivery", most=2.5)
    add(f"{name}", full["per_second"], "deliveries/s")
    add(f"{name}, half load ({rate:,}/s)", half["latency_ms"]["p50"], "ms, median", most=10)
    add(f"{name}, half load ({rate:,}/s)", half["latency_ms"]["p99"], "ms, 99 %")
    add(f"{name}, not delivered", missing, "events", most=0)
