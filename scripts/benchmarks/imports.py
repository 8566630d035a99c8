"""What taking a file of events takes, and what room they need."""

import os

from benchmarks.tool import Bench


def imports(bench: Bench) -> None:
    count = bench.sizes.imported
    signed = bench.generate("signed", events=count)
    before = bench.verification()
    seconds = bench.take(signed, "signed")
    verification = (before + bench.verification()) / 2
    signed.unlink()
    bare_seconds = count * verification / 1e6 / (os.cpu_count() or 1)
    unsigned = bench.generate("unsigned", events=count, unsigned=True)
    unverified_seconds = bench.take(unsigned, "unsigned", "--no-verify")
    add = bench.figures.add
    add(f"import of {count:,}", 100 * bare_seconds / seconds, "% of bare verification", least=65)
    add(f"import of {count:,}", count / seconds, "events/s")
    add(f"import --no-verify of {count:,}", count / unverified_seconds, "events/s", least=60_000)


def disk(bench: Bench) -> None:
    """The file's size, told for 58 MB of JSON, which are about 100,000 events."""
    events = bench.generate("events", events=bench.sizes.disk_events, unsigned=True)
    bench.take(events, "disk", "--no-verify")
    stored = bench.run("export", "--database", f"sqlite:{bench.database('disk')}")
    size = bench.database("disk").stat().st_size
    add = bench.figures.add
    ratio = size / events.stat().st_size
    add(f"disk, {bench.sizes.disk_events:,} events, for 58 MB of JSON", 58 * ratio, "MB", most=85)
    add("disk, bytes a byte of JSON", ratio, "")
    add("disk, bytes a byte of JSON that is still stored", size / len(stored.encode()), "")
