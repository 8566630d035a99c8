"""Sudden death: kill -9 in the middle of publishing (checklist 100; also 13, 36 and 40)."""

import random
import signal
import statistics
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest

from conftest import Figures, RelayFactory
from support.client import Client
from support.events import Author, Event, compact, ids
from support.light import LightSocket
from support.publishing import Storm, start_storm, stored_ids
from support.relay_process import RelayProcess, run_command, wait_until
from support.storm_model import address, rank

VERSIONED_KINDS = [0, 10_002, 30_023]
PUBLISHERS = 3


def test_line_100_every_ok_true_survives_kill_9(start_relay: RelayFactory) -> None:
    relay = start_relay()
    for _ in range(2):
        storms = start_storm(relay)
        relay.kill()
        for storm in storms:
            storm.join()
        relay.start()
        stored = stored_ids(relay)
        for storm in storms:
            assert len(storm.accepted) > 300
            assert set(storm.accepted) <= stored


def test_line_100_a_relay_killed_while_importing_loses_nothing_it_answered(
    start_relay: RelayFactory, author: Author
) -> None:
    relay = start_relay()
    events = author.notes(2000)
    importing = threading.Thread(target=import_events, args=(relay, events))
    [storm] = start_storm(relay, 1)
    importing.start()
    relay.kill()
    importing.join()
    storm.join()
    relay.start()
    assert set(storm.accepted) | set(ids(events)) <= stored_ids(relay)


def import_events(relay: RelayProcess, events: list[Event]) -> None:
    data = "".join(compact(event) + "\n" for event in events).encode()
    assert run_command("import", "--database", relay.database, stdin=data).returncode == 0


@dataclass
class Promises:
    """What the relay has answered with OK true in all rounds so far, and what follows from it."""

    events: dict[str, Event] = field(default_factory=dict)
    # Targets of deletions that were sent, and of those that were answered.
    doomed: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    # Versions that were sent, and the highest that was answered, of each address.
    versions: dict[str, set[str]] = field(default_factory=dict)
    latest: dict[str, Event] = field(default_factory=dict)

    @property
    def kept(self) -> set[str]:
        """Events that have to be served: regular ones that nobody asked to delete."""
        return self.events.keys() - self.doomed

    def take(self, storm: "MixedStorm") -> set[str]:
        """Notes the answers of a storm that is over; returns the regular events among them."""
        fresh = set()
        for identifier in storm.sent:
            event, accepted = storm.events[identifier], storm.answers.get(identifier, False)
            coordinate = address(event)
            if coordinate:
                self.versions.setdefault(coordinate, set()).add(identifier)
                if accepted:
                    self.see(coordinate, event)
                continue
            if accepted:
                self.events[identifier] = event
                fresh.add(identifier)
            if event["kind"] == 5:
                targets = {tag[1] for tag in event["tags"]}
                self.doomed |= targets
                self.deleted |= targets if accepted else set()
        return fresh

    def see(self, coordinate: str, event: Event) -> None:
        self.latest[coordinate] = max(self.latest.get(coordinate, event), event, key=rank)


@dataclass
class MixedStorm(Storm):
    """Publishes notes, some of them large, versions of few addresses, and deletions of what was answered before."""

    choose: random.Random = field(default_factory=random.Random)
    promises: Promises = field(default_factory=Promises)
    events: dict[str, Event] = field(default_factory=dict)
    # When it began to publish: no event is made twice.
    began: int = field(default_factory=time.time_ns)

    def next_event(self) -> Event:
        event = self._event()
        self.events[event["id"]] = event
        return event

    def _event(self) -> Event:
        choose = self.choose
        draw, content = choose.random(), f"{self.began} {len(self.sent)}"
        if draw < 0.15:
            kind = choose.choice(VERSIONED_KINDS)
            tags = [["d", choose.choice("abc")]] if kind == 30_023 else []
            return self.author.event(kind, content, tags)
        if draw < 0.22 and (targets := self._targets()):
            return self.author.event(5, content, [["e", identifier] for identifier in targets])
        size = choose.randrange(20_000, 90_000) if draw > 0.99 else choose.randrange(300)
        return self.author.event(1, content.ljust(size, "~"))

    def _targets(self) -> list[str]:
        """A few of its own notes that are stored."""
        answered = [identifier for identifier in self.sent[-400:] if self.answers.get(identifier)]
        notes = [identifier for identifier in answered if self.events[identifier]["kind"] == 1]
        return self.choose.sample(notes, min(len(notes), 2))


