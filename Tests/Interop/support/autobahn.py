"""The Autobahn test suite (PyPI's autobahntestsuite), which needs Python 2.7, and the echo that it tests."""

import json
import os
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.places import PROJECT, binary
from support.postgres import free_port
from support.relay_process import clean_environment, wait_until
from support.wire import open_socket

PACKAGE = "autobahntestsuite==0.8.2"
#: The suite and what it depends on: installed once, beside the packages of these tests.
FOLDER = PROJECT / ".venv" / "autobahn"


class NoSuite(Exception):
    """The suite cannot be had here."""


def python2() -> str:
    """A Python 2.7 with pip: MARTLET_PYTHON2, or the system's, or one of pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = [*sorted(pyenv.glob("versions/2.7*/bin/python2.7")), shutil.which("python2.7"), shutil.which("pypy")]
    for candidate in [os.environ.get("MARTLET_PYTHON2"), *found]:
        if candidate is None:
            continue
        check = "import sys, pip; sys.exit(sys.version_info[:2] != (2, 7))"
        if subprocess.run([candidate, "-c", check], capture_output=True).returncode == 0:
            return str(candidate)
    raise NoSuite("the Autobahn suite was NOT run: it needs Python 2.7 with pip, which MARTLET_PYTHON2 can name")


class Suite:
    """The installed suite."""

    def __init__(self) -> None:
        self.python = python2()
        self.environment = clean_environment({"PYTHONUSERBASE": str(FOLDER), "PYTHONWARNINGS": "ignore"})
        self.program = FOLDER / "bin" / "wstest"
        if not self.program.exists():
            self._install()

    def _install(self) -> None:
        command = [self.python, "-m", "pip", "install", "--user", "--quiet", "--disable-pip-version-check", PACKAGE]
        done = subprocess.run(command, env=self.environment, capture_output=True, encoding="utf-8", timeout=600)
        if done.returncode != 0 or not self.program.exists():
            raise NoSuite(f"the Autobahn suite was NOT run: it cannot be installed: {done.stderr[-500:]}")

    def run(self, folder: Path, servers: dict[str, int], cases: list[str], excluded: list[str]) -> "Report":
        """Has the suite's fuzzing client try the servers, which are names and ports."""
        specification = {
            "outdir": str(folder / "reports"),
            "servers": [{"agent": name, "url": f"ws://127.0.0.1:{port}"} for name, port in servers.items()],
            "cases": cases,
            "exclude-cases": excluded,
            "exclude-agent-cases": {},
        }
        file = folder / "specification.json"
        file.write_text(json.dumps(specification))
        command = [self.python, str(self.program), "-m", "fuzzingclient", "-s", str(file)]
        done = subprocess.run(command, env=self.environment, cwd=folder, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return Report(json.loads((folder / "reports" / "index.json").read_text()))


@dataclass
class Report:
    """What the suite found, by server and case."""

    servers: dict[str, dict[str, dict[str, Any]]]

    def worst(self) -> dict[tuple[str, str], str]:
        """For each server and case the worse of how it behaved and how it closed."""
        order = ["OK", "INFORMATIONAL", "NON-STRICT"]

        def rank(verdict: str) -> int:
            return order.index(verdict) if verdict in order else len(order)

        return {
            (server, case): max(found["behavior"], found["behaviorClose"], key=rank)
            for server, cases in self.servers.items()
            for case, found in cases.items()
        }

    def summary(self) -> str:
        """One line for the end of the report."""
        counts = Counter(self.worst().values())
        known = {"OK": "OK", "NON-STRICT": "non-strict", "INFORMATIONAL": "informational"}
        parts = [f"{counts[verdict]} {word}" for verdict, word in known.items()]
        failed = sum(count for verdict, count in counts.items() if verdict not in known)
        return f"{counts.total()} cases, {', '.join(parts)}, {failed} failed"


class Echo:
    """The echo behind the relay's own handshake and frames, until the end of a `with`."""

    def __init__(self, context_bytes: int = 0) -> None:
        self.port = free_port()
        program = binary().parent / "Echo"
        assert program.exists(), f"{program} does not exist: swift build --build-tests makes it"
        self.process = subprocess.Popen([program, str(self.port), str(context_bytes)])
        wait_until(self._answers, what="the echo")

    def _answers(self) -> bool:
        try:
            open_socket(self.port).close()
        except ConnectionRefusedError:
            return False
        return True

    def __enter__(self) -> "Echo":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
