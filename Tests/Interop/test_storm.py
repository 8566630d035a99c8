"""History meets live at full speed: every subscription that ever was is held against a model (checklist 13, 15, 18,
22, 23, 27, 28, 33, 36, 37, 40)."""

import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import BrokenBarrierError

import pytest

from conftest import Figures, RelayFactory
from support.client import Client
from support.events import Author, compact, ids
from support.jobs import FORK, Job
from support.light import IDENTIFIER, LightSocket, Sending, publish
from support.relay_process import RelayProcess, run_command
from support.storm_model import StormModel
from support.storm_plan import StormPlan
from support.subscribers import Report, subscribe, subscribe_compressed

# Histories are complete, and a test that is slow for a while is not closed for it.
UNBOUNDED = {
    "connections": {"max_unsent": "1GiB"},
    "subscriptions": {"max_limit": 100_000, "default_limit": 100_000},
}
PROCESSES = 2
LINES = 8
PUBLISHERS = 3


@dataclass
class Storm:
    """Publishers, subscribers that last and subscribers that come and go, and what came of it."""

    relay: RelayProcess
    plan: StormPlan
    sendings: dict[str, Sending] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    seconds: float = 0

    def publish_history(self) -> None:
        self.sendings |= publish(self.relay.port, [self.plan.events[number] for number in self.plan.stored])

    @contextmanager
    def subscribers(self) -> Iterator[None]:
        """Subscriptions that last beyond the block, which then end, all of them."""
        plan = self.plan
        lines = [plan.subscriptions(number) for number in range(LINES)]
        compressed, _ = plan.subscriptions(LINES)
        ready, end = FORK.Barrier(PROCESSES + 2), FORK.Event()
        jobs = [
            Job(subscribe, self.relay.port, plan.events, lines[number::PROCESSES], ready, end)
            for number in range(PROCESSES)
        ]
        jobs.append(Job(subscribe_compressed, self.relay.url, plan.events, compressed[:4], ready, end))
        try:
            try:
                ready.wait(60)
            except BrokenBarrierError:
                for job in jobs:
                    job.result(1)
            yield
            end.set()
            for job in jobs:
                self.take(job.result())
        finally:
            for job in jobs:
                job.stop()

    def take(self, report: Report) -> None:
        self.report.records += report.records
        self.report.problems += report.problems
        self.sendings |= report.markers

    def publish(self) -> None:
        """Publishes the streams, at full speed and side by side."""
        started = time.monotonic()
        jobs = [
            Job(publish, self.relay.port, [self.plan.events[number] for number in stream])
            for stream in self.plan.streams
        ]
        try:
            for job in jobs:
                self.sendings |= job.result(200)
        finally:
            for job in jobs:
                job.stop()
        self.seconds = time.monotonic() - started

    def import_others(self) -> None:
        """Imports the plan's other events beside the relay, and returns when the relay has handed on each once."""
        events = [self.plan.events[number] for number in self.plan.imported]
        data = "".join(compact(event) + "\n" for event in events).encode()
        with Client(self.relay.url) as watcher:
            watcher.subscribe("imported", {"ids": [event["id"] for event in events]})
            started = time.monotonic_ns()
            result = run_command("import", "--database", self.relay.database, stdin=data)
            assert result.returncode == 0, result.stderr
            seen = {watcher.live("imported", 60)["id"] for _ in events}
        assert len(seen) == len(events), "imported events were handed on twice"
        self.sendings |= {event["id"]: Sending(started, time.monotonic_ns(), True) for event in events}

    @property
    def live(self) -> int:
        """Events that were delivered after EOSE."""
        return sum(len(record.numbers) - (record.stored or 0) for record in self.report.records if record.complete)

    def check(self, seed: int) -> str:
        """Holds every subscription against the model; returns the figures."""
        replay = f"replay with --seed {seed} and the same --deliveries; the first problems:\n"
        model = StormModel(self.plan.events, self.sendings, self.plan.imported)
        problems = self.report.problems + model.answers()
        streams = {number for stream in self.plan.streams for number in stream} | set(self.plan.imported)
        untouched = {number for number in streams if model.is_untouched(number)}
        lasting = exact = due = 0
        for record in self.report.records:
            outcome = model.check(record)
            problems += outcome.problems
            due += len(outcome.must)
            if not record.plan.is_passing:
                lasting += 1
                # Open from before the storm to its end: nothing is left to chance.
                assert outcome.must & untouched == outcome.may & untouched, replay + record.plan.name
                exact += len(outcome.must & untouched)
        assert not problems, f"{len(problems)} problems; {replay}" + "\n".join(problems[:5])
        records = self.report.records
        stored = sum(record.stored or 0 for record in records)
        cut = sum(record.ending is None for record in records)
        return (
            f"{len(streams)} events in {self.seconds:.1f} s; {self.live} live and {stored} stored deliveries to "
            f"{lasting} lasting and {len(records) - lasting} passing subscriptions ({cut} cut short); {due} were due, "
            f"{exact} of them to the lasting ones exactly; {len(streams) - len(untouched)} events were replaced, "
            f"deleted or blocked; {self.live / self.seconds:.0f} live deliveries a second"
        )


