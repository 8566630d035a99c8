"""Faults at the start: one sentence, exit code 1, and nothing is worse than before."""

import contextlib
import hashlib
import os
import re
import socket
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from conftest import RelayFactory
from support.backends import Backend, SQLiteDatabase
from support.client import Client
from support.disk import fill, make_read_only, small_disk
from support.events import Author, Event, compact
from support.relay_process import RelayProcess, run_command

RELAY = ["relay", "--listen", "127.0.0.1:0"]
COMMANDS = {"relay": RELAY, "import": ["import"], "export": ["export"], "count": ["count", "{}"]}
COMMANDS["scan"] = ["scan", "{}"]
# Without its privileges root may read and listen no more than others may.
UNPRIVILEGED = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
WRITING, READING = ["relay", "import"], ["export", "count", "scan"]


def listing(folder: Path) -> dict[str, str]:
    """What lies in a folder, byte for byte."""
    found = {}
    for path in sorted(folder.rglob("*")):
        kind = path.lstat().st_mode
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path.relative_to(folder))] = f"{kind:o} {content}"
    return found


def refused(
    command: str,
    *options: str | Path,
    folder: Path | None = None,
    stdin: bytes = b"",
    prefix: Sequence[str] = (),
) -> str:
    """The one sentence of a command that cannot start; nothing in the folder has changed."""
    before = listing(folder) if folder else {}
    result = run_command(*COMMANDS[command], *options, stdin=stdin, seconds=30, prefix=prefix)
    assert result.returncode == 1, (result.returncode, result.stdout, result.stderr)
    sentences = [line for line in result.stderr.splitlines() if not line.startswith("{")]
    assert len(sentences) == 1, result.stderr
    assert sentences[0].startswith("Error: "), sentences
    assert not any(word in sentences[0] for word in ("Fatal", "Optional(", ".swift", "Error(", "errno")), sentences
    assert "listening" not in result.stderr
    if folder:
        assert listing(folder) == before
    return sentences[0]


def lines(events: Iterable[Event]) -> bytes:
    return "".join(compact(event) + "\n" for event in events).encode()


@pytest.fixture
def database(tmp_path: Path, author: Author) -> Path:
    """A good SQLite database with some events."""
    folder = tmp_path / "data"
    folder.mkdir()
    path = folder / "good.db"
    data = lines(author.notes(500, size=300))
    assert run_command("import", "--database", f"sqlite:{path}", stdin=data).returncode == 0
    return path


class TestConfiguration:
    @pytest.fixture
    def config(self, tmp_path: Path) -> Path:
        (tmp_path / "config").mkdir()
        return tmp_path / "config" / "martlet.yaml"

    def refuse(self, config: Path, *words: str) -> None:
        for command in COMMANDS:
            sentence = refused(command, "--config", config, folder=config.parent)
            assert all(word in sentence for word in (str(config), *words)), sentence

    @pytest.mark.parametrize(
        "content, word",
        [
            (b"events:\n  max_contents: 5\n", "events.max_content"),
            (b"events:\n  max_content: many\n", "events.max_content"),
            (b"events: [\n", ""),
            (b"\xff\xfe\n", "UTF-8"),
            (b"listen: 127.0.0.1:1\n\xc3\x28: x\n", "UTF-8"),
            (b"\0", ""),
            (b"#" + b"x" * (2 << 20), "larger"),
            (b"database: mysql://x\n", "sqlite:"),
            (b"storage:\n  readers: 0\n", "storage.readers"),
        ],
        ids=["key", "type", "YAML", "not UTF-8", "late not UTF-8", "a NUL", "huge", "scheme", "range"],
    )
    def test_a_bad_file_is_named_with_what_is_wrong(self, config: Path, content: bytes, word: str) -> None:
        config.write_bytes(content)
        self.refuse(config, word)

    def test_a_folder_a_pipe_and_a_missing_file_are_no_configuration(self, config: Path) -> None:
        self.refuse(config, "does not exist")
        os.mkfifo(config)
        self.refuse(config, "regular file")
        config.unlink()
        config.mkdir()
        self.refuse(config, "directory")

    def test_a_file_below_a_file_and_a_loop_of_links_cannot_be_read(self, config: Path) -> None:
        config.symlink_to(config)
        for command in COMMANDS:
            assert str(config) in refused(command, "--config", config)
        config.unlink()
        config.write_text("")
        for command in COMMANDS:
            assert "martlet.yaml" in refused(command, "--config", config / "below", folder=config.parent)

    def test_a_file_without_the_right_to_read_it_is_named(self, config: Path) -> None:
        config.write_text("")
        config.chmod(0)
        for command in COMMANDS:
            sentence = refused(command, "--config", config, prefix=UNPRIVILEGED)
            assert str(config) in sentence and "Permission denied" in sentence

    def test_an_empty_file_is_a_configuration(self, backend: Backend, config: Path, author: Author) -> None:
        config.write_bytes(b"")
        database = backend.database(config.parent).url
        assert run_command("import", "--database", database, stdin=lines(author.notes(5))).returncode == 0
        result = run_command("count", "--config", config, "--database", database, "{}")
        assert (result.returncode, result.stdout.strip()) == (0, "5")


