"""Two relays on one database: what one stores, both serve and both deliver, through cuts and races."""

import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from conftest import Node, NodeFactory
from support.backends import PostgresDatabase
from support.client import Client, Filter
from support.events import Author, Event, ids
from support.figures import Figures
from support.outages import Publisher, Publishers, Watcher, all_served, wait_until_ready
from support.relay_process import wait_until
from support.storm_model import rank

NOTE, DELETION, DOOMED, PROFILE, EPHEMERAL = 1, 5, 7, 0, 20_001
STORED: Filter = {"kinds": [NOTE, DELETION, DOOMED, PROFILE]}
CUT_SECONDS = 5
RACES = 60
SAMPLES = 300

Nodes = tuple[Node, Node]


@pytest.fixture
def nodes(start_node: NodeFactory) -> Nodes:
    return start_node(), start_node()


@dataclass
class Mixed:
    """What a publisher sends next: notes, versions of its profile, events to be deleted and their deletions."""

    choose: random.Random
    doomed: set[str] = field(default_factory=set)

    def __call__(self, publisher: Publisher) -> Event:
        author, draw = publisher.author, self.choose.random()
        if draw < 0.1:
            return author.event(PROFILE, f"{time.time_ns()}")
        if draw < 0.2:
            return author.event(DOOMED, f"{time.time_ns()}")
        if draw < 0.3:
            return author.event(EPHEMERAL, f"{time.time_ns()}")
        if draw < 0.4 and (target := self._target(publisher)):
            self.doomed.add(target)
            return author.event(DELETION, f"{time.time_ns()}", [["e", target]])
        return publisher.note()

    def _target(self, publisher: Publisher) -> str | None:
        """One of its own events that is stored."""
        recent = [attempt for attempt in publisher.attempts[-100:] if attempt.is_accepted]
        targets = [attempt.event["id"] for attempt in recent if attempt.event["kind"] == DOOMED]
        return self.choose.choice(targets) if targets else None


def watch(nodes: Nodes, moment: str) -> list[Watcher]:
    """A subscription for what is stored on each node, and one for what is not."""
    return [
        Watcher(node.relay, f"{moment} on {name}, {sort}", filter)
        for name, node in zip("AB", nodes)
        for sort, filter in (("stored", STORED), ("ephemeral", {"kinds": [EPHEMERAL]}))
    ]


@pytest.mark.timeout(400)
def test_every_subscriber_has_what_the_database_holds_after_each_node_was_cut_off(
    nodes: Nodes, database: PostgresDatabase, seed: int, figures: Figures
) -> None:
    makers = [Mixed(random.Random(seed + number)) for number in range(8)]
    ports = [nodes[number % 2].relay.port for number in range(8)]
    watchers = watch(nodes, "before")
    for watcher in watchers:
        watcher.wait()
    with Publishers(Publisher(port, make) for port, make in zip(ports, makers)) as publishers:
        publishers.wait_for_more(500)
        for name, node in zip("AB", nodes):
            node.line.cut()
            time.sleep(CUT_SECONDS / 2)
            watchers += watch(nodes, f"while {name} was cut off")
            time.sleep(CUT_SECONDS / 2)
            node.line.mend()
            wait_until_ready(node.relay)
            publishers.wait_for_each()
            publishers.wait_for_more(200)
        for watcher in watchers:
            watcher.wait()
        after = watch(nodes, "after")
        for watcher in after:
            watcher.wait()
        watchers += after
        publishers.stop()
    publishers.check_answers()
    sent, accepted = publishers.sent, publishers.accepted
    stored = database.ids()
    doomed = {target for make in makers for target in make.doomed}
    lasting = {identifier for identifier, event in sent.items() if event["kind"] in (NOTE, DELETION)}
    assert accepted.keys() & lasting <= stored <= sent.keys(), f"--seed {seed}"
    assert {event["kind"] for identifier, event in sent.items() if identifier in stored} == set(STORED["kinds"])
    for watcher in watchers:
        if "stored" in watcher.name:
            # Versions that came and went, and what was deleted later, were events of their time.
            watcher.wait_for(stored)
    for watcher in watchers:
        watcher.stop()
        watcher.check()
        if "stored" in watcher.name:
            extra = watcher.times.keys() - stored
            assert not extra & lasting, f"{watcher.name}: events that are not stored, --seed {seed}"
            assert all(sent[identifier]["kind"] == PROFILE or identifier in doomed for identifier in extra)
    for node in nodes:
        assert sorted(ids(all_served(node.relay, publishers.authors))) == sorted(stored), f"--seed {seed}"
    check_profiles(database, publishers)
    ephemeral = {identifier for identifier, event in accepted.items() if event["kind"] == EPHEMERAL}
    missed = [len(ephemeral - watcher.times.keys()) for watcher in watchers[:4] if "ephemeral" in watcher.name]
    figures(
        f"{len(accepted)} events with OK true, {len(publishers.refused)} refused, {len(stored)} stored, "
        f"{len(watchers)} subscriptions; of {len(ephemeral)} ephemeral events A missed {missed[0]} and B {missed[1]}; "
        f"the slowest answer took {publishers.slowest:.1f} s"
    )


