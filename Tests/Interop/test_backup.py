"""`martlet backup`, `restore` and `migrate`: whole copies, also of a database in use, and nothing half done."""

import contextlib
import json
import os
import re
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import RelayFactory
from support.backends import Backend, Database, SQLiteDatabase
from support.client import Client, is_stored
from support.disk import fill, small_disk
from support.events import Author, Event, compact, ids
from support.places import binary
from support.postgres import ENVIRONMENT, programs
from support.publishing import start_storm, stored_ids
from support.relay_process import RelayProcess, clean_environment, killed, run_command, wait_until

NOTES = 3000


def lines(*events: Event) -> bytes:
    return "".join(compact(event) + "\n" for event in events).encode()


def imported(database: Database, *events: Event) -> None:
    result = run_command("import", "--database", database.url, "--no-verify", stdin=lines(*events))
    assert result.returncode == 0, result.stderr


def exported(database: Database) -> str:
    result = run_command("export", "--database", database.url)
    assert result.returncode == 0, result.stderr
    return result.stdout


def succeeds(command: str, database: Database, path: Path, *options: str) -> str:
    result = run_command(command, "--database", database.url, path, *options)
    assert result.returncode == 0, result.stderr
    return result.stdout


def fails(command: str, database: Database, path: Path, *options: str) -> str:
    """Runs a command that has to refuse, in one sentence; returns the sentence."""
    result = run_command(command, "--database", database.url, path, *options)
    assert result.returncode == 1, result.stdout + result.stderr
    assert result.stdout == "" and result.stderr.startswith("Error: ") and result.stderr.count("\n") == 1
    return result.stderr


def moved_aside(output: str) -> str:
    """Where a restore says that the database went which was there."""
    return output.splitlines()[1].removeprefix("the database that was there is now ")