@pytest.mark.timeout(400)
def test_line_33_a_storm_leaves_no_subscription_short_and_sends_nothing_twice(
    start_relay: RelayFactory, seed: int, deliveries: int, figures: Figures
) -> None:
    relay = start_relay(UNBOUNDED)
    plan = StormPlan(random.Random(seed), lines=LINES, passing=150)
    plan.fill(stored=2_000, deliveries=deliveries, publishers=PUBLISHERS)
    storm = Storm(relay, plan)
    storm.publish_history()
    with storm.subscribers():
        storm.publish()
    figures(storm.check(seed))
    assert storm.live >= deliveries


@pytest.mark.timeout(400)
def test_line_33_a_storm_with_an_import_and_cut_connections_keeps_every_promise(
    start_relay: RelayFactory, seed: int, deliveries: int, figures: Figures
) -> None:
    deliveries //= 4
    relay = start_relay(UNBOUNDED)
    plan = StormPlan(random.Random(seed + 1), lines=LINES, passing=150)
    plan.fill(stored=2_000, deliveries=deliveries, publishers=PUBLISHERS, imported=2_000)
    storm = Storm(relay, plan)
    storm.publish_history()
    over = threading.Event()
    cutter = threading.Thread(target=cut_connections, args=(relay.port, random.Random(seed + 2), over))
    with storm.subscribers():
        cutter.start()
        importer = Job(import_others, storm)
        try:
            storm.publish()
            storm.sendings |= importer.result()
        finally:
            importer.stop()
            over.set()
            cutter.join()
    figures(storm.check(seed))
    assert storm.live >= deliveries
    with Client(relay.url) as client:
        assert client.fetch({"kinds": [1], "limit": 1}), "the relay still answers"


def test_ephemeral_events_after_eose_all_arrive_or_the_slow_client_is_closed(
    start_relay: RelayFactory, author: Author
) -> None:
    relay = start_relay(UNBOUNDED)
    ephemeral = author.notes(700, kind=20_001)
    markers = [author.event(kind, "the last") for kind in (1, 20_001)]
    received: list[bytes] = []
    slow = LightSocket(relay.port, receive_buffer=4096)

    def read_up_to(end: bytes) -> None:
        while not any(end in text for text in received[-100:]):
            received.extend(slow.texts())

    # More than the relay keeps arrives while the history waits for its reader: the rest follows after EOSE.
    publish(relay.port, author.notes(400, size=20_000))
    slow.send(compact(["REQ", "catch up", {"authors": [author.pubkey]}]))
    while not received:
        received.extend(slow.texts())
    publish(relay.port, author.notes(900, size=20_000))
    read_up_to(b'["EOSE"')
    publish(relay.port, ephemeral)
    with suppress(EOFError):
        for marker in markers:
            publish(relay.port, [marker])
            read_up_to(marker["id"].encode())
    slow.close()
    seen = {text[IDENTIFIER].decode() for text in received}
    assert slow.close_payload is not None or set(ids(ephemeral)) <= seen


def import_others(storm: Storm) -> dict[str, Sending]:
    before = set(storm.sendings)
    storm.import_others()
    return {identifier: sending for identifier, sending in storm.sendings.items() if identifier not in before}


def cut_connections(port: int, choose: random.Random, over: threading.Event) -> None:
    """Subscribers that are gone in the middle of what they are sent, some without a FIN."""
    while not over.wait(choose.random() / 10):
        connection = LightSocket(port, receive_buffer=choose.choice([4096, None]))
        try:
            connection.send(*(compact(["REQ", f"cut {number:04}", {}]) for number in range(5)))
            for _ in range(choose.randrange(3)):
                connection.texts()
            if choose.random() < 0.5:
                connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        finally:
            connection.close()
