"""The two kinds of database behind a relay, as tests see them: one object each, with the same methods."""

import contextlib
import hashlib
import itertools
import os
import secrets
import shutil
import sqlite3
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

from support.postgres import PostgresError, PostgresServer, connection, psql_command, sql, with_database


class Database(ABC):
    """One database; its place is taken, and may be empty."""

    #: What Martlet is told.
    url: str
    name: str
    #: What a message about the database says of it.
    mention: str
    #: The table of events.
    events = "event"

    @abstractmethod
    def query(self, text: str) -> list[tuple]:
        """What a query returns."""

    @abstractmethod
    def execute(self, text: str) -> None:
        """Changes the database behind the relay's back."""

    @abstractmethod
    def make_foreign(self) -> None:
        """Has another program keep something where Martlet would, by the same name."""

    @abstractmethod
    def check(self, scratch: Path) -> None:
        """Fails where the database is damaged; leaves no trace, so that a killed relay finds what it left."""

    @abstractmethod
    def version(self) -> int:
        """The version of the schema."""

    @abstractmethod
    def set_version(self, number: int) -> None:
        """Has the schema be of another version."""

    @abstractmethod
    def fingerprint(self) -> str:
        """Changes with whatever is in the database."""

    @abstractmethod
    def exists(self) -> bool: ...

    @abstractmethod
    def drop(self) -> None: ...

    @abstractmethod
    def spoil(self) -> None:
        """Overwrites what the database holds with garbage."""

    @abstractmethod
    def locked(self) -> contextlib.AbstractContextManager[None]:
        """Another process bars writing, and reading goes on."""

    def count(self, scratch: Path | None = None) -> int:
        """Events in the database, expired ones and all."""
        return int(self.query(f"SELECT count(*) FROM {self.events}")[0][0])


class SQLiteDatabase(Database):
    def __init__(self, file: Path) -> None:
        self.file = file
        self.url = f"sqlite:{file}"
        self.name = self.mention = file.name

    def query(self, text: str) -> list[tuple]:
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            return database.execute(text).fetchall()

    def execute(self, text: str) -> None:
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            database.execute(text)
            database.commit()

    def make_foreign(self) -> None:
        self.execute("CREATE TABLE event (id INTEGER)")

    def check(self, scratch: Path) -> None:
        with self._copy(scratch) as copy:
            found = copy.query("PRAGMA integrity_check")
            assert found == [("ok",)], found[:5]

    def count(self, scratch: Path | None = None) -> int:
        if scratch is None:
            return super().count()
        with self._copy(scratch) as copy:
            return copy.count()

    @contextlib.contextmanager
    def _copy(self, scratch: Path) -> Iterator["SQLiteDatabase"]:
        """What lies on the disk: opened in its place, SQLite would fold the journal into the file."""
        copy = SQLiteDatabase(scratch / "copy.db")
        for suffix in ("", "-wal"):
            source = Path(f"{self.file}{suffix}")
            if source.exists():
                shutil.copy(source, f"{copy.file}{suffix}")
        try:
            yield copy
        finally:
            copy.drop()

    def version(self) -> int:
        return int(self.query("PRAGMA user_version")[0][0])

    def set_version(self, number: int) -> None:
        self.execute(f"PRAGMA user_version = {number}")

    def fingerprint(self) -> str:
        return hashlib.sha256(self.file.read_bytes()).hexdigest()

    def exists(self) -> bool:
        return self.file.exists()

    def drop(self) -> None:
        for file in self.file.parent.glob(f"{self.file.name}*"):
            file.unlink()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        with contextlib.closing(sqlite3.connect(self.file, isolation_level=None)) as locker:
            locker.execute("BEGIN IMMEDIATE")
            yield
            locker.execute("ROLLBACK")

    def spoil(self) -> None:
        """Overwrites all but the beginning with garbage."""
        size = self.file.stat().st_size
        with self.file.open("r+b") as file:
            file.seek(100)
            file.write(os.urandom(size - 100))


