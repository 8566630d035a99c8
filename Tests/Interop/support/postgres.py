"""PostgreSQL servers of a test's own, and SQL by `psql`. Nothing but Python's library: scripts/postgres runs this file.

    postgres.py [--no-fsync] COMMAND [ARGUMENTS]     runs a command beside a server that MARTLET_TEST_POSTGRES names
"""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

#: The variable that names a server which tests may fill with databases of their own.
VARIABLE = "MARTLET_TEST_POSTGRES"
ROLE = "martlet"
SUPERUSER = "postgres"

# What libpq knows under these names comes from the test alone.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PG")}


class PostgresError(AssertionError):
    """A program of PostgreSQL failed; the text is what it said."""


def programs() -> Path:
    """The folder of the newest server that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if path := shutil.which("postgres"):
        return Path(path).parent
    raise PostgresError("there is no PostgreSQL server; on Debian it is the package postgresql")


def server_user() -> str | None:
    """Who runs a server: nobody else where we are no root, for a server refuses to be root's."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in (SUPERUSER, "nobody") if name in names)


def sql(url: str, text: str, seconds: float = 60) -> list[tuple[str, ...]]:
    """What a query returns; fails with what the server says."""
    result = subprocess.run(
        psql_command("--command", text), capture_output=True, env=connection(url), timeout=seconds, encoding="utf-8"
    )
    if result.returncode != 0:
        raise PostgresError(result.stderr.strip())
    output = result.stdout.removesuffix("\n")
    return [tuple(row.split("\x1f")) for row in output.split("\x1e")] if output else []


def psql_command(*arguments: str) -> list[str]:
    options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
    return ["psql", *options, "--field-separator=\x1f", "--record-separator=\x1e", *arguments]


def connection(url: str) -> dict[str, str]:
    """The environment in which libpq connects to the first host of a URL: no password is in a list of processes."""
    parts = urlsplit(url)
    host, _, port = parts.netloc.rpartition("@")[2].split(",")[0].partition(":")
    return ENVIRONMENT | {
        "PGHOST": host,
        "PGPORT": port or "5432",
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.removeprefix("/")),
        "PGCONNECT_TIMEOUT": "10",
    }


