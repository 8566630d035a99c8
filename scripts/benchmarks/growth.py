"""What becomes dearer when much is stored."""

from benchmarks.queries import CLASSES, ask, judge_queries
from benchmarks.tool import Bench, Relay, Report


def large(bench: Bench) -> None:
    """Questions, memory and start-up on the large database, and what grew since the small one."""
    count, small_count = bench.sizes.large, bench.sizes.compared
    if not count:
        return bench.say("  left out (it takes --large or --huge)")
    small = filled(bench, small_count)
    # The large one is asked the mix first too, and both are warm then.
    ask(bench, small, small_count)
    small_reports = {name: ask(bench, small, small_count, class_=name) for name in CLASSES}
    small_publish = publish(bench, small)
    small.stop()

    relay = filled(bench, count)
    reports = judge_queries(bench, relay, count)
    memory = reports[CLASSES[-1]]["relay_anonymous_kb"] / 1024
    published = publish(bench, relay)
    relay.stop()
    start_seconds = bench.relay(str(count)).start_seconds

    add = bench.figures.add
    add(f"anonymous memory after the queries, {count:,} events", memory, "MB", most=150)
    add(f"start-up with {count:,} events", start_seconds, "s", most=1)
    pairs = {"publish": (small_publish, published)} | {
        f"query, {name}": (small_reports[name], reports[name]) for name in CLASSES
    }
    for name, (before, after) in pairs.items():
        growth = after["relay_cpu_us_each"] / before["relay_cpu_us_each"]
        add(f"growth from {small_count:,} to {count:,} events, {name}", growth, "times the CPU", most=1.5)


def filled(bench: Bench, count: int) -> Relay:
    """A relay that has so many events of the corpus."""
    bench.say(f"  {count:,} events")
    events = bench.generate(str(count), events=count, unsigned=True)
    bench.take(events, str(count), "--no-verify")
    events.unlink()
    return bench.relay(str(count))


def publish(bench: Bench, relay: Relay) -> Report:
    """New events of another seed."""
    return bench.load(relay, "publish", events=bench.sizes.compared_events, seed=2)
