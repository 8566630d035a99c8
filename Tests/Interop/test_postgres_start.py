"""Faults of a PostgreSQL database at the start: one sentence, exit code 1, and no password in it."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from support.backends import Backend, PostgresDatabase
from support.client import Client
from support.events import Author
from support.outages import is_ready, wait_until_ready
from support.postgres import free_port
from support.relay_process import RelayProcess, run_command, wait_until

pytestmark = pytest.mark.postgres_only("there is no server to be reached")

COMMANDS = {
    "relay": ["relay", "--listen", "127.0.0.1:0"],
    "import": ["import"],
    "export": ["export"],
    "count": ["count", "{}"],
    "scan": ["scan", "{}"],
    "delete": ["delete", "--filter", "{}", "--yes"],
}
PASSWORD = "geheim"


def refused(command: str, url: str) -> str:
    """The one sentence of a command that cannot start."""
    result = run_command(*COMMANDS[command], "--database", url, stdin=b"", seconds=50)
    assert result.returncode == 1, (result.returncode, result.stdout, result.stderr)
    sentences = [line for line in result.stderr.splitlines() if not line.startswith("{")]
    assert len(sentences) == 1 and sentences[0].startswith("Error: "), result.stderr
    assert not any(word in sentences[0] for word in ("Fatal", "Optional(", ".swift", "Error(", "libpq")), sentences
    password = urlsplit(url).password
    assert password is None or password not in result.stdout + result.stderr
    return sentences[0]


def changed(url: str, user: str | None = None, password: str | None = None, port: int | None = None) -> str:
    """The URL of the same database with something else in it."""
    parts = urlsplit(url)
    login = f"{user or parts.username}:{password or parts.password}"
    return parts._replace(netloc=f"{login}@{parts.hostname}:{port or parts.port}").geturl()


@pytest.fixture
def database(backend: Backend, tmp_path: Path) -> PostgresDatabase:
    made = backend.database(tmp_path, "start")
    assert isinstance(made, PostgresDatabase)
    return made


@pytest.mark.parametrize("command", COMMANDS)
def test_a_wrong_password_and_an_unknown_role(database: PostgresDatabase, command: str) -> None:
    assert "password" in refused(command, changed(database.url, password=PASSWORD))
    assert "nobody_here" in refused(command, changed(database.url, user="nobody_here", password=PASSWORD))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_does_not_exist(backend: Backend, tmp_path: Path, command: str) -> None:
    absent = backend.absent(tmp_path)
    assert absent.name in refused(command, absent.url)
    assert not absent.exists()


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "relay"])
def test_a_server_that_is_not_there(database: PostgresDatabase, command: str) -> None:
    port = free_port()
    assert str(port) in refused(command, changed(database.url, port=port))


@pytest.mark.parametrize("command", ["export", "count", "scan"])
def test_reading_an_empty_database_makes_nothing_in_it(database: PostgresDatabase, command: str) -> None:
    before = database.fingerprint()
    assert "PostgreSQL" in refused(command, database.url)
    assert database.fingerprint() == before


def test_a_database_that_may_only_be_read(database: PostgresDatabase) -> None:
    """Such as a standby, named by itself."""
    database.execute(f'ALTER DATABASE "{database.name}" SET default_transaction_read_only = on')
    assert "read-only" in refused("import", database.url)


def test_a_relay_waits_for_a_database_that_can_be_written(database: PostgresDatabase, tmp_path: Path) -> None:
    """A standby becomes a primary some day, and a server that is starting up is up some day."""
    database.execute(f'ALTER DATABASE "{database.name}" SET default_transaction_read_only = on')
    relay = RelayProcess(tmp_path / "relay", database).start()
    try:
        assert not is_ready(relay)
        told = lambda: any("read-only" in line.get("reason", "") for line in relay.log())  # noqa: E731
        wait_until(told, what="the reason in the log")
        reset = f'ALTER DATABASE "{database.name}" RESET default_transaction_read_only'
        database.execute(f"SET transaction_read_only = off; {reset}")
        wait_until_ready(relay)
        with Client(relay.url) as client:
            assert client.publish(Author().event(content="at last"))[2] is True
    finally:
        assert relay.stop() == 0
