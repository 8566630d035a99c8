"""Requests that are asked again and again: the answer from memory is the one that the database would give."""

import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from random import Random

import pytest

from conftest import Figures, RelayFactory
from support.backends import Backend
from support.client import Client, Filter
from support.comparison import Comparison, model_of, seconds_since
from support.events import Author, Event, compact, ids
from support.model import ACCEPTED, Record, needs_login
from support.play import Play
from support.random_events import RandomEvents
from support.random_requests import RandomRequests
from support.relay_process import Configuration, RelayProcess, run_command, wait_until
from test_commands import lines
from test_http import metrics, value

DEFAULTS: Configuration = {}
BARE: Configuration = {"storage": {"result_cache": "none", "memory_map": "none"}}
# Small enough to be given up all the time.
CRAMPED: Configuration = {"storage": {"result_cache": "1MiB", "memory_map": "1MiB", "page_cache": "1MiB"}}
ROUNDS = 25
#: Of the rounds, those on PostgreSQL: what is kept is kept above the database.
SHARE = 0.4
STEPS = 8
# So many that every event loop has some of them.
READERS = 5
WRITERS = 4
SERIAL = itertools.count()
EVENTS_OF_A_WRITER = 120


@pytest.fixture(params=[DEFAULTS, BARE, CRAMPED], ids=["defaults", "without", "cramped"])
def relay_of_each_sort(request: pytest.FixtureRequest, start_relay: RelayFactory) -> RelayProcess:
    return start_relay(request.param)


@pytest.fixture
def readers(relay_of_each_sort: RelayProcess) -> Iterator[list[Client]]:
    with clients(relay_of_each_sort, READERS) as connected:
        yield connected


class clients(ExitStack):
    """Several clients of a relay, which leave together."""

    def __init__(self, relay: RelayProcess, count: int) -> None:
        super().__init__()
        self.connected = [Client(relay.url, deflate=number % 2 == 0) for number in range(count)]

    def __enter__(self) -> list[Client]:
        super().__enter__()
        return [self.enter_context(client) for client in self.connected]


def cache_hits(relay: RelayProcess) -> float:
    return value(metrics(relay.port), "nostr_relay_result_cache_hits_total")


@pytest.mark.timeout(600)
def test_requests_that_are_repeated_after_every_change_get_the_models_answers(
    backend: Backend, relay_of_each_sort: RelayProcess, readers: list[Client], seed: int, figures: Figures
) -> None:
    relay = relay_of_each_sort
    play = Play(relay, seed)
    random = Random(f"{seed} repeated")
    for number in range(1, backend.part(ROUNDS, SHARE) + 1):
        play.begin(f"seed {seed}, round {number}")
        play.publish_at_once(20)
        requests = RandomRequests(random, play.events.made)
        pool = [[{"limit": 50}], [{"kinds": [1, 4, 7]}], [{"kinds": [4]}], *(requests.request() for _ in range(5))]
        for _ in range(STEPS):
            play.publish_one_by_one(1)
            for reader in random.sample(readers, 3):
                for filters in random.choices(pool, k=10):
                    play.comparison.ask(reader, filters)
    hits = cache_hits(relay)
    play.disconnect()
    figures(f"{play.comparison.asked} requests, {hits:.0f} answered from memory; {play.summary}")
    assert (hits > 0) == (relay.configuration.get("storage") != BARE["storage"])


class Writer:
    """Publishes events of its own authors, and after each OK asks for them on another connection."""

    def __init__(self, relay: RelayProcess, seed: int, number: int) -> None:
        self.relay = relay
        self.random = Random(f"{seed} writer {number}")
        self.events = RandomEvents(Random(f"{seed} writer {number} events"))
        self.comparison = Comparison(model_of(relay), f"seed {seed}, writer {number}")

    def pool(self) -> list[list[Filter]]:
        """Requests about these authors, which nobody else's events change."""
        own = [author.pubkey for author in self.events.authors]
        return [
            [{"authors": own}],
            [{"authors": own, "kinds": [1, 7, 4, 1059]}],
            [{"authors": own[:1], "limit": 3}, {"authors": own[1:], "limit": 2}],
            [{"authors": own, "kinds": [0, 3, 10002, 19999, 30023]}],
            [{"authors": own, "#t": ["a", "b"]}, {"authors": own[1:3], "#d": ["", "a"]}],
            [{"authors": own, "kinds": [5]}],
        ]

    def run(self) -> int:
        pool = self.pool()
        with Client(self.relay.url) as publisher, clients(self.relay, 3) as readers:
            for _ in range(EVENTS_OF_A_WRITER):
                self.publish(publisher)
                for filters in self.random.choices(pool, k=4):
                    self.comparison.ask(self.random.choice([publisher, *readers]), filters)
        return self.comparison.asked

    def publish(self, publisher: Client) -> None:
        started = time.time()
        event = self.events.next(int(started))
        answer = publisher.publish(event)
        record, said = Record(event), (answer[2], answer[3])
        possible = set().union(*(self.comparison.model.answers_to(record, now) for now in seconds_since(started)))
        if said not in possible:
            self.comparison.fail(f"{compact(event)} got {answer[2:]}, not {possible}")
        if said == ACCEPTED:
            self.comparison.model.take(record)


