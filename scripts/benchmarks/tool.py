"""The programs of a measurement: `martlet bench`, and the relay that it loads."""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.comparison import Comparisons
from benchmarks.figures import Figures
from benchmarks.server import DatabaseServer
from benchmarks.sizes import Sizes

Report = dict[str, Any]

#: What every measured relay runs with: it is to do the work, not to refuse or to remember it.
CONFIGURATION = """
rate_limits:
  enabled: false
"""

#: Answers are read from the database each time, but where the cache itself is measured.
WITHOUT_CACHE = """
storage:
  result_cache: none
"""


class Relay:
    """A relay on a database of its own."""

    def __init__(self, binary: Path, place: Path, database: str, is_cached: bool = False, settings: str = "") -> None:
        self.log_file = place.with_suffix(".log")
        configuration = place.with_suffix(".yaml")
        configuration.write_text(CONFIGURATION + settings + ("" if is_cached else WITHOUT_CACHE))
        command = [binary, "relay", "--config", configuration, "--listen", "127.0.0.1:0"]
        start = time.monotonic()
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--database", database], stderr=log, env=clean_environment()
            )
        self.url = self._wait()
        #: Seconds from the start of the process to its first open port.
        self.start_seconds = time.monotonic() - start

    def _wait(self) -> str:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            text = self.log_file.read_text()
            for line in text[: text.rfind("\n") + 1].splitlines():
                entry = json.loads(line)
                if entry["message"] == "listening":
                    return f"ws://{entry['address']}"
            time.sleep(0.002)
        self.process.kill()
        raise RuntimeError(f"the relay does not start: {self.log_file.read_text()}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)


def clean_environment() -> dict[str, str]:
    """The environment without what would configure the relay."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MARTLET_")}


@dataclass(frozen=True)
class Intake:
    """What an import took: CPU in microseconds, that of the server among it."""

    seconds: float
    cpu: float
    server_cpu: float


class Bench:
    """One part of the measurements: its folder, its relays, and where its figures go."""

    def __init__(
        self,
        binary: Path,
        folder: Path,
        sizes: Sizes,
        figures: Figures | Comparisons,
        server: DatabaseServer | None = None,
    ) -> None:
        self.binary = binary
        self.folder = folder
        self.sizes = sizes
        self.figures = figures
        #: Where the databases are; None for files of SQLite.
        self.server = server
        self.addresses: dict[str, str] = {}
        self.relays: list[Relay] = []

    def __enter__(self) -> "Bench":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for relay in self.relays:
            if relay.process.poll() is None:
                relay.stop()

    def say(self, text: str) -> None:
        sys.stderr.write(f"{text} …\n")

    def relay(self, name: str = "relay", is_cached: bool = False, settings: str = "") -> Relay:
        """A running relay; the same name is the same database. `settings` is more of its configuration file."""
        relay = Relay(self.binary, self.database(name), self.address(name), is_cached, settings)
        self.relays.append(relay)
        return relay

    def address(self, name: str) -> str:
        """What the program is told of a database."""
        if self.server is None:
            return f"sqlite:{self.database(name)}"
        if name not in self.addresses:
            self.addresses[name] = self.server.create()
        return self.addresses[name]

    def database(self, name: str) -> Path:
        return self.folder / f"{name}.db"

    def size(self, name: str) -> int:
        """Bytes of a database on the disk, with its indexes; nobody may be using it."""
        if self.server is None:
            return self.database(name).stat().st_size
        return self.server.size(self.address(name))

    def load(self, relay: Relay, workload: str, **options: Any) -> Report:
        """Runs a workload against the relay; an option that is True is a flag."""
        words = ["bench", workload, "--url", relay.url, "--pid", str(relay.process.pid), "--json"]
        before = self.server.cpu() if self.server else 0
        report = json.loads(self.run(*words, *flags(options)))
        report["server_cpu_us"] = self.server.cpu() - before if self.server else 0
        self.figures.reports.append(report | {"options": options})
        return report

    def verification(self) -> float:
        """Microseconds of CPU of one bare signature check."""
        return float(self.run("bench", "verification"))

    def generate(self, name: str, **options: Any) -> Path:
        """A file of events."""
        path = self.folder / f"{name}.jsonl"
        with path.open("wb") as file:
            self.run("bench", "generate", *flags(options), stdout=file)
        return path

    def take(self, events: Path, name: str, *options: str) -> float:
        """Imports a file into a database; returns the seconds that it took."""
        start = time.monotonic()
        self.run("import", "--database", self.address(name), events, *options)
        return time.monotonic() - start

    def weigh(self, events: Path, name: str, *options: str) -> Intake:
        """Imports a file into a database, and tells what that cost."""
        own, server = children_cpu(), self.server.cpu() if self.server else 0
        seconds = self.take(events, name, *options)
        server = self.server.cpu() - server if self.server else 0
        return Intake(seconds, children_cpu() - own + server, server)

    def run(self, *arguments: str | Path, stdout: Any = subprocess.PIPE) -> str:
        done = subprocess.run(
            [self.binary, *arguments],
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            env=clean_environment(),
            cwd=self.folder,
        )
        if done.returncode != 0:
            raise RuntimeError(f"martlet {' '.join(map(str, arguments))}: {done.stderr.strip()}")
        return done.stdout or ""


def children_cpu() -> float:
    """Microseconds of CPU of the programs that were run and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) * 1e6


def flags(options: dict[str, Any]) -> list[str]:
    words: list[str] = []
    for name, value in options.items():
        option = "--" + name.strip("_").replace("_", "-")
        words += [option] if value is True else [option, str(value)]
    return words