def count_aside(database: Database, aside: str) -> int:
    """Events in what was moved aside."""
    if isinstance(database, SQLiteDatabase):
        return SQLiteDatabase(Path(aside)).count()
    return int(database.query(f"SELECT count(*) FROM {aside}.event")[0][0])


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def assert_whole(database: Path) -> None:
    with contextlib.closing(sqlite3.connect(f"file:{database}?immutable=1", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def assert_whole_backup(path: Path, events: int) -> None:
    """Reads a backup with other tools than Martlet's."""
    if path.read_bytes().startswith(b"SQLite"):
        assert_whole(path)
        with contextlib.closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
            assert connection.execute("SELECT count(*) FROM event").fetchone() == (events,)
        return
    command = [programs() / "pg_restore", "--data-only", "--table=event", "--file=-", path]
    text = subprocess.run(command, capture_output=True, check=True, env=ENVIRONMENT, timeout=60).stdout
    assert text.count(b"\\\\x7b22") == events


@pytest.fixture(scope="module")
def events() -> list[Event]:
    author = Author()
    notes = author.notes(NOTES, size=400)
    return [*notes, author.event(5, tags=[["e", notes[0]["id"]]])]


@pytest.fixture(scope="module")
def stored(backend: Backend, tmp_path_factory: pytest.TempPathFactory, events: list[Event]) -> Database:
    """A database that nobody has open, and that no test changes."""
    database = backend.database(tmp_path_factory.mktemp("stored"), "stored")
    imported(database, *events)
    return database


@pytest.fixture
def target(backend: Backend, tmp_path: Path) -> Database:
    """An empty database."""
    return backend.database(tmp_path / "data")


@pytest.fixture
def backup(stored: Database, tmp_path: Path) -> Path:
    """A backup of it, in a folder of its own."""
    (tmp_path / "backups").mkdir()
    path = tmp_path / "backups" / "martlet.backup"
    succeeds("backup", stored, path)
    return path


@pytest.mark.timeout(180)
def test_a_backup_under_load_has_all_that_was_answered_before_and_serves(
    backend: Backend, start_relay: RelayFactory, tmp_path: Path, events: list[Event]
) -> None:
    relay = start_relay()
    imported(relay.store, *events)
    storms = start_storm(relay)
    backups = []
    for number in range(3):
        before = {identifier for storm in storms for identifier in list(storm.answers) if storm.answers[identifier]}
        path = tmp_path / f"{number}.backup"
        succeeds("backup", relay.store, path)
        backups.append((path, before))
        answered = sum(len(storm.answers) for storm in storms)
        wait_until(lambda: sum(len(storm.answers) for storm in storms) > answered + 100, what="more answers")
    relay.stop()
    for storm in storms:
        storm.join()
    sent = {identifier for storm in storms for identifier in storm.sent} | set(ids(events))
    for path, before in backups:
        other = RelayProcess(tmp_path / path.stem, backend.database(tmp_path / path.stem))
        succeeds("restore", other.store, path)
        assert before | set(ids(events[1:])) <= stored_ids(other) <= sent
        other.start()
        try:
            with Client(other.url) as client:
                assert is_stored(client, events[1])
                assert client.publish(events[0])[3] == "blocked: deleted by its author"
                client.publish_all(Author().notes(10))
        finally:
            assert other.stop() == 0
        other.store.check(tmp_path)


def test_a_backup_says_what_it_holds_and_is_one_file(stored: Database, tmp_path: Path) -> None:
    output = succeeds("backup", stored, tmp_path / "b")
    assert re.fullmatch(
        rf"backed up {NOTES} events, 1 deleted events, 0 deleted addresses: \d+ bytes in \d+\.\d s\n", output
    )
    assert names(tmp_path) == ["b"]
    assert_whole_backup(tmp_path / "b", NOTES)
    assert names(tmp_path) == ["b"]


def test_what_is_restored_is_the_same_and_can_be_restored_again(
    stored: Database, backup: Path, target: Database
) -> None:
    assert succeeds("restore", target, backup).startswith(f"restored {NOTES} events, 1 deleted events")
    assert exported(target) == exported(stored)
    assert "--force" in fails("restore", target, backup)
    aside = moved_aside(succeeds("restore", target, backup, "--force"))
    assert exported(target) == exported(stored)
    again = moved_aside(succeeds("restore", target, backup, "--force"))
    assert aside != again and count_aside(target, aside) == count_aside(target, again) == NOTES


@pytest.mark.sqlite_only("a folder holds the database")
def test_a_restore_makes_folders_and_leaves_no_file_beside_the_database(backup: Path, tmp_path: Path) -> None:
    target = SQLiteDatabase(tmp_path / "made" / "on the way" / "relay.db")
    succeeds("restore", target, backup)
    assert names(target.file.parent) == ["relay.db"]
    aside = [Path(moved_aside(succeeds("restore", target, backup, "--force"))).name for _ in range(2)]
    assert names(target.file.parent) == sorted(["relay.db", *aside])


def test_a_database_that_holds_nothing_is_replaced_without_a_word(backup: Path, target: Database) -> None:
    imported(target)
    assert len(succeeds("restore", target, backup).splitlines()) == 1
    assert target.count() == NOTES


@pytest.mark.sqlite_only("a database is a file")
def test_an_empty_file_is_replaced_without_a_word(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "zero.db").touch()
    succeeds("restore", SQLiteDatabase(tmp_path / "zero.db"), backup)
    assert names(tmp_path) == ["backups", "zero.db"]


@pytest.mark.postgres_only("a damaged file is another matter")
def test_what_another_program_keeps_in_the_schema_is_moved_aside(backup: Path, target: Database) -> None:
    target.make_foreign()
    before = target.fingerprint()
    assert "is not a database of Martlet" in fails("restore", target, backup)
    assert target.fingerprint() == before
    assert count_aside(target, moved_aside(succeeds("restore", target, backup, "--force"))) == 0
    assert target.count() == NOTES


def test_a_restore_refuses_while_a_relay_has_the_database_open(
    start_relay: RelayFactory, backup: Path, author: Author
) -> None:
    relay = start_relay()
    for options in [], ["--force"]:
        assert "open in another process" in fails("restore", relay.store, backup, *options)
    with Client(relay.url) as client:
        client.publish_all([note := author.event()])
        assert is_stored(client, note)
    assert relay.stop() == 0
    assert set(ids([note])) == stored_ids(relay)
    succeeds("restore", relay.store, backup, "--force")
    relay.start()
    with Client(relay.url) as client:
        assert not is_stored(client, note)


@pytest.mark.sqlite_only("files of SQLite's")
def test_a_database_with_a_journal_is_moved_aside_with_it(
    start_relay: RelayFactory, backup: Path, author: Author
) -> None:
    relay = start_relay()
    with Client(relay.url) as client:
        client.publish_all(notes := author.notes(20))
    relay.kill()
    assert isinstance(relay.store, SQLiteDatabase)
    assert relay.store.file.with_name("relay.db-wal").stat().st_size > 0
    assert f"holds {len(notes)} events" in fails("restore", relay.store, backup)
    aside = moved_aside(succeeds("restore", relay.store, backup, "--force"))
    assert count_aside(relay.store, aside) == len(notes)
    assert exported(relay.store).count("\n") == NOTES


@pytest.mark.sqlite_only("files of SQLite's")
def test_a_damaged_database_is_moved_aside_as_it_is(backup: Path, tmp_path: Path) -> None:
    target = SQLiteDatabase(tmp_path / "relay.db")
    target.file.write_bytes(garbage := os.urandom(100_000))
    target.file.with_name("relay.db-wal").write_bytes(b"left over")
    assert "is not a database of Martlet" in fails("restore", target, backup)
    assert target.file.read_bytes() == garbage
    aside = Path(moved_aside(succeeds("restore", target, backup, "--force")))
    assert aside.read_bytes() == garbage
    assert aside.with_name(aside.name + "-wal").read_bytes() == b"left over"
    assert not target.file.with_name("relay.db-wal").exists()
    assert exported(target).count("\n") == NOTES


@pytest.mark.sqlite_only("files of SQLite's")
def test_a_stale_journal_beside_a_database_that_is_gone_does_no_harm(
    stored: Database, backup: Path, tmp_path: Path
) -> None:
    target = SQLiteDatabase(tmp_path / "relay.db")
    for suffix in ("-wal", "-shm", "-journal"):
        target.file.with_name(f"relay.db{suffix}").write_bytes(b"stale")
    succeeds("restore", target, backup)
    assert names(tmp_path) == ["backups", "relay.db"]
    assert exported(target) == exported(stored)


@pytest.mark.parametrize("kept", [0, 1, 99, 4096, 100_000, -4096, -1])
def test_a_truncated_backup_is_refused(backup: Path, target: Database, kept: int) -> None:
    whole = backup.read_bytes()
    backup.write_bytes(whole[:kept])
    fails("restore", target, backup)
    fails("restore", target, backup, "--force")
    assert names(backup.parent) == [backup.name]
    if isinstance(target, SQLiteDatabase):
        assert names(target.file.parent) == []
    else:
        assert target.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'martlet%'") == []


@pytest.mark.sqlite_only("files of SQLite's")
def test_a_backup_with_something_behind_it_is_refused(backup: Path, target: Database) -> None:
    with backup.open("ab") as file:
        file.write(b"x")
    assert "bytes instead of" in fails("restore", target, backup)


@pytest.mark.parametrize("page", [3, 10, 40])
@pytest.mark.sqlite_only("files of SQLite's")
def test_a_backup_with_a_damaged_page_is_refused(backup: Path, target: Database, page: int) -> None:
    with backup.open("r+b") as file:
        file.seek(page * 4096)
        file.write(os.urandom(4096))
    assert f"{backup} is damaged" in fails("restore", target, backup)
    assert not target.exists()


def test_what_is_no_backup_is_refused(target: Database, tmp_path: Path) -> None:
    assert "No such file" in fails("restore", target, tmp_path / "absent")
    (tmp_path / "text").write_text("no database at all\n" * 100)
    fails("restore", target, tmp_path / "text")
    (tmp_path / "folder").mkdir()
    fails("restore", target, tmp_path / "folder")
    with contextlib.closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE event (json)")
    fails("restore", target, tmp_path / "other.db")
    # A dump of nothing, and one cut short after its first bytes.
    (tmp_path / "dump").write_bytes(b"PGDMP")
    fails("restore", target, tmp_path / "dump")


@pytest.mark.sqlite_only("files of SQLite's")
def test_a_backup_of_a_newer_version_is_refused(backup: Path, target: Database) -> None:
    with contextlib.closing(sqlite3.connect(backup)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA user_version = 99")
    assert "has schema 99" in fails("restore", target, backup)
    assert not target.exists()


@pytest.mark.sqlite_only("files of SQLite's")
def test_the_file_of_a_running_relay_is_no_backup(start_relay: RelayFactory, target: Database, author: Author) -> None:
    relay = start_relay()
    with Client(relay.url) as client:
        client.publish_all(author.notes(5))
    assert isinstance(relay.store, SQLiteDatabase)
    assert "journal" in fails("restore", target, relay.store.file)
    assert not target.exists()


def test_a_backup_replaces_nothing_unless_it_is_told_to(stored: Database, tmp_path: Path) -> None:
    path = tmp_path / "b"
    path.write_text("mine")
    assert "--force" in fails("backup", stored, path)
    assert path.read_text() == "mine" and names(tmp_path) == ["b"]
    succeeds("backup", stored, path, "--force")
    assert_whole_backup(path, NOTES)


@pytest.mark.sqlite_only("files of SQLite's")
def test_a_backup_never_replaces_the_database_itself(backup: Path, tmp_path: Path) -> None:
    target = SQLiteDatabase(tmp_path / "relay.db")
    succeeds("restore", target, backup)
    (tmp_path / "link").symlink_to(target.file)
    for path in target.file, tmp_path / "link", tmp_path / "." / "relay.db":
        assert "is the database itself" in fails("backup", target, path, "--force")
        assert "is the database itself" in fails("backup", target, path, "--force", "--portable")
        assert "is the database itself" in fails("restore", target, path, "--force")
    assert_whole(target.file)


def test_backups_that_cannot_be_made_say_why(backend: Backend, stored: Database, tmp_path: Path) -> None:
    assert "No such file" in fails("backup", stored, tmp_path / "absent" / "b")
    fails("backup", backend.absent(tmp_path), tmp_path / "b")
    (tmp_path / "folder").mkdir()
    fails("backup", stored, tmp_path / "folder")
    fails("backup", stored, tmp_path / "folder", "--force")
    assert names(tmp_path) == ["folder"]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "8m") as mounted:
        yield mounted


def test_a_full_disk_leaves_no_backup(stored: Database, disk: Path) -> None:
    fill(disk / "filler", leave=300_000)
    for options in [], ["--portable"]:
        assert "disk" in fails("backup", stored, disk / "b", *options)
        assert names(disk) == ["filler"]
    (disk / "filler").unlink()
    succeeds("backup", stored, disk / "b")


@pytest.mark.sqlite_only("the server's disk is its own matter")
def test_a_full_disk_leaves_no_half_database(stored: Database, backup: Path, portable: Path, disk: Path) -> None:
    target = SQLiteDatabase(disk / "relay.db")
    fill(disk / "filler", leave=1_000_000)
    for path in backup, portable:
        assert "disk" in fails("restore", target, path)
        assert names(disk) == ["filler"]
    (disk / "filler").unlink()
    succeeds("restore", target, backup)


@pytest.mark.sqlite_only("the server's disk is its own matter")
def test_a_full_disk_leaves_the_database_that_was_to_be_replaced(backup: Path, disk: Path, author: Author) -> None:
    target = SQLiteDatabase(disk / "relay.db")
    imported(target, *(notes := author.notes(5)))
    fill(disk / "filler", leave=1_000_000)
    assert "disk" in fails("restore", target, backup, "--force")
    (disk / "filler").unlink()
    assert exported(target).count("\n") == len(notes)
    assert names(disk) == ["relay.db"]


def eventually(command: str, database: Database, path: Path, *options: str) -> str:
    """Runs a command that has to do it once the server has noticed that the last one is dead."""

    def attempt() -> str | None:
        result = run_command(command, "--database", database.url, path, *options)
        if result.returncode == 0:
            return result.stdout
        assert "open in another process" in result.stderr, result.stderr
        return None

    return wait_until(attempt, 30, command)


def duration(command: str, database: Database, path: Path, *options: str) -> float:
    start = time.monotonic()
    succeeds(command, database, path, *options)
    return time.monotonic() - start


def count_or_none(database: Database) -> int | None:
    """How many events there are; nil where there is no schema yet."""
    if isinstance(database, SQLiteDatabase):
        if not database.exists():
            return None
        assert_whole(database.file)
        if not database.query("SELECT 1 FROM sqlite_schema WHERE name = 'event'"):
            return None
        return database.count()
    if not database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'martlet'"):
        return None
    return database.count()


@pytest.mark.timeout(180)
def test_a_killed_backup_is_whole_or_absent(backend: Backend, stored: Database, tmp_path: Path) -> None:
    whole = duration("backup", stored, tmp_path / "first")
    attempts = backend.part(20, 0.5)
    deaths = 0
    for attempt in range(attempts):
        path = tmp_path / "b"
        deaths += killed(whole * attempt / attempts, "backup", "--database", stored.url, path)
        if path.exists():
            assert_whole_backup(path, NOTES)
            path.unlink()
        assert set(names(tmp_path)) <= {"first", "b.incomplete"}
    assert deaths > attempts / 4
    succeeds("backup", stored, tmp_path / "b")
    assert names(tmp_path) == ["b", "first"]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("is_portable", [False, True], ids=["native", "portable"])
@pytest.mark.parametrize("is_replaced", [True, False], ids=["over another", "where there is none"])
def test_a_killed_restore_leaves_a_whole_database_or_what_was_there(
    backend: Backend, stored: Database, tmp_path: Path, author: Author, is_portable: bool, is_replaced: bool
) -> None:
    path = tmp_path / "b"
    succeeds("backup", stored, path, *(["--portable"] if is_portable else []))
    whole = duration("restore", backend.database(tmp_path / "data", "first"), path)
    notes = author.notes(5)
    attempts = backend.part(20, 0.5)
    deaths = 0
    target = None
    for attempt in range(attempts):
        target = backend.database(tmp_path / "data", f"number{attempt}")
        if is_replaced:
            imported(target, *notes)
        deaths += killed(whole * attempt / attempts, "restore", "--database", target.url, path, "--force")
        assert count_or_none(target) in ([5, NOTES] if is_replaced else [None, NOTES])
    assert deaths > attempts / 4 and target is not None
    eventually("restore", target, path, "--force")
    assert target.count() == NOTES
    if not isinstance(target, SQLiteDatabase):
        left = target.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'martlet%ing'")
        assert left == [], "what a killed one has left is cleared away"


@pytest.fixture
def portable(stored: Database, tmp_path: Path) -> Path:
    """A backup of JSON lines."""
    path = tmp_path / "martlet.jsonl"
    output = succeeds("backup", stored, path, "--portable")
    assert output.startswith(f"backed up {NOTES} events, 1 deleted events, 0 deleted addresses: ")
    return path


def test_a_portable_backup_is_what_an_export_is_and_more(
    backend: Backend, portable: Path, events: list[Event]
) -> None:
    [head, *middle, last] = map(json.loads, portable.read_text().split("\n")[:-1])
    assert abs(head.pop("created_at") - time.time()) < 600
    assert head == {"martlet": "snapshot", "version": 2, "backend": backend.name}
    assert last == {"end": {"events": NOTES, "deleted_events": 1, "deleted_addresses": 0}}
    assert [item["event"] for item in middle if "event" in item] == events[1:]
    [deleted] = [item["deleted_event"] for item in middle if "event" not in item]
    assert deleted == {"id": events[0]["id"], "by": events[0]["pubkey"]}


def test_a_portable_backup_is_restored_and_serves(
    backend: Backend, stored: Database, portable: Path, tmp_path: Path, events: list[Event]
) -> None:
    relay = RelayProcess(tmp_path / "relay", backend.database(tmp_path / "relay"))
    assert succeeds("restore", relay.store, portable).startswith(f"restored {NOTES} events, 1 deleted events")
    assert "--force" in fails("restore", relay.store, portable)
    succeeds("restore", relay.store, portable, "--force")
    assert exported(relay.store) == exported(stored)
    assert not [name for name in names(relay.folder) if "incomplete" in name or name.endswith("-wal")]
    relay.start()
    try:
        with Client(relay.url) as client:
            assert client.publish(events[0])[3] == "blocked: deleted by its author"
            assert client.fetch({"kinds": [5], "#e": [events[0]["id"]]}) == [events[-1]]
    finally:
        assert relay.stop() == 0


def test_a_portable_backup_that_is_not_whole_is_refused(portable: Path, target: Database) -> None:
    text = portable.read_text()
    rows = text.split("\n")[:-1]
    changed = [
        rows[:-1],
        [*rows[:5], *rows[6:]],
        [*rows, rows[-1]],
        [*rows, ""],
        [rows[0], *rows],
        [*rows[:5], rows[5][:-20], *rows[6:]],
        [*rows[:5], rows[5].replace("note", "forged"), *rows[6:]],
        [rows[0].replace(':2,"backend', ':3,"backend'), *rows[1:]],
        rows[:1],
        [*rows[:-1], rows[-1][:-1]],
    ]
    for content in changed:
        portable.write_text("".join(row + "\n" for row in content))
        assert "cannot be restored" in fails("restore", target, portable)
        assert count_or_none(target) is None
    portable.write_text(text[: len(text) // 2])
    assert "cut off" in fails("restore", target, portable)
    assert count_or_none(target) is None
    portable.write_text(text[:-1])
    succeeds("restore", target, portable)


def test_a_portable_backup_replaces_no_file_unasked(portable: Path, stored: Database) -> None:
    assert "--force" in fails("backup", stored, portable, "--portable")
    succeeds("backup", stored, portable, "--portable", "--force")


def test_two_backups_to_one_path_do_not_disturb_each_other(stored: Database, tmp_path: Path) -> None:
    command = [binary(), "backup", "--database", stored.url, tmp_path / "b"]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment())
        for _ in range(4)
    ]
    codes = [process.wait(timeout=60) for process in processes]
    for process in processes:
        process.communicate()
    assert sorted(codes) == [0, 1, 1, 1]
    assert_whole_backup(tmp_path / "b", NOTES)
    assert names(tmp_path) == ["b"]


@pytest.mark.postgres_only("it is a password's")
def test_no_password_is_seen_in_the_list_of_processes(stored: Database, tmp_path: Path) -> None:
    password = stored.url.split(":")[2].split("@")[0].encode()
    command = [binary(), "backup", tmp_path / "b"]
    with subprocess.Popen(command, env=clean_environment({"MARTLET_DATABASE": stored.url})) as process:
        seen = set()
        while process.poll() is None:
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                with contextlib.suppress(OSError):
                    line = file.read_bytes()
                    if b"pg_dump" in line:
                        seen.add(line)
                        assert password not in line
    assert process.returncode == 0 and seen


def migrate(source: Database, target: Database, *options: str) -> subprocess.CompletedProcess[str]:
    return run_command("migrate", "--from", source.url, "--to", target.url, *options)


def test_a_migration_copies_everything_and_compares(stored: Database, events: list[Event], target: Database) -> None:
    result = migrate(stored, target)
    assert result.returncode == 0, result.stderr
    counts = f"{NOTES} events, 1 deleted events, 0 deleted addresses"
    assert result.stdout.startswith(f"migrated {counts}, all compared, in ")
    assert exported(target) == exported(stored)
    # What was deleted stays so.
    imported(target, events[0])
    assert exported(target).count("\n") == NOTES


@pytest.mark.postgres_only("there are two backends then")
def test_a_migration_goes_from_one_backend_to_the_other_and_back(
    stored: Database, target: Database, tmp_path: Path
) -> None:
    middle = SQLiteDatabase(tmp_path / "middle.db")
    assert migrate(stored, middle).returncode == 0
    assert migrate(middle, target).returncode == 0
    assert exported(target) == exported(middle) == exported(stored)
    succeeds("backup", middle, tmp_path / "lines", "--portable")
    succeeds("restore", target, tmp_path / "lines", "--force")
    assert exported(target) == exported(stored)
    succeeds("backup", middle, tmp_path / "file")
    assert "neither" in fails("restore", target, tmp_path / "file", "--force")
    succeeds("backup", stored, tmp_path / "dump")
    assert "is not a database of Martlet" in fails("restore", middle, tmp_path / "dump", "--force")


def test_a_migration_into_what_holds_something_takes_a_word(
    stored: Database, target: Database, author: Author
) -> None:
    imported(target, *author.notes(7))
    result = migrate(stored, target)
    assert result.returncode == 1 and "--merge" in result.stderr
    assert target.count() == 7
    assert migrate(stored, target, "--merge").returncode == 0
    assert target.count() == NOTES + 7
    again = migrate(stored, target, "--merge")
    assert again.returncode == 0 and f"stored 0, duplicate {NOTES}" in again.stdout


def test_a_migration_takes_one_state_of_a_database_in_use(
    start_relay: RelayFactory, target: Database, events: list[Event]
) -> None:
    relay = start_relay()
    imported(relay.store, *events)
    storms = start_storm(relay, 2)
    before = {identifier for storm in storms for identifier in list(storm.answers) if storm.answers[identifier]}
    result = migrate(relay.store, target)
    relay.stop()
    for storm in storms:
        storm.join()
    assert result.returncode == 0, result.stderr
    found = {line.split('"')[3] for line in exported(target).splitlines()}
    assert before | set(ids(events[1:])) <= found


@pytest.mark.timeout(180)
def test_a_killed_migration_is_finished_by_the_next_one(
    backend: Backend, stored: Database, tmp_path: Path
) -> None:
    start = time.monotonic()
    assert migrate(stored, backend.database(tmp_path / "data", "first")).returncode == 0
    whole = time.monotonic() - start
    target = backend.database(tmp_path / "data", "second")
    deaths = 0
    for attempt in range(6):
        deaths += killed(whole * attempt / 6, "migrate", "--from", stored.url, "--to", target.url, "--merge")
        assert count_or_none(target) in [None, *range(NOTES + 1)]
    assert deaths > 1
    assert migrate(stored, target, "--merge").returncode == 0
    assert exported(target) == exported(stored)


def test_a_migration_refuses_what_makes_no_sense(
    backend: Backend, stored: Database, target: Database, tmp_path: Path
) -> None:
    assert migrate(stored, stored).returncode == 64
    assert run_command("migrate", "--from", stored.url).returncode == 64
    assert run_command("migrate", "--from", stored.url, "--to", "nonsense:x").returncode == 64
    assert migrate(backend.absent(tmp_path), target).returncode == 1
    text = SQLiteDatabase(tmp_path / "text")
    text.file.write_text("no database at all\n" * 100)
    assert migrate(text, target).returncode == 1
    assert migrate(stored, text).returncode == 1
    assert text.file.read_text() == "no database at all\n" * 100
