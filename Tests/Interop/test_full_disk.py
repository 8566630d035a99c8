"""Disks and files that fail while the relay runs: honest answers, nothing lost, and no restart needed."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.backends import Backend, Database, PostgresDatabase, SQLiteDatabase
from support.client import Client, is_stored
from support.disk import fill, small_disk
from support.events import Author, Event, ids
from support.postgres import ROLE, PostgresServer
from support.relay_process import RelayProcess, run_command
from support.wire import request


@pytest.fixture(scope="module")
def server(backend: Backend) -> Iterator[PostgresServer | None]:
    """A server whose files and rights are the test's."""
    if not backend.is_postgres:
        yield None
        return
    with PostgresServer() as server:
        yield server


@pytest.fixture
def disk(server: PostgresServer | None, tmp_path: Path) -> Iterator[Path]:
    # SQLite's journal takes a thousand pages, eight mebibytes, before it is folded into the file; of PostgreSQL's
    # database, the catalogue alone takes as much.
    place, size = (server.folder / "disk", "24m") if server else (tmp_path / "disk", "16m")
    with small_disk(place, size) as mounted:
        yield mounted


@pytest.fixture
def store(server: PostgresServer | None, disk: Path) -> Iterator[Database]:
    """A database that, and nothing else, lies on the small disk."""
    if server is None:
        yield SQLiteDatabase(disk / "relay.db")
        return
    folder = disk / "tables"
    folder.mkdir()
    server.own(folder)
    server.admin(f"CREATE TABLESPACE small OWNER {ROLE} LOCATION '{folder}'")
    database = PostgresDatabase(server.url(), "relay", server).create("TABLESPACE small")
    # The files of a new database have holes until they are written.
    server.admin("CHECKPOINT")
    yield database
    # Without room, neither of them can be removed in good order.
    (disk / "filler").unlink(missing_ok=True)
    database.drop()
    server.admin("DROP TABLESPACE small")


@pytest.fixture
def relay(store: Database, tmp_path: Path) -> Iterator[RelayProcess]:
    process = RelayProcess(tmp_path / "relay", store)
    yield process.start()
    process.stop()


def publish_each(client: Client, events: list[Event]) -> tuple[list[Event], list[str]]:
    """Sends all at once; returns what was accepted, and the texts of the refusals. Each gets one answer."""
    for event in events:
        client.send("EVENT", event)
    answers = [client.ok(event) for event in events]
    assert client.arrived() == []
    accepted = [event for event, answer in zip(events, answers) if answer[2]]
    return accepted, [answer[3] for answer in answers if not answer[2]]


def stored_ids(client: Client, author: Author) -> set[str]:
    """The ids of all of an author's events, asked for page by page."""
    found: set[str] = set()
    until = 2**40
    while page := client.fetch({"authors": [author.pubkey], "until": until, "limit": 1000}):
        found |= set(ids(page))
        until = min(event["created_at"] for event in page) - 1
    return found


def fill_by_publishing(client: Client, author: Author) -> list[Event]:
    """Publishes until the relay refuses for want of room; returns what it accepted."""
    kept: list[Event] = []
    for _ in range(200):
        accepted, refusals = publish_each(client, author.notes(20, start=1_700_000_000 + len(kept), size=10_000))
        kept += accepted
        if refusals:
            assert all(text == "error: the relay's disk is full, try again later" for text in refusals), refusals
            return kept
    raise AssertionError("the disk did not fill")