def check_profiles(database: PostgresDatabase, publishers: Publishers) -> None:
    """Of each author the newest profile is stored, among those that were accepted, or a newer one."""
    stored = database.ids(f"kind = {PROFILE}")
    for publisher in publishers.all:
        profiles = [event for event in publisher.accepted if event["kind"] == PROFILE]
        kept = [attempt.event for attempt in publisher.attempts if attempt.event["id"] in stored]
        assert len(kept) == 1 and rank(kept[0]) >= max(map(rank, profiles)), publisher.author.pubkey


def test_without_a_fault_nothing_is_lost_between_nodes(nodes: Nodes, seed: int) -> None:
    makers = [Mixed(random.Random(seed + number)) for number in range(4)]
    ports = [nodes[number % 2].relay.port for number in range(4)]
    watchers = watch(nodes, "live")
    for watcher in watchers:
        watcher.wait()
    with Publishers(Publisher(port, make) for port, make in zip(ports, makers)) as publishers:
        publishers.wait_for_more(2000)
        publishers.stop()
    publishers.check_answers()
    accepted = publishers.accepted
    # A version that a newer one replaced at once, or an event that was deleted at once, need not be seen on its way.
    due = {NOTE, DELETION, EPHEMERAL}
    for watcher in watchers:
        mine = {EPHEMERAL} if "ephemeral" in watcher.name else set(STORED["kinds"])
        watcher.wait_for(key for key, event in accepted.items() if event["kind"] in due & mine)
        watcher.stop()
        watcher.check()


class Race:
    """Two clients of different nodes who send at the same instant."""

    def __init__(self, nodes: Nodes) -> None:
        self.stack = ExitStack()
        self.clients = [self.stack.enter_context(Client(node.relay.url)) for node in nodes]
        self.pool = self.stack.enter_context(ThreadPoolExecutor(2))
        self.barrier = threading.Barrier(2)

    def __enter__(self) -> "Race":
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def publish(self, first: Event, second: Event) -> list[list]:
        """The answers to one event on each node."""
        return list(self.pool.map(self._publish, self.clients, (first, second)))

    def _publish(self, client: Client, event: Event) -> list:
        self.barrier.wait(20)
        return client.publish(event)

    def agreed(self, filter: Filter) -> list[Event]:
        """What both nodes answer, once they agree; the answers of a node may be an instant old."""
        return wait_until(lambda: self._same(filter), what=f"one answer of both nodes to {filter}")[0]

    def _same(self, filter: Filter) -> tuple[list[Event]] | None:
        answers = [client.fetch(filter) for client in self.clients]
        return (answers[0],) if answers[0] == answers[1] else None


@pytest.fixture
def race(nodes: Nodes) -> Iterator[Race]:
    with Race(nodes) as race:
        yield race


