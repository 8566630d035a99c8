"""A relay of its own for a test: a process on a database, a configuration file and a log."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import yaml

from support.backends import Database
from support.places import binary

Configuration = dict[str, Any]


def wait_until(condition: Any, seconds: float = 20, what: str = "the condition") -> Any:
    """The condition's first true value; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come about in {seconds} s")


def clean_environment(extra: dict[str, str] | None = None) -> dict[str, str]:
    """The environment without anything that would configure the relay, and with `extra`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MARTLET_")}
    return kept | (extra or {})


def merged(base: Configuration, changes: Configuration) -> Configuration:
    """`base` with `changes`, section by section."""
    result = dict(base)
    for key, value in changes.items():
        old = result.get(key)
        result[key] = merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result


class RelayProcess:
    """A running `martlet relay`; its files stay in `folder` when it has ended."""

    def __init__(
        self,
        folder: Path,
        store: Database,
        configuration: Configuration | None = None,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.store = store
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config_file = folder / "martlet.yaml"
        self.log_file = folder / "relay.log"
        self.environment = clean_environment(environment)
        #: What runs the relay in its turn, such as a program that sets limits and then becomes it.
        self.prefix: list[str] = []
        base = {
            "listen": "127.0.0.1:0",
            "database": self.database,
            "rate_limits": {"enabled": False},
        }
        self.configuration = merged(base, configuration or {})
        self.write_configuration()
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def database(self) -> str:
        """What the commands are told of the relay's database."""
        return self.store.url

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def write_configuration(self) -> None:
        self.config_file.write_text(yaml.safe_dump(self.configuration, allow_unicode=True))

    def rewrite(self, changes: dict[str, str]) -> None:
        """Changes texts in the configuration file, which gets no shorter: it is empty or cut off at no moment."""
        text = self.config_file.read_text()
        for old, new in changes.items():
            text = text.replace(old, new.ljust(len(old)))
        with self.config_file.open("r+") as file:
            file.write(text)

    def start(self) -> "RelayProcess":
        """Starts the process and waits until every port listens."""
        self.launch()
        wait_until(lambda: self._has_ended() or len(self.addresses()) >= self._port_count(), what="listening")
        if self._has_ended():
            raise AssertionError(f"the relay ended at its start: {self.log_file.read_text()}")
        self.port = self.ports()[0]
        return self

    def launch(self) -> None:
        """Starts the process."""
        self.log_file.unlink(missing_ok=True)
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [*self.prefix, binary(), "relay", "--config", self.config_file],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=self.folder,
            )

    def _port_count(self) -> int:
        listen = self.configuration["listen"]
        count = len(listen) if isinstance(listen, list) else 1
        return count + ("listen" in self.configuration.get("metrics", {}))

    def _has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def log(self) -> list[dict[str, str]]:
        """The complete lines of the log so far."""
        text = self.log_file.read_text()
        return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]

    def messages(self) -> list[str]:
        return [line["message"] for line in self.log()]

    def addresses(self) -> list[str]:
        return [line["address"] for line in self.log() if line["message"] == "listening"]

    def ports(self) -> list[int]:
        """The TCP ports, in the order in which they began to listen."""
        return [int(address.rsplit(":", 1)[1]) for address in self.addresses() if not address.startswith("unix:")]

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs a command of `martlet` with the relay's configuration; it must succeed, unless it need not."""
        result = run_command(*words, "--config", self.config_file, folder=self.folder)
        assert not check or result.returncode == 0, result.stderr
        return result

    def information(self) -> Any:
        """The relay information document (NIP-11)."""
        request = Request(self.url.replace("ws:", "http:"), headers={"Accept": "application/nostr+json"})
        with urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def wait(self, seconds: float = 15) -> int:
        """The exit code, once the process has ended."""
        assert self.process is not None
        return self.process.wait(timeout=seconds)

    def stop(self) -> int:
        """Ends the process in good order and returns its exit code; kills it where that takes too long."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("the relay did not end within 15 s of SIGTERM")

    def kill(self) -> None:
        """Ends the process as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()


def run_command(
    *arguments: str | Path,
    stdin: bytes | None = None,
    environment: dict[str, str] | None = None,
    folder: Path | None = None,
    seconds: float = 60,
    prefix: Sequence[str] = (),
) -> subprocess.CompletedProcess[str]:
    """Runs `martlet` with these arguments to its end; `prefix` is a program that runs it."""
    return subprocess.run(
        [*prefix, binary(), *arguments],
        input=(stdin or b"").decode("utf-8", "surrogateescape"),
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        env=clean_environment(environment),
        cwd=folder,
        timeout=seconds,
    )


def killed(seconds: float, *arguments: str | Path) -> bool:
    """Starts a command and kills it after some time; returns whether it was still at work."""
    process = subprocess.Popen(
        [binary(), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=clean_environment()
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL
