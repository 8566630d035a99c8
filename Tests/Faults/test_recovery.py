"""The disk is lost: the drill of docs/RECOVERY.md, with the commands that stand there."""

import os
import re
import shutil
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from support.backends import Database, PostgresDatabase, SQLiteDatabase
from support.client import Client
from support.events import ids
from support.figures import Figures
from support.outages import UNBOUNDED, Publisher, Publishers, Watcher, all_served
from support.places import PROJECT, binary
from support.postgres import ROLE, PostgresServer, connection, programs
from support.relay_process import RelayProcess, clean_environment

DOCUMENT = PROJECT / "docs" / "RECOVERY.md"


def commands(name: str) -> str:
    """The block of the document that is marked with this word."""
    blocks = re.findall(rf"^( *)```sh {name}\n(.*?)^\1```$", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1, f"docs/RECOVERY.md has {len(blocks)} blocks {name}"
    return blocks[0][1]


class Site(ABC):
    """Where databases live and die."""

    name: str

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.backups = folder / "backups"
        self.backups.mkdir()
        (folder / "bin").mkdir()
        (folder / "bin" / "martlet").symlink_to(binary())

    @abstractmethod
    def new(self) -> Database:
        """An empty database in a fresh place."""

    @abstractmethod
    def lose(self) -> None:
        """Deletes the place of the last database, and all that is in it."""

    def environment(self, database: Database) -> dict[str, str]:
        return {"MARTLET_DATABASE": database.url}

    def run(self, name: str, database: Database) -> str:
        """Runs a block of the document; returns what it printed."""
        path = f"{self.folder / 'bin'}:{programs()}:{os.environ['PATH']}"
        variables = clean_environment(self.environment(database) | {"BACKUPS": str(self.backups), "PATH": path})
        result = subprocess.run(
            ["sh", "-euc", commands(name)], capture_output=True, env=variables, cwd=self.folder, timeout=120
        )
        assert result.returncode == 0, result.stderr.decode()
        return result.stdout.decode()


class SQLiteSite(Site):
    name = "sqlite"
    count = 0

    def new(self) -> Database:
        self.count += 1
        self.place = self.folder / f"machine-{self.count}"
        self.place.mkdir()
        return SQLiteDatabase(self.place / "martlet.db")

    def lose(self) -> None:
        shutil.rmtree(self.place)


class PostgresSite(Site):
    name = "postgres"

    def __init__(self, folder: Path, servers: ExitStack) -> None:
        super().__init__(folder)
        self.servers = servers
        self.server: PostgresServer | None = None

    def new(self) -> Database:
        is_first = self.server is None
        self.server = self.servers.enter_context(PostgresServer())
        if is_first:
            # A server of some years: its transactions have numbers that a new one will not reach for long.
            self.server.stop()
            self.server.run("pg_resetwal", "--epoch=7", f"--pgdata={self.server.data}")
            self.server.start()
        return PostgresDatabase(self.server.url(), ROLE, self.server)

    def lose(self) -> None:
        assert self.server is not None
        self.server.remove()

    def environment(self, database: Database) -> dict[str, str]:
        place = {name: value for name, value in connection(database.url).items() if name.startswith("PG")}
        return super().environment(database) | place


@pytest.fixture(params=["sqlite", "postgres"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with ExitStack() as servers:
        yield SQLiteSite(tmp_path) if request.param == "sqlite" else PostgresSite(tmp_path, servers)


@pytest.fixture
def postgres_site(tmp_path: Path) -> Iterator[PostgresSite]:
    with ExitStack() as servers:
        yield PostgresSite(tmp_path, servers)


def counted(output: str) -> int:
    """The number that the last command of a block has printed."""
    return int(output.splitlines()[-1])


class Loss:
    """A relay under load, a backup, more load, and the loss of the disk."""

    def __init__(self, site: Site) -> None:
        database = site.new()
        relay = RelayProcess(site.folder / "before", database, UNBOUNDED).start()
        try:
            with Client(relay.url) as client:
                author = Publisher(relay.port).author
                self.deleted = author.event(content="deleted")
                client.publish_all([self.deleted, author.event(5, tags=[["e", self.deleted["id"]]])])
            with Publishers(Publisher(relay.port) for _ in range(3)) as publishers:
                publishers.wait_for_more(1500)
                self.before = set(publishers.accepted)
                start = time.monotonic()
                self.output = site.run("drill-backup", database)
                self.seconds = time.monotonic() - start
                publishers.wait_for_more(500)
                self.check = site.run(f"drill-check-{site.name}", database)
                publishers.stop()
            relay.kill()
        finally:
            if relay.process and relay.process.poll() is None:
                relay.kill()
        self.sent = publishers.sent
        self.accepted = publishers.accepted
        self.authors = publishers.authors
        site.lose()


def check_served(site: Site, loss: Loss, database: Database, count: int) -> tuple[set[str], float]:
    """Starts relays on what was restored; returns what they serve of the events before, and how soon."""
    start = time.monotonic()
    relay = RelayProcess(site.folder / "after", database, UNBOUNDED).start()
    with ExitStack() as running:
        running.callback(relay.stop)
        served = ids(all_served(relay, loss.authors))
        seconds = time.monotonic() - start
        assert len(served) == len(set(served)), "an event is served twice"
        assert loss.before <= set(served) <= loss.sent.keys()
        # The request to delete is of another author.
        assert count == len(served) + 1
        with Client(relay.url) as client:
            assert client.publish(loss.deleted)[3] == "blocked: deleted by its author"
        other = relay
        if site.name == "postgres":
            other = RelayProcess(site.folder / "node", database, UNBOUNDED).start()
            running.callback(other.stop)
        watcher = Watcher(other, "after", {"kinds": [1]}).wait()
        with Publishers(Publisher(relay.port) for _ in range(3)) as publishers:
            publishers.wait_for_more(200)
            publishers.stop()
        publishers.check_answers()
        watcher.wait_for(set(served) | publishers.accepted.keys())
        # Nothing of what was restored is told as new, or twice.
        time.sleep(1.5)
        watcher.stop()
        watcher.check()
        assert watcher.times.keys() == set(served) | publishers.accepted.keys()
    return set(served), seconds


@pytest.mark.timeout(300)
def test_a_disk_is_lost_and_the_backup_serves(site: Site, figures: Figures) -> None:
    loss = Loss(site)
    database = site.new()
    start = time.monotonic()
    output = site.run(f"drill-{site.name}", database)
    seconds = time.monotonic() - start
    assert counted(output) == counted(loss.check)
    served, started = check_served(site, loss, database, counted(output))
    late = loss.accepted.keys() - loss.before
    figures(
        f"{len(loss.before)} events answered OK before the backup began, {len(served)} restored and served, "
        f"{len(late - served)} of {len(late)} lost that came later; backup {loss.seconds:.1f} s, "
        f"restore and count {seconds:.1f} s, start and first full answer {started:.1f} s"
    )


@pytest.mark.timeout(300)
def test_a_backup_that_pg_restore_restored_serves(postgres_site: PostgresSite, figures: Figures) -> None:
    loss = Loss(postgres_site)
    database = postgres_site.new()
    postgres_site.run("drill-by-hand", database)
    served, _ = check_served(postgres_site, loss, database, database.count())
    query = "SELECT count(*) FROM martlet.event WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())"
    assert database.query(query) == [("0",)]
    figures(f"{len(loss.before)} events answered OK before the backup began, {len(served)} restored and served")


def test_the_document_names_what_there_is() -> None:
    text = DOCUMENT.read_text()
    for command in set(re.findall(r"martlet (backup|restore|migrate|count|export|import)\b", text)):
        assert subprocess.run([binary(), command, "--help"], capture_output=True).returncode == 0
    for option in set(re.findall(r"`(--(?:portable|force|merge))`", text)):
        helps = b"".join(
            subprocess.run([binary(), command, "--help"], capture_output=True).stdout
            for command in ("backup", "restore", "migrate")
        )
        assert option.encode() in helps