@pytest.mark.timeout(120)
def test_a_disk_that_fills_while_the_relay_runs_loses_nothing_and_heals(
    relay: RelayProcess, disk: Path, tmp_path: Path, author: Author
) -> None:
    with Client(relay.url) as client, Client(relay.url) as reader:
        before = author.notes(100, start=1_600_000_000)
        client.publish_all(before)
        assert reader.arrived() == []
        reader.subscribe("live", {"authors": [author.pubkey], "limit": 0})
        fill(disk / "filler", leave=300_000)
        kept = ids(before) + ids(fill_by_publishing(client, author))
        for _ in range(5):
            accepted, refusals = publish_each(client, author.notes(30, size=2000))
            kept += ids(accepted)
            assert all(text.startswith("error: ") for text in refusals)
            assert stored_ids(reader, author) == set(kept), "reading goes on"
        # A relay that has not failed for ten seconds is ready.
        kept += ids(fill_by_publishing(client, author))
        assert request(relay.port, path="/ready").status == 503
        assert request(relay.port, path="/health").status == 200
        forwarded = [message[2]["id"] for message in reader.arrived()]
        assert sorted(forwarded) == sorted(set(kept) - set(ids(before))), "only what is stored is passed on"
        (disk / "filler").unlink()
        client.publish_all(healed := author.notes(20))
        kept += ids(healed)
        assert stored_ids(client, author) == set(kept)
    assert relay.process is not None and relay.process.poll() is None
    assert len(relay.log()) < 1000, "a full disk is told in a bounded number of lines"
    assert relay.stop() == 0
    relay.store.check(tmp_path)
    relay.start()
    with Client(relay.url) as client:
        assert stored_ids(client, author) == set(kept)
        client.publish_all([author.event(content="again")])


@pytest.mark.timeout(120)
@pytest.mark.parametrize("is_freed", [True, False], ids=["freed before the start", "full at the start"])
def test_a_relay_killed_on_a_full_disk_has_all_that_it_answered(
    relay: RelayProcess, disk: Path, tmp_path: Path, author: Author, is_freed: bool
) -> None:
    with Client(relay.url) as client:
        client.publish_all(before := author.notes(100, start=1_600_000_000))
        fill(disk / "filler", leave=300_000)
        kept = ids(before) + ids(fill_by_publishing(client, author))
        relay.kill()
    if is_freed:
        (disk / "filler").unlink()
        relay.start()
    else:
        try:
            relay.start()
        except AssertionError as error:
            assert "full" in str(error), error
            (disk / "filler").unlink()
            relay.start()
    with Client(relay.url) as client:
        assert stored_ids(client, author) == set(kept)
    (disk / "filler").unlink(missing_ok=True)
    with Client(relay.url) as client:
        client.publish_all([author.event()])
    assert relay.stop() == 0
    relay.store.check(tmp_path)


def test_a_stop_on_a_full_disk_ends_in_good_order(
    relay: RelayProcess, disk: Path, tmp_path: Path, author: Author
) -> None:
    with Client(relay.url) as client:
        fill(disk / "filler")
        kept = ids(fill_by_publishing(client, author))
    assert relay.stop() == 0
    (disk / "filler").unlink()
    relay.store.check(tmp_path)
    relay.start()
    with Client(relay.url) as client:
        assert stored_ids(client, author) == set(kept)


def test_deletions_and_replacements_on_a_full_disk_are_done_whole_or_not_at_all(
    relay: RelayProcess, disk: Path, author: Author
) -> None:
    with Client(relay.url) as client:
        doomed, profile = author.event(created_at=5), author.event(0, "old", created_at=5)
        client.publish_all([doomed, profile])
        fill(disk / "filler")
        fill_by_publishing(client, Author())
        deletion = author.event(5, "x" * 50_000, [["e", doomed["id"]]])
        newer = author.event(0, "new" * 20_000, created_at=6)
        results = {event["id"]: client.publish(event) for event in (deletion, newer)}
        for event, old in ((deletion, doomed), (newer, profile)):
            answer = results[event["id"]]
            assert answer[2] or answer[3].startswith("error: ")
            assert is_stored(client, event) is answer[2]
            assert is_stored(client, old) is not answer[2]


@pytest.mark.sqlite_only("nobody can take a server's files away from it")
def test_a_database_that_is_unlinked_under_the_relay_ends_nothing(relay: RelayProcess, author: Author) -> None:
    with Client(relay.url) as client:
        client.publish_all(before := author.notes(5, start=5))
        relay.store.drop()
        accepted, refusals = publish_each(client, author.notes(5, start=50))
        assert not accepted, "whatever is written now is gone at the next start"
        assert all(text.startswith("error: ") for text in refusals)
        assert set(ids(client.fetch({"authors": [author.pubkey]}))) == set(ids(before))
    assert relay.process is not None and relay.process.poll() is None
    assert relay.stop() == 0


