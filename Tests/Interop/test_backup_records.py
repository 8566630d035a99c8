"""Members, bans and what else is on record: carried by backups and migrations, whole, and by name."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import RelayFactory
from support.access import challenge, proof, prove
from support.backends import Backend, Database, SQLiteDatabase
from support.client import Client
from support.events import Author
from support.management import URL, authorization, call, header, post, request_body
from support.relay_process import RelayProcess, killed, run_command, wait_until

ADMIN = Author()
PRIVATE = {"url": URL, "admins": [ADMIN.pubkey], "access": {"write": "members"}}
LISTS = ["listbannedpubkeys", "listbannedevents", "listblockedips", "listdisallowedkinds"]


def succeeds(*words: str | Path) -> str:
    result = run_command(*words)
    assert result.returncode == 0, result.stderr
    return result.stdout


def fails(*words: str | Path) -> str:
    """Runs a command that has to refuse, in one sentence; returns the sentence."""
    result = run_command(*words)
    assert result.returncode == 1 and result.stdout == "", result.stdout + result.stderr
    assert result.stderr.startswith("Error: ") and result.stderr.count("\n") == 1
    return result.stderr


def records(database: Database) -> list[tuple[str, str, str | None, int]]:
    """Everything that is on record, as the table has it."""
    if isinstance(database, SQLiteDatabase):
        rows = database.query("SELECT section, key, lower(hex(value)), revision, value IS NULL FROM record")
    else:
        rows = database.query(
            "SELECT section, key, encode(value, 'hex'), revision, (value IS NULL)::int FROM martlet.record"
        )
    found = [(row[0], row[1], None if int(row[4]) else row[2], int(row[3])) for row in rows]
    return sorted(found, key=lambda row: row[3])


def sections(database: Database) -> set[str]:
    return {row[0] for row in records(database)}


def may_publish(relay: RelayProcess, author: Author) -> bool:
    with Client(relay.url) as client:
        prove(client, proof(author, challenge(client), URL))
        return client.publish(author.event(content=f"{time.time_ns()}"))[2]


@dataclass
class Site:
    """A private relay that has been managed for a while, and is stopped."""

    store: Database
    member: Author
    banned: Author
    removed: Author
    #: A request to the management API that was carried out.
    used: tuple[bytes, str]
    members: str
    audit: str
    lists: list

    def is_the_same(self, folder: Path, target: Database) -> None:
        """A relay on the copy lets in whom this one let in, and nobody else."""
        assert succeeds("members", "list", "--database", target.url) == self.members != ""
        assert succeeds("audit", "--database", target.url) == self.audit
        relay = RelayProcess(folder, target, PRIVATE).start()
        try:
            body, authorized = self.used
            assert post(relay.port, body, authorized).status == 401, "a token is used once"
            wait_until(lambda: may_publish(relay, self.member), what="membership")
            for stranger in self.banned, self.removed, Author():
                assert not may_publish(relay, stranger)
            assert relay.information()["name"] == "Moved"
            assert [call(relay.port, ADMIN, method) for method in LISTS] == self.lists
            # What is decided from here on is known at once.
            call(relay.port, ADMIN, "banpubkey", self.member.pubkey)
            wait_until(lambda: not may_publish(relay, self.member), what="a ban")
            assert relay.run("members", "add", self.removed.pubkey).returncode == 0
            wait_until(lambda: may_publish(relay, self.removed), what="membership")
        finally:
            assert relay.stop() == 0


@pytest.fixture
def site(start_relay: RelayFactory) -> Site:
    relay = start_relay(PRIVATE)
    member, banned, removed = Author(), Author(), Author()
    relay.run("members", "add", member.pubkey, "--for", "30d", "--note", 'pays "yearly" \\ Müller\t燕')
    relay.run("members", "add", banned.pubkey, removed.pubkey)
    relay.run("members", "remove", removed.pubkey)
    call(relay.port, ADMIN, "banpubkey", banned.pubkey, "spam,\nand more")
    call(relay.port, ADMIN, "banevent", "ab" * 32, "no")
    call(relay.port, ADMIN, "blockip", "203.0.113.9", "flood")
    call(relay.port, ADMIN, "disallowkind", 4)
    call(relay.port, ADMIN, "changerelayname", "Moved")
    wait_until(lambda: may_publish(relay, member), what="membership")
    lists = [call(relay.port, ADMIN, method) for method in LISTS]
    body = request_body("supportedmethods")
    authorized = header(authorization(ADMIN, body))
    assert post(relay.port, body, authorized).status == 200
    assert post(relay.port, body, authorized).status == 401
    assert relay.stop() == 0
    found = succeeds("members", "list", "--database", relay.store.url)
    audit = succeeds("audit", "--database", relay.store.url)
    assert audit.count("\n") == 5
    expected = {"member", "banned_pubkey", "banned_event", "blocked_address", "kind", "information", "audit"}
    assert sections(relay.store) >= expected | {"http_authorization"}
    return Site(relay.store, member, banned, removed, (body, authorized), found, audit, lists)


def migrate(source: Database, target: Database, *options: str) -> str:
    return succeeds("migrate", "--from", source.url, "--to", target.url, *options)


@pytest.mark.parametrize("options", [[], ["--portable"]], ids=["native", "portable"])
def test_a_backup_has_everything_that_is_on_record(
    backend: Backend, site: Site, tmp_path: Path, options: list[str]
) -> None:
    path, target = tmp_path / "b", backend.database(tmp_path / "data")
    count = len(records(site.store))
    assert f", {count} records: " in succeeds("backup", "--database", site.store.url, path, *options)
    assert f", {count} records: " in succeeds("restore", "--database", target.url, path)
    assert records(target) == records(site.store)
    site.is_the_same(tmp_path / "restored", target)


def test_a_migration_has_everything_that_is_on_record(backend: Backend, site: Site, tmp_path: Path) -> None:
    target = backend.database(tmp_path / "data")
    count = len(records(site.store))
    assert f", {count} records, all compared, in " in migrate(site.store, target)
    assert records(target) == records(site.store)
    site.is_the_same(tmp_path / "migrated", target)


@pytest.mark.postgres_only("there are two backends then")
def test_what_is_on_record_goes_from_one_backend_to_the_other_and_back(
    backend: Backend, site: Site, tmp_path: Path
) -> None:
    middle, target = SQLiteDatabase(tmp_path / "middle.db"), backend.database(tmp_path / "data")
    migrate(site.store, middle)
    assert records(middle) == records(site.store)
    migrate(middle, target)
    assert records(target) == records(site.store)
    succeeds("backup", "--database", middle.url, tmp_path / "lines", "--portable")
    other = backend.database(tmp_path / "data", "other")
    succeeds("restore", "--database", other.url, tmp_path / "lines")
    assert records(other) == records(site.store)
    site.is_the_same(tmp_path / "there", SQLiteDatabase(tmp_path / "middle.db"))
    site.is_the_same(tmp_path / "and back", target)


def test_a_database_with_members_and_nothing_else_holds_something(backend: Backend, site: Site, tmp_path: Path) -> None:
    target = backend.database(tmp_path / "data")
    succeeds("members", "add", "--database", target.url, site.removed.pubkey)
    before = records(target)
    path = tmp_path / "b"
    succeeds("backup", "--database", site.store.url, path, "--portable")
    assert "1 records" in fails("restore", "--database", target.url, path)
    assert "1 records" in fails("migrate", "--from", site.store.url, "--to", target.url)
    assert records(target) == before
    output = succeeds("restore", "--database", target.url, path, "--force")
    assert "the database that was there is now" in output
    assert records(target) == records(site.store)


def test_a_move_without_a_gap_brings_what_was_decided_meanwhile(backend: Backend, site: Site, tmp_path: Path) -> None:
    target, late = backend.database(tmp_path / "data"), Author()
    migrate(site.store, target)
    succeeds("members", "add", "--database", site.store.url, late.pubkey)
    succeeds("members", "extend", "--database", site.store.url, site.member.pubkey, "--for", "30d")
    succeeds("members", "remove", "--database", site.store.url, site.banned.pubkey)
    output = migrate(site.store, target, "--merge")
    count = len(records(site.store))
    assert f"records taken 3, the same {count - 3}, kept as the target has them 0" in output
    assert records(target) == records(site.store)
    # What the new place has decided stays, also where somebody migrates once more.
    succeeds("members", "remove", "--database", target.url, late.pubkey)
    before = records(target)
    output = migrate(site.store, target, "--merge")
    assert f"records taken 0, the same {count - 1}, kept as the target has them 1" in output
    assert records(target) == before


def test_a_relay_that_runs_hears_of_what_is_merged_into_its_database(
    site: Site, start_relay: RelayFactory, tmp_path: Path
) -> None:
    relay = start_relay(PRIVATE)
    for _ in range(40):
        # Its own decisions are more than those that come.
        relay.run("members", "add", Author().pubkey)
    assert not may_publish(relay, site.member)
    migrate(site.store, relay.store, "--merge")
    wait_until(lambda: may_publish(relay, site.member), what="membership")
    wait_until(lambda: call(relay.port, ADMIN, "listbannedpubkeys") == site.lists[0], what="a ban")
    assert not may_publish(relay, site.banned)
    assert {row[:3] for row in records(site.store)} <= {row[:3] for row in records(relay.store)}


def line(number: int) -> str:
    record = {"section": "member", "key": f"{number:064x}", "revision": number, "value": {"since": number}}
    return json.dumps({"record": record}, separators=(",", ":"))


def snapshot(path: Path, lines: list[str], count: int | None = None, version: int = 2) -> Path:
    """A portable backup of records."""
    head = '{"martlet":"snapshot","version":%d,"backend":"sqlite","created_at":1}' % version
    end = {"events": 0, "deleted_events": 0, "deleted_addresses": 0}
    count = len(lines) if count is None else count
    if count > 0:
        end["records"] = count
    last = json.dumps({"end": end}, separators=(",", ":"))
    path.write_text("".join(text + "\n" for text in [head, *lines, last]))
    return path


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (line(2)[:-9], "line 3 holds a record that is cut off"),
        (line(2).replace(":2,", ':"2",'), "line 3 holds a record whose revision"),
        (line(2).replace(":2,", ":99999999999999999999,"), "line 3 holds a record whose revision"),
        (line(2).replace("member", "no section"), "line 3 holds a record whose section"),
        (line(2).replace('"member"', "[]"), "line 3 holds a record whose section"),
        (line(2).replace("0" * 60, "0" * 4_000), "line 3 holds a record whose key"),
        (line(2).replace('{"since":2}', '"' + "x" * (17 << 20) + '"'), "line 3 holds a record whose value"),
        (line(2).replace('{"since":2}', '"' + "x" * (70 << 20) + '"'), "line 3 is longer than"),
        (line(2).replace("value", "worth"), "line 3 holds a record that"),
        (line(1), "line 3 holds a record of an earlier revision"),
        (line(2).replace("record", "rekord"), "line 3 is none of a snapshot"),
        ("\x00", "line 3 is none of a snapshot"),
    ],
    ids=lambda value: None if "line 3" in value else "text",
)
def test_a_record_that_cannot_be_read_is_told_by_its_line_and_nothing_is_lost(
    backend: Backend, tmp_path: Path, wrong: str, reason: str
) -> None:
    target = backend.database(tmp_path / "data")
    succeeds("members", "add", "--database", target.url, Author().pubkey)
    before = records(target)
    path = snapshot(tmp_path / "lines", [line(1), wrong, line(3)])
    assert reason in fails("restore", "--database", target.url, path, "--force")
    assert records(target) == before


def test_older_snapshots_are_restored_and_newer_ones_refused(backend: Backend, tmp_path: Path) -> None:
    target = backend.database(tmp_path / "data")
    assert "of version 3" in fails("restore", "--database", target.url, snapshot(tmp_path / "3", [line(1)], version=3))
    succeeds("restore", "--database", target.url, snapshot(tmp_path / "1", [], version=1))
    assert records(target) == []
    succeeds("restore", "--database", target.url, snapshot(tmp_path / "2", [line(1), line(9)]))
    assert [row[3] for row in records(target)] == [1, 9]
    for count in (0, 1, 3):
        path = snapshot(tmp_path / "wrong", [line(1), line(9)], count)
        assert "last line" in fails("restore", "--database", target.url, path, "--force")
    assert [row[3] for row in records(target)] == [1, 9]


MANY = 30_000


def count_or_none(database: Database) -> int | None:
    """How many records there are; None where there is no schema yet."""
    if isinstance(database, SQLiteDatabase):
        is_there = database.exists() and database.query("SELECT 1 FROM sqlite_master WHERE name = 'record'")
    else:
        is_there = database.query("SELECT 1 FROM pg_tables WHERE schemaname = 'martlet' AND tablename = 'record'")
    return len(records(database)) if is_there else None


@pytest.mark.timeout(300)
def test_a_killed_migration_of_records_is_finished_by_the_next_one(backend: Backend, tmp_path: Path) -> None:
    source = backend.database(tmp_path / "data", "source")
    path = snapshot(tmp_path / "lines", [line(number) for number in range(1, MANY + 1)])
    start = time.monotonic()
    succeeds("restore", "--database", source.url, path)
    migrate(source, backend.database(tmp_path / "data", "first"))
    whole = time.monotonic() - start
    target, deaths, counts = backend.database(tmp_path / "data", "second"), 0, []
    for attempt in range(8):
        deaths += killed(whole * attempt / 16, "migrate", "--from", source.url, "--to", target.url, "--merge")
        counts.append(count_or_none(target) or 0)
    # What is there stays there, and is a beginning of it all.
    assert deaths > 1 and counts == sorted(counts)
    wait_until(
        lambda: run_command("migrate", "--from", source.url, "--to", target.url, "--merge").returncode == 0, 60, "merge"
    )
    assert records(target) == records(source) and len(records(source)) == MANY


@pytest.mark.timeout(300)
def test_a_killed_restore_of_records_leaves_all_of_them_or_what_was_there(backend: Backend, tmp_path: Path) -> None:
    path = snapshot(tmp_path / "lines", [line(number) for number in range(1, MANY + 1)])
    start = time.monotonic()
    succeeds("restore", "--database", backend.database(tmp_path / "data", "first").url, path)
    whole = time.monotonic() - start
    attempts, deaths = backend.part(10, 0.5), 0
    for attempt in range(attempts):
        target = backend.database(tmp_path / "data", f"number{attempt}")
        succeeds("members", "add", "--database", target.url, Author().pubkey)
        deaths += killed(whole * attempt / attempts, "restore", "--database", target.url, path, "--force")
        assert count_or_none(target) in [1, MANY]
    assert deaths > attempts / 4