def with_database(url: str, name: str) -> str:
    """The URL of another database of the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PostgresServer:
    """A server with a folder of its own, which is removed at its end; it listens on 127.0.0.1 only.

    A power cut (`kill`), a restart on the same data and port, and a standby belong to what a test may do to it.
    """

    def __init__(self, *, fsync: bool = True, settings: dict[str, str] | None = None) -> None:
        self.user = server_user()
        self.folder = Path(tempfile.mkdtemp(prefix="martlet-postgres-"))
        self.data = self.folder / "data"
        self.log_file = self.folder / "postgres.log"
        self.password = secrets.token_hex(12)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.standbys: list[PostgresServer] = []
        self.settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            "fsync": "on" if fsync else "off",
            # A server of a test is restarted often, and is small.
            "max_wal_size": "256MB",
            "log_line_prefix": "%m [%p] %u@%d ",
        } | (settings or {})
        self.own(self.folder)

    def __enter__(self) -> "PostgresServer":
        try:
            return self.create()
        except BaseException:
            self.remove()
            raise

    def __exit__(self, *_: object) -> None:
        self.remove()

    def own(self, path: Path) -> None:
        """Gives a file or folder to the user who runs the server."""
        if self.user:
            shutil.chown(path, self.user)

    # Its life

    def create(self) -> "PostgresServer":
        """Makes the data folder and starts the server, with a role and a database for Martlet."""
        password_file = self.folder / "password"
        password_file.write_text(self.password + "\n")
        self.own(password_file)
        # Not the order of bytes: whoever relies on how text is sorted gets to know it.
        locale = ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"]
        access = ["--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={password_file}"]
        self.run("initdb", f"--pgdata={self.data}", "--no-sync", "--no-instructions", *access, *locale)
        password_file.unlink()
        self.start()
        self.admin(f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{self.password}'")
        self.admin(f"CREATE DATABASE {ROLE} OWNER {ROLE}")
        return self

    def start(self, seconds: float = 60) -> "PostgresServer":
        """Starts the server on its data, and waits until it answers: also until it has recovered from its death."""
        assert not self.is_running, "it runs already"
        options = [f"--{name}={value}" for name, value in (self.settings | {"port": str(self.port)}).items()]
        with self.log_file.open("ab") as log:
            self.process = self.spawn([programs() / "postgres", "-D", self.data, *options], stdout=log, stderr=log)
        deadline = time.monotonic() + seconds
        while not self.answers():
            if not self.is_running or time.monotonic() > deadline:
                raise PostgresError(f"the server does not start: {self.log()[-2000:]}")
            time.sleep(0.05)
        return self

    def stop(self, mode: str = "fast", seconds: float = 60) -> None:
        """Ends the server: `fast` in good order, `immediate` without a checkpoint, so that its next start recovers."""
        if not self.is_running or self.process is None:
            return
        self.process.send_signal({"fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode])
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise PostgresError(f"the server did not stop in {seconds} s") from None

    def kill(self) -> None:
        """Ends all of the server's processes at once and without notice, as a power cut would."""
        if not self.is_running or self.process is None:
            return
        # While it stands still, no child is born, and none that dies is followed by a recovery.
        self.process.send_signal(signal.SIGSTOP)
        for child in children(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.process.kill()
        self.process.wait()

    def pause(self) -> None:
        """Has all processes stand still; connections stay open."""
        assert self.process is not None
        for process in [self.process.pid, *children(self.process.pid)]:
            os.kill(process, signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        for process in [*children(self.process.pid), self.process.pid]:
            os.kill(process, signal.SIGCONT)

    def restart(self, mode: str = "fast") -> "PostgresServer":
        """Stops the server and starts it on the same port and data."""
        self.stop(mode)
        return self.start()

    def remove(self) -> None:
        """Ends the server and its standbys, and removes their folders."""
        for standby in self.standbys:
            standby.remove()
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def answers(self) -> bool:
        """Whether the server takes connections; no password is needed to know."""
        address = ["--host=127.0.0.1", f"--port={self.port}", "--timeout=5", "--quiet"]
        return subprocess.run([programs() / "pg_isready", *address], env=ENVIRONMENT).returncode == 0

    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    # SQL

    def url(self, database: str = ROLE, port: int | None = None) -> str:
        """Where Martlet finds a database of this server, or of the proxy at another port."""
        return f"postgres://{ROLE}:{self.password}@127.0.0.1:{port or self.port}/{database}"

    def admin_url(self, database: str = "postgres") -> str:
        return self.url(database).replace(f"//{ROLE}:", f"//{SUPERUSER}:")

    def sql(self, text: str, database: str = ROLE) -> list[tuple[str, ...]]:
        """Runs SQL as Martlet's role."""
        return sql(self.url(database), text)

    def admin(self, text: str, database: str = "postgres") -> list[tuple[str, ...]]:
        """Runs SQL as the superuser."""
        return sql(self.admin_url(database), text)

    def create_database(self, name: str, options: str = "") -> str:
        """Makes a database that belongs to Martlet's role; returns its URL."""
        self.admin(f'CREATE DATABASE "{name}" OWNER {ROLE} {options}')
        return self.url(name)

    def configure(self, name: str, value: str) -> None:
        """Changes a setting of the running server that needs no restart."""
        self.admin(f"ALTER SYSTEM SET {name} = '{value}'")
        self.admin("SELECT pg_reload_conf()")

    def disconnect(self, database: str = ROLE) -> int:
        """Ends all connections to a database; returns how many there were."""
        who = f"datname = '{database}' AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        return len(self.admin(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {who}"))

    # Replication

    def standby(self, name: str = "standby") -> "PostgresServer":
        """Starts a server that follows this one, and returns when it does."""
        follower = PostgresServer(settings=self.settings)
        self.standbys.append(follower)
        follower.password = self.password
        source = f"host=127.0.0.1 port={self.port} user={SUPERUSER} password={self.password} application_name={name}"
        options = ["--checkpoint=fast", "--no-sync", "--wal-method=stream", "--create-slot", f"--slot={name}"]
        options += [f"--pgdata={follower.data}", "--write-recovery-conf", f"--dbname={source}"]
        follower.run("pg_basebackup", *options)
        follower.start()
        self.until(f"SELECT 1 FROM pg_stat_replication WHERE application_name = '{name}' AND state = 'streaming'")
        return follower

    def make_synchronous(self, name: str = "standby") -> None:
        """From now on a commit waits until the standby has it on its disk."""
        self.configure("synchronous_standby_names", name)
        self.until(f"SELECT 1 FROM pg_stat_replication WHERE application_name = '{name}' AND sync_state = 'sync'")

    def wait_for_standby(self, name: str = "standby", seconds: float = 60) -> None:
        """Returns when the standby shows all that is committed now."""
        [(position,)] = self.admin("SELECT pg_current_wal_flush_lsn()")
        reached = f"application_name = '{name}' AND replay_lsn >= '{position}'::pg_lsn"
        self.until(f"SELECT 1 FROM pg_stat_replication WHERE {reached}", seconds)

    def promote(self, seconds: int = 60) -> None:
        """Makes a standby a server that takes writes, and returns when it does."""
        [(is_promoted,)] = self.admin(f"SELECT pg_promote(true, {seconds})")
        if is_promoted != "t":
            raise PostgresError("the standby was not promoted")

    def until(self, query: str, seconds: float = 60) -> None:
        """Returns when a query of the superuser finds a row."""
        deadline = time.monotonic() + seconds
        while not self.admin(query):
            if time.monotonic() > deadline:
                raise PostgresError(f"not in {seconds} s: {query}")
            time.sleep(0.05)

    # Programs

    def run(self, program: str, *arguments: str) -> None:
        """Runs one of PostgreSQL's programs to its end, as the user who runs the server."""
        process = self.spawn([programs() / program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output, _ = process.communicate(timeout=120)
        if process.returncode != 0:
            raise PostgresError(f"{program}: {output.decode(errors='replace')}")

    def spawn(self, command: list[str | Path], **options: Any) -> subprocess.Popen[bytes]:
        """A process in a session of its own, so that an interrupt of the tests is not its end too."""
        if self.user:
            options |= {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            env=ENVIRONMENT | {"LC_ALL": "C.UTF-8"},
            cwd=self.folder,
            start_new_session=True,
            **options,
        )


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[1]) == process:
                found.append(int(status.parent.name))
    return found


@contextlib.contextmanager
def passed_on(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Hands signals that would end us to a process instead; an interrupt reaches it by itself."""
    numbers = [signal.SIGTERM, signal.SIGHUP]
    before = {number: signal.signal(number, lambda number, _: process.send_signal(number)) for number in numbers}
    before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main(arguments: list[str]) -> int:
    """Runs a command beside a server of its own; returns the exit code of the command."""
    fsync = "--no-fsync" not in arguments[:1]
    command = arguments if fsync else arguments[1:]
    if not command or command[0].startswith("-"):
        sys.stderr.write(__doc__ or "")
        return 64
    # A signal between the first file and the last one still has them removed.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    with PostgresServer(fsync=fsync) as server:
        process = subprocess.Popen(command, env=os.environ | {VARIABLE: server.url()})
        with passed_on(process):
            code = process.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