@pytest.mark.timeout(600)
def test_what_got_ok_is_in_the_next_answer_on_every_connection_while_others_write(
    relay_of_each_sort: RelayProcess, seed: int, figures: Figures
) -> None:
    writers = [Writer(relay_of_each_sort, seed, number) for number in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        asked = sum(pool.map(Writer.run, writers))
    figures(f"{asked} requests, {cache_hits(relay_of_each_sort):.0f} answered from memory")


def fetch(client: Client, *filters: Filter) -> list[Event]:
    """The stored events that match, under a name of their own: the last request may still hear something live."""
    name = f"fetch {next(SERIAL)}"
    events = client.subscribe(name, *filters)
    client.send("CLOSE", name)
    return events


def ask_all(readers: list[Client], filters: list[Filter], expected: list[Event]) -> None:
    """Asks often enough that an answer that is kept would be given."""
    for _ in range(4):
        for reader in readers:
            assert ids(fetch(reader, *filters)) == ids(expected)


def wait_for_all(readers: list[Client], filters: list[Filter], expected: list[Event]) -> None:
    """What another process has changed in a shared database counts within a second."""

    def is_known() -> bool:
        return all(ids(fetch(reader, *filters)) == ids(expected) for reader in readers)

    wait_until(is_known, seconds=1, what="the change by another process")


def test_an_answer_from_memory_is_counted(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay()
    notes = author.notes(5)
    with Client(relay.url) as client:
        client.publish_all(notes)
        ask_all([client], [{"authors": [author.pubkey]}], notes[::-1])
        # The first two are read.
        assert cache_hits(relay) == 2
        client.publish_all([newest := author.event()])
        assert fetch(client, {"authors": [author.pubkey]})[0] == newest
        assert cache_hits(relay) == 2


def test_without_memory_for_answers_none_is_kept(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay(BARE)
    notes = author.notes(5)
    with Client(relay.url) as client:
        client.publish_all(notes)
        ask_all([client], [{"authors": [author.pubkey]}], notes[::-1])
    assert cache_hits(relay) == 0


def test_what_another_process_imports_and_deletes_shows_when_its_command_has_ended(
    relay_of_each_sort: RelayProcess, readers: list[Client], author: Author
) -> None:
    relay = relay_of_each_sort
    filters = [{"authors": [author.pubkey], "kinds": [1]}]
    stored: list[Event] = []
    for number in range(4):
        ask_all(readers, filters, stored)
        notes = author.notes(20, start=1_700_000_000 + 100 * number)
        imported = run_command("import", "--database", relay.database, stdin=lines(*notes))
        assert imported.returncode == 0, imported.stderr
        stored = notes[::-1] + stored
        if relay.database.startswith("postgres:"):
            wait_for_all(readers, filters, stored)
        ask_all(readers, filters, stored)
        doomed = stored[number::3]
        doomed_ids = compact({"ids": ids(doomed)})
        deleted = run_command("delete", "--database", relay.database, "--filter", doomed_ids, "--yes")
        assert deleted.returncode == 0, deleted.stderr
        stored = [event for event in stored if event not in doomed]
        if relay.database.startswith("postgres:"):
            wait_for_all(readers, filters, stored)
        ask_all(readers, filters, stored)
        readers[0].publish_all([fresh := author.event(created_at=1_700_000_099 + 100 * number)])
        stored.insert(0, fresh)


@pytest.mark.timeout(120)
def test_an_event_leaves_the_answers_in_memory_at_its_second_though_nothing_is_written(
    relay_of_each_sort: RelayProcess, readers: list[Client], author: Author
) -> None:
    comparison = Comparison(model_of(relay_of_each_sort), "expiration")
    now = int(time.time())
    events = [author.event(content=f"{n}", tags=[["expiration", f"{now + n}"]]) for n in (3, 4, 6)]
    events.append(author.event(content="for ever", created_at=now - 10))
    readers[0].publish_all(events)
    for event in events:
        comparison.model.take(Record(event))
    requests = [[{"authors": [author.pubkey]}], [{"authors": [author.pubkey], "limit": 2}]]
    while time.time() < now + 8:
        for reader in readers:
            for filters in requests:
                comparison.ask(reader, filters)
    assert ids(fetch(readers[0], *requests[0])) == ids(events[-1:])


def test_private_kinds_are_in_no_answer_however_often_it_is_asked(
    relay_of_each_sort: RelayProcess, readers: list[Client], author: Author
) -> None:
    note, message, wrap = (author.event(kind, f"{kind}", created_at=1_700_000_000) for kind in (1, 4, 1059))
    readers[0].publish_all([message, note, wrap])
    ask_all(readers, [{"authors": [author.pubkey]}], [note])
    ask_all(readers, [{"ids": [message["id"], wrap["id"]]}], [])
    ask_all(readers, [{"authors": [author.pubkey], "kinds": [1, 4, 1059]}], [note])
    ask_all(readers, [{"ids": [message["id"]], "limit": 1}, {"authors": [author.pubkey], "limit": 1}], [note])
    assert needs_login([{"kinds": [4]}])
    for reader in readers:
        assert reader.ask('["REQ","private",{"kinds":[4]}]')[0] == "CLOSED"


def test_kinds_that_become_private_are_gone_from_the_answers_in_memory(
    start_relay: RelayFactory, author: Author
) -> None:
    relay = start_relay({"access": {"private_kinds": [7, 77]}})
    message = author.event(4)
    filters = [{"authors": [author.pubkey]}]
    with clients(relay, READERS) as readers:
        readers[0].publish_all([message, note := author.event(created_at=1)])
        ask_all(readers, filters, [message, note])
        assert cache_hits(relay) > 0
        relay.rewrite({"- 77": "- 4"})
        wait_until(lambda: "configuration reloaded" in relay.messages(), what="the reload")
        ask_all(readers, filters, [note])
        relay.rewrite({"- 4 ": "- 77"})
        wait_until(lambda: relay.messages().count("configuration reloaded") == 2, what="the reload")
        ask_all(readers, filters, [message, note])
