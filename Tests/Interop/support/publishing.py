"""Clients in the middle of publishing, for a relay that ends under them."""

import json
import threading
from dataclasses import dataclass, field

from websockets.exceptions import ConnectionClosed

from support.client import Client
from support.events import Author, Event
from support.relay_process import RelayProcess, run_command, wait_until


@dataclass
class Storm:
    """A client that publishes without a pause until its connection ends."""

    url: str
    author: Author = field(default_factory=Author)
    sent: list[str] = field(default_factory=list)
    answers: dict[str, bool] = field(default_factory=dict)
    close_code: int | None = None
    unexpected: list[list] = field(default_factory=list)

    def start(self) -> "Storm":
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        return self

    def next_event(self) -> Event:
        return self.author.event(content=f"number {len(self.sent)}")

    def _run(self) -> None:
        with Client(self.url) as client:
            try:
                self._publish(client)
            except (ConnectionClosed, OSError):
                pass
            self._drain(client)

    def _publish(self, client: Client) -> None:
        while True:
            event = self.next_event()
            self.sent.append(event["id"])
            client.send("EVENT", event)
            while len(self.sent) - len(self.answers) > 200:
                self._note(client.receive())

    def _drain(self, client: Client) -> None:
        """Reads what the relay sent before it closed."""
        try:
            while True:
                self._note(client.receive())
        except ConnectionClosed as closed:
            self.close_code = closed.rcvd.code if closed.rcvd else None
        except (OSError, EOFError):
            pass

    def _note(self, message: list) -> None:
        if message[0] == "OK" and message[1] not in self.answers:
            self.answers[message[1]] = message[2]
        else:
            self.unexpected.append(message)

    def join(self) -> None:
        """Waits for the end of the connection; every message has to be the only OK of an event."""
        self.thread.join()
        assert not self.unexpected, self.unexpected[:3]

    @property
    def accepted(self) -> list[str]:
        return [identifier for identifier, is_accepted in self.answers.items() if is_accepted]


def start_storm(relay: RelayProcess, clients: int = 3) -> list[Storm]:
    """Clients in the middle of publishing."""
    storms = [Storm(relay.url).start() for _ in range(clients)]
    wait_until(lambda: all(len(storm.accepted) > 300 for storm in storms), seconds=40, what="a storm")
    return storms


def stored_ids(relay: RelayProcess) -> set[str]:
    result = run_command("export", "--database", relay.database)
    assert result.returncode == 0, result.stderr
    return {json.loads(line)["id"] for line in result.stdout.split("\n")[:-1]}
