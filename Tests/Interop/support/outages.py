"""Clients that go on while a database is away: publishers that note every answer, and watchers of subscriptions."""

import json
import select
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from support.client import Client, Filter
from support.events import Author, Event, compact, ids
from support.light import LightSocket, answered_id, publish
from support.relay_process import RelayProcess, wait_until
from support.wire import request

#: Within this time everything has an answer, whatever is broken behind the relay.
ANSWER_SECONDS = 10
# Histories are complete, and a test that is slow for a while is not closed for it.
UNBOUNDED = {
    "connections": {"max_unsent": "1GiB"},
    # Whole histories of a relay that is built for debugging; what takes long is none of these tests' business.
    "subscriptions": {"max_limit": 100_000, "default_limit": 100_000, "query_time": "2m"},
}


@dataclass
class Attempt:
    """One event that was sent, and what became of it; an event may be sent several times."""

    event: Event
    sent: float
    answered: float | None = None
    is_accepted: bool = False
    text: str = ""

    @property
    def seconds(self) -> float:
        """How long it waited for its answer, or has waited by now."""
        return (self.answered or time.monotonic()) - self.sent


@dataclass
class Publisher:
    """Publishes without a pause, on one connection, until it is told to stop."""

    port: int
    make: Callable[["Publisher"], Event] = lambda publisher: publisher.note()
    author: Author = field(default_factory=Author)
    #: Events that may wait for their answers at a time.
    window: int = 20
    attempts: list[Attempt] = field(default_factory=list)
    waiting: dict[bytes, Attempt] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    #: A client that is refused gives the relay a moment.
    pause_until: float = 0

    def start(self) -> "Publisher":
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        return self

    def note(self) -> Event:
        return self.author.event(content=f"{time.time_ns()} {len(self.attempts)}")

    def stop(self, seconds: float = 30) -> None:
        """Waits for the answers that are due, and ends the connection."""
        self.over.set()
        self.thread.join(seconds)
        if self.thread.is_alive() or self.waiting:
            self.problems.append(f"{len(self.waiting)} events have no answer after {seconds} s")

    def _run(self) -> None:
        connection = LightSocket(self.port)
        try:
            while self.waiting or not self.over.is_set():
                while self._has_room():
                    self._send(connection, self.make(self))
                if select.select([connection.socket], [], [], 0.1)[0]:
                    for text in connection.texts():
                        self._note(text)
        except (OSError, EOFError) as error:
            self.problems.append(f"the connection ended: {error!r}")
        finally:
            connection.close()

    def _has_room(self) -> bool:
        is_paused = time.monotonic() < self.pause_until
        return len(self.waiting) < self.window and not is_paused and not self.over.is_set()

    def _send(self, connection: LightSocket, event: Event) -> None:
        attempt = Attempt(event, time.monotonic())
        self.attempts.append(attempt)
        self.waiting[event["id"].encode()] = attempt
        connection.send(compact(["EVENT", event]))

    def _note(self, text: bytes) -> None:
        attempt = self.waiting.pop(answered_id(text) or b"", None)
        if attempt is None:
            self.problems.append(f"no answer to one of the events: {text[:200]!r}")
            return
        _, _, attempt.is_accepted, attempt.text = json.loads(text)
        attempt.answered = time.monotonic()
        if not attempt.is_accepted:
            self.pause_until = attempt.answered + 0.2

    @property
    def accepted(self) -> list[Event]:
        return [attempt.event for attempt in list(self.attempts) if attempt.is_accepted]

    @property
    def refused(self) -> list[Attempt]:
        return [attempt for attempt in list(self.attempts) if attempt.answered and not attempt.is_accepted]

    def last_accepted(self) -> float:
        """When the newest accepted event was sent."""
        return max((attempt.sent for attempt in list(self.attempts) if attempt.is_accepted), default=0)


class Publishers:
    """Several publishers, and what their answers have to be like."""

    def __init__(self, publishers: Iterable[Publisher]) -> None:
        self.all = [publisher.start() for publisher in publishers]

    def __enter__(self) -> "Publishers":
        return self

    def __exit__(self, *_: object) -> None:
        for publisher in self.all:
            publisher.over.set()

    def stop(self) -> None:
        for publisher in self.all:
            publisher.over.set()
        for publisher in self.all:
            publisher.stop()

    @property
    def authors(self) -> list[str]:
        return [publisher.author.pubkey for publisher in self.all]

    @property
    def accepted(self) -> dict[str, Event]:
        return {event["id"]: event for publisher in self.all for event in publisher.accepted}

    @property
    def sent(self) -> dict[str, Event]:
        return {attempt.event["id"]: attempt.event for publisher in self.all for attempt in list(publisher.attempts)}

    @property
    def refused(self) -> list[Attempt]:
        return [attempt for publisher in self.all for attempt in publisher.refused]

    def wait_for_more(self, count: int, seconds: float = 60) -> None:
        """Returns when so many more events are accepted."""
        goal = len(self.accepted) + count
        wait_until(lambda: len(self.accepted) >= goal, seconds, f"{count} more events with OK true")

    def wait_for_refusals(self, count: int = 1, seconds: float = 2 * ANSWER_SECONDS) -> None:
        goal = len(self.refused) + count
        wait_until(lambda: len(self.refused) >= goal, seconds, "a refusal")

    def wait_for_each(self, seconds: float = 60) -> None:
        """Returns when each has had an event accepted that it sent after this call."""
        now = time.monotonic()
        for publisher in self.all:
            wait_until(lambda: publisher.last_accepted() > now, seconds, "an OK true for every publisher")

    @property
    def slowest(self) -> float:
        """Seconds that the slowest answer took."""
        return max((attempt.seconds for publisher in self.all for attempt in list(publisher.attempts)), default=0)

    def check_answers(self) -> None:
        """Every event has had one answer, in time; each refusal is an honest one."""
        problems = [problem for publisher in self.all for problem in publisher.problems]
        assert not problems, problems[:5]
        dishonest = {attempt.text for attempt in self.refused if not attempt.text.startswith("error: ")}
        assert not dishonest, dishonest
        assert self.slowest <= ANSWER_SECONDS, f"an answer took {self.slowest:.1f} s"

    def resend_refused(self, port: int) -> int:
        """Sends again what was refused; returns how many of them turn out to be stored already."""
        duplicates = 0
        for publisher in self.all:
            for sending in publish(port, [attempt.event for attempt in publisher.refused]).values():
                assert sending.accepted, sending.text
                duplicates += sending.text.startswith("duplicate: ")
        return duplicates


