"""Fixtures: relays of a test's own, and clients connected to them."""

import asyncio
import lzma
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from nostr_sdk import uniffi_set_event_loop

from support.backends import Backend
from support.client import Client
from support.events import Author
from support.figures import Figures as Figures
from support.places import shared_data
from support.relay_process import Configuration, RelayProcess

RelayFactory = Callable[..., RelayProcess]

pytest_plugins = ["support.plugin"]

# Above both backends the code is the same, and half an hour has to do for all tests.
SHARE_OF_DELIVERIES, SHARE_OF_KILLS = 0.2, 0.3


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("martlet")
    group.addoption(
        "--deliveries",
        type=int,
        default=1_000_000,
        help="how many live events a storm delivers; on PostgreSQL a fifth of them",
    )
    group.addoption(
        "--kills",
        type=int,
        default=50,
        help="how often the relay is killed amid publishing; on PostgreSQL three tenths of that",
    )
    group.addoption(
        "--autobahn",
        choices=["quick", "all"],
        default="quick",
        help="whether the Autobahn suite tries compressed messages of all its sizes, which takes half an hour",
    )


@pytest.fixture
def deliveries(pytestconfig: pytest.Config, backend: Backend) -> int:
    """How many live events a storm delivers."""
    return backend.part(pytestconfig.getoption("deliveries"), SHARE_OF_DELIVERIES)


@pytest.fixture
def kills(pytestconfig: pytest.Config, backend: Backend) -> int:
    """How often the relay is killed."""
    return backend.part(pytestconfig.getoption("kills"), SHARE_OF_KILLS)


@pytest.fixture(scope="module")
def relay(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    """A relay with the default limits, for all tests of a module."""
    folder = tmp_path_factory.mktemp("relay")
    process = RelayProcess(folder, backend.database(folder)).start()
    yield process
    assert process.stop() == 0


@pytest.fixture
def start_relay(backend: Backend, tmp_path: Path) -> Iterator[RelayFactory]:
    """Starts relays with configurations and databases of their own, which end with the test."""
    started: list[RelayProcess] = []

    def start(configuration: Configuration | None = None, environment: dict[str, str] | None = None) -> RelayProcess:
        folder = tmp_path / f"relay-{len(started)}"
        process = RelayProcess(folder, backend.database(folder), configuration, environment)
        started.append(process)
        return process.start()

    yield start
    for process in started:
        process.stop()


@pytest.fixture
def client(relay: RelayProcess) -> Iterator[Client]:
    with Client(relay.url) as connected:
        yield connected


@pytest.fixture
def other(relay: RelayProcess) -> Iterator[Client]:
    """A second client of the same relay."""
    with Client(relay.url) as connected:
        yield connected


@pytest.fixture
def author() -> Author:
    return Author()


@pytest.fixture(scope="session")
def real_events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12,361 events from the wild, unpacked; tests that need them are skipped where they are absent."""
    packed = shared_data() / "real-events.jsonl.xz"
    if not packed.exists():
        pytest.skip(f"needs {packed}: the real events lie outside the project")
    unpacked = tmp_path_factory.mktemp("data") / "real-events.jsonl"
    unpacked.write_bytes(lzma.decompress(packed.read_bytes()))
    return unpacked


@pytest_asyncio.fixture
async def sdk_callbacks() -> AsyncIterator[None]:
    """nostr-sdk calls a client's database or signer from threads of its own, which have to know the test's loop."""
    uniffi_set_event_loop(asyncio.get_running_loop())
    yield
    uniffi_set_event_loop(None)
