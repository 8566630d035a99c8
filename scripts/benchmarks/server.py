"""A PostgreSQL server that is measured: databases of our own on it, and what CPU time its processes take."""

import os
import secrets
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent.parent / "Tests" / "Interop"))

from support.postgres import PostgresError as PostgresError  # noqa: E402
from support.postgres import children, sql, with_database  # noqa: E402

TICK_MICROSECONDS = 1e6 / os.sysconf("SC_CLK_TCK")


class DatabaseServer:
    """Makes databases with names of their own, and drops them at its end."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.names: list[str] = []
        (self.version,) = sql(url, "SHOW server_version")[0]
        #: The process that all others of the server come from; None where it does not run on this machine.
        self.postmaster = self._find_postmaster()

    def __enter__(self) -> "DatabaseServer":
        return self

    def __exit__(self, *_: object) -> None:
        for name in self.names:
            # Not by force, which would end the server's own cleaning too, and needs the right to do so.
            sql(self.url, f'DROP DATABASE IF EXISTS "{name}"')

    def create(self) -> str:
        """The URL of a fresh database."""
        name = f"martlet_bench_{secrets.token_hex(6)}"
        sql(self.url, f'CREATE DATABASE "{name}"')
        self.names.append(name)
        return with_database(self.url, name)

    def size(self, url: str) -> int:
        """Bytes that a relay's tables take on the disk, with their indexes."""
        tables = "relkind IN ('r', 'm') AND relnamespace = 'martlet'::regnamespace"
        return int(sql(url, f"SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE {tables}")[0][0])

    def cpu(self) -> float:
        """Microseconds of CPU that all processes of the server have taken, those that have ended too."""
        if self.postmaster is None:
            return 0
        ended = sum(int(field) for field in stat(self.postmaster)[13:15]) * TICK_MICROSECONDS
        return ended + sum(running(process) for process in [self.postmaster, *children(self.postmaster)])

    def _find_postmaster(self) -> int | None:
        """The parent of those of the server's processes that outlast a session, where all of them are found here."""
        rows = sql(self.url, "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usesysid IS NULL")
        parents = {parent(int(pid)) for (pid,) in rows}
        return parents.pop() if len(parents) == 1 else None


def parent(process: int) -> int | None:
    """Who has started a process of PostgreSQL; None where there is no such process."""
    try:
        is_ours = Path(f"/proc/{process}/comm").read_text().startswith("postgres")
        return int(stat(process)[1]) if is_ours else None
    except FileNotFoundError:
        return None


def stat(process: int) -> list[str]:
    """The fields of a process' `stat` from its state on; before them stands its name, which may hold anything."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def taken(process: int) -> float:
    """Microseconds of CPU that all threads of a process have taken."""
    return sum(int(field) for field in stat(process)[11:13]) * TICK_MICROSECONDS


def running(process: int) -> float:
    """Microseconds of CPU of a process that runs still, by the scheduler's account."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1000
    except (FileNotFoundError, ProcessLookupError):
        return 0