class PostgresDatabase(Database):
    mention = "PostgreSQL"
    events = "martlet.event"

    def __init__(self, url: str, name: str, server: PostgresServer | None = None) -> None:
        self.server_url = url
        self.url = with_database(url, name)
        self.name = name
        #: Where the test has a server of its own, whose files it may reach.
        self.server = server

    def query(self, text: str) -> list[tuple]:
        return list(sql(self.url, text))

    def execute(self, text: str) -> None:
        sql(self.url, text)

    def make_foreign(self) -> None:
        self.execute("CREATE SCHEMA martlet; CREATE TABLE martlet.event (id integer)")

    def ids(self, condition: str = "true") -> set[str]:
        """The ids of the events that are stored."""
        return {row[0] for row in self.query(f"SELECT encode(id, 'hex') FROM {self.events} WHERE {condition}")}

    def check(self, scratch: Path) -> None:
        """Reads all rows of all tables; the server's own files survive the death of a relay."""
        for (table,) in self.query("SELECT tablename FROM pg_tables WHERE schemaname = 'martlet'"):
            self.query(f"SELECT count(t::text) FROM martlet.{table} t")

    def version(self) -> int:
        return int(self.query("SELECT max(number) FROM martlet.schema_step")[0][0])

    def set_version(self, number: int) -> None:
        self.execute(f"DELETE FROM martlet.schema_step; INSERT INTO martlet.schema_step (number) VALUES ({number})")

    def fingerprint(self) -> str:
        dump = subprocess.run(["pg_dump"], env=connection(self.url), capture_output=True, check=True, timeout=60)
        # Newer versions fence a dump with a random word.
        lines = [line for line in dump.stdout.splitlines() if not line.startswith((b"\\restrict", b"\\unrestrict"))]
        return hashlib.sha256(b"\n".join(lines)).hexdigest()

    def exists(self) -> bool:
        return bool(sql(self.server_url, f"SELECT 1 FROM pg_database WHERE datname = '{self.name}'"))

    def create(self, options: str = "") -> "PostgresDatabase":
        sql(self.server_url, f'CREATE DATABASE "{self.name}" {options}')
        return self

    def drop(self) -> None:
        # Only a superuser may end a vacuum of the server's own; it leaves a moment later.
        for attempt in range(30):
            try:
                sql(self.server_url, f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
                return
            except PostgresError as error:
                if "pg_signal_backend" not in str(error) or attempt == 29:
                    raise
                time.sleep(1)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        locker = subprocess.Popen(
            psql_command(), env=connection(self.url), stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        assert locker.stdin is not None and locker.stdout is not None
        try:
            locker.stdin.write(f"BEGIN; LOCK TABLE {self.events} IN EXCLUSIVE MODE; SELECT 'locked';\n")
            locker.stdin.flush()
            assert "locked" in locker.stdout.read(6)
            yield
            locker.stdin.write("ROLLBACK;\n")
        finally:
            locker.communicate(timeout=20)

    def spoil(self) -> None:
        """Overwrites the table of events with garbage, which the server does not notice before it reads the file."""
        assert self.server is not None, "needs a server of its own"
        [(path,)] = self.server.admin(f"SELECT pg_relation_filepath('{self.events}')", self.name)
        self.server.stop()
        file = self.server.data / path
        file.write_bytes(os.urandom(file.stat().st_size))
        self.server.start()


class Backend(ABC):
    """Makes databases of one kind, and drops them at its end."""

    name: str

    def __init__(self) -> None:
        self.made: list[Database] = []

    @property
    def is_postgres(self) -> bool:
        return self.name == "postgres"

    def database(self, folder: Path, name: str = "relay") -> Database:
        """An empty database; the folder and the name together are its own."""
        database = self.new(folder, name)
        self.made.append(database)
        return database

    def copy(self, original: Database, folder: Path, name: str = "relay") -> Database:
        """A copy of a database that nobody uses at the moment."""
        database = self.new_copy(original, folder, name)
        self.made.append(database)
        return database

    def close(self) -> None:
        for database in self.made:
            database.drop()
        self.made.clear()

    def part(self, number: int, share: float) -> int:
        """How much of something long: all of it on the first backend, and a share of it on the second."""
        return max(int(number * share), 1) if self.is_postgres else number

    @abstractmethod
    def new(self, folder: Path, name: str) -> Database: ...

    @abstractmethod
    def new_copy(self, original: Database, folder: Path, name: str) -> Database: ...

    @abstractmethod
    def absent(self, folder: Path, name: str = "none") -> Database:
        """A database that does not exist."""


class SQLiteBackend(Backend):
    name = "sqlite"

    def new(self, folder: Path, name: str) -> SQLiteDatabase:
        folder.mkdir(parents=True, exist_ok=True)
        return SQLiteDatabase(folder / f"{name}.db")

    def new_copy(self, original: Database, folder: Path, name: str) -> SQLiteDatabase:
        assert isinstance(original, SQLiteDatabase)
        database = self.new(folder, name)
        shutil.copy(original.file, database.file)
        return database

    def absent(self, folder: Path, name: str = "none") -> SQLiteDatabase:
        return self.new(folder, name)

    def close(self) -> None:
        """The files are left in the test's folder."""
        self.made.clear()


class PostgresBackend(Backend):
    name = "postgres"
    #: Other runs of the tests may use the same server.
    run = secrets.token_hex(3)
    numbers = itertools.count()

    def __init__(self, url: str, server: PostgresServer | None = None) -> None:
        super().__init__()
        self.url = url
        self.server = server

    def new(self, folder: Path, name: str) -> PostgresDatabase:
        return self.absent(folder, name).create()

    def new_copy(self, original: Database, folder: Path, name: str) -> PostgresDatabase:
        return self.absent(folder, name).create(f'TEMPLATE "{original.name}"')

    def absent(self, folder: Path, name: str = "none") -> PostgresDatabase:
        return PostgresDatabase(self.url, f"test_{self.run}_{next(self.numbers)}_{name}", self.server)