class Watcher:
    """A subscription that is opened again where it is refused for a fault, and has to last once it stands."""

    def __init__(self, relay: RelayProcess, name: str, filter: Filter) -> None:
        self.relay = relay
        self.name = name
        self.filter = filter
        self.received: list[Event] = []
        #: When each event came first, on the clock of time.monotonic.
        self.times: dict[str, float] = {}
        self.refusals: list[str] = []
        self.problems: list[str] = []
        self.stands = threading.Event()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        connection = LightSocket(self.relay.port)
        again: float | None = time.monotonic()
        try:
            while not self.over.is_set():
                if again is not None and time.monotonic() >= again:
                    connection.send(compact(["REQ", self.name, self.filter]))
                    again = None
                if select.select([connection.socket], [], [], 0.1)[0]:
                    for text in connection.texts():
                        again = self._note(json.loads(text)) or again
        except (OSError, EOFError) as error:
            self.problems.append(f"{self.name}: the connection ended: {error!r}")
        finally:
            connection.close()

    def _note(self, message: list) -> float | None:
        """Takes a message; returns when to ask again."""
        if message[0] == "EVENT":
            self.times.setdefault(message[2]["id"], time.monotonic())
            self.received.append(message[2])
        elif message[0] == "EOSE":
            self.stands.set()
        elif self.stands.is_set() or message[0] != "CLOSED":
            self.problems.append(f"{self.name}: {message}")
        else:
            self.refusals.append(message[2])
            self.received.clear()
            return time.monotonic() + 0.5
        return None

    def wait(self, seconds: float = 60) -> "Watcher":
        """Returns when the subscription stands."""
        stands = self.stands.wait(seconds)
        assert stands, f"{self.name}: no EOSE in {seconds} s; refused {self.refusals[-3:]}, wrong {self.problems[:3]}"
        return self

    def wait_for(self, identifiers: Iterable[str], seconds: float = 60) -> None:
        due = set(identifiers)
        deadline = time.monotonic() + seconds
        while missing := due - self.times.keys():
            assert time.monotonic() < deadline, (
                f"{self.name}: {len(missing)} of {len(due)} events did not come, such as {sorted(missing)[:3]}; "
                f"{self.problems[:3]}"
            )
            time.sleep(0.05)

    def stop(self) -> None:
        self.over.set()
        self.thread.join(20)

    def check(self) -> None:
        """Nothing came twice, and the subscription has lasted."""
        assert not self.problems, self.problems[:3]
        assert all(text.startswith("error: ") for text in self.refusals), self.refusals[:3]
        twice = [identifier for identifier, count in Counter(ids(self.received)).items() if count > 1]
        assert not twice, f"{self.name}: {len(twice)} events came twice, such as {twice[:3]}"


def is_ready(relay: RelayProcess) -> bool:
    return request(relay.port, path="/ready").status == 200


def wait_until_ready(relay: RelayProcess, seconds: float = 60) -> None:
    wait_until(lambda: is_ready(relay), seconds, "/ready")


def wait_until_not_ready(relay: RelayProcess, seconds: float = 2 * ANSWER_SECONDS) -> None:
    wait_until(lambda: not is_ready(relay), seconds, "/ready with 503")


def ask(relay: RelayProcess, filter: Filter) -> list:
    """The last message about a request: its EOSE, or why there is none; in bounded time."""
    with Client(relay.url) as client:
        client.send("REQ", "asked", filter)
        return client.wait_for(lambda message: message[0] in ("EOSE", "CLOSED"), ANSWER_SECONDS)


def all_served(relay: RelayProcess, authors: Iterable[str], kinds: list[int] | None = None) -> list[Event]:
    """All events of some authors that a relay serves, one as often as it does; for relays that are `UNBOUNDED`."""
    filter: Filter = {} if kinds is None else {"kinds": kinds}
    with Client(relay.url) as client:
        return [event for author in authors for event in client.fetch(filter | {"authors": [author]})]
