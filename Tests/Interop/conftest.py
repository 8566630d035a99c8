"""Fixtures: relays of a test's own, and clients connected to them."""

import lzma
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.client import Client
from support.events import Author
from support.places import binary, shared_data
from support.relay_process import Configuration, RelayProcess

RelayFactory = Callable[..., RelayProcess]
Figures = Callable[[str], None]

FIGURES = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("martlet", "how far the tests of reliability go")
    group.addoption("--seed", type=int, default=20_261_122, help="what random choices start from")
    group.addoption("--deliveries", type=int, default=1_000_000, help="how many live events a storm delivers")
    group.addoption("--kills", type=int, default=50, help="how often the relay is killed amid publishing")


def pytest_report_header(config: pytest.Config) -> str:
    return f"relay: {binary()}, seed: {config.getoption('seed')}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash.get(FIGURES, []):
        terminalreporter.section("figures")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Takes what a test measured, for the end of the report."""
    lines = request.config.stash.setdefault(FIGURES, [])
    return lambda text: lines.append(f"{request.node.name}: {text}")


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> int:
    """What random choices start from; the same seed makes the same choices."""
    return pytestconfig.getoption("seed")


def pytest_configure() -> None:
    if not binary().exists():
        raise pytest.UsageError(f"{binary()} does not exist: build it, or name it with MARTLET_BINARY")


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    """A relay with the default limits, for all tests of a module."""
    process = RelayProcess(tmp_path_factory.mktemp("relay")).start()
    yield process
    assert process.stop() == 0


@pytest.fixture
def start_relay(tmp_path: Path) -> Iterator[RelayFactory]:
    """Starts relays with configurations of their own, which end with the test."""
    started: list[RelayProcess] = []

    def start(configuration: Configuration | None = None, environment: dict[str, str] | None = None) -> RelayProcess:
        process = RelayProcess(tmp_path / f"relay-{len(started)}", configuration, environment)
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
