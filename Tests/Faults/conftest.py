"""Fixtures: a PostgreSQL server that a test may break, and relays on it, through a line that it may break.

    .venv/bin/python -m pytest -q Tests/Faults

needs PostgreSQL's programs, and no server: each test starts its own, on a disk that is synced.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from support.backends import PostgresDatabase
from support.outages import UNBOUNDED
from support.postgres import ROLE, PostgresServer
from support.relay_process import Configuration, RelayProcess, merged
from support.tcp_proxy import TcpProxy

pytest_plugins = ["support.plugin"]


@dataclass
class Node:
    """A relay, and the line between it and its database."""

    relay: RelayProcess
    line: TcpProxy


NodeFactory = Callable[..., Node]
RelayFactory = Callable[..., RelayProcess]


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture
def database(server: PostgresServer) -> PostgresDatabase:
    """The database of all nodes, as a test sees it: not through their lines."""
    return PostgresDatabase(server.url(), ROLE, server)


@pytest.fixture
def start_relay(database: PostgresDatabase, tmp_path: Path) -> Iterator[RelayFactory]:
    """Starts relays on the database, at its own URL or at another, which end with the test."""
    with ExitStack() as started:
        numbers = count()

        def start(url: str | None = None, configuration: Configuration | None = None) -> RelayProcess:
            changes = merged(UNBOUNDED | {"database": url or database.url}, configuration or {})
            relay = RelayProcess(tmp_path / f"relay-{next(numbers)}", database, changes)
            started.callback(relay.stop)
            return relay.start()

        yield start


@pytest.fixture
def start_node(server: PostgresServer, start_relay: RelayFactory) -> Iterator[NodeFactory]:
    """Starts relays on the database, each through a line of its own."""
    with ExitStack() as lines:

        def start(configuration: Configuration | None = None) -> Node:
            line = lines.enter_context(TcpProxy(server.port))
            return Node(start_relay(server.url(port=line.port), configuration), line)

        yield start
