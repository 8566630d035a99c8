"""Whether the end of a long history costs more than its beginning."""

from benchmarks.tool import Bench


def paging(bench: Bench) -> None:
    count = bench.sizes.author_events
    notes = bench.generate("notes", events=count, single_author=True, unsigned=True)
    bench.take(notes, "relay", "--no-verify")
    report = bench.load(bench.relay(), "paging", author_events=count)
    if report["events"] != count:
        raise RuntimeError(f"{report['events']} of {count} notes were found page by page")
    add = bench.figures.add
    head, tail = report["head_relay_cpu_us_per_page"], report["tail_relay_cpu_us_per_page"]
    add(f"paging through {count:,} notes, first tenth", head, "µs of CPU a page")
    add(f"paging through {count:,} notes, last tenth", tail, "µs of CPU a page")
    add(f"paging through {count:,} notes, last tenth", tail / head, "times the first", most=1.5)
    add(f"paging through {count:,} notes", report["relay_cpu_us_per_event"], "µs of CPU an event")