@dataclass
class Rounds:
    """A relay that is killed again and again, on one database."""

    relay: RelayProcess
    choose: random.Random
    authors: list[Author] = field(default_factory=lambda: [Author() for _ in range(PUBLISHERS)])
    promises: Promises = field(default_factory=Promises)
    # Seconds from the start of the process to the end of the first answer.
    starts: list[float] = field(default_factory=list)
    stored: int = 0
    did: str = ""

    def kill(self, way: str) -> set[str]:
        """Kills the running relay; returns the ids of the regular events that were answered before."""
        self.did = way
        if way == "at its start":
            self.relay.kill()
            self.relay.launch()
            time.sleep(self.choose.random() * 0.15)
            self.relay.kill()
            return set()
        storms = [
            MixedStorm(self.relay.url, author, choose=random.Random(self.choose.random()), promises=self.promises)
            for author in self.authors
        ]
        for storm in storms:
            storm.start()
        wait_until(lambda: all(storm.accepted for storm in storms), seconds=40, what="a first OK")
        time.sleep(self.choose.random() * 0.3)
        if way == "while it shuts down":
            self.relay.signal(signal.SIGTERM)
            time.sleep(self.choose.random() * 0.1)
        self.relay.kill()
        fresh: set[str] = set()
        for storm in storms:
            storm.join()
            assert all(storm.answers.values()), "a good event was refused"
            fresh |= self.promises.take(storm)
        return fresh

    def check_database(self) -> None:
        """Checks what the kill left, as it is."""
        store, scratch = self.relay.store, self.relay.folder
        try:
            store.check(scratch)
        except AssertionError as error:
            raise AssertionError(f"killed {self.did}: {error}") from error
        self.stored = store.count(scratch)
        assert self.stored >= len(self.promises.kept), self.did

    def restart(self) -> None:
        """Starts the relay, and takes the time until it has answered a REQ."""
        started = time.monotonic()
        self.relay.start()
        connection = LightSocket(self.relay.port)
        connection.send('["REQ","first of",{"limit":1}]')
        while not any(text.startswith(b'["EOSE"') for text in connection.texts()):
            pass
        self.starts.append(time.monotonic() - started)
        connection.close()

    def check(self, fresh: set[str]) -> None:
        """Asks for what was answered in this round, for some of the earlier events, and for what is no more."""
        promises = self.promises
        earlier = self.choose.sample(sorted(promises.kept), min(len(promises.kept), 500))
        due = (fresh & promises.kept) | set(earlier)
        gone = set(self.choose.sample(sorted(promises.deleted), min(len(promises.deleted), 500)))
        gone |= fresh & promises.deleted
        with Client(self.relay.url) as client:
            served = fetch(client, due | gone)
            missing = due - served.keys()
            assert not missing, f"{len(missing)} answered events are gone, killed {self.did}: {sorted(missing)[:3]}"
            assert all(event == promises.events[identifier] for identifier, event in served.items())
            assert not served.keys() & gone, f"deleted events are back, killed {self.did}"
            self.check_versions(client)

    def check_versions(self, client: Client) -> None:
        """Of each address there is one version, and none older than the newest that was answered or seen."""
        pubkeys = [author.pubkey for author in self.authors]
        served = client.fetch({"kinds": VERSIONED_KINDS, "authors": pubkeys})
        by_address = {address(event): event for event in served}
        assert len(by_address) == len(served), f"two versions of one address, killed {self.did}"
        for coordinate, newest in self.promises.latest.items():
            assert coordinate in by_address, f"no version of {coordinate}, killed {self.did}"
            event = by_address[coordinate]
            assert event["id"] in self.promises.versions[coordinate]
            assert rank(event) >= rank(newest), f"an old version of {coordinate}, killed {self.did}"
        for coordinate, event in by_address.items():
            self.promises.see(coordinate, event)


def fetch(client: Client, wanted: Iterable[str]) -> dict[str, Event]:
    """The stored events with these ids."""
    served: dict[str, Event] = {}
    wanted = sorted(wanted)
    for start in range(0, len(wanted), 400):
        part = wanted[start : start + 400]
        served |= {event["id"]: event for event in client.fetch({"ids": part, "limit": len(part)})}
    return served


@pytest.mark.timeout(600)
def test_line_100_a_relay_killed_again_and_again_keeps_every_promise(
    start_relay: RelayFactory, seed: int, kills: int, figures: Figures
) -> None:
    rounds = Rounds(start_relay(), random.Random(seed))
    ways = ["amid publishing", "while it shuts down", "at its start"]
    try:
        for number in range(kills):
            way = ways[number] if number < len(ways) else rounds.choose.choices(ways, [7, 2, 1])[0]
            fresh = rounds.kill(way)
            rounds.check_database()
            rounds.restart()
            rounds.check(fresh)
        stored = stored_ids(rounds.relay)
    except AssertionError as error:
        raise AssertionError(f"after {len(rounds.starts)} restarts, --seed {seed}: {error}") from error
    promises = rounds.promises
    assert promises.kept <= stored
    assert not promises.deleted & stored
    figures(
        f"{kills} kills, {len(promises.kept)} events kept, {len(promises.deleted)} deleted, {rounds.stored} in the "
        f"database; first REQ answered {statistics.median(rounds.starts) * 1000:.0f} ms (median) and "
        f"{max(rounds.starts) * 1000:.0f} ms (maximum) after the start of the process"
    )
