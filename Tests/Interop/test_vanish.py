"""NIP-62: requests to vanish (checklist 75 to 78)."""

import json
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conftest import RelayFactory
from support.backends import Backend, Database
from support.client import Client, is_stored
from support.events import Author, Event, event_id, ids
from support.figures import Figures
from support.relay_process import Configuration, RelayProcess, run_command, wait_until
from support.wire import request as http
from test_commands import lines

NOW = int(time.time()) - 100
URL = "wss://relay.test/nostr"
PUBLIC: Configuration = {"url": URL}
BLOCKED = "blocked: its author has vanished from this relay"
BLOCKED_WRAP = "blocked: its author or its recipient has vanished from this relay"
MANY = 20_000
SHARE = 0.5
# Longer than a slice of the removal takes, on a machine that does much besides.
PATIENCE = 5.0


@pytest.fixture(scope="module")
def relay(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    """A relay that knows its public address."""
    folder = tmp_path_factory.mktemp("relay")
    process = RelayProcess(folder, backend.database(folder), PUBLIC).start()
    yield process
    assert process.stop() == 0


def farewell(author: Author, *relays: str, created_at: int | None = None) -> Event:
    """A request to vanish from these relays, or from all."""
    tags = [["relay", relay] for relay in relays or ("ALL_RELAYS",)]
    return author.event(62, "goodbye", tags, created_at)


def wrap(recipient: Author, created_at: int | None = None) -> Event:
    return Author().event(1059, "secret", [["p", recipient.pubkey]], created_at)


def imported(database: str, *events: Event) -> str:
    result = run_command("import", "--database", database, "--no-verify", stdin=lines(*events))
    assert result.returncode == 0, result.stderr
    return result.stdout


def many(author: Author, backend: Backend) -> list[Event]:
    """More than a socket takes at once, oldest first; of signatures only those of the first and the last are right."""
    count = backend.part(MANY, SHARE)
    text = "." * 1_000
    events = []
    for number in range(count):
        fields = {
            "pubkey": author.pubkey,
            "created_at": NOW - count + number,
            "kind": 1,
            "tags": [["t", "many"]],
            "content": f"{number} {text}",
        }
        is_signed = number in (0, count - 1)
        events.append(author.signed(fields) if is_signed else {"id": event_id(fields), **fields, "sig": "0" * 128})
    return events


def start_with(start_relay: RelayFactory, events: list[Event], configuration: Configuration = PUBLIC) -> RelayProcess:
    """A relay whose database has these events, and which hands them to nobody as new."""
    relay = start_relay(configuration)
    assert relay.stop() == 0
    imported(relay.database, *events)
    return relay.start()


@pytest.mark.parametrize(
    "names",
    [
        [URL],
        ["ALL_RELAYS"],
        ["ws://relay.test/nostr"],
        ["WSS://Relay.TEST:443/nostr/"],
        ["wss://elsewhere.test", URL],
        ["https://relay.test./nostr?x#y"],
    ],
)
def test_line_75_a_request_that_names_this_relay_or_all_is_carried_out(
    client: Client, author: Author, names: list[str]
) -> None:
    client.publish_all([note := author.event(created_at=NOW)])
    client.publish_all([request := farewell(author, *names)])
    assert client.fetch({"authors": [author.pubkey]}) == [request]
    assert client.publish(note) == ["OK", note["id"], False, BLOCKED]


@pytest.mark.parametrize(
    "names",
    [
        ["wss://elsewhere.test/nostr"],
        ["wss://relay.test"],
        ["wss://relay.test/"],
        ["wss://relay.test/nostr/x"],
        ["wss://relay.test:444/nostr"],
        ["gopher://relay.test/nostr"],
        ["relay.test/nostr"],
        ["all_relays"],
        ["ALL_RELAYS "],
        ["wss://relay.test@elsewhere.test/nostr"],
        ["wss://" + "x" * 5_000],
        ["wss://[::1"],
        [""],
        ["\u0000", "😀"],
    ],
)
def test_line_75_a_request_for_other_relays_is_refused_and_does_nothing(
    client: Client, author: Author, names: list[str]
) -> None:
    client.publish_all([note := author.event(created_at=NOW)])
    request = farewell(author, *names)
    assert client.publish(request)[2:] == [False, "blocked: this request to vanish is for other relays"]
    assert client.fetch({"authors": [author.pubkey]}) == [note]
    client.publish_all([author.event(created_at=NOW - 1)])


@pytest.mark.parametrize("tags", [[], [["relay"]], [["r", URL]], [["Relay", URL]], [["x", "relay", URL]]])
def test_line_75_a_request_without_a_relay_is_invalid(client: Client, author: Author, tags: list[list[str]]) -> None:
    client.publish_all([note := author.event(created_at=NOW)])
    answer = client.publish(author.event(62, tags=tags))
    assert answer[2:] == [False, "invalid: a request to vanish names relays in relay tags, or ALL_RELAYS"]
    assert is_stored(client, note)


def test_line_75_a_relay_without_a_public_address_heeds_requests_to_all(
    start_relay: RelayFactory, author: Author
) -> None:
    with Client(start_relay().url) as client:
        client.publish_all([author.event(created_at=NOW)])
        assert client.publish(farewell(author, URL))[2] is False
        client.publish_all([request := farewell(author)])
        assert client.fetch({"authors": [author.pubkey]}) == [request]


def test_line_75_no_limit_on_what_may_be_published_is_in_its_way(start_relay: RelayFactory, author: Author) -> None:
    events = {"max_age": "1h", "min_pow": 30, "kinds": {"allow": [1]}}
    with Client(start_relay(PUBLIC | {"events": events}).url) as client:
        client.publish_all([farewell(author, URL, created_at=NOW - 7_200)])
        far = farewell(author, URL, created_at=int(time.time()) + 86_400)
        assert client.publish(far)[2:] == [False, "invalid: created_at is more than 900 seconds in the future"]


def test_line_75_the_relay_says_that_it_knows_nip_62(relay: RelayProcess) -> None:
    document = json.loads(http(relay.port, fields={"Accept": "application/nostr+json"}).body)
    assert 62 in document["supported_nips"]


def test_line_76_everything_up_to_the_request_is_deleted_and_nothing_else(client: Client, author: Author) -> None:
    stranger = Author()
    target = stranger.event(created_at=NOW)
    gone = [
        author.event(created_at=NOW),
        author.event(0, "{}", created_at=NOW - 5),
        author.event(30023, tags=[["d", "x"]], created_at=NOW - 6),
        author.event(5, tags=[["e", target["id"]]], created_at=NOW - 7),
        author.event(1, created_at=1),
    ]
    kept = [
        author.event(content="later", created_at=NOW + 1),
        stranger.event(tags=[["p", author.pubkey]], created_at=NOW),
        target,
    ]
    client.publish_all([*gone, *kept])
    client.publish_all([request := farewell(author, URL, created_at=NOW)])
    assert client.fetch({"authors": [author.pubkey]}) == [kept[0], request]
    assert client.fetch({"ids": ids(gone)}) == []
    assert [is_stored(client, event) for event in kept] == [True] * 3


def test_line_76_gift_wraps_for_the_key_are_deleted(client: Client, author: Author) -> None:
    stored, late, newer, others = wrap(author, NOW), wrap(author, NOW), wrap(author, NOW + 1), wrap(Author(), NOW)
    client.publish_all([stored, newer, others])
    client.publish_all([farewell(author, URL, created_at=NOW)])
    for event in (stored, late):
        assert client.publish(event) == ["OK", event["id"], False, BLOCKED_WRAP]
    for event in (newer, others):
        assert client.publish(event)[3] == "duplicate: already have this event"


def test_line_76_the_request_reaches_subscribers_and_ephemeral_events_go_on(
    client: Client, other: Client, author: Author
) -> None:
    other.subscribe("live", {"authors": [author.pubkey]})
    client.publish_all([request := farewell(author, URL)])
    assert other.live("live") == request
    client.publish_all([passing := author.event(20_001, created_at=NOW)])
    assert other.live("live") == passing


def test_line_76_an_event_and_the_request_sent_at_once_leave_the_request(client: Client, author: Author) -> None:
    notes = author.notes(30, start=NOW - 50)
    request = farewell(author, URL, created_at=NOW)
    for event in [*notes[:15], request, *notes[15:]]:
        client.send("EVENT", event)
    assert [client.ok(event)[2] for event in notes] == [True] * 15 + [False] * 15
    assert client.ok(request)[2] is True
    assert client.fetch({"authors": [author.pubkey]}) == [request]


@pytest.mark.timeout(300)
def test_line_76_a_great_many_are_hidden_at_the_ok_and_removed_while_others_publish(
    start_relay: RelayFactory, backend: Backend, author: Author, figures: Figures
) -> None:
    events = many(author, backend)
    relay = start_with(start_relay, events, PUBLIC | {"subscriptions": {"max_limit": MANY}})
    newest = ids(events[:-11:-1])
    queries = [
        {"authors": [author.pubkey], "limit": 10},
        {"#t": ["many"], "limit": 10},
        {"kinds": [1], "limit": 10},
        {"ids": newest},
    ]
    # One that does not read, with a history under way that is more than its socket takes.
    unread = Client(relay.url, deflate=False, max_queue=1)
    with Client(relay.url) as client, Client(relay.url) as asking, unread as slow:
        for query in [*queries] * 3:
            assert ids(asking.fetch(query)) == newest
        asking.subscribe("live", {"authors": [author.pubkey], "limit": 0})
        slow.send("REQ", "history", {"authors": [author.pubkey], "limit": MANY})
        time.sleep(0.5)
        started = time.monotonic()
        client.publish_all([request := farewell(author, URL, created_at=NOW)])
        took = time.monotonic() - started
        for query in [*queries] * 3:
            assert asking.fetch(query) in ([], [request])
        assert asking.live("live") == request
        assert client.publish(events[0])[3] == BLOCKED
        stranger, waits, shown = Author(), [], []
        # Counting takes its time, and so does not each round.
        while not shown or len(shown) % 10 != 0 or relay.store.count() > len(shown) + 1:
            shown.append(stranger.event(content=f"{len(shown)}"))
            before = time.monotonic()
            client.publish_all(shown[-1:])
            waits.append(time.monotonic() - before)
            assert asking.fetch({"authors": [author.pubkey]}) == [request]
            time.sleep(0.02)
            assert time.monotonic() - started < 200, "the removal does not come to its end"
        figures(
            f"{len(events)} events hidden in {took * 1e3:.0f} ms, removed in {time.monotonic() - started:.1f} s; "
            f"{len(waits)} others published meanwhile, the slowest in {max(waits, default=0) * 1e3:.0f} ms"
        )
        assert max(waits, default=0) < PATIENCE
        received = slow.stored("history")
        assert len(received) < len(events), "all of the history was sent, though it had vanished"


@pytest.mark.timeout(300)
def test_line_77_a_relay_that_is_killed_amid_the_removal_goes_on_with_it(
    start_relay: RelayFactory, backend: Backend, author: Author
) -> None:
    events = many(author, backend)
    relay = start_with(start_relay, events)
    with Client(relay.url) as client:
        client.publish_all([request := farewell(author, URL, created_at=NOW)])
    for _ in range(2):
        relay.kill()
        relay.start()
        with Client(relay.url) as client:
            assert client.fetch({"authors": [author.pubkey]}) == [request]
            assert client.fetch({"ids": ids(events[:100])}) == []
            assert client.publish(events[-1])[3] == BLOCKED
    wait_until(lambda: relay.store.count() == 1, 200, "the end of the removal")
    assert relay.stop() == 0


@pytest.mark.timeout(300)
def test_line_77_what_has_vanished_comes_back_by_no_import_backup_or_migration(
    start_relay: RelayFactory, backend: Backend, author: Author, tmp_path: Path
) -> None:
    relay = start_relay(PUBLIC)
    events, stranger = author.notes(1_000, start=NOW - 2_000), Author()
    imported(relay.database, *events, wrap(author, NOW - 1), stranger.event(created_at=NOW))
    with Client(relay.url) as client:
        client.publish_all([request := farewell(author, URL, created_at=NOW)])
    # While the removal is under way, or not.
    relay.signal(signal.SIGKILL)
    relay.wait()
    for option in ([], ["--portable"]):
        copy = tmp_path / f"copy{len(option)}"
        result = run_command("backup", "--database", relay.database, copy, *option)
        assert result.returncode == 0, result.stderr
        restored = backend.database(tmp_path, f"restored{len(option)}")
        result = run_command("restore", "--database", restored.url, copy)
        assert result.returncode == 0 and "1 vanished keys" in result.stdout, result.stderr + result.stdout
        stays_gone(restored, events, author, request, tmp_path / f"relay of {len(option)}")
    migrated = backend.database(tmp_path, "migrated")
    result = run_command("migrate", "--from", relay.database, "--to", migrated.url)
    assert result.returncode == 0, result.stderr
    assert "migrated 2 events" in result.stdout
    stays_gone(migrated, events, author, request, tmp_path / "relay of migrated")
    # A database that has the events takes what became of them.
    other = backend.database(tmp_path, "other")
    imported(other.url, *events)
    result = run_command("migrate", "--merge", "--from", relay.database, "--to", other.url)
    assert result.returncode == 0, result.stderr
    stays_gone(other, events, author, request, tmp_path / "relay of other")


def stays_gone(database: Database, events: list[Event], author: Author, request: Event, folder: Path) -> None:
    """What has vanished is shown by no relay on the database, and taken by no import."""
    summary = imported(database.url, *events[:10], wrap(author, NOW - 1))
    assert "stored 0" in summary and "vanished 11" in summary, summary
    relay = RelayProcess(folder, database, PUBLIC).start()
    try:
        with Client(relay.url) as client:
            assert client.fetch({"authors": [author.pubkey]}) == [request]
            assert client.publish(events[0])[3] == BLOCKED
            client.publish_all([author.event(created_at=NOW + 1)])
        wait_until(lambda: not database.query(f"SELECT 1 FROM {database.events.replace('event', 'vanishing')}"))
    finally:
        assert relay.stop() == 0


def test_line_77_an_import_carries_out_requests_that_are_for_the_relay(
    backend: Backend, tmp_path: Path, author: Author
) -> None:
    database = backend.database(tmp_path, "imported")
    notes, other = author.notes(700, start=NOW - 900), Author()
    events = [*notes, farewell(author, created_at=NOW), notes[0], *other.notes(3, start=NOW - 9), farewell(other, URL)]
    summary = imported(database.url, *events)
    assert "stored 4," in summary and "vanished 701:" in summary, summary
    assert "rejected 1: this request to vanish is for other relays" in summary
    assert database.count() == 4


def test_line_77_later_events_are_taken_and_a_later_request_reaches_further(client: Client, author: Author) -> None:
    first, second = (farewell(author, URL, created_at=NOW + n) for n in (0, 10))
    client.publish_all([first, later := author.event(created_at=NOW + 5)])
    assert client.fetch({"authors": [author.pubkey]}) == [later, first]
    client.publish_all([second, latest := author.event(created_at=NOW + 11), farewell(author, URL, created_at=NOW - 9)])
    assert client.fetch({"authors": [author.pubkey], "kinds": [1]}) == [latest]
    assert client.publish(later)[3] == BLOCKED


def test_line_78_a_deletion_request_has_no_effect_on_a_request_to_vanish(client: Client, author: Author) -> None:
    note, request = author.event(created_at=NOW), farewell(author, URL, created_at=NOW)
    undo = author.event(5, tags=[["e", request["id"]], ["k", "62"]], created_at=NOW + 1)
    client.publish_all([note, undo, request, author.event(5, tags=[["e", request["id"]]], created_at=NOW + 2)])
    assert is_stored(client, request)
    assert client.publish(note)[3] == BLOCKED
    assert client.publish(request)[3] == "duplicate: already have this event"


@pytest.mark.postgres_only("one relay has an SQLite file to itself")
@pytest.mark.timeout(300)
def test_line_76_a_request_to_one_node_counts_on_the_other(
    start_relay: RelayFactory, backend: Backend, author: Author, tmp_path: Path
) -> None:
    events = many(author, backend)
    here = start_with(start_relay, events)
    there = RelayProcess(tmp_path / "there", here.store, PUBLIC).start()
    try:
        with Client(here.url) as client, Client(there.url) as other, Client(there.url) as publishing:
            query = {"authors": [author.pubkey], "limit": 10}
            for _ in range(3):
                assert len(other.fetch(query)) == 10
            other.subscribe("live", query | {"limit": 0})
            client.publish_all([request := farewell(author, URL, created_at=NOW)])
            assert other.live("live") == request
            assert other.fetch(query) == [request]
            assert publishing.publish(events[0])[3] == BLOCKED
            # The one that was asked dies; the other brings the removal to its end.
            here.kill()
            wait_until(lambda: here.store.count() == 1, 200, "the end of the removal")
            assert other.fetch(query) == [request]
    finally:
        assert there.stop() == 0


@pytest.mark.postgres_only("one relay has an SQLite file to itself")
def test_line_77_at_the_same_instant_on_two_nodes_nothing_is_left(
    start_relay: RelayFactory, tmp_path: Path
) -> None:
    here = start_relay(PUBLIC)
    there = RelayProcess(tmp_path / "there", here.store, PUBLIC).start()
    try:
        with Client(here.url) as one, Client(there.url) as two, ThreadPoolExecutor(2) as pool:
            for _ in range(40):
                author = Author()
                note, request = author.event(created_at=NOW), farewell(author, URL, created_at=NOW)
                answers = [pool.submit(one.publish, note), pool.submit(two.publish, request)]
                assert answers[1].result()[2] is True
                assert answers[0].result()[3] in ("", BLOCKED)
                for client in (one, two):
                    assert client.fetch({"authors": [author.pubkey]}) == [request]
    finally:
        assert there.stop() == 0
