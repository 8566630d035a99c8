"""`martlet backup`, `restore` and `migrate`: whole copies, also of a database in use, and nothing half done."""

import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import RelayFactory
from support.client import Client, is_stored
from support.disk import fill, small_disk
from support.events import Author, Event, compact, ids
from support.places import binary
from support.publishing import start_storm, stored_ids
from support.relay_process import RelayProcess, clean_environment, run_command, wait_until

NOTES = 3000


def lines(*events: Event) -> bytes:
    return "".join(compact(event) + "\n" for event in events).encode()


def imported(database: str, *events: Event) -> None:
    result = run_command("import", "--database", database, "--no-verify", stdin=lines(*events))
    assert result.returncode == 0, result.stderr


def exported(database: str) -> str:
    result = run_command("export", "--database", database)
    assert result.returncode == 0, result.stderr
    return result.stdout


def succeeds(command: str, database: str | Path, path: Path, *options: str) -> str:
    result = run_command(command, "--database", f"sqlite:{database}", path, *options)
    assert result.returncode == 0, result.stderr
    return result.stdout


def fails(command: str, database: str | Path, path: Path, *options: str) -> str:
    """Runs a command that has to refuse, in one sentence; returns the sentence."""
    result = run_command(command, "--database", f"sqlite:{database}", path, *options)
    assert result.returncode == 1, result.stdout + result.stderr
    assert result.stdout == "" and result.stderr.startswith("Error: ") and result.stderr.count("\n") == 1
    return result.stderr


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def assert_whole(database: Path) -> None:
    with contextlib.closing(sqlite3.connect(f"file:{database}?immutable=1", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.fixture(scope="module")
def events() -> list[Event]:
    author = Author()
    notes = author.notes(NOTES, size=400)
    return [*notes, author.event(5, tags=[["e", notes[0]["id"]]])]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory, events: list[Event]) -> Path:
    """A database that nobody has open, and that no test changes."""
    path = tmp_path_factory.mktemp("stored") / "stored.db"
    imported(f"sqlite:{path}", *events)
    return path


@pytest.fixture
def backup(stored: Path, tmp_path: Path) -> Path:
    """A backup of it, in a folder of its own."""
    (tmp_path / "backups").mkdir()
    path = tmp_path / "backups" / "martlet.backup"
    succeeds("backup", stored, path)
    return path


@pytest.mark.timeout(180)
def test_a_backup_under_load_has_all_that_was_answered_before_and_serves(
    start_relay: RelayFactory, tmp_path: Path, events: list[Event]
) -> None:
    relay = start_relay()
    imported(relay.database, *events)
    storms = start_storm(relay)
    backups = []
    for number in range(3):
        before = {identifier for storm in storms for identifier in list(storm.answers) if storm.answers[identifier]}
        path = tmp_path / f"{number}.backup"
        succeeds("backup", relay.database_file, path)
        backups.append((path, before))
        answered = sum(len(storm.answers) for storm in storms)
        wait_until(lambda: sum(len(storm.answers) for storm in storms) > answered + 100, what="more answers")
    relay.stop()
    for storm in storms:
        storm.join()
    sent = {identifier for storm in storms for identifier in storm.sent} | set(ids(events))
    for path, before in backups:
        other = RelayProcess(tmp_path / path.stem)
        succeeds("restore", other.database_file, path)
        assert before | set(ids(events[1:])) <= stored_ids(other) <= sent
        other.start()
        try:
            with Client(other.url) as client:
                assert is_stored(client, events[1])
                assert client.publish(events[0])[3] == "blocked: deleted by its author"
                client.publish_all(Author().notes(10))
        finally:
            assert other.stop() == 0
        assert_whole(other.database_file)


def test_a_backup_says_what_it_holds_and_is_one_file(stored: Path, tmp_path: Path) -> None:
    output = succeeds("backup", stored, tmp_path / "b")
    assert re.fullmatch(
        rf"backed up {NOTES} events, 1 deleted events, 0 deleted addresses: \d+ bytes in \d+\.\d s\n", output
    )
    assert names(tmp_path) == ["b"]
    assert_whole(tmp_path / "b")
    assert names(tmp_path) == ["b"]


def test_what_is_restored_is_the_same_and_can_be_restored_again(stored: Path, backup: Path, tmp_path: Path) -> None:
    target = tmp_path / "made" / "on the way" / "relay.db"
    assert succeeds("restore", target, backup).startswith(f"restored {NOTES} events, 1 deleted events")
    assert names(target.parent) == ["relay.db"]
    assert exported(f"sqlite:{target}") == exported(f"sqlite:{stored}")
    assert "--force" in fails("restore", target, backup)
    [_, second] = succeeds("restore", target, backup, "--force").splitlines()
    aside = Path(second.removeprefix("the database that was there is now "))
    assert exported(f"sqlite:{aside}") == exported(f"sqlite:{target}") == exported(f"sqlite:{stored}")
    again = succeeds("restore", target, backup, "--force").splitlines()[1]
    assert names(target.parent) == sorted(["relay.db", aside.name, Path(again.rsplit(" ", 1)[1]).name])


def test_a_database_that_holds_nothing_is_replaced_without_a_word(backup: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    imported(f"sqlite:{empty}")
    succeeds("restore", empty, backup)
    assert exported(f"sqlite:{empty}").count("\n") == NOTES
    (tmp_path / "zero.db").touch()
    succeeds("restore", tmp_path / "zero.db", backup)
    assert names(tmp_path) == ["backups", "empty.db", "zero.db"]


def test_a_restore_refuses_while_a_relay_has_the_database_open(
    start_relay: RelayFactory, backup: Path, author: Author
) -> None:
    relay = start_relay()
    for options in [], ["--force"]:
        assert "open in another process" in fails("restore", relay.database_file, backup, *options)
    with Client(relay.url) as client:
        client.publish_all([note := author.event()])
        assert is_stored(client, note)
    assert relay.stop() == 0
    assert set(ids([note])) == stored_ids(relay)
    succeeds("restore", relay.database_file, backup, "--force")
    relay.start()
    with Client(relay.url) as client:
        assert not is_stored(client, note)


def test_a_database_with_a_journal_is_moved_aside_with_it(
    start_relay: RelayFactory, backup: Path, author: Author
) -> None:
    relay = start_relay()
    with Client(relay.url) as client:
        client.publish_all(notes := author.notes(20))
    relay.kill()
    assert relay.database_file.with_name("relay.db-wal").stat().st_size > 0
    assert f"holds {len(notes)} events" in fails("restore", relay.database_file, backup)
    aside = succeeds("restore", relay.database_file, backup, "--force").splitlines()[1].rsplit(" ", 1)[1]
    assert exported(f"sqlite:{aside}").count("\n") == len(notes)
    assert exported(relay.database).count("\n") == NOTES


def test_a_damaged_database_is_moved_aside_as_it_is(backup: Path, tmp_path: Path) -> None:
    target = tmp_path / "relay.db"
    target.write_bytes(garbage := os.urandom(100_000))
    target.with_name("relay.db-wal").write_bytes(b"left over")
    assert "is not a database of Martlet" in fails("restore", target, backup)
    assert target.read_bytes() == garbage
    aside = Path(succeeds("restore", target, backup, "--force").splitlines()[1].rsplit(" ", 1)[1])
    assert aside.read_bytes() == garbage
    assert aside.with_name(aside.name + "-wal").read_bytes() == b"left over"
    assert not target.with_name("relay.db-wal").exists()
    assert exported(f"sqlite:{target}").count("\n") == NOTES


def test_a_stale_journal_beside_a_database_that_is_gone_does_no_harm(stored: Path, backup: Path, tmp_path: Path) -> None:
    target = tmp_path / "relay.db"
    target.with_name("relay.db-wal").write_bytes(b"stale")
    target.with_name("relay.db-shm").write_bytes(b"stale")
    target.with_name("relay.db-journal").write_bytes(b"stale")
    succeeds("restore", target, backup)
    assert names(tmp_path) == ["backups", "relay.db"]
    assert exported(f"sqlite:{target}") == exported(f"sqlite:{stored}")


@pytest.mark.parametrize("kept", [0, 1, 99, 4096, 100_000, -4096, -1])
def test_a_truncated_backup_is_refused(backup: Path, tmp_path: Path, kept: int) -> None:
    whole = backup.read_bytes()
    backup.write_bytes(whole[:kept])
    fails("restore", tmp_path / "relay.db", backup)
    fails("restore", tmp_path / "relay.db", backup, "--force")
    assert names(tmp_path) == ["backups"] and names(backup.parent) == [backup.name]


def test_a_backup_with_something_behind_it_is_refused(backup: Path, tmp_path: Path) -> None:
    with backup.open("ab") as file:
        file.write(b"x")
    assert "bytes instead of" in fails("restore", tmp_path / "relay.db", backup)


@pytest.mark.parametrize("page", [3, 10, 40])
def test_a_backup_with_a_damaged_page_is_refused(backup: Path, tmp_path: Path, page: int) -> None:
    with backup.open("r+b") as file:
        file.seek(page * 4096)
        file.write(os.urandom(4096))
    assert f"{backup} is damaged" in fails("restore", tmp_path / "relay.db", backup)
    assert names(tmp_path) == ["backups"]


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "relay.db"
    assert "No such file" in fails("restore", target, tmp_path / "absent")
    (tmp_path / "text").write_text("no database at all\n" * 100)
    assert "not a database of Martlet" in fails("restore", target, tmp_path / "text")
    (tmp_path / "folder").mkdir()
    fails("restore", target, tmp_path / "folder")
    with contextlib.closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE event (json)")
    assert "not a database of Martlet" in fails("restore", target, tmp_path / "other.db")
    assert names(tmp_path) == ["folder", "other.db", "text"]


def test_a_backup_of_a_newer_version_is_refused(backup: Path, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(backup)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA user_version = 99")
    assert "has schema 99" in fails("restore", tmp_path / "relay.db", backup)
    assert not (tmp_path / "relay.db").exists()


def test_the_file_of_a_running_relay_is_no_backup(start_relay: RelayFactory, tmp_path: Path, author: Author) -> None:
    relay = start_relay()
    with Client(relay.url) as client:
        client.publish_all(author.notes(5))
    assert "journal" in fails("restore", tmp_path / "other.db", relay.database_file)
    assert not (tmp_path / "other.db").exists()


def test_a_backup_replaces_nothing_unless_it_is_told_to(stored: Path, tmp_path: Path) -> None:
    path = tmp_path / "b"
    path.write_text("mine")
    assert "--force" in fails("backup", stored, path)
    assert path.read_text() == "mine" and names(tmp_path) == ["b"]
    succeeds("backup", stored, path, "--force")
    assert_whole(path)


def test_a_backup_never_replaces_the_database_itself(backup: Path, tmp_path: Path) -> None:
    target = tmp_path / "relay.db"
    succeeds("restore", target, backup)
    (tmp_path / "link").symlink_to(target)
    for path in target, tmp_path / "link", tmp_path / "." / "relay.db":
        assert "is the database itself" in fails("backup", target, path, "--force")
        assert "is the database itself" in fails("restore", target, path, "--force")
    assert_whole(target)


def test_backups_that_cannot_be_made_say_why(stored: Path, tmp_path: Path) -> None:
    assert "No such file" in fails("backup", stored, tmp_path / "absent" / "b")
    fails("backup", tmp_path / "absent.db", tmp_path / "b")
    (tmp_path / "folder").mkdir()
    fails("backup", stored, tmp_path / "folder")
    fails("backup", stored, tmp_path / "folder", "--force")
    assert names(tmp_path) == ["folder"]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "8m") as mounted:
        yield mounted


def test_a_full_disk_leaves_no_backup_and_no_half_database(stored: Path, backup: Path, disk: Path) -> None:
    fill(disk / "filler", leave=1_000_000)
    assert "disk" in fails("backup", stored, disk / "b")
    assert "disk" in fails("restore", disk / "relay.db", backup)
    assert names(disk) == ["filler"]
    (disk / "filler").unlink()
    succeeds("backup", stored, disk / "b")
    os.truncate(disk / "b", 0)
    succeeds("restore", disk / "relay.db", backup)


def test_a_full_disk_leaves_the_database_that_was_to_be_replaced(backup: Path, disk: Path, author: Author) -> None:
    target = disk / "relay.db"
    imported(f"sqlite:{target}", *(notes := author.notes(5)))
    fill(disk / "filler", leave=1_000_000)
    assert "disk" in fails("restore", target, backup, "--force")
    (disk / "filler").unlink()
    assert exported(f"sqlite:{target}").count("\n") == len(notes)
    assert names(disk) == ["relay.db"]


def killed(command: str, database: Path, path: Path, seconds: float, *options: str) -> bool:
    """Starts a command and kills it after some time; returns whether it was still at work."""
    process = subprocess.Popen(
        [binary(), command, "--database", f"sqlite:{database}", path, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=clean_environment(),
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def duration(command: str, database: Path, path: Path, *options: str) -> float:
    start = time.monotonic()
    succeeds(command, database, path, *options)
    return time.monotonic() - start


@pytest.mark.timeout(180)
def test_a_killed_backup_is_whole_or_absent(stored: Path, tmp_path: Path) -> None:
    whole = duration("backup", stored, tmp_path / "first")
    deaths = 0
    for attempt in range(20):
        path = tmp_path / "b"
        deaths += killed("backup", stored, path, whole * attempt / 20)
        if path.exists():
            assert_whole(path)
            with contextlib.closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
                assert connection.execute("SELECT count(*) FROM event").fetchone() == (NOTES,)
            path.unlink()
        assert set(names(tmp_path)) <= {"first", "b.incomplete"}
    assert deaths > 5
    succeeds("backup", stored, tmp_path / "b")
    assert names(tmp_path) == ["b", "first"]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("is_replaced", [True, False], ids=["over another", "where there is none"])
def test_a_killed_restore_leaves_a_whole_database_or_none(
    backup: Path, tmp_path: Path, author: Author, is_replaced: bool
) -> None:
    folder = tmp_path / "data"
    whole = duration("restore", folder / "first.db", backup)
    notes = author.notes(5)
    deaths = 0
    for attempt in range(20):
        target = folder / f"{attempt}.db"
        if is_replaced:
            imported(f"sqlite:{target}", *notes)
        deaths += killed("restore", target, backup, whole * attempt / 20, "--force")
        if target.exists():
            assert_whole(target)
            assert exported(f"sqlite:{target}").count("\n") in ([5, NOTES] if is_replaced else [NOTES])
        else:
            assert not is_replaced
    assert deaths > 5
    succeeds("restore", folder / "0.db", backup, "--force")
    assert exported(f"sqlite:{folder / '0.db'}").count("\n") == NOTES


@pytest.fixture
def portable(stored: Path, tmp_path: Path) -> Path:
    """A backup of JSON lines."""
    path = tmp_path / "martlet.jsonl"
    output = succeeds("backup", stored, path, "--portable")
    assert output.startswith(f"backed up {NOTES} events, 1 deleted events, 0 deleted addresses: ")
    return path


def test_a_portable_backup_is_what_an_export_is_and_more(stored: Path, portable: Path, events: list[Event]) -> None:
    [head, *middle, last] = map(json.loads, portable.read_text().split("\n")[:-1])
    assert abs(head.pop("created_at") - time.time()) < 600
    assert head == {"martlet": "snapshot", "version": 1, "backend": "sqlite"}
    assert last == {"end": {"events": NOTES, "deleted_events": 1, "deleted_addresses": 0}}
    assert [item["event"] for item in middle if "event" in item] == events[1:]
    [deleted] = [item["deleted_event"] for item in middle if "event" not in item]
    assert deleted == {"id": events[0]["id"], "by": events[0]["pubkey"]}


def test_a_portable_backup_is_restored_and_serves(
    stored: Path, portable: Path, tmp_path: Path, events: list[Event]
) -> None:
    relay = RelayProcess(tmp_path / "relay")
    assert succeeds("restore", relay.database_file, portable).startswith(f"restored {NOTES} events, 1 deleted events")
    assert "--force" in fails("restore", relay.database_file, portable)
    succeeds("restore", relay.database_file, portable, "--force")
    assert exported(relay.database) == exported(f"sqlite:{stored}")
    assert not [name for name in names(relay.folder) if "incomplete" in name or name.endswith("-wal")]
    relay.start()
    try:
        with Client(relay.url) as client:
            assert client.publish(events[0])[3] == "blocked: deleted by its author"
            assert client.fetch({"kinds": [5], "#e": [events[0]["id"]]}) == [events[-1]]
    finally:
        assert relay.stop() == 0


def test_a_portable_backup_that_is_not_whole_is_refused(portable: Path, tmp_path: Path) -> None:
    text = portable.read_text()
    rows = text.split("\n")[:-1]
    folder = tmp_path / "data"
    folder.mkdir()
    changed = [
        rows[:-1],
        [*rows[:5], *rows[6:]],
        [*rows, rows[-1]],
        [*rows, ""],
        [rows[0], *rows],
        [*rows[:5], rows[5][:-20], *rows[6:]],
        [*rows[:5], rows[5].replace("note", "forged"), *rows[6:]],
        [rows[0].replace(':1,"backend', ':2,"backend'), *rows[1:]],
        rows[:1],
        [*rows[:-1], rows[-1][:-1]],
    ]
    for content in changed:
        portable.write_text("".join(row + "\n" for row in content))
        assert "cannot be restored" in fails("restore", folder / "relay.db", portable)
        assert names(folder) == []
    portable.write_text(text[: len(text) // 2])
    assert "cut off" in fails("restore", folder / "relay.db", portable)
    assert names(folder) == []
    portable.write_text(text[:-1])
    succeeds("restore", folder / "relay.db", portable)


def test_a_portable_backup_replaces_neither_a_file_unasked_nor_ever_the_database(
    portable: Path, stored: Path, tmp_path: Path
) -> None:
    assert "--force" in fails("backup", stored, portable, "--portable")
    succeeds("backup", stored, portable, "--portable", "--force")
    for path in stored, stored.with_name("stored.db"):
        assert "is the database itself" in fails("backup", stored, path, "--portable", "--force")
    assert_whole(stored)


def test_a_full_disk_leaves_no_portable_backup(stored: Path, portable: Path, disk: Path) -> None:
    fill(disk / "filler", leave=1_000_000)
    assert "disk" in fails("backup", stored, disk / "b", "--portable")
    assert "disk" in fails("restore", disk / "relay.db", portable)
    assert names(disk) == ["filler"]


@pytest.mark.timeout(180)
def test_a_killed_restore_of_a_portable_backup_leaves_a_whole_database_or_none(portable: Path, tmp_path: Path) -> None:
    target = tmp_path / "data" / "relay.db"
    whole = duration("restore", tmp_path / "data" / "first.db", portable)
    deaths = 0
    for attempt in range(10):
        deaths += killed("restore", target, portable, whole * attempt / 10)
        if target.exists():
            assert_whole(target)
            target.unlink()
    assert deaths > 3
    succeeds("restore", target, portable)
    assert exported(f"sqlite:{target}").count("\n") == NOTES
    assert names(target.parent) == ["first.db", "relay.db"]


def test_two_backups_to_one_path_do_not_disturb_each_other(stored: Path, tmp_path: Path) -> None:
    command = [binary(), "backup", "--database", f"sqlite:{stored}", tmp_path / "b"]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment())
        for _ in range(4)
    ]
    codes = [process.wait(timeout=60) for process in processes]
    for process in processes:
        process.communicate()
    assert sorted(codes) == [0, 1, 1, 1]
    assert_whole(tmp_path / "b")
    assert names(tmp_path) == ["b"]


def migrate(source: Path, target: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return run_command("migrate", "--from", f"sqlite:{source}", "--to", f"sqlite:{target}", *options)


def test_a_migration_copies_everything_and_compares(stored: Path, events: list[Event], tmp_path: Path) -> None:
    target = tmp_path / "target.db"
    result = migrate(stored, target)
    assert result.returncode == 0, result.stderr
    counts = f"{NOTES} events, 1 deleted events, 0 deleted addresses"
    assert result.stdout.startswith(f"migrated {counts}, all compared, in ")
    assert exported(f"sqlite:{target}") == exported(f"sqlite:{stored}")
    # What was deleted stays so.
    imported(f"sqlite:{target}", events[0])
    assert exported(f"sqlite:{target}").count("\n") == NOTES


def test_a_migration_into_what_holds_something_takes_a_word(stored: Path, tmp_path: Path, author: Author) -> None:
    target = tmp_path / "target.db"
    imported(f"sqlite:{target}", *author.notes(7))
    result = migrate(stored, target)
    assert result.returncode == 1 and "--merge" in result.stderr
    assert exported(f"sqlite:{target}").count("\n") == 7
    assert migrate(stored, target, "--merge").returncode == 0
    assert exported(f"sqlite:{target}").count("\n") == NOTES + 7
    again = migrate(stored, target, "--merge")
    assert again.returncode == 0 and f"stored 0, duplicate {NOTES}" in again.stdout


def test_a_migration_takes_one_state_of_a_database_in_use(
    start_relay: RelayFactory, tmp_path: Path, events: list[Event]
) -> None:
    relay = start_relay()
    imported(relay.database, *events)
    storms = start_storm(relay, 2)
    before = {identifier for storm in storms for identifier in list(storm.answers) if storm.answers[identifier]}
    result = migrate(relay.database_file, tmp_path / "target.db")
    relay.stop()
    for storm in storms:
        storm.join()
    assert result.returncode == 0, result.stderr
    found = {line.split('"')[3] for line in exported(f"sqlite:{tmp_path / 'target.db'}").splitlines()}
    assert before | set(ids(events[1:])) <= found


def test_a_migration_refuses_what_makes_no_sense(stored: Path, tmp_path: Path) -> None:
    assert migrate(stored, stored).returncode == 64
    assert run_command("migrate", "--from", f"sqlite:{stored}").returncode == 64
    assert run_command("migrate", "--from", f"sqlite:{stored}", "--to", "nonsense:x").returncode == 64
    assert migrate(tmp_path / "absent.db", tmp_path / "target.db").returncode == 1
    (tmp_path / "text").write_text("no database at all\n" * 100)
    assert migrate(tmp_path / "text", tmp_path / "target.db").returncode == 1
    assert migrate(stored, tmp_path / "text").returncode == 1
    assert (tmp_path / "text").read_text() == "no database at all\n" * 100
