"""Crowds of clients that read nothing, or little: they are closed with a reason, cost no more memory than the
configuration says, and nobody else notices."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from conftest import Figures, RelayFactory
from support.backends import Backend
from support.client import Client
from support.crowd import MIB, Crowd, Memory, follow, metric, repeated
from support.events import Author, Event, compact, ids
from support.jobs import FORK, Job
from support.light import LightSocket, publish
from support.places import is_sanitized
from support.relay_process import Configuration, RelayProcess, merged, wait_until

KIB = 1 << 10
CLIENTS = 200
FOLLOWERS = 3
PUBLISHERS = 2
MAX_UNSENT = 256 * KIB
MAX_EVENT = 16 * KIB
# Bytes of a page of a history, and how many histories are sent to a connection at once.
PAGE, REPLAYS = 256 * KIB, 2
CONFIGURATION = {
    "connections": {"max_unsent": "256KiB"},
    "events": {"max_size": "16KiB"},
    "storage": {"page_cache": "8MiB"},
}
# What may wait for each client that does not read; the pages are those that were read while it still did. What waits
# lies in buffers that grow by doubling, so that up to half of each is empty.
EACH = 2 * (MAX_UNSENT + REPLAYS * (PAGE + MAX_EVENT))
# What the allocator keeps between the blocks that are in use.
SLACK = 48 * MIB
# Nothing but the ping interval ends a client that asks for no more than it was sent.
# By then each has to have been sent more than it takes, and histories come more slowly from a server.
SHORT_PING, SHORT_PING_OF_SERVER = "5s", "12s"
CLOSED = "a client that does not read is closed"


@dataclass
class Crowded:
    """A relay under load, with a crowd of clients that do not read."""

    relay: RelayProcess
    author: Author

    def __post_init__(self) -> None:
        self.memory = Memory(self.relay)
        self.lasts = 0
        # The caches are full before memory is measured.
        self.publish_to_followers(200)
        self.base = self.memory.now

    @property
    def bound(self) -> float:
        # A sanitizer keeps a shadow of the memory.
        return math.inf if is_sanitized() else self.base + (CLIENTS + FOLLOWERS) * EACH + SLACK

    def publish_to_followers(self, count: int) -> None:
        """Publishes large events side by side; all are accepted, and the followers get each once and in order."""
        streams = [self.author.notes(count, size=10_000) for _ in range(PUBLISHERS)]
        self.lasts += 1
        last = self.author.event(content=f"the last of load {self.lasts}")
        ready = FORK.Barrier(FOLLOWERS + 1)
        filter = {"kinds": [1], "authors": [self.author.pubkey]}
        followers = [Job(follow, self.relay.port, filter, last["id"], ready) for _ in range(FOLLOWERS)]
        publishers = []
        try:
            ready.wait(60)
            publishers = [Job(publish, self.relay.port, stream, 50) for stream in streams]
            answers = [job.result(150) for job in publishers]
            answers.append(publish(self.relay.port, [last]))
            assert all(sending.accepted for answer in answers for sending in answer.values())
            self.check([job.result(60) for job in followers], [*streams, [last]])
        finally:
            for job in followers + publishers:
                job.stop()

    def check(self, received: list[list[str]], streams: list[list[Event]]) -> None:
        for identifiers in received:
            assert len(identifiers) == sum(len(stream) for stream in streams)
            for stream in streams:
                own = set(ids(stream))
                assert [identifier for identifier in identifiers if identifier in own] == ids(stream)

    @property
    def slow(self) -> int:
        return metric(self.relay, "nostr_relay_slow_clients_closed_total")

    def wait_for_slow(self, closed: int) -> None:
        wait_until(lambda: self.slow >= closed, seconds=60, what=f"{closed} slow clients closed")

    def wait_for_nobody(self) -> None:
        for name in ("connections", "subscriptions"):
            figure = f"nostr_relay_active_{name}"
            wait_until(lambda: metric(self.relay, figure) == 0, seconds=60, what=f"no {name}")

    def wait_for_end(self, closed: int) -> None:
        """Waits until so many clients were closed for not reading, and no connection is left."""
        self.wait_for_slow(closed)
        self.wait_for_nobody()
        assert self.slow == closed
        told = [line for line in self.relay.log() if line["message"] == CLOSED]
        assert len(told) == closed
        assert all(int(line["unsent"]) > 0 for line in told)

    def three_times(self, stall: Callable[[int], None]) -> str:
        """Lets a crowd stall three times; memory stays in its bound and does not grow. Returns the figures.

        `stall` gets the number of clients that have been closed when it is over.
        """
        peaks, afters = [], []
        for number in range(3):
            self.memory.forget_peak()
            stall((number + 1) * CLIENTS)
            self.wait_for_end((number + 1) * CLIENTS)
            peaks.append(self.memory.peak)
            afters.append(self.memory.now)
            assert peaks[-1] <= self.bound, self.told(peaks, afters)
        # Whether memory has been given back by the end of a round is chance, and by that rounds differ; what is kept of
        # a whole crowd would be more.
        assert peaks[2] <= max(peaks[:2]) + 2 * SLACK or is_sanitized(), self.told(peaks, afters)
        return self.told(peaks, afters)

    def told(self, peaks: list[int], afters: list[int]) -> str:
        def megabytes(values: list[int]) -> str:
            return ", ".join(str(value // MIB) for value in values)

        return (
            f"peaks {megabytes(peaks)} MiB, afterwards {megabytes(afters)} MiB, "
            f"base {self.base // MIB} MiB, bound {self.bound // MIB:.0f} MiB"
        )


def start_crowded(start_relay: RelayFactory, author: Author, changes: Configuration | None = None) -> Crowded:
    return Crowded(start_relay(merged(CONFIGURATION, changes or {})), author)


def start_with_history(
    backend: Backend, start_relay: RelayFactory, author: Author, count: int
) -> tuple[Crowded, list[Event]]:
    """A relay with large events of kind 7, where silence is noticed soon."""
    crowded = start_crowded(
        start_relay,
        author,
        {"connections": {"ping_interval": SHORT_PING_OF_SERVER if backend.is_postgres else SHORT_PING}},
    )
    history = author.notes(count, kind=7, size=10_000)
    with Client(crowded.relay.url) as client:
        client.publish_all(history)
    return crowded, history


@pytest.mark.timeout(240)
def test_200_subscribers_that_stop_reading_are_closed_and_nobody_else_notices(
    start_relay: RelayFactory, author: Author, figures: Figures
) -> None:
    crowded = start_crowded(start_relay, author)

    def stall(closed: int) -> None:
        with Crowd(crowded.relay.port, CLIENTS) as crowd:
            crowd.subscribe_live({"kinds": [1]})
            crowded.publish_to_followers(500)
            crowded.wait_for_slow(closed)

    figures(crowded.three_times(stall))


@pytest.mark.timeout(240)
def test_200_subscribers_that_read_nothing_of_a_long_history_are_closed_and_nobody_else_notices(
    backend: Backend, start_relay: RelayFactory, author: Author, figures: Figures
) -> None:
    crowded, _ = start_with_history(backend, start_relay, author, 1_000)

    def stall(closed: int) -> None:
        with Crowd(crowded.relay.port, CLIENTS) as crowd:
            crowd.subscribe({"kinds": [1, 7], "limit": 1_000})
            crowded.publish_to_followers(300)
            with Client(crowded.relay.url) as client:
                assert len(client.fetch({"kinds": [7], "limit": 1_000})) == 1_000
            crowded.wait_for_slow(closed)

    figures(crowded.three_times(stall))


@pytest.mark.timeout(240)
def test_200_clients_that_read_none_of_their_answers_are_closed_and_nobody_else_notices(
    backend: Backend, start_relay: RelayFactory, author: Author, figures: Figures
) -> None:
    crowded, notes = start_with_history(backend, start_relay, author, 500)
    messages = []
    for note in notes[:20]:
        messages += [compact(["REQ", note["id"], {"kinds": [7]}]), compact(["EVENT", note]), "no message"]

    def stall(closed: int) -> None:
        with Crowd(crowded.relay.port, CLIENTS) as crowd:
            crowd.send_without_reading(messages)
            crowded.publish_to_followers(300)
            crowded.wait_for_slow(closed)

    figures(crowded.three_times(stall))


@pytest.mark.timeout(240)
def test_200_clients_that_read_a_trickle_are_served_or_closed_and_nobody_else_notices(
    backend: Backend, start_relay: RelayFactory, author: Author, figures: Figures
) -> None:
    crowded, _ = start_with_history(backend, start_relay, author, 500)
    crowded.memory.forget_peak()
    live, history = (Crowd(crowded.relay.port, CLIENTS // 2) for _ in range(2))
    with live, history:
        live.subscribe_live({"kinds": [1]})
        history.subscribe({"kinds": [7], "limit": 500})
        with repeated(live.read_a_little, pause=0.2), repeated(history.read_a_little, pause=0.2):
            for _ in range(3):
                crowded.publish_to_followers(200)
            crowded.wait_for_slow(CLIENTS // 2)
        peak = crowded.memory.peak
        served = sum(connection_gets(connection, events=500) for connection in history.sockets)
    crowded.wait_for_nobody()
    # All that is left of a history may lie in the system's buffers: who does not get to a ping in there is given up.
    assert CLIENTS // 2 <= crowded.slow <= CLIENTS - served
    assert peak <= crowded.bound
    figures(f"{served} of {CLIENTS // 2} histories served; {crowded.told([peak], [crowded.memory.now])}")


def connection_gets(connection: LightSocket, events: int) -> bool:
    """Whether a client that reads on at last gets all of its history; it does where it is not closed before."""
    received = 0
    try:
        while True:
            for text in connection.texts():
                received += text.startswith(b'["EVENT"')
                if text.startswith(b'["EOSE"'):
                    assert received == events
                    return True
    except (EOFError, ConnectionError):
        return False


def test_a_client_that_is_closed_for_not_reading_is_told_why(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay(CONFIGURATION)
    with Client(relay.url) as publisher:
        # The relay waits two seconds for the close frame to be taken, so that one of these may come too late.
        for attempt in range(5):
            with Crowd(relay.port, 1) as crowd:
                crowd.subscribe_live({"kinds": [1]})
                while metric(relay, "nostr_relay_slow_clients_closed_total") == attempt:
                    publisher.publish_all(author.notes(50, size=10_000))
                [connection] = crowd.sockets
                assert not connection_gets(connection, events=0)
                if connection.close_payload is not None:
                    break
    assert connection.close_payload is not None
    assert connection.close_payload[:2] == (1008).to_bytes(2, "big")
    assert connection.close_payload[2:].startswith(b"too slow: ")