class TestListening:
    @pytest.fixture(autouse=True)
    def fresh(self, backend: Backend, tmp_path: Path) -> None:
        self.database = backend.database(tmp_path, "new")

    def refuse(self, tmp_path: Path, address: str, *words: str, prefix: Sequence[str] = ()) -> None:
        """Refused, with nothing but an empty database made."""
        arguments = ["relay", "--listen", address, "--database", self.database.url]
        result = run_command(*arguments, seconds=50, prefix=prefix)
        assert result.returncode == 1, result
        sentences = [line for line in result.stderr.splitlines() if not line.startswith("{")]
        assert len(sentences) == 1 and sentences[0].startswith("Error: "), result.stderr
        assert all(word in sentences[0] for word in words), sentences
        assert not re.search(r"\w\.\w+Error|Error\.|\(\)", sentences[0]), "no name of a type"
        assert sorted(file.name for file in tmp_path.glob("new.db*")) in ([], ["new.db"]), "no journal is left"

    def test_a_port_that_is_taken(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as occupant:
            address = f"127.0.0.1:{occupant.getsockname()[1]}"
            self.refuse(tmp_path, address, address, "in use")

    def test_one_taken_port_of_two_ends_the_relay(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as occupant:
            address = f"127.0.0.1:{occupant.getsockname()[1]}"
            arguments = ["relay", "--listen", "127.0.0.1:0", "--listen", address]
            result = run_command(*arguments, "--database", self.database.url, seconds=30)
        assert result.returncode == 1
        sentences = [line for line in result.stderr.splitlines() if not line.startswith("{")]
        assert len(sentences) == 1 and address in sentences[0] and "in use" in sentences[0]

    @pytest.mark.parametrize("address", ["203.0.113.1:7777", "[2001:db8::1]:7777"])
    def test_an_address_of_another_machine(self, tmp_path: Path, address: str) -> None:
        self.refuse(tmp_path, address, address)

    def test_a_port_of_the_system(self, tmp_path: Path) -> None:
        self.refuse(tmp_path, "127.0.0.1:1", "127.0.0.1:1", "may not be used", prefix=UNPRIVILEGED)

    def test_a_name_that_no_machine_has(self, tmp_path: Path) -> None:
        self.refuse(tmp_path, "no-such-machine.invalid:7777", "no-such-machine.invalid:7777")

    def test_the_path_of_a_socket_that_is_too_long(self, tmp_path: Path) -> None:
        self.refuse(tmp_path, f"unix:{tmp_path}/{'x' * 200}", "107 bytes")

    def test_the_path_of_a_socket_in_no_folder(self, tmp_path: Path) -> None:
        self.refuse(tmp_path, f"unix:{tmp_path}/none/relay.sock", "none/relay.sock")

    def test_a_socket_whose_path_is_a_file_leaves_the_file_alone(self, tmp_path: Path) -> None:
        occupied = tmp_path / "relay.sock"
        occupied.write_text("precious")
        self.refuse(tmp_path, f"unix:{occupied}", "relay.sock")
        assert occupied.read_text() == "precious"

    def test_a_socket_whose_path_another_relay_serves_is_left_to_it(
        self, start_relay: RelayFactory, tmp_path: Path
    ) -> None:
        path = tmp_path / "relay.sock"
        start_relay({"listen": ["127.0.0.1:0", f"unix:{path}"]})
        self.refuse(tmp_path, f"unix:{path}", "relay.sock")
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK")

    def test_a_socket_that_a_killed_relay_left_does_not_bar_the_next(
        self, start_relay: RelayFactory, tmp_path: Path
    ) -> None:
        relay = start_relay({"listen": ["127.0.0.1:0", f"unix:{tmp_path / 'relay.sock'}"]})
        relay.kill()
        relay.start()


@pytest.mark.sqlite_only("the files of a server are its own affair")
class TestDatabasePath:
    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize("path", ["/proc/martlet.db", "/proc/self/x/y.db", "/dev/null/x.db", "/sys/martlet.db"])
    def test_a_place_that_takes_no_files(self, command: str, path: str) -> None:
        assert path in refused(command, "--database", f"sqlite:{path}")

    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_path_below_a_file_or_a_folder_itself(self, command: str, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("precious")
        (tmp_path / "folder").mkdir()
        for path in ("file/x.db", "file/deeper/x.db", "folder", "folder/"):
            assert path.rstrip("/") in refused(command, "--database", f"sqlite:{tmp_path / path}", folder=tmp_path)

    @pytest.fixture
    def read_only(self, tmp_path: Path, database: Path) -> Iterator[Path]:
        """A file system with a good database that cannot be written."""
        with small_disk(tmp_path / "disk", "8m") as disk:
            (disk / "good.db").write_bytes(database.read_bytes())
            make_read_only(disk)
            yield disk

    @pytest.mark.parametrize("command", WRITING)
    def test_a_folder_that_cannot_be_written(self, read_only: Path, command: str) -> None:
        for name in ("new.db", "folder/new.db", "good.db"):
            assert name in refused(command, "--database", f"sqlite:{read_only / name}", folder=read_only)

    @pytest.mark.parametrize("command", READING)
    def test_a_database_that_cannot_be_written_is_read_or_refused(self, read_only: Path, command: str) -> None:
        before = listing(read_only)
        result = run_command(*COMMANDS[command], "--database", f"sqlite:{read_only / 'good.db'}")
        assert result.returncode in (0, 1)
        assert len(result.stderr.splitlines()) == result.returncode, result.stderr
        assert listing(read_only) == before

    @pytest.mark.parametrize("command", WRITING)
    def test_a_full_disk(self, tmp_path: Path, command: str) -> None:
        with small_disk(tmp_path / "disk", "1m") as disk:
            fill(disk / "filler")
            sentence = refused(command, "--database", f"sqlite:{disk / 'new.db'}")
            assert "full" in sentence or "new.db" in sentence
            (disk / "filler").unlink()
            result = run_command("import", "--database", f"sqlite:{disk / 'new.db'}", stdin=b"")
            assert result.returncode == 0, f"what was left makes no database: {result.stderr}"

    @pytest.mark.parametrize("command", WRITING)
    def test_a_full_disk_leaves_a_database_that_is_on_it_whole(
        self, tmp_path: Path, database: Path, command: str, author: Author
    ) -> None:
        with small_disk(tmp_path / "disk", "2m") as disk:
            (disk / "good.db").write_bytes(database.read_bytes())
            fill(disk / "filler")
            data = lines(author.notes(100, size=5000))
            assert "full" in refused(command, "--database", f"sqlite:{disk / 'good.db'}", stdin=data)
            (disk / "filler").unlink()
            counted = run_command("count", "--database", f"sqlite:{disk / 'good.db'}", "{}")
            assert counted.stdout.strip() == "500"


def spoil(path: Path, damage: str) -> None:
    raw = bytearray(path.read_bytes())
    match damage:
        case "header":
            raw[0:16] = b"x" * 16
        case "page size":
            raw[16:18] = b"\x12\x34"
        case "pages":
            raw[4096:] = b"\xa5" * (len(raw) - 4096)
        case "schema page":
            raw[100:4096] = b"\xff" * (4096 - 100)
        case "truncated":
            raw = raw[: len(raw) // 2 + 100]
        case "truncated to half a page":
            raw = raw[:4000]
    path.write_bytes(raw)


@pytest.mark.sqlite_only("the files of a server are its own affair")
class TestDamagedDatabase:
    @pytest.mark.parametrize("damage", ["header", "page size", "schema page", "truncated to half a page"])
    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_damaged_beginning_is_told_and_left_as_it_is(self, database: Path, command: str, damage: str) -> None:
        spoil(database, damage)
        before = database.read_bytes()
        assert "good.db" in refused(command, "--database", f"sqlite:{database}")
        assert database.read_bytes() == before

    @pytest.mark.parametrize("damage", ["pages", "truncated"])
    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_damaged_body_is_told(self, database: Path, command: str, damage: str) -> None:
        spoil(database, damage)
        sentence = refused(command, "--database", f"sqlite:{database}")
        assert "good.db" in sentence and "damaged" in sentence

    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_journal_of_garbage_is_no_harm(self, database: Path, command: str) -> None:
        """SQLite takes no frame whose checksum does not follow from the last one's."""
        Path(f"{database}-wal").write_bytes(os.urandom(50_000))
        Path(f"{database}-shm").write_bytes(os.urandom(32_768))
        if command == "relay":
            self.serves(database, 500)
        else:
            assert run_command(*COMMANDS[command], "--database", f"sqlite:{database}").returncode == 0
        assert run_command("count", "--database", f"sqlite:{database}", "{}").stdout.strip() == "500"

    def serves(self, database: Path, count: int) -> None:
        relay = RelayProcess(database.parent / "relay", SQLiteDatabase(database)).start()
        try:
            with Client(relay.url) as client:
                assert len(client.fetch({"limit": 1000})) == count
        finally:
            assert relay.stop() == 0

    def test_a_file_of_no_bytes_is_a_new_database(self, tmp_path: Path) -> None:
        path = tmp_path / "empty.db"
        path.touch()
        for command in READING:
            refused(command, "--database", f"sqlite:{path}", folder=tmp_path)
        self.serves(path, 0)

    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_database_of_another_program_is_left_alone_with_its_journal(
        self, tmp_path: Path, command: str
    ) -> None:
        folder = tmp_path / "foreign"
        folder.mkdir()
        with contextlib.closing(sqlite3.connect(folder / "theirs.db")) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("CREATE TABLE precious (id INTEGER)")
            connection.commit()
        assert "theirs.db" in refused(command, "--database", f"sqlite:{folder / 'theirs.db'}", folder=folder)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("version", ["next", 99, -1])
def test_a_schema_that_is_not_known_is_left_alone(
    backend: Backend, tmp_path: Path, author: Author, command: str, version: int | str
) -> None:
    database = backend.database(tmp_path, "good")
    assert run_command("import", "--database", database.url, stdin=lines(author.notes(5))).returncode == 0
    if isinstance(version, str):
        version = database.version() + 1
    database.set_version(version)
    before = database.fingerprint()
    sentence = refused(command, "--database", database.url, folder=tmp_path)
    assert database.mention in sentence and str(version) in sentence
    assert database.fingerprint() == before