@pytest.mark.sqlite_only("nobody can take a server's files away from it")
def test_a_database_that_is_replaced_under_the_relay_ends_nothing_and_spoils_neither(
    relay: RelayProcess, store: SQLiteDatabase, tmp_path: Path, author: Author
) -> None:
    other = tmp_path / "other.db"
    run_command("import", "--database", f"sqlite:{other}", stdin=b"")
    replacement = other.read_bytes()
    with Client(relay.url) as client:
        client.publish_all(before := author.notes(5, start=5))
        fresh = store.file.with_name("fresh")
        fresh.write_bytes(replacement)
        fresh.replace(store.file)
        accepted, refusals = publish_each(client, author.notes(5, start=50))
        assert not accepted, "whatever is written now is gone at the next start"
        assert all(text.startswith("error: ") for text in refusals)
        assert set(ids(client.fetch({"authors": [author.pubkey]}))) == set(ids(before))
    assert relay.stop() == 0
    relay.start()
    with Client(relay.url) as client:
        client.publish_all([author.event()])
    assert relay.stop() == 0
    relay.store.check(tmp_path)


def test_a_database_that_is_overwritten_with_garbage_ends_nothing(relay: RelayProcess, author: Author) -> None:
    """Whoever does this has lost the data; but the relay answers, and says what is wrong."""
    with Client(relay.url) as client:
        client.publish_all(author.notes(300, size=5000))
        relay.store.spoil()
        for event in author.notes(20):
            answer = client.publish(event)
            assert answer[2] or answer[3].startswith("error: "), answer
        client.send("REQ", "all", {"authors": [author.pubkey], "limit": 1000})
        last = client.wait_for(lambda message: message[0] in ("EOSE", "CLOSED"))
        assert last[0] == "EOSE" or last[2].startswith("error: ")
    assert relay.process is not None and relay.process.poll() is None
    assert request(relay.port, path="/health").status == 200


def test_a_database_that_another_process_locks_gives_honest_answers_and_heals(
    relay: RelayProcess, author: Author
) -> None:
    with Client(relay.url) as client, Client(relay.url) as reader:
        client.publish_all(before := author.notes(3, start=5))
        with relay.store.locked():
            client.send("EVENT", late := author.event())
            assert reader.fetch({"authors": [author.pubkey]}) == before[::-1], "reading goes on"
            answer = client.ok(late)
            assert answer[2:] == [False, "error: the relay's database is busy, try again"]
        client.publish_all([late])


def test_a_relay_that_is_stopped_for_seconds_amid_publishing_answers_all(relay: RelayProcess, author: Author) -> None:
    events = author.notes(600)
    with Client(relay.url) as client, Client(relay.url) as reader:
        reader.subscribe("live", {"authors": [author.pubkey]})
        for event in events[:300]:
            client.send("EVENT", event)
        relay.signal(signal.SIGSTOP)
        try:
            for event in events[300:]:
                client.send("EVENT", event)
            time.sleep(3)
        finally:
            relay.signal(signal.SIGCONT)
        assert all(client.ok(event)[2] is True for event in events)
        assert {reader.live("live")["id"] for _ in events} == set(ids(events))
        assert client.arrived() == reader.arrived() == []


def test_pings_do_not_misfire_when_the_relay_was_stopped(backend: Backend, tmp_path: Path, author: Author) -> None:
    process = RelayProcess(tmp_path, backend.database(tmp_path), {"connections": {"ping_interval": "1s"}}).start()
    try:
        with Client(process.url) as client:
            client.subscribe("live", {"authors": [author.pubkey]})
            for _ in range(2):
                process.signal(signal.SIGSTOP)
                time.sleep(2.5)
                process.signal(signal.SIGCONT)
                client.publish_all([event := author.event()])
                assert client.live("live") == event
    finally:
        assert process.stop() == 0
