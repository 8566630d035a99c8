"""What all tests of the built relay share: options, figures for the end of the report, and the backends."""

import os
from collections.abc import Iterator

import pytest

from support.backends import Backend, PostgresBackend, SQLiteBackend
from support.figures import FIGURES, Figures
from support.places import binary
from support.postgres import VARIABLE

BACKENDS = {"sqlite": ["sqlite"], "postgres": ["postgres"], "both": ["sqlite", "postgres"]}
MARKERS = {"sqlite_only": "postgres", "postgres_only": "sqlite"}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("martlet", "how far the tests of reliability go")
    group.addoption("--seed", type=int, default=20_261_122, help="what random choices start from")
    group.addoption(
        "--backend",
        choices=BACKENDS,
        default="both" if os.environ.get(VARIABLE) else "sqlite",
        help=f"which databases the relays are tested on; both where {VARIABLE} names a server, else sqlite",
    )
    group.addoption(
        "--databases-only",
        action="store_true",
        help="leaves out the tests that need no database, where they run beside on the other backend",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sqlite_only(why): the matter does not exist on PostgreSQL")
    config.addinivalue_line("markers", "postgres_only(why): the matter does not exist on SQLite")
    if not binary().exists():
        raise pytest.UsageError(f"{binary()} does not exist: build it, or name it with MARTLET_BINARY")
    if "postgres" in BACKENDS[config.getoption("backend")] and not os.environ.get(VARIABLE):
        raise pytest.UsageError(f"{VARIABLE} names no server; scripts/postgres runs a command beside one")


def pytest_report_header(config: pytest.Config) -> str:
    return f"relay: {binary()}, backend: {config.getoption('backend')}, seed: {config.getoption('seed')}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash.get(FIGURES, []):
        terminalreporter.section("figures")
        for line in lines:
            terminalreporter.write_line(line)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs every test that needs a database once on each backend, unless a marker says why not."""
    excluded = {}
    for marker, backend in MARKERS.items():
        if mark := metafunc.definition.get_closest_marker(marker):
            [reason] = mark.args
            excluded[backend] = f"{marker.replace('_', ' ')}: {reason}"
    if excluded and "backend" not in metafunc.fixturenames:
        metafunc.fixturenames.append("backend")
    if "backend" not in metafunc.fixturenames:
        return
    backends = [
        pytest.param(name, marks=[pytest.mark.skip(reason=excluded[name])] if name in excluded else [])
        for name in BACKENDS[metafunc.config.getoption("backend")]
    ]
    metafunc.parametrize("backend", backends, indirect=True, scope="module")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("databases_only"):
        return
    left_out = [item for item in items if "backend" not in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="module")
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """Makes the databases of a test; those of a server are dropped after its module."""
    made = PostgresBackend(os.environ[VARIABLE]) if request.param == "postgres" else SQLiteBackend()
    yield made
    made.close()


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Takes what a test measured, for the end of the report."""
    lines = request.config.stash.setdefault(FIGURES, [])
    return lambda text: lines.append(f"{request.node.name}: {text}")


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> int:
    """What random choices start from; the same seed makes the same choices."""
    return pytestconfig.getoption("seed")