VERSIONED: dict[str, tuple[int, list[list[str]]]] = {"replaceable": (0, []), "addressable": (30_023, [["d", "x"]])}


@pytest.mark.parametrize("sort", VERSIONED)
@pytest.mark.parametrize("apart", [0, 1], ids=["of one second", "a second apart"])
def test_of_two_versions_at_the_same_instant_both_nodes_keep_the_newest(race: Race, sort: str, apart: int) -> None:
    kind, tags = VERSIONED[sort]
    now = int(time.time()) - 10
    for number in range(RACES):
        author = Author()
        versions = [author.event(kind, f"{number} {n}", tags, now + n * apart) for n in range(2)]
        if number % 2:
            versions.reverse()
        answers = race.publish(*versions)
        newest = max(versions, key=rank)
        assert race.agreed({"authors": [author.pubkey]}) == [newest], (answers, versions)
        [answer] = [answer for answer in answers if answer[1] == newest["id"]]
        assert answer[2] is True, answer


def by_id(target: Event) -> list[list[str]]:
    return [["e", target["id"]]]


def by_address(target: Event) -> list[list[str]]:
    return [["a", f"{target['kind']}:{target['pubkey']}:{'x' if target['kind'] == 30_023 else ''}"]]


DELETIONS: dict[str, tuple[int, list[list[str]], Callable[[Event], list[list[str]]]]] = {
    "a note": (1, [], by_id),
    "a version by its id": (30_023, [["d", "x"]], by_id),
    "an address": (30_023, [["d", "x"]], by_address),
    "a replaceable address": (10_002, [], by_address),
}


@pytest.mark.parametrize("sort", DELETIONS)
def test_an_event_and_its_deletion_at_the_same_instant_leave_the_deletion(race: Race, sort: str) -> None:
    kind, tags, naming = DELETIONS[sort]
    now = int(time.time()) - 10
    for number in range(RACES):
        author = Author()
        target = author.event(kind, f"{number}", tags, now)
        deletion = author.event(DELETION, f"{number}", naming(target), now)
        pair = (target, deletion) if number % 2 else (deletion, target)
        answers = race.publish(*pair)
        assert race.agreed({"authors": [author.pubkey]}) == [deletion], (answers, target)
        [answer] = [answer for answer in answers if answer[1] == deletion["id"]]
        assert answer[2] is True, answer


def test_one_event_on_both_nodes_at_the_same_instant_is_stored_once(race: Race, nodes: Nodes) -> None:
    author = Author()
    watchers = [Watcher(node.relay, name, {"authors": [author.pubkey]}).wait() for name, node in zip("AB", nodes)]
    notes = author.notes(RACES)
    for note in notes:
        for answer in race.publish(note, note):
            assert answer[2] is True and (answer[3] == "" or answer[3].startswith("duplicate: ")), answer
    assert race.agreed({"authors": [author.pubkey]}) == notes[::-1]
    for watcher in watchers:
        watcher.wait_for(ids(notes))
        watcher.stop()
        watcher.check()


def test_how_long_an_event_takes_from_one_node_to_the_other(nodes: Nodes, figures: Figures) -> None:
    """From its OK on one node to its arrival at a subscriber of the other: a figure, no test of a time."""
    author = Author()
    away, here = nodes
    watcher = Watcher(here.relay, "live", {"authors": [author.pubkey]}).wait()
    answered: dict[str, float] = {}
    with Client(away.relay.url) as client:
        for note in author.notes(SAMPLES):
            assert client.publish(note)[2] is True
            answered[note["id"]] = time.monotonic()
            watcher.wait_for([note["id"]])
    watcher.stop()
    watcher.check()
    delays = sorted((watcher.times[key] - moment) * 1000 for key, moment in answered.items())
    figures(
        f"median {statistics.median(delays):.1f} ms, p99 {delays[int(len(delays) * 0.99)]:.1f} ms of {SAMPLES} "
        f"(the goal is 50 ms)"
    )
