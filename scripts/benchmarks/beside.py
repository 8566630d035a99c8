"""The same workloads on SQLite and on PostgreSQL, by turns, so that both see the same minutes of the machine.

The cost is the CPU of relay and server together: what an embedded database does in the relay, a server does beside it.
"""

import time
from pathlib import Path
from typing import Any

from benchmarks.comparison import Comparisons
from benchmarks.queries import CLASSES, metric, wait_for_index
from benchmarks.server import taken
from benchmarks.tool import Bench, Relay, Report

#: What PostgreSQL may cost: a share of the rate per second of CPU that is left, and times the CPU.
LEAST_RATE, MOST_CPU = 0.6, 3
#: How many events a node says that others have told it.
HEARD = "nostr_relay_other_nodes_events_total"


class Pair:
    """A measurement on both backends."""

    def __init__(self, sqlite: Bench, postgres: Bench, comparisons: Comparisons) -> None:
        self.benches = (sqlite, postgres)
        self.sizes = sqlite.sizes
        self.comparisons = comparisons
        #: A server on another machine costs what cannot be seen here, and is not judged.
        self.is_complete = postgres.server is not None and postgres.server.postmaster is not None

    def relays(self) -> list[Relay]:
        return [bench.relay() for bench in self.benches]

    def load(self, relays: list[Relay], workload: str, **options: Any) -> list[Report]:
        return [bench.load(relay, workload, **options) for bench, relay in zip(self.benches, relays, strict=True)]

    def add(self, name: str, unit: str, values: list[float], **goals: float) -> None:
        self.comparisons.add(name, unit, *values, **(goals if self.is_complete else {}))

    def add_cost(self, name: str, unit: str, reports: list[Report], of: str = "each", **goals: float) -> None:
        """The CPU of an operation, and what of it is the server's."""
        self.add(name, f"µs of CPU {unit}", [cost(report, of) for report in reports], **goals)
        if self.is_complete:
            server = [report["server_cpu_us"] / max(count(report, of), 1) for report in reports]
            self.add(f"{name}, the server's", f"µs of CPU {unit}", server)


def count(report: Report, of: str) -> int:
    return report["events"] if of == "event" else report["operations"]


def cost(report: Report, of: str = "each") -> float:
    """Microseconds of CPU of relay and server for each operation, or for each event."""
    return (report["relay_cpu_us"] + report["server_cpu_us"]) / max(count(report, of), 1)


def publish(pair: Pair) -> None:
    relays = pair.relays()
    events = pair.sizes.events
    for name, seed in (("publish", {}), ("publish, more", {"seed": 2}), ("duplicates", {})):
        reports = pair.load(relays, "publish", events=events, **seed)
        goals = {} if name == "duplicates" else {"least": LEAST_RATE}
        pair.add_cost(name, "each", reports, **goals)
        pair.add(name, "events/s", [report["per_second"] for report in reports])
        pair.add(f"{name}, OK", "ms, median", [report["latency_ms"]["p50"] for report in reports])


def query(pair: Pair) -> None:
    relays = pair.relays()
    events = pair.sizes.events
    pair.load(relays, "publish", events=events)
    options = {"events": events, "queries": pair.sizes.queries}
    reports = pair.load(relays, "query", **options)
    pair.add_cost("query, mix", "a query", reports, most=MOST_CPU)
    pair.add("query, mix", "ms, median", [report["latency_ms"]["p50"] for report in reports])
    for relay in relays:
        wait_for_index(relay)
    for name in [*CLASSES, "search"]:
        reports = pair.load(relays, "query", class_=name, **options)
        if all(report["events"] for report in reports):
            pair.add_cost(f"query, {name}", "an event", reports, of="event", most=MOST_CPU)


def fanout(pair: Pair) -> None:
    relays = pair.relays()
    sizes = pair.sizes
    following = {"subscribers": sizes.followers, "events": sizes.follower_events}
    listening = {"subscribers": sizes.listeners, "kind": 1, "events": sizes.listener_events}
    for name, options in ((f"{sizes.followers:,} following", following), (f"{sizes.listeners:,} on a kind", listening)):
        reports = pair.load(relays, "fanout", seed=102 + len(options), **options)
        pair.add_cost(f"fan-out, {name}, with publishing", "a delivery", reports)
        pair.add(f"fan-out, {name}", "deliveries/s", [report["per_second"] for report in reports])
        pair.add(f"fan-out, {name}", "ms, median", [report["latency_ms"]["p50"] for report in reports])
        missing = [float(report["expected_deliveries"] - report["operations"]) for report in reports]
        pair.add(f"fan-out, {name}, not delivered", "events", missing)


def imports(pair: Pair) -> None:
    sizes = pair.sizes
    for name, options, flags in (("import", {}, []), ("import --no-verify", {"unsigned": True}, ["--no-verify"])):
        source: Path = pair.benches[0].generate(name.split()[-1], events=sizes.imported, **options)
        taken = [bench.weigh(source, name.split()[-1], *flags) for bench in pair.benches]
        source.unlink()
        count = sizes.imported
        # What replaces another event leaves its room behind.
        stored = [int(bench.run("count", "{}", "--database", bench.address(name.split()[-1]))) for bench in pair.benches]
        sized = zip(pair.benches, stored, strict=True)
        pair.add(f"disk after {name}", "bytes a stored event", [one.size(name.split()[-1]) / many for one, many in sized])
        pair.add(name, "µs of CPU an event", [one.cpu / count for one in taken])
        if pair.is_complete:
            pair.add(f"{name}, the server's", "µs of CPU an event", [one.server_cpu / count for one in taken])
        pair.add(f"{name} of {count:,}", "events/s", [count / one.seconds for one in taken])


def nodes(pair: Pair) -> None:
    """What a node pays for what another one accepts; on SQLite there is no other."""
    bench = pair.benches[1]
    bench.addresses["second"] = bench.address("first")
    first, second = bench.relay("first"), bench.relay("second")
    before = taken(second.process.pid)
    bench.load(first, "publish", events=pair.sizes.events)
    heard = 0
    while (heard_now := metric(second, HEARD)) != heard:
        heard = heard_now
        time.sleep(1)
    pair.add("an event of another node", "µs of CPU", [0, (taken(second.process.pid) - before) / max(heard, 1)])
    pair.add("events of the other node", "heard", [0, heard])


#: What is measured on both.
MEASURES = {"publish": publish, "query": query, "fanout": fanout, "import": imports, "nodes": nodes}
